"""Transformations of dates and times."""

from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from cellshop import applied, cells_from, held, mined

from greenai.attribution.transformations.business_day_shift import BusinessDayShift
from greenai.attribution.transformations.date_shift import DateShift
from greenai.attribution.transformations.day_month_swap import DayMonthSwap
from greenai.attribution.transformations.lag import Lag
from greenai.calendars import WEEKENDS, target
from greenai.engines.duckdb import DuckDBEngine

MOMENT = pa.timestamp("us")
DAYS = [date(2026, 1, 1) + timedelta(n) for n in range(300)]
MOMENTS = [datetime(2026, 1, 3, 8, 30) + timedelta(hours=29 * n) for n in range(290)]


def test_calendar_days_and_business_days_are_told_apart(engine: DuckDBEngine) -> None:
    weekdays = [day for day in DAYS if day.weekday() < 5]
    later = mined(engine, cells_from(engine, weekdays, [day + timedelta(2) for day in weekdays]))
    assert later["b = a + 2 days"] == len(weekdays)
    settled = mined(engine, cells_from(engine, weekdays, [WEEKENDS.shift(day, 2) for day in weekdays]))
    assert settled["b = business_days(a, +2)"] == len(weekdays)
    assert settled["b = a + 2 days"] < len(weekdays)


def test_holidays_are_found_where_they_matter(engine: DuckDBEngine) -> None:
    euro = target(range(2026, 2027))
    days = [day for day in DAYS if euro.is_business_day(day)]
    found = mined(engine, cells_from(engine, days, [euro.shift(day, 1) for day in days]))
    assert found["b = business_days(a, +1, TARGET)"] == len(days)
    assert found["b = business_days(a, +1)"] < len(days)


def test_a_month_and_a_century_are_shifts(engine: DuckDBEngine) -> None:
    days = [day for day in DAYS if day.day <= 28 and day.month < 10]
    a_month = mined(engine, cells_from(engine, days, [day.replace(month=day.month + 1) for day in days]))
    assert a_month["b = a + 1 month"] == len(days)
    century = mined(engine, cells_from(engine, days, [day.replace(year=1926) for day in days]))
    assert century["b = a - 100 years"] == len(days)


def test_a_shifted_date_is_a_date(engine: DuckDBEngine) -> None:
    cells = cells_from(engine, DAYS[:3], DAYS[:3])
    for one in (DateShift(1), DateShift(months=1), BusinessDayShift(1), DayMonthSwap()):
        values = [value for value in applied(engine, cells, one) if value is not None]
        assert values
        assert all(type(value) is date for value in values)


def test_day_and_month_change_places_where_both_are_dates(engine: DuckDBEngine) -> None:
    both = [day for day in DAYS if day.day <= 12 and day.day != day.month]
    swapped = [day.replace(month=day.day, day=day.month) for day in both]
    assert mined(engine, cells_from(engine, both, swapped))["b = swap_day_month(a)"] == len(both)
    times = [datetime(2026, 4, 3, 7, 15, 2), datetime(2026, 4, 13, 1, 1)]
    cells = cells_from(engine, times, times, type=MOMENT)
    assert applied(engine, cells, DayMonthSwap()) == [datetime(2026, 3, 4, 7, 15, 2), None]


def test_five_hours_in_winter_and_four_in_summer_are_one_zone(engine: DuckDBEngine) -> None:
    zone = ZoneInfo("America/New_York")
    later = [
        moment.replace(tzinfo=zone).astimezone(ZoneInfo("UTC")).replace(tzinfo=None) for moment in MOMENTS
    ]
    gaps = {b - a for a, b in zip(MOMENTS, later, strict=True)}
    assert gaps == {timedelta(hours=5), timedelta(hours=4)}
    found = mined(engine, cells_from(engine, MOMENTS, later, type=MOMENT))
    assert found["b = timezone(a, from 'America/New_York' to 'UTC')"] == len(MOMENTS)


def test_a_fixed_time_is_no_zone(engine: DuckDBEngine) -> None:
    later = [moment + timedelta(hours=5, minutes=30) for moment in MOMENTS]
    found = mined(engine, cells_from(engine, MOMENTS, later, type=MOMENT))
    assert found == {"b = a + 330 minutes": len(MOMENTS)}


def test_times_are_cut_to_the_minute_and_to_the_day(engine: DuckDBEngine) -> None:
    moments = [moment + timedelta(seconds=7) for moment in MOMENTS]
    minutes = mined(engine, cells_from(engine, moments, MOMENTS, type=MOMENT))
    assert minutes["b = trunc(a, 'minute')"] == len(MOMENTS)


@pytest.mark.parametrize("format", ["%Y-%m-%d", "%d.%m.%Y", "%Y%m%d", "%d %b %Y"])
def test_dates_in_another_format_are_read(engine: DuckDBEngine, format: str) -> None:
    raw = [day.strftime(format) for day in DAYS]
    cells = cells_from(engine, [None] * len(DAYS), DAYS, type=pa.date32(), raw_a=raw)
    assert mined(engine, cells)[f"b = parse_date(a, '{format}')"] == len(DAYS)


def test_dates_written_as_texts_are_rewritten(engine: DuckDBEngine) -> None:
    a, b = [day.strftime("%d/%m/%Y") for day in DAYS], [day.isoformat() for day in DAYS]
    assert mined(engine, cells_from(engine, a, b))["b = a, from '%d/%m/%Y' to '%Y-%m-%d'"] == len(DAYS)


def test_yesterdays_value_is_found_within_its_group(engine: DuckDBEngine) -> None:
    random = Random(8)
    book = ["east" if random.random() < 0.4 else "west" for _ in range(200)]
    a = random.sample(range(1_000_000), 200)
    last: dict[str, int] = {}
    b = []
    for value, place in zip(a, book, strict=True):
        b.append(last.get(place, -1))
        last[place] = value
    cells = cells_from(engine, a, b, type=pa.int64(), context={"book": book, "file": ["f"] * 200})
    assert mined(engine, cells)["b = lag(a) within book"] == 198
    assert sum(held(engine, cells, Lag())) < 150


def test_yesterdays_value_is_found_in_key_order(engine: DuckDBEngine) -> None:
    a = Random(8).sample(range(1_000_000), 100)
    found = mined(engine, cells_from(engine, a, [-1, *a[:-1]], type=pa.int64()))
    assert found["b = lag(a)"] == 99


def test_values_of_any_other_row_are_no_lag(engine: DuckDBEngine) -> None:
    a = Random(8).sample(range(1_000_000), 400)
    b = a[:]
    Random(9).shuffle(b)
    cells = cells_from(engine, a, b, type=pa.int64(), context={"book": [str(n % 7) for n in range(400)]})
    assert max(mined(engine, cells).values(), default=0) <= 20
