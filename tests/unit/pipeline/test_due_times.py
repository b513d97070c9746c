"""Due times by policy: business days, a time on the clocks of a place; and whom a comment speaks to."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from greenai.domain.work import DuePolicy
from greenai.pipeline.commenting import spoken_to
from greenai.pipeline.escalation import due_time


def policy(days: int, **more: Any) -> DuePolicy:
    given = {"by_time": time(17), "timezone": "UTC", "calendar": {"name": "weekends"}, **more}
    return DuePolicy("p", days, **given)


@pytest.mark.parametrize(
    ("first", "days", "due"),
    [
        (date(2026, 1, 6), 0, date(2026, 1, 6)),
        (date(2026, 1, 9), 1, date(2026, 1, 12)),
        (date(2026, 1, 10), 0, date(2026, 1, 12)),
        (date(2026, 1, 10), 1, date(2026, 1, 12)),
        (date(2026, 1, 9), 5, date(2026, 1, 16)),
    ],
)
def test_business_days_are_counted_from_the_first_date(first: date, days: int, due: date) -> None:
    assert due_time(policy(days), first) == datetime.combine(due, time(17), UTC)


def test_holidays_and_closed_days_do_not_count() -> None:
    gulf = {"name": "every_day", "closed": ["friday", "saturday"], "holidays": ["2026-01-11"]}
    assert due_time(policy(1, calendar=gulf), date(2026, 1, 8)) == datetime(2026, 1, 12, 17, tzinfo=UTC)
    euro = {"name": "target"}
    assert due_time(policy(1, calendar=euro), date(2026, 4, 2)) == datetime(2026, 4, 7, 17, tzinfo=UTC)


def test_the_time_is_on_the_clocks_of_the_place_also_when_they_change() -> None:
    london = {"timezone": "Europe/London"}
    assert due_time(policy(0, **london), date(2026, 1, 6)).hour == 17
    assert due_time(policy(0, **london), date(2026, 7, 6)).hour == 16
    gap = policy(0, timezone="Europe/London", by_time=time(1, 30), calendar={"name": "every_day"})
    assert due_time(gap, date(2026, 3, 29)) == datetime(2026, 3, 29, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("@ann please", [("ann",)]),
        ("(@ann.lee.)", [("ann.lee.", "ann.lee")]),
        ("mail ops@example.com", []),
        ("@ann,@ben; @eve-", [("ann",), ("ben",), ("eve-", "eve")]),
        ("@", []),
        ("@@ann", []),
        ("a\n@ann@example.com", [("ann@example.com",)]),
    ],
)
def test_mentions_are_read_as_people_write_them(body: str, names: list[tuple[str, ...]]) -> None:
    assert spoken_to(body) == names
