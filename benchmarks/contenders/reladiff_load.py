"""Loads both Parquet files into one DuckDB file: reladiff compares tables of databases (not timed)."""

from __future__ import annotations

from pathlib import Path

import duckdb
from shared import task


def main() -> None:
    """Create ``tables.duckdb`` beside the data with the tables ``a`` and ``b``."""
    asked = task()
    target: Path = asked.a.parent / "tables.duckdb"
    target.unlink(missing_ok=True)
    connection = duckdb.connect(str(target))
    for name, file in (("a", asked.a), ("b", asked.b)):
        connection.execute(f"CREATE TABLE {name} AS FROM '{file}'")
    connection.close()


if __name__ == "__main__":
    main()
