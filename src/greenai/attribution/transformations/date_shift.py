"""Some days, months or years apart: booked on a later day, a century forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar, Final

import ibis

from greenai.attribution.transformations.base import (
    CHOICE_BITS,
    Columns,
    Places,
    Proposal,
    Transformation,
    grouped,
    integer_bits,
)

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from greenai.attribution.sampling import Sample

MOST: Final = 8


@dataclass(frozen=True, slots=True)
class DateShift(Transformation):
    """``b = a + days``, then `months` later on the same day of the month."""

    family: ClassVar[str] = "date_shift"
    days: int = 0
    months: int = 0

    def apply(self, cells: Columns) -> ir.Value:
        a = cells["a"]
        # Days are added to a moment: the engine makes a timestamp of a date and an interval.
        moved = a.cast("timestamp(6)")
        if self.days:
            moved = moved + ibis.interval(days=self.days)
        if self.months:
            moved = moved + ibis.interval(months=self.months)
        shifted: ir.Value = moved.cast(a.type())
        return shifted

    def describe(self) -> str:
        parts = [(self.days, "day"), (self.months, "month")]
        if self.months % 12 == 0:
            parts = [(self.days, "day"), (self.months // 12, "year")]
        words = [f"{'+' if n > 0 else '-'} {abs(n)} {unit}{'s' * (abs(n) != 1)}" for n, unit in parts if n]
        return f"b = a {' '.join(words)}"

    def inverse(self) -> DateShift | None:
        return None if self.months else DateShift(-self.days)

    @property
    def bits(self) -> float:
        return integer_bits(self.days) + (integer_bits(self.months) + CHOICE_BITS if self.months else 0.0)


def propose(sample: Sample) -> Iterator[Proposal]:
    """Numbers of days, and of months on the same day, that repeat."""
    if sample.type.kind not in ("date", "timestamp"):
        return
    days, months = Places(), Places()
    for at, a, b in sample.pairs:
        if clock(a) != clock(b):
            continue
        if gap := (b - a).days:
            days[gap].append(at)
        if a.day == b.day and (gap := (b.year - a.year) * 12 + b.month - a.month):
            months[gap].append(at)
    for gap, places in grouped(days, most=MOST):
        yield Proposal(DateShift(gap), tuple(places))
    for gap, places in grouped(months, most=MOST // 2):
        yield Proposal(DateShift(months=gap), tuple(places))


def clock(moment: date) -> object:
    """The time of a day; None of a date."""
    return moment.time() if isinstance(moment, datetime) else None
