"""Fewer decimal places, or whole tens, by either way of rounding."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from greenai.attribution.transformations import arithmetic, grid
from greenai.attribution.transformations.arithmetic import Mode
from greenai.attribution.transformations.base import (
    CHOICE_BITS,
    Columns,
    Proposal,
    Transformation,
    integer_bits,
)

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from greenai.attribution.sampling import Sample

COARSEST: Final = -6
"""Rounding to millions is the coarsest that is looked for."""
WAYS: Final = {"half_up": "", "half_even": ", half to even"}


@dataclass(frozen=True, slots=True)
class Rounding(Transformation):
    """``b = round(a, places)``; below zero `places` are tens, hundreds and so on."""

    family: ClassVar[str] = "rounding"
    places: int
    mode: Mode = "half_up"

    def apply(self, cells: Columns) -> ir.Value:
        return on_grid(cells, self.places, self.mode)

    def holds(self, cells: Columns) -> ir.BooleanValue:
        return arithmetic.equal(self.apply(cells), cells["b"]).fill_null(False)

    def describe(self) -> str:
        return f"b = round(a, {self.places}{WAYS[self.mode]})"

    @property
    def bits(self) -> float:
        return integer_bits(self.places) + CHOICE_BITS * (self.mode != "half_up")

    @property
    def lost_bits(self) -> float:
        return 8.0


def on_grid(cells: Columns, places: int, mode: Mode) -> ir.Value:
    """a on the grid of `places`; floats by way of a decimal of 15 digits, which they hold exactly."""
    a = cells["a"]
    if arithmetic.is_float(a):
        wide = a.try_cast(f"decimal(38, {grid.FLOAT_PLACES})")
        return arithmetic.rounded(wide, places, mode).cast("float64")
    return arithmetic.rounded(arithmetic.decimal(a), places, mode)


def propose(sample: Sample) -> Iterator[Proposal]:
    """Every number of places to which some cells are rounded, the way that more cells agree with."""
    for places in range(sample.places - 1, COARSEST - 1, -1):
        up = held(sample, places, "half_up")
        even = held(sample, places, "half_even")
        if up:
            yield Proposal(Rounding(places), up)
        if len(even) > len(up):
            yield Proposal(Rounding(places, "half_even"), even)


def held(sample: Sample, places: int, mode: Mode) -> tuple[int, ...]:
    """Where b is a, rounded to `places` and not zero."""
    unit = 10 ** (sample.places - places)
    to = grid.ROUNDINGS[mode]
    return tuple(
        at
        for at, a, b in sample.numbers
        if b and b % unit == 0 and abs(a - b) < unit and to(a, unit) * unit == b
    )
