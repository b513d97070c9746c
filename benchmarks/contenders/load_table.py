"""By hand: DuckDB scans both CSV files, PostgreSQL copies the rows that greenai stores into its table."""

from __future__ import annotations

import argparse
from pathlib import Path

import duckdb
import psycopg

BLOCK = 1 << 20


def main() -> None:
    """Scan, then copy in one transaction; the table is there, with its keys, and empty."""
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("table")
    parser.add_argument("rows", type=Path, help="the rows as PostgreSQL wrote them, as CSV")
    parser.add_argument("scanned", nargs=2)
    asked = parser.parse_args()
    for file in asked.scanned:
        duckdb.execute(f"SELECT count(*), bit_xor(hash(COLUMNS(*))) FROM read_csv('{file}')").fetchall()
    with (
        psycopg.connect(asked.url) as connection,
        asked.rows.open("rb") as rows,
        connection.cursor().copy(f"COPY {asked.table} FROM STDIN (FORMAT csv)".encode()) as copy,
    ):
        while block := rows.read(BLOCK):
            copy.write(block)


if __name__ == "__main__":
    main()
