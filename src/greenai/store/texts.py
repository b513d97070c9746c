"""Texts that PostgreSQL can hold: it has no room for the character NUL, which becomes the sign for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import ibis

if TYPE_CHECKING:
    import ibis.expr.types as ir

NUL: Final = "\0"
SHOWN: Final = "␀"
"""U+2400, what stands for NUL in the store."""
_ESCAPED, _BACKSLASH, _PLACE = "\\u0000", "\\\\", "\x01"


def plain(text: str) -> str:
    """A text as the store holds it; half a character of a broken encoding is spelt out."""
    return text.replace(NUL, SHOWN).encode("utf-8", "backslashreplace").decode("utf-8")


def cell(text: ir.StringValue) -> ir.StringValue:
    """`plain` in the table engine."""
    return text.replace(ibis.literal(NUL), SHOWN)


def document(text: ir.StringValue) -> ir.StringValue:
    """A JSON text as the store holds it: JSON writes NUL as an escape."""
    # A control character cannot stand in a JSON text, so it can stand for an escaped backslash meanwhile.
    mended = text.replace(_BACKSLASH, _PLACE).replace(_ESCAPED, SHOWN).replace(_PLACE, _BACKSLASH)
    found: ir.StringValue = text.contains(_ESCAPED).ifelse(mended, text)
    return found
