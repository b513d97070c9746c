"""Normal forms of texts: what is left of a text when its way of writing is taken away.

Each form drops one kind of information and says which. Two texts with one form are the same text
as far as everything but that kind of information goes: that is the whole proof.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import ibis.expr.datatypes as dt

from greenai.attribution.expressions import let, where
from greenai.engines.functions import call

if TYPE_CHECKING:
    import ibis.expr.types as ir

Form = Callable[["ir.StringValue"], "ir.StringValue"]

BEYOND_ASCII = r"[^\x00-\x7F]"
NUL = r"\x00"
# White space of Unicode (categories Zs, Zl, Zp and the blank control characters) that is not a
# plain blank, and NUL, with which fixed-width systems fill a field.
_BLANKS = (
    "\x00\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000"
    "\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
)
# Zero-width space, word joiner, byte order mark: they have no width and no meaning. The joiners
# U+200C and U+200D are not here: Persian and Indic scripts and emoji are spelt with them.
_INVISIBLE = "\u200b\u2060\ufeff"
_SINGLE_QUOTES = "‘’‚‛"
_DOUBLE_QUOTES = "“”„‟"
_DASHES = "‐‑‒–—―−"


def composed(text: ir.StringValue) -> ir.StringValue:
    """Unicode normal form C. Immaterial: whether an accent is a character of its own."""
    # DuckDB's function ends at the first NUL and would call all that follows it equal.
    return where(text, NUL, text, call("nfc_normalize", dt.string, text))


def spaced(text: ir.StringValue) -> ir.StringValue:
    """No white space at the ends, single blanks between words.

    Immaterial: which white space separates words and how much of it. That there is some between
    two words is kept: ``A 1`` is not ``A1``.
    """
    blanks = translated(text, _BLANKS + _INVISIBLE, " " * len(_BLANKS))
    return where(text, "^ | $|  |[^ -~]", trimmed(blanks.re_replace("  +", " ")), text)


def lowered(text: ir.StringValue) -> ir.StringValue:
    """Lower case, letter by letter. Immaterial: capitals.

    The Turkish capital ``İ`` stays apart from ``I``: engines lower both to ``i``, yet they are
    two letters. The Greek final sigma is a sigma.
    """
    return translated(text.replace("İ", "i\u0307").lower(), "ς", "σ")


def plain(text: ir.StringValue) -> ir.StringValue:
    """Typewriter quotes and dashes. Immaterial: the shape and length of quotes and dashes."""
    typewritten = translated(
        text,
        _SINGLE_QUOTES + _DOUBLE_QUOTES + _DASHES,
        "'" * len(_SINGLE_QUOTES) + '"' * len(_DOUBLE_QUOTES) + "-" * len(_DASHES),
    )
    return where(text, BEYOND_ASCII, typewritten, text)


def unpadded(text: ir.StringValue) -> ir.StringValue:
    """A code of digits only without leading zeros, ``0`` for zeros only; null for other texts.

    Immaterial: the width a number-like code is filled up to. Codes with letters keep their zeros.
    """

    def code(digits: ir.StringValue) -> ir.StringValue:
        return where(digits, "^[0-9]+$", without_leading_zeros(digits))

    form: ir.StringValue = let(spaced(text), code)
    return form


def without_leading_zeros(digits: ir.StringValue) -> ir.StringValue:
    """Digits without leading zeros, at least one digit."""
    return digits.re_replace("^0+([0-9])", r"\1")


def trimmed(text: ir.StringValue) -> ir.StringValue:
    """No plain blanks at the ends."""
    form: ir.StringValue = call("trim", dt.string, text)
    return form


def translated(text: ir.StringValue, characters: str, into: str) -> ir.StringValue:
    """Each character replaced by the one at its place in `into`, deleted where there is none."""
    form: ir.StringValue = call("translate", dt.string, text, characters, into)
    return form
