"""Another column as the factor: an amount converted with a rate, by either quote."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from greenai.attribution.transformations import arithmetic
from greenai.attribution.transformations.base import (
    CHOICE_BITS,
    COLUMN_BITS,
    Columns,
    Proposal,
    Transformation,
)

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from greenai.attribution.sampling import Sample

SAYS_SOMETHING: Final = 10
"""Units that b must have: nearly every small product rounds to nothing or one."""


@dataclass(frozen=True, slots=True)
class ReferenceMultiply(Transformation):
    """``b = a * column`` or ``b = a / column``, rounded half away from zero to b's decimal places.

    `column` is ``a:<field>`` or ``b:<field>``: another field of the same record on either side.
    """

    family: ClassVar[str] = "reference_multiply"
    column: str
    divide: bool = False

    def apply(self, cells: Columns) -> ir.Value:
        a, b, by = cells["a"], cells["b"], cells[self.column]
        if arithmetic.is_float(b):
            a, by = a.cast("float64"), by.cast("float64")
            return a / by.nullif(0.0) if self.divide else a * by
        a, b, by = arithmetic.decimal(a), arithmetic.decimal(b), arithmetic.factor(by)
        if self.divide:
            return arithmetic.quotient(a, by, b.type().scale)
        return arithmetic.rounded(arithmetic.times(a, by), b.type().scale, "half_up")

    def holds(self, cells: Columns) -> ir.BooleanValue:
        a, b = cells["a"], cells["b"]
        if self.divide and not arithmetic.is_float(b):
            by = arithmetic.factor(cells[self.column])
            return arithmetic.is_quotient(arithmetic.decimal(a), by, arithmetic.decimal(b)).fill_null(False)
        return arithmetic.equal(self.apply(cells), b).fill_null(False)

    def describe(self) -> str:
        side, field = self.column.split(":", 1)
        return f"b = a {'/' if self.divide else '*'} {side}.{field}, rounded"

    def inverse(self) -> ReferenceMultiply:
        return ReferenceMultiply(self.column, not self.divide)

    @property
    def bits(self) -> float:
        return COLUMN_BITS + CHOICE_BITS * (self.divide + self.column.startswith("b:"))


def propose(sample: Sample) -> Iterator[Proposal]:
    """Every numeric column that is the factor of some cells, both ways."""
    known = [(at, a, b) for at, a, b in sample.numbers if a and abs(b) >= SAYS_SOMETHING and a != b]
    if not known:
        return
    for name in sample.others:
        factors, places = sample.units_of(name)
        one = 10**places
        multiplied, divided = [], []
        for at, a, b in known:
            by = factors[at]
            if by is None or by in (0, one):
                continue
            if 2 * abs(a * by - b * one) <= one:
                multiplied.append(at)
            if 2 * abs(a * one - b * by) <= abs(by):
                divided.append(at)
        for divide, found in ((False, multiplied), (True, divided)):
            if len(found) >= 2:
                yield Proposal(ReferenceMultiply(name, divide), tuple(found))
