"""Repeated keys: identical copies pair first, a last one on each side pairs, the rest are duplicates.

Nothing is ever multiplied: all steps count within a key instead of joining all copies with all.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import ibis

from greenai.comparison.columns import ORDINAL, ROWS, key_name, key_names
from greenai.comparison.pairing import FINGERPRINT, Likeness

if TYPE_CHECKING:
    import ibis.expr.types as ir

CROWD_FACTOR = 4
"""The join may yield this many times the rows of the larger side before repeats are set apart first."""
CROWD_SAMPLE = 50_000
"""Rows of a side whose keys are looked at."""
COPY = "greenai:copy"


def sampled_keys(table: ir.Table, key: Sequence[str], share: float) -> ir.Table:
    """How often each key stands in a random `share` of the rows."""
    keys = table.select(*key)
    return counted(keys if share >= 1 else keys.sample(share), key)


def most_repeated(keys: ir.Table) -> ir.Table:
    """How often the most frequent of `sampled_keys` was seen: one number, ``most``."""
    return keys.aggregate(most=keys[ROWS].max().fill_null(0))


def meetings(left: ir.Table, right: ir.Table, key: Sequence[str]) -> ir.Table:
    """How many pairs a join of the rows behind two `sampled_keys` has: one number, ``pairs``."""
    left = left.rename({f"greenai:left:{name}": name for name in left.columns})
    joined = left.inner_join(right, [left[f"greenai:left:{name}"] == right[name] for name in key])
    pairs = joined[f"greenai:left:{ROWS}"].cast("float64") * joined[ROWS]
    return joined.aggregate(pairs=pairs.sum().fill_null(0.0))


def counted(rows: ir.Table, key: Sequence[str]) -> ir.Table:
    """The number of rows of every key."""
    return rows.group_by(*key).aggregate(**{ROWS: lambda t: t.count()})


def repeated_keys(a: ir.Table, b: ir.Table, key: Sequence[str]) -> ir.Table:
    """Every key that stands more than once on either side, once."""
    sides = []
    for table in (a, b):
        groups = counted(table.select(*key), key)
        sides.append(groups.filter(groups[ROWS] > 1).select(**{key_name(name): groups[name] for name in key}))
    return sides[0].union(sides[1], distinct=True)


def numbered_copies(rows: ir.Table, key: Sequence[str], likeness: Likeness) -> ir.Table:
    """The rows with fingerprint and a number within key and fingerprint: identical copies 0, 1, 2 …"""
    marked = rows.mutate(**{FINGERPRINT: likeness.of(rows)})
    window = ibis.window(group_by=[*key, FINGERPRINT])
    return marked.mutate(**{COPY: ibis.row_number().over(window)})


def identical_pairs(a: ir.Table, b: ir.Table, key: Sequence[str]) -> ir.Table:
    """Pairs of identical copies: one number, ``pairs``. Inputs are `numbered_copies`."""
    names = [*key, FINGERPRINT, COPY]
    return a.select(names).inner_join(b.select(names), names).aggregate(pairs=lambda t: t.count())


def left_over(rows: ir.Table, other: ir.Table, key: Sequence[str], likeness: Likeness) -> ir.Table:
    """The copies that found no identical partner on the other side, numbered within their key.

    The numbers are parts of identities: they depend on the rows alone, see `Likeness.order`.
    """
    rest = rows.anti_join(other, [*key, FINGERPRINT, COPY]).drop(COPY)
    window = ibis.window(group_by=list(key), order_by=likeness.order(rest))
    return rest.mutate(**{ORDINAL: ibis.row_number().over(window)}).drop(FINGERPRINT)


def lone_keys(rest_a: ir.Table, rest_b: ir.Table, key: Sequence[str]) -> ir.Table:
    """The keys with exactly one row left on each side: these pair and are compared."""

    def single(rest: ir.Table) -> ir.Table:
        groups = counted(rest, key)
        return groups.filter(groups[ROWS] == 1).select(**{key_name(name): groups[name] for name in key})

    return single(rest_a).semi_join(single(rest_b), key_names(key))
