"""Which join to use: a look at some pairs tells how many rows differ.

The narrow join wins while few rows differ; from about a third of the rows on, one wide join is
cheaper than a narrow one and a second look at nearly everything (measured: docs/decisions).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from greenai.comparison.columns import side_name
from greenai.comparison.pairing import FINGERPRINT, Likeness

if TYPE_CHECKING:
    import ibis.expr.types as ir

Strategy = Literal["narrow", "full"]
SAMPLE_ROWS = 50_000
"""Rows looked at on each side: one row group of a Parquet file, about."""
ENOUGH_PAIRS = 50
"""Fewer pairs than this in the sample tell nothing."""
MANY_DIFFERENT = 0.35


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


def choose(pairs: int, different: int) -> Strategy:
    """The join for a sample in which `different` of `pairs` were unlike."""
    if pairs >= ENOUGH_PAIRS and different > MANY_DIFFERENT * pairs:
        return "full"
    return "narrow"
