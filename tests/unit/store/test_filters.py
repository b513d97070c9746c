"""Filters of lists: what can be asked for, and that what is sent stays a value."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, cast

import pytest
from psycopg import sql

from greenai.errors import UsageError
from greenai.store.filters import Filter, condition, literal
from greenai.store.lists import Place, Sort, ranges

IDENTITY = "9e107d9d-372b-b682-6bd8-1d3542a419d6"


def text(of: sql.Composable) -> str:
    return of.as_string(None)


@pytest.mark.parametrize(
    "given",
    [
        {"state": ["open"]},
        {"kind": ["value", "x"]},
        {"method": "guess"},
        {"cause": "xyz"},
        {"group": [IDENTITY + "0"]},
        {"field": ["x" * 401]},
        {"field": [1]},
        {"reason": ["R"] * 101},
        {"min_amount": "NaN"},
        {"min_amount": "1e999"},
        {"max_amount": "ten"},
        {"max_amount": 1.5},
        {"min_confidence": 1.1},
        {"max_confidence": True},
        {"older_than_days": -1},
        {"older_than_days": True},
        {"assigned": "yes"},
        {"search": 5},
        {"colour": ["red"]},
        {"break_id; --": []},
    ],
)
def test_what_no_break_can_have_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(UsageError) as refused:
        Filter.of(given)
    assert refused.value.column in given
    assert refused.value.remedy


def test_a_filter_is_read_as_it_was_written() -> None:
    chosen = Filter.of(
        {
            "state": ["in_review", "returned", "in_review"],
            "cause": IDENTITY,
            "min_amount": "10.50",
            "assigned": False,
            "search": "k\0ey",
        }
    )
    assert chosen.state == ("in_review", "returned")
    assert chosen.cause == (IDENTITY.replace("-", ""),)
    assert chosen.min_amount == Decimal("10.50")
    assert chosen.search == "k␀ey"
    assert Filter.of(chosen.document()) == chosen
    assert not chosen.tallied
    assert Filter.of({"state": ["passed"], "older_than_days": 3}).tallied


HOSTILE = ["'", "''; DROP TABLE x; --", "\\", "\\'", "%s", "%(recon)s", "100%", "$1", "{}", "\u2028"]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_values_stay_literals_with_and_without_parameters(hostile: str) -> None:
    chosen = Filter(field=(hostile,), reason=(hostile, "X"), search=hostile, currency=(hostile,))
    found, values = condition(cast("Any", None), 7, chosen)
    assert values == {}
    written = text(found)
    assert "%" not in written
    # Without the literals nothing is left that was sent.
    for part in (hostile, hostile + "\U0010ffff"):
        written = written.replace(text(literal(part)), "?")
    assert written == (
        'p.recon_id = 7 AND p."field" = ? AND p."reason_code" IN (?, \'X\') AND p."currency" = ?'
        " AND p.key_text >= ? AND p.key_text < ?"
    )


@pytest.mark.parametrize("name", ["first_date; --", "key_text", "", "-", "--key"])
def test_orders_are_fixed_words(name: str) -> None:
    with pytest.raises(UsageError):
        Sort.of(name)


def test_a_page_is_a_range_with_the_value_and_one_without() -> None:
    after = Place(Decimal("1.5"), IDENTITY)
    found = [(text(beyond), text(order)) for beyond, order in ranges(Sort("amount", descending=True), after)]
    assert found == [
        (
            f'p."amount" IS NOT NULL AND (p."amount", p.break_id) < (1.5, \'{IDENTITY}\'::uuid)',
            'p."amount" DESC, p.break_id DESC',
        ),
        ('p."amount" IS NULL', "p.break_id DESC"),
    ]
    assert len(ranges(Sort("key"), None)) == 1
    (last,) = ranges(Sort("due"), Place(None, IDENTITY))
    assert text(last[0]) == f"p.\"due_at\" IS NULL AND p.break_id > '{IDENTITY}'::uuid"
