"""Checks and the types of the fields that they name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from greenai.definition.gate import Range
from greenai.definition.model import Definition
from greenai.definition.problems import Problem, dotted

FIELDS = (
    'fields:\n  s: {type: string}\n  n: {type: "decimal(9,2)"}\n'
    "  day: {type: date}\n  at: {type: timestamp}\n  free: {}\n"
)


def checks(*written: str) -> str:
    return f"{FIELDS}gate: {{checks: [{', '.join(written)}]}}\n"


@pytest.mark.parametrize(
    ("check", "says"),
    [
        ("{range: {field: s, min: 0}}", "'s' is of type string, and the bounds are numbers"),
        ("{range: {field: day, min: 0}}", "'day' is of type date, and the bounds are numbers"),
        ("{range: {field: n, max: 2026-01-31}}", "'n' is of type decimal(9,2), and the bounds are dates"),
        ("{freshness: {field: n, days: 1}}", "'n' is of type decimal(9,2), which has no age"),
    ],
)
def test_a_check_of_a_type_that_it_cannot_judge_is_refused_where_it_is_written(
    problems: Callable[[str], tuple[Problem, ...]], check: str, says: str
) -> None:
    (problem,) = problems(checks("{not_null: s}", check))
    assert problem.message == says
    assert dotted(problem.path) == f"gate.checks[1].{check[1:].partition(':')[0]}.field"


def test_a_check_fits_its_types_and_fields_without_a_type(read: Callable[[str], Definition]) -> None:
    read(
        checks(
            "{range: {field: n, min: 0}}",
            "{range: {field: at, min: 2026-01-31}}",
            "{range: {field: day, max: 2026-01-31T18:00:00}}",
            "{range: {field: free, min: 0}}",
            "{freshness: {field: at, days: 0}}",
            "{freshness: {field: free, days: 1}}",
        )
    )


def test_a_bound_with_a_zone_is_the_moment_in_utc(read: Callable[[str], Definition]) -> None:
    bounds = "{range: {field: at, min: 2026-01-31T18:00:00+02:00, max: 2026-01-31T17:00:00}}"
    definition = read(checks(bounds))
    assert definition.gate is not None
    assert definition.gate.checks == (
        Range(field="at", min=datetime(2026, 1, 31, 16), max=datetime(2026, 1, 31, 17)),
    )


@pytest.mark.parametrize(
    ("check", "says"),
    [
        ("row_count", "give `within`, `min` or `max`"),
        ("{row_count: {min: 2, max: 1}}", "`min` is greater than `max`"),
        ("{freshness: {field: day, days: -1}}", "must be at least 0"),
    ],
)
def test_a_check_that_says_nothing_or_the_impossible_is_refused(
    problems: Callable[[str], tuple[Problem, ...]], check: str, says: str
) -> None:
    (problem,) = problems(checks(check))
    assert problem.message == says
