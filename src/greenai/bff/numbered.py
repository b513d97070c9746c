"""Cursors of lists that are paged by a number: opaque to clients, and refused when they are none of ours."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Final

from greenai.errors import UsageError

MOST: Final = 2**63 - 1
"""The greatest number that the store knows."""


def cursor_of(kind: str, number: int) -> str:
    """The place after an entry of a list; `kind` keeps the cursors of several lists apart."""
    return base64.urlsafe_b64encode(f"{kind}.{number}".encode()).rstrip(b"=").decode()


def number_of(kind: str, cursor: str | None, default: int) -> int:
    """The number that a cursor stands for; `default` without one. Raises UsageError."""
    if cursor is None:
        return default
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        text = base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii")
    except (UnicodeError, binascii.Error):
        text = ""
    found = re.fullmatch(rf"{re.escape(kind)}\.([0-9]{{1,19}})", text)
    if found is None or int(found[1]) > MOST:
        raise UsageError(
            "the cursor is none of this list", column="cursor", remedy="send the `next` of the page before"
        )
    return int(found[1])
