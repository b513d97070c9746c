"""The difference engine: pairs records and finds every difference."""

from __future__ import annotations

from greenai.backend.engine import main

if __name__ == "__main__":
    main("diff")
