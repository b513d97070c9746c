"""Checks of the rows that would be stored together: unique and depends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pyarrow as pa
import pytest

NAN = float("nan")
Failing = Callable[..., list[tuple[str, str | None, str, str]]]


def ids(found: list[tuple[str, str | None, str, str]]) -> list[int]:
    return [int(key.strip('["]')) for key, *_ in found]


def test_every_row_that_shares_its_value_fails_unique(failing: Failing) -> None:
    found = failing({"unique": "isin"}, isin=["A", "B", "A", "A"])
    assert found == [(f'["{n}"]', "isin", "unique(isin)", "isin 'A' is in 3 rows") for n in (1, 3, 4)]


def test_fields_are_unique_together_and_no_single_field_is_to_blame(failing: Failing) -> None:
    found = failing({"unique": ["book", "n"]}, book=["X", "X", "Y", "X"], n=[1, 2, 1, 1])
    assert ids(found) == [1, 4]
    assert found[0][1:] == (None, "unique(book, n)", "book 'X' and n 1 is in 2 rows")


def test_null_is_like_nothing_to_unique_not_even_null(failing: Failing) -> None:
    assert failing({"unique": ["a", "b"]}, a=["x", "x", None, None], b=[None, None, 1, 1]) == []


@pytest.mark.parametrize(
    "values",
    [
        pa.array([NAN, 1.0, NAN]),
        pa.array([0.0, 1.0, -0.0]),
        pa.array(["é", "e\u0301", "é"]),
        pa.array(["", " ", ""]),
        pa.array([date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 1)]),
        pa.array([Decimal(f"{'9' * 28}.{cents}") for cents in (90, 91, 90)], pa.decimal128(30, 2)),
    ],
)
def test_unique_and_depends_agree_on_what_is_the_same_value(failing: Failing, values: pa.Array) -> None:
    assert ids(failing({"unique": "x"}, x=values)) == [1, 3]
    depends = {"depends": {"on": "x", "gives": "n"}}
    assert ids(failing(depends, x=values, n=[1, 1, 2])) == [1, 3]
    assert failing({"depends": {"on": "g", "gives": "x"}}, g=["a", "b", "a"], x=values) == []


def test_all_rows_of_a_group_that_disagrees_fail(failing: Failing) -> None:
    found = failing(
        {"depends": {"on": "code", "gives": "name"}},
        code=["C1", "C1", "C1", "C2", "C2"],
        name=["Acme", "Acme", "ACME Ltd", "Beta", "Beta"],
    )
    rule = "depends(code -> name)"
    assert found == [
        ('["1"]', "name", rule, "name is 'Acme', but 'ACME Ltd' also goes with code 'C1'"),
        ('["2"]', "name", rule, "name is 'Acme', but 'ACME Ltd' also goes with code 'C1'"),
        ('["3"]', "name", rule, "name is 'ACME Ltd', but 'Acme' also goes with code 'C1'"),
    ]


def test_only_the_dependants_that_disagree_fail(failing: Failing) -> None:
    found = failing(
        {"depends": {"on": ["code"], "gives": ["name", "country", "rating"]}},
        code=["C1", "C1"],
        name=["Acme", "Acme"],
        country=["DE", "FR"],
        rating=[None, None],
    )
    assert [(field, rule) for _, field, rule, _ in found] == [("country", "depends(code -> country)")] * 2


def test_a_null_beside_a_value_disagrees_with_it(failing: Failing) -> None:
    found = failing({"depends": {"on": "c", "gives": "n"}}, c=["x", "x", "y"], n=[1, None, None])
    assert [said for *_, said in found] == [
        "n is 1, but null also goes with c 'x'",
        "n is null, but 1 also goes with c 'x'",
    ]


def test_rows_with_a_null_on_the_left_are_not_judged(failing: Failing) -> None:
    check = {"depends": {"on": ["c", "d"], "gives": "n"}}
    assert failing(check, c=[None, None, "x", "x"], d=["a", "a", None, None], n=[1, 2, 1, 2]) == []


def test_the_left_side_counts_as_a_whole(failing: Failing) -> None:
    check = {"depends": {"on": ["c", "d"], "gives": "n"}}
    found = failing(check, c=["x", "x", "x"], d=["a", "b", "b"], n=[1, 2, 3])
    assert ids(found) == [2, 3]
    assert found[0][3] == "n is 2, but 3 also goes with c 'x' and d 'b'"


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (pa.array([True, False]), "x is true, but false also goes with c 1"),
        (pa.array([NAN, 1.0]), "x is NaN, but 1.0 also goes with c 1"),
        (
            pa.array([date(2026, 1, 1), date(2026, 1, 2)]),
            "x is 2026-01-01, but 2026-01-02 also goes with c 1",
        ),
        (
            pa.array([Decimal("9" * 28 + ".90"), Decimal("9" * 28 + ".91")], pa.decimal128(30, 2)),
            f"x is {'9' * 28}.90, but {'9' * 28}.91 also goes with c 1",
        ),
    ],
)
def test_dependants_of_every_type_are_compared(failing: Failing, values: pa.Array, said: str) -> None:
    assert failing({"depends": {"on": "c", "gives": "x"}}, c=[1, 1], x=values)[0][3] == said


def test_a_field_of_the_key_may_be_judged_too(failing: Failing) -> None:
    assert failing({"unique": "id"}, n=[1, 1]) == []
    assert ids(failing({"depends": {"on": "n", "gives": "id"}}, n=[1, 1])) == [1, 2]


def test_no_rows_give_no_failures(failing: Failing) -> None:
    empty = pa.array([], pa.string())
    assert failing({"unique": "c"}, {"depends": {"on": "c", "gives": "d"}}, c=empty, d=empty) == []
