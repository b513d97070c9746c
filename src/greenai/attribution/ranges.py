"""Ranges of an ordered context column in which some rows gather and others do not."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from greenai.attribution.predicates import Between

if TYPE_CHECKING:
    import pyarrow as pa

    from greenai.attribution.board import Board

EDGES = 64
"""Pieces that the values of the rows looked for are cut into, of about equal numbers."""
RANGE_BITS = 12.0
"""Bits that name two of the edges."""


def best_range(board: Board, column: str, wanted: int, unwanted: int) -> Between | None:
    """The range that holds most of `wanted` and least of `unwanted`, as shares; None for unordered columns.

    Its ends are values of `wanted` rows. The piecewise maximum of the difference of both shares is
    found in one pass (Kadane); a column of one value has no range.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    ordered = board.numbers(column)
    if ordered is None or not wanted or not unwanted:
        return None
    values, numeric = ordered
    inside = values.filter(board.mask(wanted)).drop_null()
    if not len(inside):
        return None
    inside = inside.take(pc.array_sort_indices(inside))
    step = max(1, len(inside) // EDGES)
    lows = [inside[place].as_py() for place in range(0, len(inside), step)]
    edges = sorted({*lows, inside[len(inside) - 1].as_py()})
    others = values.filter(board.mask(unwanted)).drop_null()
    if not len(others) or (
        len(edges) == 1 and pc.all(pc.equal(others, pa.scalar(edges[0], others.type))).as_py()
    ):
        return None
    gained = shares(inside, edges, len(inside))
    lost = shares(others, edges, unwanted.bit_count())
    weights = [plus - minus for plus, minus in zip(gained, lost, strict=True)]
    best, low, high = 0.0, 0, -1
    running, start = 0.0, 0
    for place, weight in enumerate(weights):
        if running <= 0:
            running, start = 0.0, place
        running += weight
        if running > best:
            best, low, high = running, start, place
    if high < low or (low == 0 and high == len(weights) - 1 and not has_beyond(others, edges)):
        return None
    # Pieces alternate: an edge itself, then what lies between it and the next.
    return Between(column, edges[(low + 1) // 2], edges[high // 2], numeric)


def shares(values: pa.Array, edges: list[object], total: int) -> list[float]:
    """The share of `values` at each edge and between each two."""
    import pyarrow as pa
    import pyarrow.compute as pc

    below = []
    for edge in edges:
        end = pa.scalar(edge, values.type)
        below.append(pc.sum(pc.less(values, end)).as_py() or 0)
        below.append(pc.sum(pc.less_equal(values, end)).as_py() or 0)
    return [(right - left) / total for left, right in pairwise(below)]


def has_beyond(values: pa.Array, edges: list[object]) -> bool:
    """Whether any value lies outside the first and last edge."""
    import pyarrow as pa
    import pyarrow.compute as pc

    low, high = (pa.scalar(edge, values.type) for edge in (edges[0], edges[-1]))
    return bool(pc.any(pc.or_(pc.less(values, low), pc.greater(values, high))).as_py())
