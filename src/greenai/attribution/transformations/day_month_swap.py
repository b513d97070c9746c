"""Day and month change places where both readings are dates: 3 April read as 4 March."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import ibis.expr.datatypes as dt

from greenai.attribution.transformations.base import Columns, Proposal, Transformation
from greenai.engines.functions import call

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from greenai.attribution.sampling import Sample


@dataclass(frozen=True, slots=True)
class DayMonthSwap(Transformation):
    """``b = swap_day_month(a)``, null where the day is above 12; a time stays as it is."""

    family: ClassVar[str] = "day_month_swap"

    def apply(self, cells: Columns) -> ir.Value:
        a = cells["a"]
        day, month = a.day(), a.month()
        turned = call("make_date", dt.date, a.year(), (day <= 12).ifelse(day, None), month)
        if isinstance(a.type(), dt.Timestamp):
            within = a.delta(a.truncate("D"), unit="microsecond")
            turned = turned.cast(a.type()) + within.as_interval("us")
        swapped: ir.Value = turned
        return swapped

    def describe(self) -> str:
        return "b = swap_day_month(a)"

    def inverse(self) -> DayMonthSwap:
        return self

    @property
    def bits(self) -> float:
        return 0.0


def propose(sample: Sample) -> Iterator[Proposal]:
    """The exchange, where any cell has it."""
    if sample.type.kind not in ("date", "timestamp"):
        return
    found = tuple(
        at for at, a, b in sample.pairs if a.day <= 12 and a != b and a.replace(month=a.day, day=a.month) == b
    )
    if found:
        yield Proposal(DayMonthSwap(), found)
