"""Checks of a row alone: what fails, what null, NaN and odd values do, and what a person reads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

NAN = float("nan")
INFINITY = float("inf")
Failing = Callable[..., list[tuple[str, str | None, str, str]]]


def ids(found: list[tuple[str, str | None, str, str]]) -> list[int]:
    return [int(key.strip('["]')) for key, *_ in found]


def test_not_null_gives_one_failure_per_null_field(failing: Failing) -> None:
    found = failing({"not_null": ["n", "s"]}, n=[1, None, None], s=["", None, "x"])
    assert found == [
        ('["2"]', "n", "not_null(n)", "n is null"),
        ('["2"]', "s", "not_null(s)", "s is null"),
        ('["3"]', "n", "not_null(n)", "n is null"),
    ]


def test_empty_text_and_nan_are_not_null(failing: Failing) -> None:
    assert failing({"not_null": ["s", "f"]}, s=["", " "], f=[NAN, 0.0]) == []


@pytest.mark.parametrize(
    ("check", "values"),
    [
        ({"range": {"field": "x", "min": 0, "max": 1}}, pa.array([None], pa.int64())),
        ({"range": {"field": "x", "min": 10**20}}, pa.array([None], pa.int64())),
        ({"range": {"field": "x", "min": 0}}, pa.array([None], pa.float64())),
        ({"range": {"field": "x", "min": "2026-01-01"}}, pa.array([None], pa.date32())),
        ({"allowed": {"field": "x", "values": ["A"]}}, pa.array([None], pa.string())),
        ({"allowed": {"field": "x", "values": ["A"]}}, pa.array([None], pa.int64())),
        ({"pattern": {"field": "x", "pattern": "A"}}, pa.array([None], pa.string())),
    ],
)
def test_null_satisfies_every_other_row_check(failing: Failing, check: Any, values: pa.Array) -> None:
    assert failing(check, x=values) == []


def test_bounds_of_a_range_are_inclusive_and_named_where_they_are_broken(failing: Failing) -> None:
    found = failing({"range": {"field": "notional", "min": 0, "max": 5}}, notional=[-5, 0, 5, 6])
    assert found == [
        ('["1"]', "notional", "range(notional, min=0, max=5)", "notional is -5, less than 0"),
        ('["4"]', "notional", "range(notional, min=0, max=5)", "notional is 6, more than 5"),
    ]


def test_decimals_of_30_digits_are_judged_to_the_last_one(failing: Failing) -> None:
    whole = "1234567890123456789012345678"
    bound = Decimal(f"{whole}.90")
    values = pa.array([Decimal(f"{whole}.{cents}") for cents in (89, 90, 91)], pa.decimal128(30, 2))
    found = failing({"range": {"field": "n", "min": bound, "max": bound}}, n=values)
    assert [said for *_, said in found] == [
        "n is 1234567890123456789012345678.89, less than 1234567890123456789012345678.9",
        "n is 1234567890123456789012345678.91, more than 1234567890123456789012345678.9",
    ]


@pytest.mark.parametrize(
    ("bounds", "fails"),
    [
        ({"min": "0.005"}, [1, 2]),
        ({"min": "-0.005"}, [1]),
        ({"max": "0.005"}, [3]),
        ({"max": "-0.015"}, [1, 2, 3]),
        ({"min": "1e50"}, [1, 2, 3]),
        ({"max": "1e50"}, []),
        ({"min": "-1e50"}, []),
        ({"max": "-1e50"}, [1, 2, 3]),
    ],
)
def test_a_bound_between_or_beyond_the_values_of_a_type_is_exact(
    failing: Failing, bounds: dict[str, str], fails: list[int]
) -> None:
    values = pa.array([Decimal("-0.01"), Decimal("0.00"), Decimal("0.01")], pa.decimal128(38, 2))
    assert ids(failing({"range": {"field": "n", **bounds}}, n=values)) == fails


def test_integers_meet_fractions_and_the_ends_of_64_bits(failing: Failing) -> None:
    values = [-(2**63), 2, 3, 2**63 - 1]
    assert ids(failing({"range": {"field": "n", "min": "2.5"}}, n=values)) == [1, 2]
    assert ids(failing({"range": {"field": "n", "max": "2.5"}}, n=values)) == [3, 4]
    assert ids(failing({"range": {"field": "n", "min": -(2**63), "max": 2**63 - 1}}, n=values)) == []


def test_nan_lies_in_no_range_and_infinity_above_all_numbers(failing: Failing) -> None:
    values = [NAN, INFINITY, -INFINITY, 0.1, -0.0]
    found = failing({"range": {"field": "f", "min": 0}}, f=values)
    assert [said for *_, said in found] == ["f is NaN, which is no number", "f is -Infinity, less than 0"]
    assert ids(failing({"range": {"field": "f", "max": "0.1"}}, f=values)) == [1, 2]


def test_dates_and_timestamps_are_judged_as_the_bound_is_written(failing: Failing) -> None:
    days = [date(2026, 1, 30), date(2026, 1, 31), date(2026, 2, 1)]
    inside = {"range": {"field": "d", "min": "2026-01-31", "max": "2026-01-31"}}
    assert [said for *_, said in failing(inside, d=days)] == [
        "d is 2026-01-30, before 2026-01-31",
        "d is 2026-02-01, after 2026-01-31",
    ]
    # A day includes all its hours; a moment does not.
    moments = [datetime(2026, 1, 31), datetime(2026, 1, 31, 23, 59, 59, 999_999), datetime(2026, 2, 1)]
    assert ids(failing(inside, d=moments)) == [3]
    assert ids(failing({"range": {"field": "d", "max": "2026-01-31T00:00:00"}}, d=moments)) == [2, 3]
    assert ids(failing({"range": {"field": "d", "max": "2026-01-31T12:00:00"}}, d=days)) == [3]


def test_allowed_compares_texts_exactly(failing: Failing) -> None:
    # The second ü is written as two characters.
    found = failing(
        {"allowed": {"field": "s", "values": ["Zürich", "it's"]}}, s=["Zürich", "Zu\u0308rich", "it's", ""]
    )
    assert [said for *_, said in found] == [
        "s is 'Zu\u0308rich', not one of 'Zürich', 'it's'",
        "s is '', not one of 'Zürich', 'it's'",
    ]


def test_allowed_values_are_read_as_the_type_of_the_field(failing: Failing) -> None:
    check = {"allowed": {"field": "x", "values": ["1.5", "2", "N/A"]}}
    values = pa.array([Decimal("1.50"), Decimal("2.00"), Decimal("2.01")], pa.decimal128(30, 2))
    assert ids(failing(check, x=values)) == [3]
    assert ids(failing(check, x=[1.5, NAN])) == [2]
    # What the type cannot hold is in no cell.
    found = failing({"allowed": {"field": "x", "values": ["N/A"]}}, x=[1, None])
    assert [said for *_, said in found] == ["x is 1, not N/A"]


def test_a_long_list_of_allowed_values_is_cut_in_the_explanation_alone(failing: Failing) -> None:
    values = [f"v{n:02}" for n in range(12)]
    ((_, _, rule, said),) = failing({"allowed": {"field": "s", "values": values}}, s=["w"])
    assert said.endswith("'v09' and 2 more")
    assert "v11" in rule


def test_a_pattern_matches_the_whole_text_and_unicode(failing: Failing) -> None:
    check = {"pattern": {"field": "s", "pattern": "\\p{Lu}+|ok"}}
    found = failing(check, s=["ÄÖ", "Äö", "ok", "okay", ""])
    assert ids(found) == [2, 4, 5]
    assert found[0][3] == "s is 'Äö', which does not match \\p{Lu}+|ok"


def test_a_pattern_judges_the_text_that_a_typed_value_is_written_as(failing: Failing) -> None:
    check = {"pattern": {"field": "x", "pattern": "[0-9]+\\.[0-9]{2}"}}
    assert failing(check, x=pa.array([Decimal("1.00")], pa.decimal128(30, 2))) == []
    assert ids(failing(check, x=[NAN])) == [1]


def test_the_key_is_that_of_a_break_and_any_field_name_will_do(failing: Failing) -> None:
    odd = {"key": [None], "field": ["x"], 'a"; DROP TABLE x; --': [None], "found": [1]}
    found = failing({"not_null": ["key", 'a"; DROP TABLE x; --', "found"]}, **odd)
    assert [(key, field) for key, field, *_ in found] == [('["1"]', 'a"; DROP TABLE x; --'), ('["1"]', "key")]
