"""Differences that no rule makes: is anything called a cause all the same?

*Shuffled*: the values of a field's broken records change places among each other. *Outside the grammar*: the
values of one slice are reversed or hashed. Whatever a cause explains of them is false. Breaks gather in some
slices in both, and values do too, so that a slice alone proves nothing.
"""

from __future__ import annotations

from pathlib import Path
from time import perf_counter
from typing import Any

import duckdb

from benchmarks.attribution.mining import compared, mined
from greenai.engines.duckdb import DuckDBEngine

ROWS = 4_000
FIELDS = {
    "amount": "((hash(id, {seed}, 1) % 90000000)::BIGINT * 0.01::DECIMAL(3,2))::DECIMAL(18,2)",
    "name": "['Alpha','Bravo Ltd','charlie & sons','delta','Echo AG'][1 + (hash(id, {seed}, 2) % 5)::INT]"
    " || ' ' || (hash(id, {seed}, 3) % 700)",
    "status": "['CONFIRMED','SETTLED','PENDING','AMENDED'][1 + (hash(id, {seed}, 4) % 4)::INT]",
    "day": "DATE '2026-01-01' + (hash(id, {seed}, 5) % 300)::INT",
    "moment": "TIMESTAMP '2026-01-01' + to_seconds((hash(id, {seed}, 6) % 25920000)::BIGINT)",
    "quantity": "(hash(id, {seed}, 7) % 40)::INTEGER",
}
OUTSIDE = {
    "amount": "(reverse((amount * 100)::BIGINT::VARCHAR)::BIGINT * 0.01::DECIMAL(3,2))::DECIMAL(18,2)",
    "name": "md5(name)",
    "status": "substr(md5(status || id), 1, 6)",
    "day": "DATE '2026-01-01' + (hash(day, id) % 300)::INT",
    "moment": "TIMESTAMP '2026-01-01' + to_seconds((hash(moment) % 25920000)::BIGINT)",
    "quantity": "(hash(quantity, id) % 40)::INTEGER",
}
CONTEXT = {
    "desk": "'desk ' || (hash(id, {seed}, 11) % 6)",
    "trader": "'trader ' || (hash(id, {seed}, 12) % 60)",
    "file": "'fo_' || (hash(id, {seed}, 13) % 4) || '.csv'",
}
DEFINITION = f"""
recon: chance
sources: {{a: {{location: a.parquet}}, b: {{location: b.parquet}}}}
key: id
fields: [id, {", ".join(FIELDS)}]
context: [{", ".join(CONTEXT)}]
max_rejects: 1.0
"""


def chance_world(seed: int, folder: Path, *, outside: bool, rows: int = ROWS) -> dict[str, Any]:
    """The causes that are found where there is none; ``explained`` of ``breaks``."""
    prepared(seed, folder, outside=outside, rows=rows)
    with DuckDBEngine(threads=2) as engine:
        begin = perf_counter()
        sides, comparison = compared(engine, folder / "recon.yaml")
        found = mined(engine, sides, comparison)
        return {
            "seed": seed,
            "breaks": sum(field.different for field in comparison.fields.values()),
            "explained": sum(cause.breaks for cause in found.values.causes),
            "rules": [
                f"{cause.field}: {cause.expression} where {cause.scope} ({cause.breaks} breaks)"
                for cause in found.values.causes
            ],
            "seconds": perf_counter() - begin,
        }


def prepared(seed: int, folder: Path, *, outside: bool, rows: int) -> None:
    """Both sides and their definition."""
    folder.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect(config={"threads": 1})
    columns = ", ".join(f"{sql.format(seed=seed)} AS {name}" for name, sql in (FIELDS | CONTEXT).items())
    connection.execute(f"CREATE TABLE a AS SELECT id::VARCHAR AS id, {columns} FROM range({rows}) r(id)")
    # One record in twenty is broken, and one in three of a slice.
    slice = f"desk = 'desk {seed % 6}' AND file = 'fo_{seed % 4}.csv'"
    changed = []
    for number, name in enumerate(FIELDS):
        broken = f"hash(id, {seed}, {100 + number}) % 60 < CASE WHEN {slice} THEN 20 ELSE 3 END"
        if outside:
            changed.append(f"CASE WHEN {slice} THEN {OUTSIDE[name]} ELSE {name} END AS {name}")
            continue
        connection.execute(
            f"""CREATE TABLE moved_{name} AS
            SELECT one.id, other.{name} AS value
            FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM a WHERE {broken}) one
            JOIN (SELECT {name}, row_number() OVER (ORDER BY hash(id, {seed}, 99), id) AS n
                  FROM a WHERE {broken}) other USING (n)"""
        )
        changed.append(f"coalesce((SELECT value FROM moved_{name} m WHERE m.id = a.id), {name}) AS {name}")
    connection.execute(f"CREATE TABLE b AS SELECT id, {', '.join(changed)} FROM a")
    for side in ("a", "b"):
        connection.execute(f"COPY (SELECT * FROM {side} ORDER BY id) TO '{folder / side}.parquet'")
    connection.close()
    (folder / "recon.yaml").write_text(DEFINITION)
