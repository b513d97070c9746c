"""datacompy on Polars: its comparison, its counts, and its differing rows written to Parquet."""

from __future__ import annotations

import polars as pl
from datacompy import PolarsCompare
from shared import task


def main() -> None:
    """Read, compare, write. datacompy takes whole frames, so reading is part of the work."""
    asked = task()
    if asked.format == "csv":
        a, b = (pl.read_csv(file, try_parse_dates=True) for file in (asked.a, asked.b))
    else:
        a, b = (pl.read_parquet(file) for file in (asked.a, asked.b))
    compared = PolarsCompare(a, b, join_columns=asked.key)
    asked.out.mkdir(parents=True, exist_ok=True)
    compared.all_mismatch().write_parquet(asked.out / "different.parquet")
    compared.df1_unq_rows.write_parquet(asked.out / "only_a.parquet")
    compared.df2_unq_rows.write_parquet(asked.out / "only_b.parquet")
    matched = len(compared.intersect_rows)
    equal = compared.count_matching_rows()
    asked.report(
        {
            "a": len(compared.df1),
            "b": len(compared.df2),
            "matched": matched,
            "equal": equal,
            "different": matched - equal,
            "only_a": len(compared.df1_unq_rows),
            "only_b": len(compared.df2_unq_rows),
        },
        {stat["column"]: stat["unequal_cnt"] for stat in compared.column_stats},
    )


if __name__ == "__main__":
    main()
