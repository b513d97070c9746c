"""What the records that lie in no slice of their own share all the same, and where their keys repeat."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from greenai.attribution.evidence import LEVEL
from greenai.attribution.predicates import EVERYWHERE, Equals, Predicate
from greenai.comparison.columns import key_names
from greenai.fields.plan import context_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    import ibis.expr.types as ir

    from greenai.engines.base import Engine

MOST = 3
"""Conditions of a scope at most."""


def gathered(
    engine: Engine, broken: ir.Table, rows: ir.Table, context: Sequence[str]
) -> tuple[Predicate, int]:
    """The smallest slice that holds all `broken` records, and its size among all `rows` of the side.

    Of the columns in which all have one value, those that make the slice smaller. Everywhere where so many
    records would lie in one slice by chance.
    """
    sums = {"rows": broken.count()}
    for n, name in enumerate(context):
        column = broken[context_name(name)]
        sums |= {f"n{n}": column.nunique(), f"c{n}": column.count(), f"v{n}": column.min()}
    found = engine.row(broken.aggregate(**sums))
    count = int(found["rows"])
    shared = [
        Equals(name, found[f"v{n}"])
        for n, name in enumerate(context)
        if int(found[f"n{n}"]) == 1 and int(found[f"c{n}"]) == count
    ]
    total = size = engine.count(rows)
    best = EVERYWHERE
    while shared and len(best.conditions) < MOST:
        tried = [best.also(one) for one in shared]
        counts = engine.row(
            rows.aggregate(**{f"s{n}": rows.count(where=one.holds(rows)) for n, one in enumerate(tried)})
        )
        least, at = min((int(counts[f"s{n}"]), n) for n in range(len(tried)))
        if least >= size:
            break
        size, best = least, tried[at]
        del shared[at]
    if best == EVERYWHERE or not 0 < size < total:
        return EVERYWHERE, total
    looks = math.prod(max(1, len(context)) for _ in best.conditions)
    by_chance = (count - 1) * math.log(size / total) + math.log(looks)
    return (best, max(size, count)) if by_chance < math.log(LEVEL) else (EVERYWHERE, total)


def repeating(
    engine: Engine, broken: ir.Table, rows: ir.Table, key: Sequence[str], rule: str
) -> dict[int, int]:
    """By `rule` how many of the `broken` records have a key that repeats among `rows` of their own side."""
    names = key_names(key)
    groups = rows.semi_join(broken, names).group_by(names).aggregate(copies=lambda t: t.count())
    several = broken.semi_join(groups.filter(groups["copies"] > 1), names)
    counted = several.group_by(rule).aggregate(n=several.count())
    return {int(number): int(n) for number, n in engine.rows(counted.select(rule, "n"))}
