"""Since when a break counts in lists: from when it was seen first, or from a date of its record."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from publishing_desk import Desk

from greenai.store.database import connect

FIELDS = {"id": {"type": "string"}, "amount": {"type": "decimal(18,2)"}, "traded": {"type": "date"}}
WHOLE: dict[str, Any] = {"key": ["id"], "fields": FIELDS}
A = [
    ("1", "1.00", "2026-01-02"),
    ("2", "2.00", None),
    ("3", "3.00", "2026-01-05"),
    ("4", "4.00", "2025-12-30"),
]
B = [("1", "1.50", "2026-01-02"), ("2", "2.50", None), ("3", "3.50", "2026-01-04")]


def ages(url: str) -> dict[tuple[str, str], str]:
    """The date each break counts from, by key and field."""
    with connect(url) as connection:
        query = "SELECT key_text, coalesce(field, kind), first_date::text FROM greenai.present_break"
        return {(key, field): first for key, field, first in connection.execute(query).fetchall()}


def test_breaks_count_from_the_earlier_date_of_their_record(tmp_path: Path, postgres_url: str) -> None:
    Desk(tmp_path, postgres_url, {**WHOLE, "age": {"field": "traded"}}).run("2026-01-06", A, B)
    assert ages(postgres_url) == {
        ("1", "amount"): "2026-01-02",
        ("2", "amount"): "2026-01-06",
        ("3", "amount"): "2026-01-04",
        ("3", "traded"): "2026-01-04",
        ("4", "only_a"): "2025-12-30",
    }


def test_a_date_that_changes_changes_the_age(tmp_path: Path, postgres_url: str) -> None:
    desk = Desk(tmp_path, postgres_url, {**WHOLE, "age": {"field": "traded"}})
    desk.run("2026-01-06", A, B)
    earlier = [(*row[:2], "2026-01-01") if row[0] == "1" else row for row in A]
    desk.run("2026-01-07", earlier, B)
    assert ages(postgres_url)["1", "amount"] == "2026-01-01"
    nowhere = [(*row[:2], None) if row[0] == "1" else row for row in A]
    desk.run("2026-01-08", nowhere, [(*row[:2], None) if row[0] == "1" else row for row in B])
    assert ages(postgres_url)["1", "amount"] == "2026-01-06", "the date on which it was seen first"


def test_another_definition_ages_what_is_there_already(tmp_path: Path, postgres_url: str) -> None:
    Desk(tmp_path, postgres_url, WHOLE).run("2026-01-06", A, B)
    assert set(ages(postgres_url).values()) == {"2026-01-06"}
    Desk(tmp_path, postgres_url, {**WHOLE, "age": {"field": "traded"}}).run("2026-01-07", A, B)
    assert ages(postgres_url)["4", "only_a"] == "2025-12-30"
    Desk(tmp_path, postgres_url, WHOLE).run("2026-01-08", A, B)
    assert set(ages(postgres_url).values()) == {"2026-01-06"}
