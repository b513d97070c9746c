"""Texts that a wrong encoding garbled without losing anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis.expr.datatypes as dt

from greenai.attribution.expressions import let
from greenai.attribution.texts import BEYOND_ASCII, translated
from greenai.engines.functions import call

if TYPE_CHECKING:
    import ibis.expr.types as ir

# What Windows-1252 has where Latin-1 has the control characters U+0080 to U+009F.
_BYTES = [byte for byte in range(0x80, 0xA0) if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)]
_WINDOWS = bytes(_BYTES).decode("cp1252")
_CONTROLS = bytes(_BYTES).decode("latin-1")


def garbles(text: ir.StringValue, other: ir.StringValue) -> ir.BooleanValue:
    """Whether `text` is `other` in UTF-8 whose bytes were read as Latin-1 or Windows-1252.

    ``Ã©`` garbles ``é``. Read as bytes again it is the other text, byte for byte: nothing but the
    choice of the encoding is immaterial.
    """

    def is_other(latin: ir.StringValue) -> ir.BooleanValue:
        # Pure ASCII reads alike in all three encodings; a character above U+00FF was no byte.
        garbled = latin.re_search(r"^[\x{00}-\x{FF}]*[\x{80}-\x{FF}][\x{00}-\x{FF}]*$")
        return garbled.ifelse(_as_bytes(latin) == _utf8(other), False)

    proven: ir.BooleanValue = let(translated(text, _WINDOWS, _CONTROLS), is_other)
    return text.re_search(BEYOND_ASCII).ifelse(proven, False)


def _utf8(text: ir.StringValue) -> ir.StringValue:
    """The UTF-8 bytes of a text, those beyond ASCII written ``\\xC3``, a backslash ``\\x5C``."""
    written: ir.StringValue = call("encode", dt.binary, text).cast("string")
    return written


def _as_bytes(latin: ir.StringValue) -> ir.StringValue:
    """Each character U+0080 to U+00FF as the one byte of its number, written as in `_utf8`.

    UTF-8 writes U+0080 to U+00BF as C2 and that byte, U+00C0 to U+00FF as C3 and that byte less
    40 (hexadecimal). Lower case marks what is done, so that no byte is turned twice.
    """
    written = _utf8(latin).replace("\\xC2", "")
    for less, byte in zip("89AB", "cdef", strict=True):
        written = written.replace(f"\\xC3\\x{less}", f"\\x{byte}")
    for byte in "cdef":
        written = written.replace(f"\\x{byte}", f"\\x{byte.upper()}")
    return written
