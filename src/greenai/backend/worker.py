"""The background worker: gate and store, and small jobs."""

from __future__ import annotations

from greenai.backend.engine import main

if __name__ == "__main__":
    main("worker")
