"""Normalisation steps on the text of a cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import ibis.expr.datatypes as dt

from greenai.definition import steps
from greenai.engines.functions import call
from greenai.fields.literals import literal, without
from greenai.fields.render import render

if TYPE_CHECKING:
    import ibis.expr.types as ir

# Unicode's white space: RE2's \s knows the blanks of ASCII only, \p{Z} not its control characters.
WHITE = r"[\s\x0b\x85\p{Z}]"
WRITTEN_WITHOUT_LETTERS = (dt.Integer, dt.Decimal, dt.Date, dt.Timestamp)
WRITTEN_WITHOUT_BLANKS = (dt.Integer, dt.Decimal, dt.Floating, dt.Boolean, dt.Date, dt.Timestamp)
NUMBERS = (dt.Integer, dt.Decimal, dt.Floating)


def strip(_: steps.Strip, value: ir.Value) -> ir.Value:
    """Without white space of any script at both ends, no-break spaces included."""
    if isinstance(value.type(), WRITTEN_WITHOUT_BLANKS):
        return value
    text = render(value)
    # Most cells have none, and looking is three times cheaper than a regular expression.
    ascii_end = call("array_extract", dt.string, text, -1)
    worth = (text < "!") | (ascii_end < "!") | (call("strlen", dt.int64, text) != text.length())
    return ibis.ifelse(worth, text.re_replace(f"^{WHITE}+|{WHITE}+$", ""), text)


def collapse_spaces(_: steps.CollapseSpaces, value: ir.Value) -> ir.Value:
    """Each run of white space as one blank, none at the ends."""
    if isinstance(value.type(), WRITTEN_WITHOUT_BLANKS):
        return value
    return render(value).re_replace(f"{WHITE}+", " ").strip()


def upper(_: steps.Upper, value: ir.Value) -> ir.Value:
    """Upper case, letter by letter (``ß`` is ``ẞ``)."""
    return value if isinstance(value.type(), WRITTEN_WITHOUT_LETTERS) else render(value).upper()


def lower(_: steps.Lower, value: ir.Value) -> ir.Value:
    """Lower case, letter by letter."""
    return value if isinstance(value.type(), WRITTEN_WITHOUT_LETTERS) else render(value).lower()


def digits_only(_: steps.DigitsOnly, value: ir.Value) -> ir.Value:
    """The digits 0 to 9 and nothing else: sign and point go too."""
    return render(value).re_replace("[^0-9]", "")


def strip_leading_zeros(_: steps.StripLeadingZeros, value: ir.Value) -> ir.Value:
    """``007`` as ``7``, ``-007`` as ``-7``, ``000`` as ``0``; the zero of ``0.5`` stays."""
    if isinstance(value.type(), NUMBERS):
        return value
    text = render(value)
    shorter = text.re_replace(r"^([+-]?)0+([^.,]|0[.,])", r"\1\2")
    # Zeros and signs sort before 1.
    return ibis.ifelse(text < "1", shorter, text)


def remove(step: steps.Remove, value: ir.Value) -> ir.Value:
    """Without any occurrence of the text."""
    return render(value).replace(step.text, "")


def replace(step: steps.Replace, value: ir.Value) -> ir.Value:
    """Every match replaced, groups as ``\\1``."""
    return render(value).re_replace(step.pattern, step.with_)


def prefix(step: steps.Prefix, value: ir.Value) -> ir.Value:
    """The text in front; null stays null."""
    return ibis.literal(step.text) + render(value)


def suffix(step: steps.Suffix, value: ir.Value) -> ir.Value:
    """The text behind; null stays null."""
    return render(value) + ibis.literal(step.text)


def map(step: steps.Map, value: ir.Value) -> ir.Value:
    """Whole values replaced; others stay. On a typed column the values are read as that type."""
    text = render(value)
    pairs = []
    for written, replacement in step.values.items():
        listed = literal(written, value.type())
        # A value that the type cannot hold matches no cell.
        if listed is not None:
            new = ibis.null("string") if replacement is None else ibis.literal(replacement)
            pairs.append((render(listed), new))
    return text.cases(*pairs, else_=text) if pairs else text


def null_if(step: steps.NullIf, value: ir.Value) -> ir.Value:
    """The listed values as null. On a typed column the values are read as that type."""
    return without(value, step.values)


def substring(step: steps.Substring, value: ir.Value) -> ir.Value:
    """`length` characters from `start`, counted from 1; fewer where the text ends."""
    return render(value).substr(step.start - 1, step.length)


def coalesce(step: steps.Coalesce, value: ir.Value) -> ir.Value:
    """The value instead of null: in the column's type where it is one, else both as text."""
    default = literal(step.value, value.type())
    if default is None:
        return ibis.coalesce(render(value), step.value)
    return ibis.coalesce(value, default)
