"""Pages of lists that are ordered by several values, texts and times among them: their cursors and limits."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Annotated, Any, Final

from fastapi import Query

from greenai.errors import UsageError

LONGEST: Final = 4096
Limit = Annotated[int, Query(ge=1, le=500, description="Entries of a page.")]
Cursor = Annotated[
    str | None, Query(max_length=LONGEST, description="`next` of the page before; left out: the first page.")
]


def cursor_of(*values: object) -> str:
    """The place after an entry, by the values that the list is ordered by."""
    plain = [one.isoformat() if isinstance(one, date | datetime) else one for one in values]
    text = json.dumps(plain, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def place_of(cursor: str | None, *readers: Callable[[Any], Any]) -> tuple[Any, ...] | None:
    """The values of a cursor, each read by its reader; None for the first page.

    Raises UsageError for what is no cursor of this list.
    """
    if cursor is None:
        return None
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        values = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if not isinstance(values, list) or len(values) != len(readers):
            raise ValueError
        return tuple(read(value) for read, value in zip(readers, values, strict=True))
    except (ValueError, TypeError, OverflowError, binascii.Error, RecursionError):
        raise UsageError(
            "the cursor is none of this list", column="cursor", remedy="send the `next` of the page before"
        ) from None


def whole(value: Any) -> int:
    """A whole number that PostgreSQL has room for. Raises ValueError."""
    if not isinstance(value, int) or isinstance(value, bool) or not -(2**63) <= value < 2**63:
        raise ValueError
    return value


def word(value: Any) -> str:
    """A text without the character 0. Raises ValueError."""
    if not isinstance(value, str) or "\x00" in value:
        raise ValueError
    value.encode()
    return value


def moment(value: Any) -> datetime:
    """A time with its zone. Raises ValueError."""
    found = datetime.fromisoformat(word(value))
    if found.tzinfo is None:
        raise ValueError
    return found


def next_of(items: Sequence[Any], limit: int, key: Callable[[Any], Sequence[object]]) -> str | None:
    """The cursor of the next page of a list that was asked for one entry more than `limit`."""
    return cursor_of(*key(items[limit - 1])) if len(items) > limit else None
