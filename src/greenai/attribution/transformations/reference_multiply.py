"""Another column as the factor: an amount converted with a rate, by either quote; or a rate turned round.

Two sources that fix a rate at different hours never agree to the last digit: then a rule says how close.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

import ibis

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


CLOSENESS: Final = (10, 50, 200)
"""How close a rule that is not exact may be, in hundredths of a percent of b."""
WHOLE: Final = 10_000
"""What `CLOSENESS` is counted in."""
NEARER: Final = 4
"""How many times nearer to b than a itself an inexact result must be: or it tells no more than a does."""
LEAST_CLOSE: Final = 20
CLOSE_SHARE: Final = 0.02
"""Share of the sample that an inexact rule must be close for."""
PROBED: Final = 500
"""Cells, evenly over the sample, of which some must be close before all are looked at."""
LEAST_PROBED: Final = 3
MORE: Final = 1.1
"""How many times more cells a wider rule must explain."""
VALUE_BITS: Final = 12.0
"""The bits of a value, of which an inexact rule leaves those of the window around its result."""


@dataclass(frozen=True, slots=True)
class ReferenceMultiply(Transformation):
    """``b = a * column`` or ``b = a / column``, rounded half away from zero to b's decimal places.

    `column` is ``a:<field>`` or ``b:<field>``: another field of the same record on either side. `within` is
    how far b may be from that, in hundredths of a percent of b; 0 asks for the very value.
    """

    family: ClassVar[str] = "reference_multiply"
    column: str
    divide: bool = False
    within: int = 0

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
        if self.within:
            by = cells[self.column].cast("float64")
            value = a.cast("float64") / by.nullif(0.0) if self.divide else a.cast("float64") * by
            return is_close(value, a, b, self.within)
        if self.divide and not arithmetic.is_float(b):
            by = arithmetic.factor(cells[self.column])
            return arithmetic.is_quotient(arithmetic.decimal(a), by, arithmetic.decimal(b)).fill_null(False)
        return arithmetic.equal(self.apply(cells), b).fill_null(False)

    def describe(self) -> str:
        side, field = self.column.split(":", 1)
        return f"b = a {'/' if self.divide else '*'} {side}.{field}, {closeness(self.within)}"

    def inverse(self) -> ReferenceMultiply:
        return ReferenceMultiply(self.column, not self.divide, self.within)

    @property
    def bits(self) -> float:
        chosen = self.divide + self.column.startswith("b:") + bool(self.within)
        return COLUMN_BITS + CHOICE_BITS * chosen

    @property
    def residual_bits(self) -> float:
        return window_bits(self.within)


@dataclass(frozen=True, slots=True)
class Reciprocal(Transformation):
    """``b = 1 / a``: a quote the other way round, rounded half away from zero to b's decimal places.

    `within` is how far b may be from that, in hundredths of a percent of b; 0 asks for the very value.
    """

    family: ClassVar[str] = "reference_multiply"
    within: int = 0

    def apply(self, cells: Columns) -> ir.Value:
        a, b = cells["a"], cells["b"]
        if arithmetic.is_float(b):
            return 1.0 / a.cast("float64").nullif(0.0)
        by, b = arithmetic.factor(a), arithmetic.decimal(b)
        return arithmetic.quotient(arithmetic.decimal(ibis.literal(1, "int64")), by, b.type().scale)

    def holds(self, cells: Columns) -> ir.BooleanValue:
        a, b = cells["a"], cells["b"]
        if self.within:
            return is_close(1.0 / a.cast("float64").nullif(0.0), a, b, self.within)
        return arithmetic.equal(self.apply(cells), b).fill_null(False)

    def describe(self) -> str:
        return f"b = 1 / a, {closeness(self.within)}"

    def inverse(self) -> Reciprocal:
        return Reciprocal(self.within)

    @property
    def bits(self) -> float:
        return CHOICE_BITS * (1 + bool(self.within))

    @property
    def residual_bits(self) -> float:
        return window_bits(self.within)


def is_close(value: ir.NumericValue, a: ir.Value, b: ir.Value, within: int) -> ir.BooleanValue:
    """Whether a result is close to b, and nearer than a itself; never null."""
    # A double is fine enough to tell whether two numbers are a thousandth apart.
    wanted = b.cast("float64")
    off = (value - wanted).abs()
    near = (off * WHOLE <= wanted.abs() * within) & (off * NEARER <= (a.cast("float64") - wanted).abs())
    verdict: ir.BooleanValue = near.fill_null(False)
    return verdict


def closeness(within: int) -> str:
    """``rounded`` or ``within 0.5 %``."""
    return f"within {within / 100:g} %" if within else "rounded"


def window_bits(within: int) -> float:
    """What b still costs where its value is known to be in a window."""
    return max(1.0, VALUE_BITS + math.log2(2 * within / WHOLE)) if within else 0.0


def propose(sample: Sample) -> Iterator[Proposal]:
    """Every numeric column that is the factor of some cells, both ways; and the value turned round."""
    known = [(at, a, b) for at, a, b in sample.numbers if a and abs(b) >= SAYS_SOMETHING and a != b]
    if not known:
        return
    for name in sample.others:
        yield from _by_column(sample, name, known)
    if sample.type.kind != "integer":
        yield from _turned(sample, known)


def _by_column(sample: Sample, name: str, known: list[tuple[int, int, int]]) -> Iterator[Proposal]:
    """One column as the factor and as the divisor."""
    factors, places = sample.units_of(name)
    one = 10**places
    multiplied, divided = [], []
    rates = [(at, a, b, by) for at, a, b in known if (by := factors[at]) and by != one]
    for at, a, b, by in rates:
        if 2 * abs(a * by - b * one) <= one:
            multiplied.append(at)
        if 2 * abs(a * one - b * by) <= abs(by):
            divided.append(at)
    for divide, found in ((False, multiplied), (True, divided)):
        if len(found) >= 2:
            yield Proposal(ReferenceMultiply(name, divide), tuple(found))
        if sample.type.kind != "integer":
            results = [
                (at, a, b, a * one, by) if divide else (at, a, b, a * by, one) for at, a, b, by in rates
            ]
            for within, where in close(results, len(known), len(found)):
                yield Proposal(ReferenceMultiply(name, divide, within), where)


def _turned(sample: Sample, known: list[tuple[int, int, int]]) -> Iterator[Proposal]:
    """One divided by the value."""
    square = 10 ** (2 * sample.places)
    exact = tuple(at for at, a, b in known if 2 * abs(square - a * b) <= abs(a))
    if len(exact) >= 2:
        yield Proposal(Reciprocal(), exact)
    results = [(at, a, b, square, a) for at, a, b in known]
    for within, where in close(results, len(known), len(exact)):
        yield Proposal(Reciprocal(within), where)


def close(
    results: list[tuple[int, int, int, int, int]], known: int, exact: int
) -> Iterator[tuple[int, tuple[int, ...]]]:
    """How close and where results are near b, each wider one where it explains more.

    A result is a place, a, b, and the numerator and denominator of what is held against b.
    """
    every = len(results) // PROBED
    if every > 1 and len(near(results[::every], CLOSENESS[-1])) < LEAST_PROBED:
        return
    before = max(exact, int(CLOSE_SHARE * known), LEAST_CLOSE)
    for within in CLOSENESS:
        places = near(results, within)
        if len(places) >= MORE * before:
            before = len(places)
            yield within, tuple(places)


def near(results: list[tuple[int, int, int, int, int]], within: int) -> list[int]:
    """The places of results that are close to b, and nearer than a itself."""
    found = []
    for at, a, b, numerator, denominator in results:
        one, off = abs(denominator), abs(numerator - b * denominator)
        if off * WHOLE <= abs(b) * within * one and off * NEARER <= abs(a - b) * one:
            found.append(at)
    return found
