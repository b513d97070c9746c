"""Business days: counted in one step, they are those that are walked one by one."""

from datetime import date, timedelta

import ibis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenai.calendars import WEEKENDS, Calendar, easter, target
from greenai.engines.duckdb import DuckDBEngine

DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))
SHIFTS = st.integers(-40, 40)
EURO = target(range(1989, 2062))


def walked(calendar: Calendar, day: date, days: int) -> date:
    step = timedelta(1 if days > 0 else -1)
    for _ in range(abs(days)):
        day += step
        while not calendar.is_business_day(day):
            day += step
    return day


@given(DAYS, SHIFTS)
@pytest.mark.parametrize("calendar", [WEEKENDS, EURO], ids=["weekends", "target"])
def test_a_shift_is_a_walk(calendar: Calendar, day: date, days: int) -> None:
    assert calendar.shift(day, days) == walked(calendar, day, days)


@given(DAYS, SHIFTS)
@pytest.mark.parametrize("calendar", [WEEKENDS, EURO], ids=["weekends", "target"])
def test_between_is_the_shift_that_leads_there(calendar: Calendar, day: date, days: int) -> None:
    assert calendar.between(day, calendar.shift(day, days)) == days


@given(DAYS, st.integers(1, 30))
def test_no_shift_leads_to_a_day_that_is_no_business_day(day: date, days: int) -> None:
    end = day + timedelta(days)
    assert (WEEKENDS.between(day, end) is None) == (not WEEKENDS.is_business_day(end))


@pytest.mark.parametrize("calendar", [WEEKENDS, EURO], ids=["weekends", "target"])
@pytest.mark.parametrize("days", [-11, -1, 1, 2, 7])
def test_the_engine_shifts_like_python(engine: DuckDBEngine, calendar: Calendar, days: int) -> None:
    table = engine.view("SELECT (DATE '2019-12-20' + n::INTEGER)::DATE AS day FROM range(800) t(n)")
    rows = engine.rows(table.select("day", moved=calendar.shifted(table.day, days)))
    assert len(rows) == 800
    assert all(moved == calendar.shift(day, days) for day, moved in rows)


def test_null_stays_null(engine: DuckDBEngine) -> None:
    table = engine.view("SELECT NULL::DATE AS day")
    assert engine.rows(table.select(moved=WEEKENDS.shifted(table.day, 1))) == [(None,)]


def test_the_day_is_a_date(engine: DuckDBEngine) -> None:
    table = engine.view("SELECT DATE '2026-11-20' AS day")
    assert engine.materialise(table.select(moved=EURO.shifted(table.day, 1))).schema()["moved"] == ibis.dtype(
        "date"
    )


def test_easter_is_where_it_was() -> None:
    assert [easter(year) for year in (2000, 2019, 2024, 2038)] == [
        date(2000, 4, 23),
        date(2019, 4, 21),
        date(2024, 3, 31),
        date(2038, 4, 25),
    ]
