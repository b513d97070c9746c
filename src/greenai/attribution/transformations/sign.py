"""The sign is turned: debit and credit, or bought and sold, mean opposite signs to two systems."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from greenai.attribution.transformations import arithmetic
from greenai.attribution.transformations.base import Columns, Proposal, Transformation

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from greenai.attribution.sampling import Sample


@dataclass(frozen=True, slots=True)
class Sign(Transformation):
    """``b = -a``."""

    family: ClassVar[str] = "sign"

    def apply(self, cells: Columns) -> ir.Value:
        a, b = cells["a"], cells["b"]
        # As a decimal: the least of all integers has no negative.
        negated: ir.Value = -a if arithmetic.is_float(a) else (-arithmetic.decimal(a)).try_cast(b.type())
        return negated

    def describe(self) -> str:
        return "b = -a"

    def inverse(self) -> Sign:
        return self

    @property
    def bits(self) -> float:
        return 0.0


def propose(sample: Sample) -> Iterator[Proposal]:
    """The turned sign, where any cell has it."""
    places = tuple(at for at, a, b in sample.numbers if a == -b)
    if places:
        yield Proposal(Sign(), places)
