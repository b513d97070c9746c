"""Plain DuckDB, as one would write it by hand: a full outer join of all columns, filtered to what differs.

It delivers what `greenai diff` delivers: counts, counts per column, and a Parquet file of every
differing cell with both values as text.
"""

from __future__ import annotations

import duckdb
from shared import Task, task


def differing(asked: Task) -> str:
    """Every record that is unpaired or has an unequal cell: key, both sides' cells."""
    pairs = " AND ".join(f"a.{name} = b.{name}" for name in asked.key)
    keys = ", ".join(f"coalesce(a.{name}, b.{name}) AS {name}" for name in asked.key)
    cells = ", ".join(f"a.{name} AS a_{name}, b.{name} AS b_{name}" for name in asked.columns)
    unequal = " OR ".join(f"a.{name} IS DISTINCT FROM b.{name}" for name in asked.columns)
    first = asked.key[0]
    return f"""
        CREATE TEMP TABLE differing AS
        SELECT {keys}, a.{first} IS NOT NULL AS in_a, b.{first} IS NOT NULL AS in_b, {cells}
        FROM '{asked.a}' a FULL JOIN '{asked.b}' b ON {pairs}
        WHERE a.{first} IS NULL OR b.{first} IS NULL OR {unequal}"""


def breaks(asked: Task) -> str:
    """One row per differing cell or unpaired record."""
    key = f"to_json([{', '.join(f'{name}::VARCHAR' for name in asked.key)}])::VARCHAR AS key"
    cells = [
        f"SELECT {key}, '{name}' AS field, 'value' AS kind, a_{name}::VARCHAR AS value_a,"
        f" b_{name}::VARCHAR AS value_b FROM differing"
        f" WHERE in_a AND in_b AND a_{name} IS DISTINCT FROM b_{name}"
        for name in asked.columns
    ]
    unpaired = (
        f"SELECT {key}, NULL, CASE WHEN in_a THEN 'only_a' ELSE 'only_b' END, NULL, NULL"
        " FROM differing WHERE NOT (in_a AND in_b)"
    )
    return " UNION ALL ".join([*cells, unpaired])


def main() -> None:
    """Join, count, write."""
    asked = task()
    connection = duckdb.connect()
    connection.execute("SET preserve_insertion_order = false")
    asked.out.mkdir(parents=True, exist_ok=True)
    connection.execute(f"SET temp_directory = '{asked.out / 'spill'}'")
    if asked.memory:
        connection.execute(f"SET memory_limit = '{asked.memory}'")
    connection.execute(differing(asked))
    per_field = ", ".join(
        f"count(*) FILTER (in_a AND in_b AND a_{name} IS DISTINCT FROM b_{name})" for name in asked.columns
    )
    counted = connection.execute(
        f"""SELECT count(*) FILTER (in_a AND in_b), count(*) FILTER (NOT in_b),
                   count(*) FILTER (NOT in_a), {per_field} FROM differing"""
    ).fetchone()
    assert counted is not None
    different, only_a, only_b, *fields = counted
    connection.execute(f"COPY ({breaks(asked)}) TO '{asked.out / 'breaks.parquet'}'")
    asked.report(
        {"different": different, "only_a": only_a, "only_b": only_b},
        dict(zip(asked.columns, fields, strict=True)),
    )


if __name__ == "__main__":
    main()
