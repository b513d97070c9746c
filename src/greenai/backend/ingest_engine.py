"""The ingestion engine: reads both sides of runs, maps and normalises them, and hands snapshots over."""

from __future__ import annotations

from greenai.backend.engine import main

if __name__ == "__main__":
    main("ingest")
