"""How often a map of values would hold in a slice, were a and b there by chance.

Where a slice has one usual value, a map to that value holds nearly always, and says nothing of the other
side: it restates how often the value occurs there. What counts is how much more often it holds.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from greenai.attribution.board import Board, encoded
from greenai.attribution.transformations.base import Mirrored, Transformation
from greenai.attribution.transformations.value_map import ValueMap

if TYPE_CHECKING:
    import pyarrow as pa

Chance = Callable[[int], float]
"""How often a transformation would hold by chance in the cells of a bitmap."""


def maps(one: Transformation) -> tuple[tuple[Any, Any], ...]:
    """The pairs of a's and b's values that a map says; none where it is no map."""
    if isinstance(one, ValueMap):
        return one.entries
    if isinstance(one, Mirrored) and isinstance(one.of, ValueMap):
        return tuple((old, new) for new, old in one.of.entries)
    return ()


class BaseRates:
    """The values of cells, by `board`'s places; `data` has the columns ``a`` and ``b``."""

    def __init__(self, board: Board, data: pa.Table) -> None:
        self._board = board
        self._sides = tuple(encoded(data[side]) for side in ("a", "b"))
        self._values = tuple(side.dictionary.to_pylist() for side in self._sides)

    def of(self, one: Transformation) -> Chance | None:
        """The chance of a map, cell by cell independent of the other side; None for other transformations."""
        pairs = maps(one)
        return (lambda cells: self._chance(pairs, cells)) if pairs else None

    def _chance(self, pairs: tuple[tuple[Any, Any], ...], cells: int) -> float:
        a, b = (self._counts(number, cells) for number in (0, 1))
        total = sum(a.values()) * sum(b.values())
        # Cells differ, so equal values are no pair that could have been.
        possible = total - sum(count * b.get(value, 0) for value, count in a.items())
        hits = sum(a.get(old, 0) * b.get(new, 0) for old, new in pairs)
        return min(1.0, hits / possible) if possible else 1.0

    def _counts(self, number: int, cells: int) -> dict[Any, int]:
        import pyarrow.compute as pc

        indices = self._sides[number].indices.filter(self._board.mask(cells))
        counted = pc.value_counts(indices)
        values = self._values[number]
        codes, counts = counted.field(0).to_pylist(), counted.field(1).to_pylist()
        return {values[code]: int(count) for code, count in zip(codes, counts, strict=True)}
