"""The clock of another zone: some hours apart, other hours while one of both has daylight saving."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, ClassVar, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import ibis
import ibis.expr.datatypes as dt

from greenai.attribution.transformations.base import (
    Columns,
    Places,
    Proposal,
    Transformation,
    grouped,
    integer_bits,
)
from greenai.engines.functions import call

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from greenai.attribution.sampling import Sample

MOST: Final = 8
PAIRS: Final = 4
TRIED: Final = 400
"""Cells on which all pairs of zones are tried before the best ones are tried on the whole sample."""
SECOND: Final = 1_000_000
HOUR: Final = 3_600 * SECOND
ZONES: Final = (
    "UTC", "Europe/London", "America/New_York", "Europe/Berlin", "Asia/Tokyo", "Asia/Hong_Kong",
    "America/Chicago", "Australia/Sydney", "America/Los_Angeles", "Asia/Kolkata", "America/Sao_Paulo",
    "Europe/Istanbul", "Africa/Johannesburg", "Asia/Dubai", "Pacific/Auckland",
)  # fmt: skip
"""One zone for each way in which the clocks of markets change; the likelier ones first."""
MOMENT: Final = dt.Timestamp(scale=6)
INSTANT: Final = dt.Timestamp(timezone="UTC", scale=6)


@dataclass(frozen=True, slots=True)
class TimeShift(Transformation):
    """``b = a + 5 hours``: a fixed time apart, in microseconds."""

    family: ClassVar[str] = "time_shift"
    microseconds: int

    def apply(self, cells: Columns) -> ir.Value:
        shifted: ir.Value = (cells["a"] + ibis.interval(microseconds=self.microseconds)).cast(
            cells["b"].type()
        )
        return shifted

    def describe(self) -> str:
        return f"b = a {'+' if self.microseconds > 0 else '-'} {span(abs(self.microseconds))}"

    def inverse(self) -> TimeShift:
        return TimeShift(-self.microseconds)

    @property
    def bits(self) -> float:
        for unit, price in ((HOUR, 0), (HOUR // 4, 2), (60 * SECOND, 3), (SECOND, 4), (1, 5)):
            if self.microseconds % unit == 0:
                return integer_bits(self.microseconds // unit) + price
        return 64.0


@dataclass(frozen=True, slots=True)
class ZoneShift(Transformation):
    """``b = timezone(a, from, to)``: the clock of `to` when the clock of `source` shows a."""

    family: ClassVar[str] = "time_shift"
    source: str
    to: str

    def apply(self, cells: Columns) -> ir.Value:
        instant = call("timezone", INSTANT, self.source, cells["a"])
        clock: ir.Value = call("timezone", MOMENT, self.to, instant).cast(cells["b"].type())
        return clock

    def describe(self) -> str:
        return f"b = timezone(a, from '{self.source}' to '{self.to}')"

    def inverse(self) -> ZoneShift:
        return ZoneShift(self.to, self.source)

    @property
    def bits(self) -> float:
        return integer_bits(ZONES.index(self.source)) + integer_bits(ZONES.index(self.to))


def span(microseconds: int) -> str:
    """``5 hours``, ``30 minutes``, ``90 seconds``."""
    for unit, word in ((HOUR, "hour"), (60 * SECOND, "minute"), (SECOND, "second"), (1, "microsecond")):
        if microseconds % unit == 0:
            count = microseconds // unit
            return f"{count} {word}{'s' * (count != 1)}"
    return f"{microseconds} microseconds"


def propose(sample: Sample) -> Iterator[Proposal]:
    """Times that repeat, and pairs of zones where two of them are an hour apart."""
    if sample.type.kind != "timestamp":
        return
    gaps = Places()
    for at, a, b in sample.pairs:
        gaps[(b - a) // timedelta(microseconds=1)].append(at)
    common = grouped(gaps, most=MOST, least=3)
    for gap, places in common:
        yield Proposal(TimeShift(gap), tuple(places))
    found = {gap for gap, _ in common}
    changing = {gap for gap in found if gap - HOUR in found or gap + HOUR in found}
    if changing:
        yield from _zones(sample, sorted(at for gap in changing for at in gaps[gap]))


def _zones(sample: Sample, places: list[int]) -> Iterator[Proposal]:
    """Pairs of zones that explain more than one fixed time does."""
    every = len(places) // TRIED + 1
    votes: dict[tuple[str, str], int] = {}
    for at in places[::every]:
        for source in ZONES:
            for to in ZONES:
                if source != to and converted(sample.a[at], source, to) == sample.b[at]:
                    votes[source, to] = votes.get((source, to), 0) + 1
    best = sorted(votes.items(), key=lambda v: (-v[1], ZoneShift(*v[0]).bits, v[0]))[:PAIRS]
    for (source, to), _ in best:
        held = tuple(at for at, a, b in sample.pairs if converted(a, source, to) == b)
        if len({sample.b[at] - sample.a[at] for at in held}) > 1:
            yield Proposal(ZoneShift(source, to), held)


def converted(moment: datetime, source: str, to: str) -> datetime | None:
    """The clock of one zone at the moment at which the other shows `moment`; None for unknown zones."""
    zones = zone(source), zone(to)
    if zones[0] is None or zones[1] is None:
        return None
    if not 1 < moment.year < datetime.max.year:
        return None
    # Of a time that happens twice, the second: so does the engine.
    return (
        moment.replace(tzinfo=zones[0], fold=1)
        .astimezone(UTC)
        .astimezone(zones[1])
        .replace(tzinfo=None, fold=0)
    )


@cache
def zone(name: str) -> ZoneInfo | None:
    """A zone of the machine's own list, None where it has no such zone."""
    try:
        return ZoneInfo(name)
    except ZoneInfoNotFoundError:
        return None
