"""reladiff over two tables of one DuckDB file: its joindiff or its hashdiff."""

from __future__ import annotations

from collections import Counter

import reladiff
from reladiff import Algorithm
from shared import task


def main() -> None:
    """Compare and count. reladiff yields a signed row per side; a key with both signs differs."""
    asked = task()
    where = {"driver": "duckdb", "filepath": str(asked.a.parent / "tables.duckdb")}
    tables = [
        reladiff.connect_to_table(where, name, tuple(asked.key), extra_columns=tuple(asked.columns))
        for name in ("a", "b")
    ]
    width = len(asked.key)
    sides: dict[tuple[str, ...], dict[str, tuple[str, ...]]] = {}
    with reladiff.diff_tables(*tables, algorithm=Algorithm(asked.algorithm)) as differences:
        for sign, row in differences:
            sides.setdefault(tuple(row[:width]), {})[sign] = tuple(row[width:])
    kinds = Counter("".join(sorted(signs)) for signs in sides.values())
    fields: Counter[str] = Counter()
    for signs in sides.values():
        if len(signs) == 2:
            fields.update(
                name
                for name, left, right in zip(asked.columns, signs["-"], signs["+"], strict=True)
                if left != right
            )
    asked.report({"different": kinds["+-"], "only_a": kinds["-"], "only_b": kinds["+"]}, dict(fields))


if __name__ == "__main__":
    main()
