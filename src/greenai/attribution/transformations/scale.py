"""Other units: cents for units, thousands, percent for shares, a price with and without tax."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import gcd
from typing import TYPE_CHECKING, ClassVar, Final

from greenai.attribution.transformations import arithmetic, grid
from greenai.attribution.transformations.base import (
    CHOICE_BITS,
    Columns,
    Places,
    Proposal,
    Transformation,
    decimal_bits,
    grouped,
)
from greenai.comparison.differences import exact

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from greenai.attribution.sampling import Sample

MOST: Final = 8
DIGITS: Final = 6
"""Decimal places of a factor, at most."""
LARGEST: Final = 10**12
"""No unit is a larger multiple of another."""
EXACT_ENOUGH: Final = 1_000
"""Units that a and b must have for their rounded ratio to say something."""


@dataclass(frozen=True, slots=True)
class Scale(Transformation):
    """``b = a * factor``, or ``b = a / factor``, rounded half away from zero to b's decimal places."""

    family: ClassVar[str] = "scale"
    factor: Decimal
    divide: bool = False

    def apply(self, cells: Columns) -> ir.Value:
        a, b = cells["a"], cells["b"]
        if arithmetic.is_float(b):
            by = float(self.factor)
            return a.cast("float64") / by if self.divide else a.cast("float64") * by
        a, b = arithmetic.decimal(a), arithmetic.decimal(b)
        if self.divide:
            return arithmetic.quotient(a, exact(self.factor), b.type().scale)
        return arithmetic.rounded(arithmetic.times(a, exact(self.factor)), b.type().scale, "half_up")

    def holds(self, cells: Columns) -> ir.BooleanValue:
        a, b = cells["a"], cells["b"]
        if self.divide and not arithmetic.is_float(b):
            by = exact(self.factor)
            return arithmetic.is_quotient(arithmetic.decimal(a), by, arithmetic.decimal(b)).fill_null(False)
        return arithmetic.equal(self.apply(cells), b).fill_null(False)

    def describe(self) -> str:
        return f"b = a {'/' if self.divide else '*'} {self.factor:f}"

    def inverse(self) -> Scale:
        return Scale(self.factor, not self.divide)

    @property
    def ratio(self) -> Fraction:
        """What a is multiplied by, as a fraction."""
        return 1 / Fraction(self.factor) if self.divide else Fraction(self.factor)

    @property
    def bits(self) -> float:
        return decimal_bits(self.factor) + CHOICE_BITS * self.divide


def propose(sample: Sample) -> Iterator[Proposal]:
    """Exact ratios that repeat, and simple decimals that every rounded ratio allows."""
    ratios, near = Places(), Places()
    for at, a, b in sample.numbers:
        if not a or not b or abs(a) == abs(b):
            continue
        common = gcd(a, b)
        ratio = (b // common, a // common) if a > 0 else (-b // common, -a // common)
        if min(abs(ratio[0]), ratio[1]) <= EXACT_ENOUGH:
            ratios[ratio].append(at)
        if abs(a) >= EXACT_ENOUGH and abs(b) >= EXACT_ENOUGH:
            for divide, (low, high) in ((False, (b, a)), (True, (a, b))):
                if (found := _simple(low, high)) is not None:
                    near[found, divide].append(at)
    factors: dict[Fraction, Scale] = {}
    for (numerator, denominator), _ in grouped(ratios, most=MOST):
        if (scale := _exact(numerator, denominator)) is not None:
            factors.setdefault(scale.ratio, scale)
    for (factor, divide), _ in grouped(near, most=MOST, least=3):
        if factor not in (0, 1, -1) and abs(factor) < LARGEST:
            scale = Scale(factor, divide)
            factors.setdefault(scale.ratio, scale)
    for scale in factors.values():
        if places := _held(sample, scale):
            yield Proposal(scale, places)


def _exact(numerator: int, denominator: int) -> Scale | None:
    """The ratio as a decimal factor, or as division by one; None where neither is finite."""
    for divide, (above, below) in ((False, (numerator, denominator)), (True, (denominator, numerator))):
        factor = Fraction(above, below)
        found = grid.simplest(factor, factor, DIGITS)
        if found is not None and 1 < abs(found) < LARGEST:
            return Scale(found, divide)
    for divide, (above, below) in ((False, (numerator, denominator)), (True, (denominator, numerator))):
        factor = Fraction(above, below)
        found = grid.simplest(factor, factor, DIGITS)
        if found is not None and found != -1 and abs(found) < LARGEST:
            return Scale(found, divide)
    return None


def _simple(above: int, below: int) -> Decimal | None:
    """The simplest decimal that `above` / `below` may be, if both are rounded to whole units."""
    if (above < 0) != (below < 0):
        return None
    above, below = abs(above), abs(below)
    low, high = Fraction(2 * above - 1, 2 * below), Fraction(2 * above + 1, 2 * below)
    return grid.simplest(low, high, DIGITS)


def _held(sample: Sample, scale: Scale) -> tuple[int, ...]:
    above, below = scale.ratio.as_integer_ratio()
    return tuple(at for at, a, b in sample.numbers if a and b == grid.half_up(a * above, below))
