"""Cursors of the lists of breaks: places in one order of one filter of one recon, refused for any other."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from greenai.bff.paging import cursor_of, moment, place_of, whole, word
from greenai.errors import UsageError
from greenai.store.lists import NULLABLE, SORTS, Filter, Place, Sort

VERSION: Final = 1
"""Of what a cursor holds: older ones are refused."""


def break_cursor(recon_id: int, chosen: Filter, sort: Sort, place: Place) -> str:
    """The cursor of a place."""
    value = str(place.value) if isinstance(place.value, Decimal) else place.value
    return cursor_of(VERSION, bound(recon_id, chosen, sort), value, place.break_id)


def break_place(recon_id: int, chosen: Filter, sort: Sort, cursor: str | None) -> Place | None:
    """The place of a cursor; None for the first page. Raises UsageError where it is none of this list."""
    found = place_of(cursor, whole, word, _reader(sort), _identity)
    if found is None:
        return None
    version, of, value, break_id = found
    if version != VERSION or of != bound(recon_id, chosen, sort):
        raise UsageError(
            "the cursor belongs to a list with another filter or order",
            column="cursor",
            remedy="begin with the first page, without a cursor",
        )
    return Place(value, break_id)


def bound(recon_id: int, chosen: Filter, sort: Sort) -> str:
    """What a cursor is bound to, in a few characters."""
    said = json.dumps([recon_id, chosen.document(), str(sort)], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _reader(sort: Sort) -> Callable[[Any], Any]:
    """Reads the value of a place in an order."""
    readers: dict[str, Callable[[Any], Any]] = {
        "first_date": _day,
        "amount": _amount,
        "confidence": _share,
        "key": word,
        "due": moment,
    }
    assert readers.keys() == SORTS.keys()
    read = readers[sort.name]
    if sort.name not in NULLABLE:
        return read
    return lambda given: None if given is None else read(given)


def _day(given: Any) -> date:
    return datetime.strptime(word(given), "%Y-%m-%d").date()


def _amount(given: Any) -> Decimal:
    try:
        found = Decimal(word(given))
    except InvalidOperation:
        raise ValueError from None
    if not found.is_finite() or abs(found.adjusted()) > 200:
        raise ValueError
    return found


def _share(given: Any) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise ValueError
    return float(given)


def _identity(given: Any) -> str:
    if len(word(given)) != 32 or set(given) - set("0123456789abcdef"):
        raise ValueError
    return str(given)
