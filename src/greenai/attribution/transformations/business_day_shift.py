"""Some business days apart: settled a day later, but on Monday after a Friday."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from greenai.attribution.transformations.base import (
    CHOICE_BITS,
    Columns,
    Places,
    Proposal,
    Transformation,
    grouped,
    integer_bits,
)
from greenai.calendars import WEEKENDS, Calendar, target

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from greenai.attribution.sampling import Sample

MOST: Final = 4
FURTHEST: Final = 15
"""Business days; beyond three weeks a shift is one of calendar days."""


@dataclass(frozen=True, slots=True)
class BusinessDayShift(Transformation):
    """``b = business_days(a, +1)`` of a calendar."""

    family: ClassVar[str] = "business_day_shift"
    days: int
    calendar: Calendar = WEEKENDS

    def apply(self, cells: Columns) -> ir.Value:
        return self.calendar.shifted(cells["a"], self.days)

    def describe(self) -> str:
        named = "" if self.calendar == WEEKENDS else f", {self.calendar.name}"
        return f"b = business_days(a, {self.days:+d}{named})"

    def inverse(self) -> BusinessDayShift:
        return BusinessDayShift(-self.days, self.calendar)

    @property
    def bits(self) -> float:
        return integer_bits(self.days) + CHOICE_BITS * (1 if self.calendar == WEEKENDS else 4)


def propose(sample: Sample) -> Iterator[Proposal]:
    """Numbers of business days that repeat, of weekends alone and of TARGET where its holidays matter."""
    if sample.type.kind != "date" or not sample.pairs:
        return
    yield from (Proposal(shift, places) for shift, places in of_calendar(sample, WEEKENDS))
    years = [day.year for _, a, b in sample.pairs for day in (a, b)]
    euro = target(range(max(min(years), 1950), min(max(years), 2100) + 1))
    for shift, places in of_calendar(sample, euro):
        if any(WEEKENDS.between(sample.a[at], sample.b[at]) != shift.days for at in places):
            yield Proposal(shift, places)


def of_calendar(sample: Sample, calendar: Calendar) -> Iterator[tuple[BusinessDayShift, tuple[int, ...]]]:
    """Numbers of business days of one calendar that repeat."""
    gaps = Places()
    for at, a, b in sample.pairs:
        near = abs((b - a).days) <= 2 * FURTHEST
        if near and (gap := calendar.between(a, b)) and abs(gap) <= FURTHEST:
            gaps[gap].append(at)
    for gap, places in grouped(gaps, most=MOST):
        yield BusinessDayShift(gap, calendar), tuple(places)
