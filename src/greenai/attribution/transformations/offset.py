"""A constant apart: the other side of a spread, a fixed fee."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar, Final

import ibis.expr.datatypes as dt

from greenai.attribution.transformations import arithmetic
from greenai.attribution.transformations.base import (
    Columns,
    Places,
    Proposal,
    Transformation,
    decimal_bits,
    grouped,
)
from greenai.comparison.differences import MAX_DIGITS
from greenai.fields.literals import exact_decimal

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from greenai.attribution.sampling import Sample

LARGEST: Final = 10**37
"""Units of a constant: with more digits it has no room in a decimal."""
MOST: Final = 12


@dataclass(frozen=True, slots=True)
class Offset(Transformation):
    """``b = a + plus``."""

    family: ClassVar[str] = "offset"
    plus: Decimal

    def apply(self, cells: Columns) -> ir.Value:
        return plus(cells["a"], self.plus)

    def holds(self, cells: Columns) -> ir.BooleanValue:
        return arithmetic.equal(self.apply(cells), cells["b"]).fill_null(False)

    def describe(self) -> str:
        return f"b = a {signed(self.plus)}"

    def inverse(self) -> Offset:
        return Offset(-self.plus)

    @property
    def bits(self) -> float:
        return decimal_bits(self.plus)


def plus(value: ir.Value, constant: Decimal) -> ir.Value:
    """The exact sum of a column and a constant; null where it needs more than 38 digits."""
    if arithmetic.is_float(value):
        return value + float(constant)
    value = arithmetic.decimal(value)
    amount = exact_decimal(constant)
    kind = value.type()
    # A constant with more decimal places than the column needs room for them.
    scale = max(kind.scale, amount.type().scale)
    wide = value.try_cast(dt.Decimal(min(kind.precision + scale - kind.scale + 1, MAX_DIGITS - 1), scale))
    total: ir.Value = wide + amount
    return total


def signed(constant: Decimal) -> str:
    """``+ 2.5`` or ``- 2.5``."""
    return f"{'-' if constant < 0 else '+'} {abs(constant):f}"


def propose(sample: Sample) -> Iterator[Proposal]:
    """Differences that repeat."""
    differences = Places()
    for at, a, b in sample.numbers:
        if a != b and abs(b - a) < LARGEST:
            differences[b - a].append(at)
    for difference, places in grouped(differences, most=MOST):
        constant = Decimal(difference).scaleb(-sample.places)
        yield Proposal(Offset(plain(constant)), tuple(places))


def plain(number: Decimal) -> Decimal:
    """A decimal without idle zeros and without an exponent, every digit kept."""
    text = f"{number:f}"
    return Decimal(text.rstrip("0").rstrip(".") if "." in text else text)
