"""Which join to use: by how many rows differ in a sample, and by what memory holds.

While few rows differ, a narrow hash table and a second look at what differs is cheapest; from about
a third of the rows on, one wide join of everything. Streaming wide rows past the hash table saves
reading a again, but spills wide rows when the hash table does not fit (measured: docs/decisions).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from greenai.comparison.columns import side_name
from greenai.comparison.pairing import FINGERPRINT, Likeness

if TYPE_CHECKING:
    import ibis.expr.types as ir

Strategy = Literal["narrow", "streamed", "full"]
SAMPLE_ROWS = 50_000
"""Rows looked at on each side: one row group of a Parquet file, about."""
ENOUGH_PAIRS = 50
"""Fewer pairs than this in the sample tell nothing."""
MANY_DIFFERENT = 0.35
BYTES_PER_KEY = 128
"""Room to plan for each key of the hash table, with a margin for what is streamed past it."""


def sampled_pairs(a: ir.Table, b: ir.Table, key: Sequence[str], likeness: Likeness) -> ir.Table:
    """Some rows of both sides joined: numbers ``pairs`` and ``different``.

    The first rows of each side are taken because they are cheap to read; where both sides are in
    unlike order few of them meet, but few are enough for a share.
    """
    sides = []
    for table in (a, b):
        head = table.limit(SAMPLE_ROWS)
        sides.append(head.select(*key, **{FINGERPRINT: likeness.of(head)}))
    left, right = (
        table.rename({side_name(side, name): name for name in table.columns})
        for side, table in zip(("a", "b"), sides, strict=True)
    )
    joined = left.inner_join(right, [left[side_name("a", n)] == right[side_name("b", n)] for n in key])
    unlike = joined[side_name("a", FINGERPRINT)] != joined[side_name("b", FINGERPRINT)]
    return joined.aggregate(pairs=joined.count(), different=unlike.sum().fill_null(0))


def share_different(pairs: int, different: int) -> float:
    """The share of unlike pairs in a sample, 0 where it is too small to tell."""
    return different / pairs if pairs >= ENOUGH_PAIRS else 0.0


def choose(differing: float, rows_b: int, *, memory: int, exact: bool) -> Strategy:
    """The join for `differing` (0 to 1) and a hash table of `rows_b` keys within `memory` bytes.

    `exact` trusts no hash, so it needs the join whose counts prove that no key repeats.
    """
    if differing > MANY_DIFFERENT:
        return "full"
    if exact or rows_b * BYTES_PER_KEY > memory:
        return "narrow"
    return "streamed"
