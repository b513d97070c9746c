"""When a recon is due: laws over changes of clocks, calendars and business dates."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenai.definition.schedule import Calendar, Schedule
from greenai.pipeline.scheduling import (
    Firing,
    business_date_of,
    business_days,
    end_of_day,
    firings,
    moment_of,
    next_firing,
)

MINUTE = timedelta(minutes=1)
CHANGES = [
    ("Europe/London", datetime(2026, 3, 29, 1, tzinfo=UTC)),
    ("Europe/London", datetime(2026, 10, 25, 1, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 3, 8, 7, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 11, 1, 6, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 4, 4, 15, tzinfo=UTC)),  # half an hour
    ("Australia/Lord_Howe", datetime(2026, 10, 3, 15, 30, tzinfo=UTC)),
    ("Africa/Cairo", datetime(2026, 4, 23, 22, tzinfo=UTC)),  # at midnight
    ("Pacific/Apia", datetime(2011, 12, 30, 10, tzinfo=UTC)),  # a whole day left out
    ("UTC", datetime(2026, 6, 1, tzinfo=UTC)),
]


def every_day(cron: str, zone: str = "UTC") -> Schedule:
    return Schedule(
        cron=cron,
        timezone=zone,
        calendar=Calendar(name="every_day"),
        business_date="today",  # type: ignore[arg-type]
    )


def named(minutes: list[int], hours: list[int]) -> str:
    return f"{','.join(map(str, minutes))} {','.join(map(str, hours))} * * *"


def looked_at_every_minute(
    minutes: list[int], hours: list[int], zone: str, after: datetime, until: datetime
) -> list[datetime]:
    """The naive oracle: look at the clock every minute; what it jumped over is due at once, no time twice."""
    found, seen = [], set()
    at = after - timedelta(days=2)
    before = at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    while at < until:
        at += MINUTE
        now = at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        wall, new = min(before + MINUTE, now), False
        while wall <= now:
            if wall.minute in minutes and wall.hour in hours and wall not in seen:
                new = True
                seen.add(wall)
            wall += MINUTE
        if new and at > after:
            found.append(at)
        before = now
    return found


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(0, 59), min_size=1, max_size=3, unique=True),
    st.lists(st.integers(0, 4) | st.integers(0, 23), min_size=1, max_size=4, unique=True),
    st.sampled_from(CHANGES),
    st.integers(-1500, 200),
)
def test_cron_is_looking_at_the_clock_every_minute(
    minutes: list[int], hours: list[int], change: tuple[str, datetime], start: int
) -> None:
    zone, moment = change
    after = moment + start * MINUTE
    until = moment + timedelta(hours=20)
    found = [one.at for one in firings(every_day(named(minutes, hours), zone), after, until)]
    assert found == looked_at_every_minute(minutes, hours, zone, after, until)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(CHANGES),
    st.lists(st.integers(0, 3000), min_size=1, max_size=6, unique=True),
    st.sampled_from(["30 1 * * *", "*/20 * * * *", "15,45 0-3 * * 0,6", "0 2 * * *"]),
)
def test_however_often_one_looks_the_same_is_due(
    change: tuple[str, datetime], looks: list[int], cron: str
) -> None:
    schedule = every_day(cron, change[0])
    start = change[1] - timedelta(minutes=1500)
    moments = [start, *(start + look * MINUTE for look in sorted(looks)), start + 3001 * MINUTE]
    pieces = [one for a, b in pairwise(moments) for one in firings(schedule, a, b)]
    assert pieces == firings(schedule, moments[0], moments[-1])


def test_a_time_that_the_clocks_leave_out_runs_at_the_next_moment_once() -> None:
    schedule = every_day("15,30,45 1 * * *", "Europe/London")
    found = firings(schedule, datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 3, 29, 12, tzinfo=UTC))
    assert found == [Firing(datetime(2026, 3, 29, 1, tzinfo=UTC), date(2026, 3, 29))]


def test_a_time_that_comes_twice_runs_the_first_time() -> None:
    schedule = every_day("30 1 * * *", "Europe/London")
    found = firings(schedule, datetime(2026, 10, 25, tzinfo=UTC), datetime(2026, 10, 25, 12, tzinfo=UTC))
    assert [one.at for one in found] == [datetime(2026, 10, 25, 0, 30, tzinfo=UTC)]


def test_moments_are_those_that_the_clocks_show() -> None:
    zone = ZoneInfo("Europe/London")
    assert moment_of(datetime(2026, 7, 1, 6), zone) == datetime(2026, 7, 1, 5, tzinfo=UTC)
    assert moment_of(datetime(2026, 3, 29, 1, 59), zone) == datetime(2026, 3, 29, 1, tzinfo=UTC)


def weekdays(cron: str, **more: object) -> Schedule:
    return Schedule.model_validate({"cron": cron, **more})


def dates(schedule: Schedule, first: date, days: int) -> list[tuple[date, date]]:
    start = datetime(first.year, first.month, first.day, tzinfo=UTC) - timedelta(seconds=1)
    found = firings(schedule, start, start + timedelta(days=days))
    return [(one.at.date(), one.business_date) for one in found]


def test_fridays_date_runs_on_the_first_day_that_cron_names() -> None:
    friday, saturday, monday = date(2026, 11, 20), date(2026, 11, 21), date(2026, 11, 23)
    assert (saturday, friday) in dates(weekdays("0 6 * * *"), friday, 5)
    assert [one for one in dates(weekdays("0 6 * * *"), friday, 5) if one[1] == friday] == [
        (saturday, friday)
    ]
    assert [one for one in dates(weekdays("0 6 * * 1-5"), friday, 5) if one[1] == friday] == [
        (monday, friday)
    ]


def test_a_holiday_moves_the_business_date_and_doubles_nothing() -> None:
    schedule = weekdays("0 6 * * 1-5", calendar="target")
    # Good Friday and Easter Monday of 2026 are 3 and 6 April.
    assert dates(schedule, date(2026, 4, 2), 7) == [
        (date(2026, 4, 2), date(2026, 4, 1)),
        (date(2026, 4, 3), date(2026, 4, 2)),
        (date(2026, 4, 8), date(2026, 4, 7)),
    ]


def test_today_runs_on_business_days_only_and_as_often_as_cron_says() -> None:
    schedule = weekdays("0 6,18 * * *", business_date="today")
    assert [day for day, _ in dates(schedule, date(2026, 11, 20), 4)] == [
        date(2026, 11, 20), date(2026, 11, 20), date(2026, 11, 23), date(2026, 11, 23),
    ]  # fmt: skip


@settings(max_examples=50, deadline=None)
@given(
    st.sampled_from(["0 6 * * *", "0 6 * * 1-5", "0 6 * * 2-6", "0 5 * * 1", "0 6 1 * *", "0 6,20 * * *"]),
    st.integers(-5, 0),
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    st.sampled_from(["weekends", "target", "every_day"]),
)
def test_a_business_date_is_due_on_one_day(cron: str, offset: int, first: date, calendar: str) -> None:
    schedule = weekdays(cron, calendar=calendar, business_date=offset)
    found = dates(schedule, first, 40)
    assert len({business_date for _, business_date in found}) == len({day for day, _ in found})
    assert all(business_date_of(schedule, day) == business_date for day, business_date in found)


def test_a_cron_of_every_day_leaves_no_business_day_out() -> None:
    schedule = weekdays("0 6 * * *", calendar="target")
    found = [business_date for _, business_date in dates(schedule, date(2026, 1, 1), 365)]
    assert found[1:] == business_days(schedule.calendar, found[1], found[-1])


def test_a_weekend_may_be_another_one() -> None:
    calendar = Calendar(name="every_day", closed=("friday", "saturday"), holidays=(date(2026, 11, 19),))
    assert business_days(calendar, date(2026, 11, 16), date(2026, 11, 22)) == [
        date(2026, 11, 16), date(2026, 11, 17), date(2026, 11, 18), date(2026, 11, 22),
    ]  # fmt: skip


@pytest.mark.parametrize(("cron", "at"), [("0 6 29 2 *", (2028, 2, 29)), ("0 6 * * *", (2026, 11, 22))])
def test_what_is_due_next_is_found_however_far(cron: str, at: tuple[int, int, int]) -> None:
    found = next_firing(every_day(cron), datetime(2026, 11, 21, 7, tzinfo=UTC))
    assert found is not None
    assert found.at == datetime(*at, 6, tzinfo=UTC)


def test_a_day_ends_where_its_clocks_hang() -> None:
    schedule = every_day("0 6 * * *", "America/New_York")
    assert end_of_day(schedule, date(2026, 11, 20)) == datetime(2026, 11, 21, 5, tzinfo=UTC)
