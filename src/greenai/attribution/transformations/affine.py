"""A factor and a constant at once: another tariff, Fahrenheit for Celsius."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import TYPE_CHECKING, ClassVar, Final

from greenai.attribution.transformations import arithmetic, grid
from greenai.attribution.transformations.base import Columns, Proposal, Transformation, decimal_bits
from greenai.attribution.transformations.offset import plain, plus, signed
from greenai.comparison.differences import exact

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from greenai.attribution.sampling import Sample

MOST: Final = 6
PAIRS: Final = 12_000
"""Pairs of cells through which a line is drawn."""
LARGEST: Final = 10**6
"""A steeper line is one through two coincidences."""
DIGITS: Final = 4
"""Decimal places of a factor, at most."""


@dataclass(frozen=True, slots=True)
class Affine(Transformation):
    """``b = a * factor + plus``, rounded half away from zero to b's decimal places."""

    family: ClassVar[str] = "affine"
    factor: Decimal
    plus: Decimal

    def apply(self, cells: Columns) -> ir.Value:
        a, b = cells["a"], cells["b"]
        if arithmetic.is_float(b):
            return a.cast("float64") * float(self.factor) + float(self.plus)
        a, b = arithmetic.decimal(a), arithmetic.decimal(b)
        total = plus(arithmetic.times(a, exact(self.factor)), self.plus)
        return arithmetic.rounded(total, b.type().scale, "half_up")

    def holds(self, cells: Columns) -> ir.BooleanValue:
        return arithmetic.equal(self.apply(cells), cells["b"]).fill_null(False)

    def describe(self) -> str:
        return f"b = a * {self.factor:f} {signed(self.plus)}"

    @property
    def bits(self) -> float:
        return decimal_bits(self.factor) + decimal_bits(self.plus)


def propose(sample: Sample) -> Iterator[Proposal]:
    """Lines through pairs of cells of one slice that many pairs agree on."""
    a, b = sample.units_a, sample.units_b
    votes: Counter[tuple[Decimal, Decimal]] = Counter()
    for one, other in drawn_pairs(sample):
        if (line := through(a[one], b[one], a[other], b[other], sample.places)) is not None:
            votes[line] += 1
    for (factor, constant), count in sorted(votes.items(), key=lambda v: (-v[1], str(v[0])))[:MOST]:
        if count < 3:
            break
        affine = Affine(factor, constant)
        yield Proposal(affine, held(sample, affine))


def drawn_pairs(sample: Sample) -> Iterator[tuple[int, int]]:
    """Pairs of places: neighbours in shuffled slices, and in the whole sample."""
    random = Random(0)
    numeric = [at for at, *_ in sample.numbers]
    known = set(numeric)
    slices = [numeric, *sample.slices]
    total = sum(map(len, slices)) or 1
    for places in slices:
        some = [at for at in places if at in known]
        for _ in range(2 if len(some) > 2 else 1):
            random.shuffle(some)
            several = max(4, 2 * PAIRS * len(some) // total // 2)
            yield from zip(some[0:several:2], some[1:several:2], strict=False)


def through(
    a1: int | None, b1: int | None, a2: int | None, b2: int | None, places: int
) -> tuple[Decimal, Decimal] | None:
    """The simplest factor and constant that take both a to both b, if b is rounded to whole units."""
    if a1 is None or b1 is None or a2 is None or b2 is None or abs(a1 - a2) < 100:
        return None
    run, rise = a1 - a2, b1 - b2
    if run < 0:
        run, rise = -run, -rise
    factor = grid.simplest(Fraction(rise - 1, run), Fraction(rise + 1, run), DIGITS)
    if factor is None or factor in (0, 1) or abs(factor) >= LARGEST:
        return None
    above, below = factor.as_integer_ratio()
    exactly = [Fraction(b * below - a * above, below) for a, b in ((a1, b1), (a2, b2))]
    low, high = max(exactly) - Fraction(1, 2), min(exactly) + Fraction(1, 2)
    if low > high:
        return None
    one = 10**places
    constant = grid.simplest(low / one, high / one, places + 1)
    return None if constant is None or not constant else (plain(factor), plain(constant))


def held(sample: Sample, line: Affine) -> tuple[int, ...]:
    """Where the line holds in the sample."""
    above, below = line.factor.as_integer_ratio()
    shift_above, shift_below = (line.plus * 10**sample.places).as_integer_ratio()
    return tuple(
        at
        for at, a, b in sample.numbers
        if b == grid.half_up(a * above * shift_below + shift_above * below, below * shift_below)
    )
