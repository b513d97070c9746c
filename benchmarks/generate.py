"""Generated tables with planted differences, and the truth about them.

Everything follows from the seed: a cell is drawn by hashing its row number with a constant of its
own. The row number is hashed first and the constant mixed in between two hashes, because salted
hashes of one value are correlated (`hash(id, 1)` and `hash(id, 2)` are not independent), and
correlated draws would plant changes in the very rows that are dropped.

The truth is counted from the plan of changes, never by comparing the two tables.

Run as ``python -m benchmarks.generate --rows 1000000 --into FOLDER``; it writes ``a.parquet``,
``b.parquet``, with ``--csv`` also ``a.csv`` and ``b.csv``, ``breaks.parquet`` (each planted break)
and ``dataset.json`` (shape and counts), the last of all.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

COLUMNS = tuple(f"c{number}" for number in range(16))
SHARES = {"mixed": 1_000, "composite": 1_000, "every": 100_000}  # changed rows per 100,000
DROPPED = 200  # rows missing on each side, per 100,000
KEYS = {"mixed": ("id",), "composite": ("book", "trade"), "every": ("id",)}

# One entry per kind of value: how it is drawn, and how a changed one is made. Each change is a
# difference by construction: no drawn value can turn into itself.
KINDS = (
    ("({draw} % 1000000)::BIGINT - 500000", "{cell} + 1"),
    ("(({draw} % 100000000)::BIGINT - 50000000)::DECIMAL(18,0) * 0.01::DECIMAL(3,2)", "{cell} + 1"),
    ("'name_' || ({draw} % 5000)", "{cell} || 'x'"),
    ("DATE '2020-01-01' + ({draw} % 2000)::INTEGER", "{cell} + 1"),
    ("({draw} % 1000) / 7.0::DOUBLE", "{cell} + 0.5"),
    ("['USD', 'EUR', 'GBP', 'JPY'][1 + ({draw} % 4)::INTEGER]", "'CHF'"),
    ("{draw} % 2 = 0", "NOT {cell}"),
    ("'CP' || ({draw} % 100000)", "{cell} || 'y'"),
)
TYPES = ("BIGINT", "DECIMAL(18,2)", "VARCHAR", "DATE", "DOUBLE", "VARCHAR", "BOOLEAN", "VARCHAR")


@dataclass(frozen=True, slots=True)
class Recipe:
    """What to generate: `rows` before dropping, a `variant` of SHARES, a `seed`."""

    rows: int
    variant: str = "mixed"
    seed: int = 7

    @property
    def folder(self) -> str:
        """A name of its own for each recipe."""
        return f"{self.variant}-{self.rows}-{self.seed}"

    def draw(self, purpose: str) -> str:
        """SQL of 64 random bits per row, independent from one purpose to the next."""
        salt = random.Random(f"{self.seed}/{purpose}").getrandbits(64)
        return f"hash(xor(hash(id::UBIGINT), {salt}::UBIGINT))"


def fingerprint() -> str:
    """Changes whenever this file does, so that no stale data is measured."""
    return hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:16]


def plan(recipe: Recipe) -> str:
    """One row per record: where it is dropped and which one or two columns are changed (else null)."""
    size = len(COLUMNS)
    changed = f"{recipe.draw('changed')} % 100000 < {SHARES[recipe.variant]}"
    first = f"({recipe.draw('first')} % {size})::INTEGER"
    # Half of the changed rows get a second change, in a column other than the first.
    apart = f"(1 + {recipe.draw('apart')} % {size - 1})::INTEGER"
    twice = f"{recipe.draw('twice')} % 2 = 0"
    return f"""
        SELECT id,
               {recipe.draw("dropped from a")} % 100000 < {DROPPED} AS dropped_a,
               {recipe.draw("dropped from b")} % 100000 < {DROPPED} AS dropped_b,
               CASE WHEN {changed} THEN {first} END AS first,
               CASE WHEN {changed} AND {twice} THEN ({first} + {apart}) % {size} END AS second
        FROM (SELECT range AS id FROM range({recipe.rows}))"""


def key_columns(recipe: Recipe) -> str:
    """The key as selected from the row number; of the composite one, neither half is unique."""
    if recipe.variant == "composite":
        return "'BOOK-' || lpad((id % 200)::VARCHAR, 3, '0') AS book, 'T' || (id // 200) AS trade"
    return "id"


def side_a(recipe: Recipe) -> str:
    """Side A, in the order of its row numbers."""
    cells = ", ".join(f"{drawn(recipe, number)} AS {name}" for number, name in enumerate(COLUMNS))
    return f"SELECT {key_columns(recipe)}, {cells} FROM ({plan(recipe)}) WHERE NOT dropped_a"


def side_b(recipe: Recipe) -> str:
    """Side B: the planned cells changed, and all rows shuffled."""
    cells = ", ".join(
        f"CASE WHEN first = {number} OR second = {number} THEN {changed(recipe, number)}"
        f" ELSE {drawn(recipe, number)} END AS {name}"
        for number, name in enumerate(COLUMNS)
    )
    return (
        f"SELECT {key_columns(recipe)}, {cells} FROM ({plan(recipe)})"
        f" WHERE NOT dropped_b ORDER BY {recipe.draw('shuffle')}"
    )


def drawn(recipe: Recipe, number: int) -> str:
    """The original cell of one column."""
    kind = number % len(KINDS)
    return f"({KINDS[kind][0].format(draw=recipe.draw(COLUMNS[number]))})::{TYPES[kind]}"


def changed(recipe: Recipe, number: int) -> str:
    """The same cell, changed."""
    kind = number % len(KINDS)
    return f"({KINDS[kind][1].format(cell=drawn(recipe, number))})::{TYPES[kind]}"


def planted_breaks(recipe: Recipe) -> str:
    """Every break there is: `key` (JSON array of text), `field`, `kind`."""
    key = ", ".join(f"{name}::VARCHAR" for name in KEYS[recipe.variant])
    names = "[" + ", ".join(f"'{name}'" for name in COLUMNS) + "]"
    return f"""
        SELECT to_json([{key}])::VARCHAR AS key,
               CASE WHEN kind = 'value' THEN {names}[number + 1] END AS field, kind
        FROM (
            SELECT {key_columns(recipe)}, kind, number FROM (
                SELECT id,
                       CASE WHEN dropped_b THEN 'only_a' WHEN dropped_a THEN 'only_b'
                            ELSE 'value' END AS kind,
                       unnest(CASE WHEN dropped_a OR dropped_b THEN [NULL::INTEGER]
                                   ELSE list_filter([first, second], lambda n: n IS NOT NULL) END) AS number
                FROM ({plan(recipe)}) WHERE NOT (dropped_a AND dropped_b)))"""


def truth(connection: Any, recipe: Recipe) -> dict[str, Any]:
    """The counts of CONTRACT's `summary.json`, taken from the plan alone."""
    paired = "NOT dropped_a AND NOT dropped_b"
    per_field = ", ".join(
        f"count(*) FILTER ({paired} AND (first = {number} OR second = {number}))"
        for number in range(len(COLUMNS))
    )
    in_a, in_b, matched, different, *fields = connection.execute(
        f"""SELECT count(*) FILTER (NOT dropped_a), count(*) FILTER (NOT dropped_b),
                   count(*) FILTER ({paired}), count(*) FILTER ({paired} AND first IS NOT NULL),
                   {per_field} FROM ({plan(recipe)})"""
    ).fetchone()
    rows = {
        "a": in_a,
        "b": in_b,
        "matched": matched,
        "equal": matched - different,
        "different": different,
        "only_a": in_a - matched,
        "only_b": in_b - matched,
    }
    return {"rows": rows, "fields": {name: {"different": n} for name, n in zip(COLUMNS, fields, strict=True)}}


def generate(recipe: Recipe, into: Path, *, csv: bool) -> dict[str, Any]:
    """Write the data set unless it is there already, and return the content of ``dataset.json``."""
    note = into / "dataset.json"
    described: dict[str, Any] = json.loads(note.read_text()) if note.exists() else {}
    if described.get("generator") == fingerprint() and (described["csv"] or not csv):
        return described
    import duckdb

    into.mkdir(parents=True, exist_ok=True)
    note.unlink(missing_ok=True)
    connection = duckdb.connect()
    # Sorting side B takes memory; beyond this it spills beside the data.
    connection.execute(f"SET memory_limit = '6GB'; SET temp_directory = '{into / 'spill'}'")
    for name, query in (
        ("a", side_a(recipe)),
        ("b", side_b(recipe)),
        ("breaks", planted_breaks(recipe)),
    ):
        connection.execute(f"COPY ({query}) TO '{into / name}.parquet'")
    if csv:
        for name in ("a", "b"):
            connection.execute(f"COPY (FROM '{into / name}.parquet') TO '{into / name}.csv' (HEADER)")
    described = {
        "generator": fingerprint(),
        "recipe": asdict(recipe),
        "csv": csv,
        "key": KEYS[recipe.variant],
        "columns": COLUMNS,
        "truth": truth(connection, recipe),
        "bytes": {file.name: file.stat().st_size for file in sorted(into.glob("[ab].*"))},
    }
    note.write_text(json.dumps(described, indent=1))
    return described


def main() -> None:
    """The command line of this file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rows", type=int, required=True)
    parser.add_argument("--variant", choices=tuple(SHARES), default="mixed")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--csv", action="store_true")
    parser.add_argument("--into", type=Path, required=True)
    chosen = parser.parse_args()
    described = generate(Recipe(chosen.rows, chosen.variant, chosen.seed), chosen.into, csv=chosen.csv)
    print(json.dumps(described["truth"]["rows"]))


if __name__ == "__main__":
    main()
