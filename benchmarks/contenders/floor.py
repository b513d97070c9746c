"""The floor: DuckDB merely scans both inputs and hashes every cell. Nothing exact can be much faster."""

from __future__ import annotations

import duckdb
from shared import task


def main() -> None:
    """Count the rows of both sides; the hash makes DuckDB read and parse every column."""
    asked = task()
    connection = duckdb.connect()
    cells = ", ".join((*asked.key, *asked.columns))
    rows = {}
    for side, file in (("a", asked.a), ("b", asked.b)):
        found = connection.execute(f"SELECT count(*), bit_xor(hash({cells})) FROM '{file}'").fetchone()
        assert found is not None
        rows[side] = found[0]
    asked.report(rows)


if __name__ == "__main__":
    main()
