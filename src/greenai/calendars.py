"""Business days: weekends, and a list of holidays where there is one.

Days are counted, never walked: the position of a day among the weekdays is arithmetic, and a
holiday moves what comes behind it by one. So a shift costs the same for 1 day and for 1,000.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import ibis
import ibis.expr.datatypes as dt

if TYPE_CHECKING:
    import ibis.expr.types as ir

MONDAY: Final = date(1, 1, 1)
"""The first Monday that a date can be."""
WEEK: Final = 7
WEEKDAYS: Final = 5
SATURDAY: Final = 5


@dataclass(frozen=True)
class Calendar:
    """The business days of a place: Monday to Friday without `holidays`.

    >>> WEEKENDS.shift(date(2026, 11, 20), 1)
    datetime.date(2026, 11, 23)
    """

    name: str
    holidays: frozenset[date] = frozenset()

    @cached_property
    def _skipped(self) -> list[int]:
        """For each holiday on a weekday the number of business days before it, plus one; in order."""
        days = sorted(day for day in self.holidays if day.weekday() < SATURDAY)
        return [weekdays_until(day) - earlier for earlier, day in enumerate(days)]

    @cached_property
    def _days(self) -> list[date]:
        return sorted(day for day in self.holidays if day.weekday() < SATURDAY)

    def is_business_day(self, day: date) -> bool:
        """Whether a day is neither on a weekend nor a holiday."""
        return day.weekday() < SATURDAY and day not in self.holidays

    def shift(self, day: date, days: int) -> date:
        """The business day that is `days` after `day` (before it, below zero); `day` itself for 0.

        From a day that is none, the first business day after it is 1 and the last before it -1.
        Raises OverflowError beyond the years 1 to 9999.
        """
        if not days:
            return day
        number = self._number(day) + days if days > 0 else self._number(day - timedelta(1)) + days + 1
        return _weekday(number + bisect_left(self._skipped, number + 1))

    def between(self, start: date, end: date) -> int | None:
        """How many business days `end` is from `start`; None where no shift leads there."""
        if start == end:
            return 0
        if end > start:
            days = self._number(end) - self._number(start)
        else:
            days = self._number(end) - self._number(start - timedelta(1)) - 1
        return days if days and self.shift(start, days) == end else None

    def shifted(self, day: ir.DateValue, days: int) -> ir.DateValue:
        """`shift` of a column of dates, as an expression; null stays null."""
        if not days:
            return day
        start = day if days > 0 else _moved(day, ibis.literal(-1))

        def to_number(ordinal: ir.IntegerValue) -> ir.IntegerValue:
            return ordinal // WEEK * WEEKDAYS + ibis.least(ordinal % WEEK + 1, WEEKDAYS)

        def past_holidays(number: ir.IntegerValue) -> ir.IntegerValue:
            return number + ibis.literal(self._skipped).filter(lambda one: one <= number).length()

        def to_day(number: ir.IntegerValue) -> ir.IntegerValue:
            return (number - 1) // WEEKDAYS * WEEK + (number - 1) % WEEKDAYS

        number = _named(start.delta(MONDAY, unit="day"), to_number) + (days if days > 0 else days + 1)
        if self._days:
            holidays = ibis.literal([weekdays_until(one) for one in self._days])
            until = _named(start.delta(MONDAY, unit="day"), to_number)
            # A weekend has the number of its Friday, which may be a holiday too: both are passed.
            number = number - _named(until, lambda n: holidays.filter(lambda one: one <= n).length())
            number = _named(number, past_holidays)
        return _moved(ibis.literal(MONDAY), _named(number, to_day))

    def _number(self, day: date) -> int:
        """How many business days there are up to a day, the day included."""
        return weekdays_until(day) - bisect_left(self._days, day + timedelta(1))


def _named(value: ir.IntegerValue, body: Callable[[ir.IntegerValue], ir.IntegerValue]) -> ir.IntegerValue:
    """`body` of a value that is computed once, however often it uses it."""
    named: ir.IntegerValue = ibis.array([value]).map(body)[0]
    return named


def _moved(day: ir.DateValue, days: ir.IntegerValue) -> ir.DateValue:
    """A date some days later. By the engine's own sum: with an interval it would be a timestamp."""
    moved: ir.DateValue = _add(day, days.cast("int32"))
    return moved


@ibis.udf.scalar.builtin(name="add", signature=((dt.date, dt.int32), dt.date))  # type: ignore[untyped-decorator]
def _add(day: Any, days: Any) -> Any:
    """The engine's sum of a date and a number of days."""


def weekdays_until(day: date) -> int:
    """How many weekdays there are up to a day, the day included."""
    weeks, rest = divmod((day - MONDAY).days, WEEK)
    return weeks * WEEKDAYS + min(rest + 1, WEEKDAYS)


def _weekday(number: int) -> date:
    weeks, rest = divmod(number - 1, WEEKDAYS)
    return MONDAY + timedelta(weeks * WEEK + rest)


WEEKENDS: Final = Calendar("weekends")
"""Saturdays and Sundays only."""


def target(years: range) -> Calendar:
    """TARGET, the settlement days of the euro: its six holidays since 2000 in some years."""
    fixed = ((1, 1), (5, 1), (12, 25), (12, 26))
    days = {date(year, month, day) for year in years for month, day in fixed}
    for year in years:
        days |= {easter(year) - timedelta(2), easter(year) + timedelta(1)}
    return Calendar("TARGET", frozenset(days))


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus, Jones, Butcher: Astronomical Algorithms, ch. 8)."""
    a, (b, c) = year % 19, divmod(year, 100)
    (d, e), g = divmod(b, 4), (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    l = (32 + 2 * e + 2 * i - h - k) % 7  # noqa: E741
    m = (a + 11 * h + 19 * l) // 433
    month = (h + l - 7 * m + 90) // 25
    return date(year, month, (h + l - 7 * m + 33 * month + 19) % 32)
