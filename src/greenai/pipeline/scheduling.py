"""When a scheduled recon is due, and for which business date. Pure: moments in, moments out.

Cron is read on the wall clock of the schedule's zone, and the clock is made a moment afterwards: a local
time that the clocks leave out is the next moment that exists, one that comes twice is the first of the
two, and times that become one moment are due once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from greenai.calendars import WEEKENDS, target
from greenai.calendars import Calendar as Settled
from greenai.definition.schedule import DAYS
from greenai.errors import DefinitionError

if TYPE_CHECKING:
    from greenai.definition.schedule import Calendar, Schedule
    from greenai.domain.schedules import Registration

DAY: Final = timedelta(1)
LONGEST_BREAK: Final = 366
"""Days without a business day after which a calendar is taken to have none."""
CATCHING_UP: Final = timedelta(31)
"""How far back a scheduler that stood still makes up for it; what lies before is a matter of backfill."""


@dataclass(frozen=True, slots=True)
class Firing:
    """A moment (UTC) at which a recon is due, and the business date that it is due for."""

    at: datetime
    business_date: date


def firings(schedule: Schedule, after: datetime, until: datetime) -> list[Firing]:
    """What is due later than one moment and not later than another, in order; both aware."""
    found = []
    last: datetime | None = None
    for wall in _walls(schedule, after, until):
        moment = moment_of(wall, ZoneInfo(schedule.timezone))
        if moment == last or not after < moment <= until:
            continue
        last = moment
        business_date = business_date_of(schedule, wall.date())
        if business_date is not None and _is_first_day(schedule, wall.date(), business_date):
            found.append(Firing(moment, business_date))
    return found


def next_firing(schedule: Schedule, after: datetime) -> Firing | None:
    """What is due next; None where nothing is for ten years."""
    reach = DAY
    while reach < 3660 * DAY:
        found = firings(schedule, after + reach - DAY if reach > DAY else after, after + 2 * reach)
        if found:
            return found[0]
        reach *= 2
    return None


def moment_of(wall: datetime, zone: ZoneInfo) -> datetime:
    """The moment (UTC) at which the clocks of a zone show a time; see above for times of clock changes."""
    there = wall.replace(tzinfo=zone, fold=0)
    if there.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == wall:
        return there.astimezone(UTC)
    # Left out: seen with the offset of before, the gap lies at the moment of the change. Look for it.
    before = (wall - DAY).replace(tzinfo=zone).astimezone(UTC)
    after = (wall + DAY).replace(tzinfo=zone).astimezone(UTC)
    low, high = int(before.timestamp()), int(after.timestamp())
    while high - low > 1:  # the first second at which the clocks show a later time
        middle = (low + high) // 2
        shown = datetime.fromtimestamp(middle, zone).replace(tzinfo=None)
        low, high = (low, middle) if shown > wall else (middle, high)
    return datetime.fromtimestamp(high, UTC)


def business_date_of(schedule: Schedule, day: date) -> date | None:
    """The business date that a day's runs are for; None where `today` is no business day."""
    if schedule.business_date == 0:
        return day if is_business_day(schedule.calendar, day) else None
    for _ in range(-schedule.business_date):
        found = _before(schedule.calendar, day)
        if found is None:
            return None
        day = found
    return day


def is_business_day(calendar: Calendar, day: date) -> bool:
    """Whether a day is one on which business is done."""
    if DAYS[day.weekday()] in calendar.closed or day in calendar.holidays:
        return False
    if calendar.name == "target":
        return _target(day.year).is_business_day(day)
    return calendar.name == "every_day" or WEEKENDS.is_business_day(day)


def business_days(calendar: Calendar, first: date, last: date) -> list[date]:
    """The business days from one day to another, both included."""
    days = (first + number * DAY for number in range((last - first).days + 1))
    return [day for day in days if is_business_day(calendar, day)]


def end_of_day(schedule: Schedule, day: date) -> datetime:
    """The moment (UTC) at which a day ends where the schedule's clocks hang."""
    return moment_of(datetime.combine(day + DAY, time()), ZoneInfo(schedule.timezone))


@lru_cache(maxsize=64)
def _target(year: int) -> Settled:
    return target(range(year, year + 1))


def _before(calendar: Calendar, day: date) -> date | None:
    for _ in range(LONGEST_BREAK):
        day -= DAY
        if is_business_day(calendar, day):
            return day
    return None


def _is_first_day(schedule: Schedule, day: date, business_date: date) -> bool:
    """Whether cron names no earlier day for the same business date."""
    earlier = day - DAY
    while earlier > business_date and business_date_of(schedule, earlier) == business_date:
        if next(_walls_of_day(schedule, earlier), None) is not None:
            return False
        earlier -= DAY
    return True


def _walls_of_day(schedule: Schedule, day: date) -> Iterator[datetime]:
    return _between(
        schedule, datetime.combine(day, time()), datetime.combine(day + DAY, time()) - timedelta.resolution
    )


def _walls(schedule: Schedule, after: datetime, until: datetime) -> Iterator[datetime]:
    """Times on the wall that may become moments in between: a day more than needed, for changes of clocks."""
    zone = ZoneInfo(schedule.timezone)
    first, last = (one.astimezone(zone).replace(tzinfo=None) for one in (after, until))
    return _between(schedule, first - DAY, last + DAY)


def _between(schedule: Schedule, first: datetime, last: datetime) -> Iterator[datetime]:
    from cronsim import CronSim

    for wall in CronSim(schedule.cron, first - timedelta(seconds=1)):
        if wall > last:
            return
        yield wall


def due_between(
    registrations: Sequence[Registration], after: datetime, until: datetime
) -> list[tuple[Registration, Firing]]:
    """What is due later than one moment and not later than another, each by the registration of its time.

    `registrations` are in order, each holds until the next one. Raises DefinitionError for one that this
    program cannot read.
    """
    found = []
    for number, one in enumerate(registrations):
        end = registrations[number + 1].registered_at if number + 1 < len(registrations) else until
        begin, end = max(after, one.registered_at), min(until, end)
        if begin < end:
            found += [(one, firing) for firing in firings(timing(one), begin, end)]
    return found


def timing(registration: Registration) -> Schedule:
    """The schedule of a registration. Raises DefinitionError for one that this program cannot read."""
    from pydantic import ValidationError

    from greenai.definition.schedule import Schedule

    try:
        return Schedule.model_validate(dict(registration.timing))
    except ValidationError as error:
        raise DefinitionError(
            f"a registered schedule cannot be read: {error.errors()[0]['msg']}",
            remedy="register it again: greenai schedule add recon.yaml",
        ) from None


def registered(registrations: Sequence[Registration], moment: datetime) -> Registration:
    """The registration that held at a moment; the first one for a moment before it."""
    held = [one for one in registrations if one.registered_at <= moment]
    return held[-1] if held else registrations[0]
