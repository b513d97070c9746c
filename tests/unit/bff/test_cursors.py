"""Cursors of lists: they come back as they went, and fit their own list only."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from greenai.bff.cursors import VERSION, bound, break_cursor, break_place
from greenai.bff.paging import cursor_of
from greenai.errors import UsageError
from greenai.store.lists import Filter, Place, Sort

ONE = "9e107d9d372bb6826bd81d3542a419d6"
PLACES = {
    "first_date": [date(2026, 1, 5)],
    "amount": [Decimal("-1250000.50"), Decimal("0E-10"), None],
    "confidence": [0.87, 1.0, None],
    "key": ["", "T-1|é😀", "'; --"],
    "due": [datetime(2026, 1, 5, 9, 30, tzinfo=UTC), None],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name in PLACES for value in PLACES[name]])
def test_a_place_comes_back(name: str, value: Any) -> None:
    sort, chosen = Sort(name, descending=True), Filter(field=("price",))
    cursor = break_cursor(3, chosen, sort, Place(value, ONE))
    assert break_place(3, chosen, sort, cursor) == Place(value, ONE)
    for other in (
        (4, chosen, sort),
        (3, Filter(field=("size",)), sort),
        (3, chosen, Sort(name)),
    ):
        with pytest.raises(UsageError) as refused:
            break_place(*other, cursor)
        assert refused.value.column == "cursor"


@pytest.mark.parametrize(
    "values",
    [
        (VERSION + 1, None, "2026-01-05", ONE),
        (VERSION, "0" * 16, "2026-01-05", ONE),
        (VERSION, None, "2026-13-05", ONE),
        (VERSION, None, None, ONE),
        (VERSION, None, 5, ONE),
        (VERSION, None, "2026-01-05", ONE[:-1]),
        (VERSION, None, "2026-01-05", "Z" * 32),
        (VERSION, None, "2026-01-05"),
    ],
)
def test_what_is_no_place_of_the_list_is_refused(values: tuple[Any, ...]) -> None:
    sort, chosen = Sort("first_date"), Filter()
    of = bound(1, chosen, sort)
    with pytest.raises(UsageError):
        break_place(
            1,
            chosen,
            sort,
            cursor_of(*[of if one is None and place == 1 else one for place, one in enumerate(values)]),
        )
