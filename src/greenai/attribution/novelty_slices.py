"""Where in the context large groups of unexplained differences gather: to read by, not as a cause.

Looked for in samples: at most `SAMPLE` differences a field, and as many records of each side.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import ibis.expr.datatypes as dt

from greenai.attribution.cells import context_sides
from greenai.comparison.columns import key_name, side_name
from greenai.engines.functions import call
from greenai.fields.plan import context_name
from greenai.fields.render import json_key

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from greenai.comparison.result import Comparison
    from greenai.engines.duckdb import DuckDBEngine

LARGE = 100
"""Breaks from which on a group is divided, where the context says how."""
SAMPLE = 20_000
LEAST, LEAST_SHARE = 20, 0.05
"""Sampled differences, and share of the group's, that a slice must have."""
LIFT = 2.0
"""How many times as often as among all records a value must occur in a group."""
DEVIATIONS = 6.0
"""Standard deviations above what chance would give: many values of many columns are looked at."""
MOST_COLUMNS = 60
MOST_SLICES = 3
KEY, NUMBER = "key", "number"


@dataclass(frozen=True, slots=True)
class Slice:
    """Group `number`, where a context column has one value; both shares are of samples."""

    number: int
    column: str
    value: str
    share: float
    usual: float

    def __str__(self) -> str:
        quoted = self.value.replace("'", "''")
        return f"{self.column} = '{quoted}'"

    @property
    def words(self) -> str:
        """How the value stands out."""
        return f"{self} (of these differences {self.share:.0%}, of all records {self.usual:.0%})"


def slices(
    engine: DuckDBEngine,
    comparison: Comparison,
    sides: Mapping[str, ir.Table],
    members: ir.Table,
    large: Mapping[str, Sequence[int]],
) -> list[Slice]:
    """The slices of large groups, at most three of one column for each.

    `members` has ``break_id``, ``key``, ``field`` and ``number``; `large` are the numbers of the groups to be
    divided by field, `sides` the prepared rows of a and b.
    """
    origin = dict(list(context_sides(comparison.matches.pairs).items())[:MOST_COLUMNS])
    if not origin or not large:
        return []
    found: list[tuple[int, str, str, int]] = []
    sizes: dict[int, int] = {}
    for field, numbers in large.items():
        of_field = members.filter((members["field"] == field) & members[NUMBER].isin(list(numbers)))
        every = max(1, engine.count(of_field) // SAMPLE)
        some = of_field.filter(call("hash", dt.uint64, of_field["break_id"]) % every == 0)
        around = context_of(comparison, field, list(origin), origin)
        rows = engine.materialise(some.select(KEY, NUMBER).inner_join(around, KEY).drop(KEY))
        counted = rows.group_by(NUMBER).aggregate(n=rows.count())
        sizes |= {int(number): int(n) for number, n in engine.rows(counted)}
        found += [
            (int(number), str(column), str(value), int(n))
            for number, column, value, n in engine.rows(frequent(rows, list(origin)))
        ]
        engine.drop(rows)
    usual = usually(engine, sides, comparison.key, origin, {(c, v) for _, c, v, _ in found})
    return chosen(found, sizes, usual)


def context_of(
    comparison: Comparison, field: str, columns: Sequence[str], origin: Mapping[str, str]
) -> ir.Table:
    """The key and the context, as text, of every pair in which `field` differs."""
    rows = comparison.matches.pairs.filter(comparison.verdicts[field].different)
    context = {name: rows[side_name(origin[name], context_name(name))].cast("string") for name in columns}
    return rows.select(**{KEY: json_key([rows[key_name(name)] for name in comparison.key])}, **context)


def frequent(rows: ir.Table, columns: Sequence[str]) -> ir.Table:
    """Number, column, value and count of what is frequent in a group."""
    long = rows.pivot_longer(list(columns), names_to="column", values_to="value")
    told = long.filter(long["value"].notnull())
    counted = told.group_by(NUMBER, "column", "value").aggregate(n=told.count())
    return counted.filter(counted["n"] >= LEAST)


def usually(
    engine: DuckDBEngine,
    sides: Mapping[str, ir.Table],
    key: Sequence[str],
    origin: Mapping[str, str],
    wanted: set[tuple[str, str]],
) -> dict[tuple[str, str], float]:
    """The share of the wanted values among the records of the side that their column is from."""
    shares: dict[tuple[str, str], float] = {}
    for side, table in sides.items():
        columns = sorted({column for column, _ in wanted if origin[column] == side})
        if not columns:
            continue
        every = max(1, engine.count(table) // SAMPLE)
        keys = [table[name] for name in key]
        some = table.filter(call("hash", dt.uint64, *keys) % every == 0) if every > 1 else table
        rows = engine.materialise(some.select(**{c: some[context_name(c)].cast("string") for c in columns}))
        count = engine.count(rows)
        values = sorted({value for column, value in wanted if column in columns})
        long = rows.pivot_longer(columns, names_to="column", values_to="value")
        long = long.filter(long["value"].isin(values))
        counted = engine.rows(long.group_by("column", "value").aggregate(n=long.count()))
        seen = {(str(column), str(value)): int(n) for column, value, n in counted}
        shares |= {pair: (seen.get(pair, 0) + 1) / (count + 2) for pair in wanted if pair[0] in columns}
        engine.drop(rows)
    return shares


def chosen(
    found: Sequence[tuple[int, str, str, int]],
    sizes: Mapping[int, int],
    usual: Mapping[tuple[str, str], float],
) -> list[Slice]:
    """Of each group the values of the column that stand out most."""
    by_column: dict[int, dict[str, list[tuple[float, Slice]]]] = defaultdict(lambda: defaultdict(list))
    for number, column, value, n in found:
        size, base = sizes[number], usual[column, value]
        share = n / size
        deviation = (n - size * base) / math.sqrt(max(size * base * (1 - base), 1.0))
        if n < LEAST or share < LEAST_SHARE or share < LIFT * base or deviation < DEVIATIONS:
            continue
        gain = n * math.log(share / base)
        by_column[number][column].append((gain, Slice(number, column, value, share, base)))
    slices: list[Slice] = []
    for columns in by_column.values():
        best = max(sorted(columns), key=lambda column: sum(gain for gain, _ in columns[column]))
        ranked = sorted(columns[best], key=lambda pair: (-pair[0], pair[1].value))
        slices += [one for _, one in ranked[:MOST_SLICES]]
    return slices
