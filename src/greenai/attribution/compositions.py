"""Two transformations, one after the other: a scale and then a rounding on the same cell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ibis

from greenai.attribution.transformations.base import Columns, Mirrored, Transformation

if TYPE_CHECKING:
    import ibis.expr.types as ir

POINTER_BITS = 3.0
"""What it costs to name one of the rules that are known already."""
MOST = 40
"""Compositions that are tried for one field."""
ALONE = frozenset({"lag", "typo", "field_swap", "null_default"})
"""Families that look at more than a's value, at none, or settle nothing: they are no link of a chain."""


@dataclass(frozen=True, slots=True)
class Composed(Transformation):
    """First one transformation, then the other; of the family of the first."""

    first: Transformation
    second: Transformation

    @property
    def family(self) -> str:  # type: ignore[override]
        """The family of what is done first."""
        return self.first.family

    @property
    def bits(self) -> float:
        return 2 * POINTER_BITS

    @property
    def residual_bits(self) -> float:
        return self.first.residual_bits + self.second.residual_bits

    def apply(self, cells: Columns) -> ir.Value:
        return self.second.apply(self._between(cells))

    def holds(self, cells: Columns) -> ir.BooleanValue:
        return self.second.holds(self._between(cells))

    def speaks(self, cells: Columns) -> ir.BooleanValue:
        return self.second.speaks(self._between(cells))

    def _between(self, cells: Columns) -> Changed:
        # What the first yields may be wider than the field; in between, values are of the field's type.
        return Changed(cells, self.first.apply(cells).try_cast(cells["a"].type()))

    def describe(self) -> str:
        return f"{self.first.describe()}, then {self.second.describe()}"

    def inverse(self) -> Transformation | None:
        first, second = self.first.inverse(), self.second.inverse()
        return None if first is None or second is None else Composed(second, first)


@dataclass(frozen=True, slots=True)
class Changed:
    """The columns of cells with another value for a."""

    cells: Columns
    value: Any

    def __getitem__(self, name: str, /) -> Any:
        if name == "raw_a":
            return ibis.null("string")
        return self.value if name == "a" else self.cells[name]


def compositions(
    chosen: Sequence[Transformation], survivors: Iterable[Transformation]
) -> list[Transformation]:
    """The pairs worth trying: a chosen rule's transformation with each other one, in both orders."""
    found: dict[tuple[Transformation, Transformation], None] = {}
    others = [*chosen, *survivors]
    for one in chosen:
        for other in others:
            if one.family == other.family or not (chained(one) and chained(other)):
                continue
            found[one, other] = None
            found[other, one] = None
    return [Composed(*pair) for pair in list(found)[:MOST]]


def chained(one: Transformation) -> bool:
    """Whether a transformation may be a link of a chain."""
    return not isinstance(one, Mirrored | Composed) and one.family not in ALONE
