"""Checks of the whole input: freshness and row_count give at most one failure, of no record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pyarrow as pa
import pytest

Failing = Callable[..., list[tuple[str, str | None, str, str]]]
FRESH = {"freshness": {"field": "d", "days": 3}}


def counted(failing: Failing, check: dict[str, Any], rows: int, last: int | None) -> list[str]:
    found = failing({"row_count": check}, x=list(range(rows)), _options={"last_rows": last})
    assert {(key, field) for key, field, *_ in found} <= {("[]", None)}
    return [said for *_, said in found]


def test_the_newest_value_counts_and_exactly_so_many_days_are_fresh(failing: Failing) -> None:
    assert failing(FRESH, d=[date(2020, 1, 1), None, date(2026, 1, 28)]) == []
    assert failing(FRESH, d=[date(2026, 1, 27), None]) == [
        (
            "[]",
            "d",
            "freshness(d, days=3)",
            "the newest d is 2026-01-27, more than 3 days before 2026-01-31",
        )
    ]


def test_a_timestamp_is_as_old_as_its_day(failing: Failing) -> None:
    assert failing(FRESH, d=[datetime(2026, 1, 28)]) == []
    assert len(failing(FRESH, d=[datetime(2026, 1, 27, 23, 59)])) == 1


def test_what_is_later_than_the_business_date_is_fresh(failing: Failing) -> None:
    assert failing(FRESH, d=[date(2027, 1, 1)]) == []


@pytest.mark.parametrize("values", [pa.array([None], pa.date32()), pa.array([], pa.date32())])
def test_an_input_without_any_date_is_not_fresh(failing: Failing, values: pa.Array) -> None:
    assert [said for *_, said in failing(FRESH, d=values)] == ["no row has a d"]


def test_more_days_than_the_calendar_has_are_always_fresh(failing: Failing) -> None:
    check = {"freshness": {"field": "d", "days": 10**9}}
    assert failing(check, d=[date(1, 1, 1)]) == []


@pytest.mark.parametrize(("rows", "fails"), [(7, True), (8, False), (12, False), (13, True)])
def test_the_share_holds_up_and_down_and_inclusive(failing: Failing, rows: int, fails: bool) -> None:
    said = counted(failing, {"within": "0.2"}, rows, 10)
    assert said == ([f"{rows} rows, more than 20 % away from the 10 of the last run"] if fails else [])


def test_a_share_that_is_no_whole_row_is_not_rounded_in_anyones_favour(failing: Failing) -> None:
    # 20 % of 9 rows are 1.8: from 7.2 to 10.8 rows.
    assert [rows for rows in range(6, 13) if not counted(failing, {"within": "0.2"}, rows, 9)] == [8, 9, 10]


def test_without_a_last_run_a_share_is_not_judged_and_limits_are(failing: Failing) -> None:
    assert counted(failing, {"within": "0.2"}, 5, None) == []
    assert counted(failing, {"within": "0.2", "min": 6}, 5, None) == ["5 rows, fewer than 6"]
    assert counted(failing, {"max": 4}, 5, None) == ["5 rows, more than 4"]
    assert counted(failing, {"min": 5, "max": 5}, 5, 1_000) == []


def test_after_an_empty_run_any_row_is_too_many(failing: Failing) -> None:
    assert counted(failing, {"within": "0.2"}, 0, 0) == []
    assert len(counted(failing, {"within": "0.2"}, 1, 0)) == 1


def test_several_limits_of_one_check_are_one_failure(failing: Failing) -> None:
    assert counted(failing, {"within": 0, "min": 10}, 5, 6) == ["5 rows, fewer than 10"]


def test_zero_rows_are_counted(failing: Failing) -> None:
    assert counted(failing, {"min": 1}, 0, None) == ["0 rows, fewer than 1"]
