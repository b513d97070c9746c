"""Cells of exports that spreadsheets open: texts that they would take for formulas are not."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet may take for the beginning of a formula (OWASP, CSV injection; the wide forms too)."""
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,60}([.,][0-9]{1,60})?")


def neutral(text: str) -> str:
    """A text that no spreadsheet takes for a formula: with an apostrophe before it where it might.

    A plain number with a sign, like ``-12.50``, stays as it is: nothing can be hidden in one.

    >>> neutral("=1+1"), neutral("-12.50"), neutral("-1+cmd")
    ("'=1+1", '-12.50', "'-1+cmd")
    """
    if text.startswith(DANGEROUS) and not _NUMBER.fullmatch(text):
        return "'" + text
    return text


def written(value: Any) -> Any:
    """A value as delimited text has it, before it is quoted: exact, in one notation everywhere."""
    if value is None:
        return ""
    if isinstance(value, str):
        return neutral(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else value


def as_json(value: Any) -> Any:
    """A value as JSON has it: decimals as strings, so that no digit is lost; texts as they are."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else value


def fits_a_double(amount: Decimal) -> bool:
    """Whether a spreadsheet, which keeps 15 digits of a number, keeps all of this one."""
    digits = amount.normalize().as_tuple().digits
    return len(digits) <= 15 and abs(amount.adjusted()) < 300
