"""The attribution engine: gives every difference its reason, and a cause where one can be shown."""

from __future__ import annotations

from greenai.backend.engine import main

if __name__ == "__main__":
    main("attribution")
