"""Reading text strictly: a value is read exactly or not at all.

Every function here takes text and returns the typed value, null where the text is null or cannot
be read. The engine's own TRY_CAST is fast but forgiving (``1.5`` is 2 to it, ``0x1F`` 31,
``10:0 :x1`` a time); so it does the work and cheap guards see to it that nothing is forgiven. A
regular expression looks only at the few cells that the guards cannot clear.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import ibis.expr.datatypes as dt

from greenai.definition.types import FieldType
from greenai.engines.functions import call, regexp_full
from greenai.fields.types import digits, ibis_type

if TYPE_CHECKING:
    import ibis.expr.types as ir

BLANK = r"[\s\x0b]*"
DAY = r"\d{4}-\d\d-\d\d"
CLOCK = r"\d\d:\d\d(:\d\d(\.\d{1,6}0*)?)?"
OFFSET = r"([Zz]|[+-]\d\d(:?\d\d)?)"
NAIVE = rf"{DAY}([ T]{CLOCK})?"
AWARE = rf"{DAY}[ T]{CLOCK} ?{OFFSET}"
MIDNIGHT = rf"{BLANK}{DAY}([ T]00:00(:00(\.0+)?)?[Zz]?)?{BLANK}"
EARLIEST = "0001-01-01"


def read(text: ir.StringValue, type: FieldType) -> ir.Value:
    """Text as a value of `type`; null where it cannot be read exactly."""
    match type.kind:
        case "integer" | "decimal":
            return number(text, type)
        case "float":
            return floating(text)
        case "boolean":
            return boolean(text)
        case "date":
            return date(text)
        case "timestamp":
            return timestamp(text)
        case _:
            return text


def number(text: ir.StringValue, type: FieldType) -> ir.Value:
    """An integer or decimal with all its digits: ``12.50`` and ``1.25e1`` but not ``1.005`` in two places.

    Zeros that say nothing (``007``, ``12.500``), a plus sign and blanks around are fine. An exponent is
    read where at most 15 digits stand before it. Underscores, hexadecimal and NaN are not numbers.
    """
    _, scale = digits(type)
    value = text.try_cast(ibis_type(type))
    point, length = call("instr", dt.int64, text, "."), call("strlen", dt.int64, text)
    places = point == 0
    if scale:
        places |= (length - point).between(1, scale)
    clear = (
        places
        & ~text.contains("_")
        & (call("instr", dt.int64, text, "-") <= 1)
        & (text >= "!")  # no white space in front, behind which 0x1F would hide
        & ((text <= "0:") | (text >= "1"))  # no 0x1F, no 0b11
    )
    plain = rf"{BLANK}[+-]?\d*(\.\d{{0,{scale}}}0*)?{BLANK}"
    short = rf"{BLANK}[+-]?0*(\d\.?){{1,15}}[eE][+-]?\d{{1,3}}{BLANK}"
    # With 15 digits a rounded value and the text cannot be the same float.
    same = value.cast("string").try_cast("float64") == text.try_cast("float64")
    readable = clear | regexp_full(text, plain) | (regexp_full(text, short) & same)
    return ibis.ifelse(readable, value, ibis.null(value.type()))


def floating(text: ir.StringValue) -> ir.FloatingValue:
    """The nearest 64-bit float, NaN and Infinity included; what overflows is not read."""
    value = text.try_cast("float64")
    clear = ~text.contains("_") & (call("instr", dt.int64, text, "-") <= 1)
    careful = regexp_full(text, rf"{BLANK}[+-]?[\d.]+([eE][+-]?\d+)?{BLANK}")
    sound = (clear | careful) & (~value.isinf() | text.lower().contains("inf"))
    return ibis.ifelse(sound, value, ibis.null("float64"))


def boolean(text: ir.StringValue) -> ir.BooleanValue:
    """true, t, yes, y, 1 and false, f, no, n, 0, in any case, blanks around."""
    return ibis.coalesce(text.try_cast("boolean"), text.strip().try_cast("boolean"))


def date(text: ir.StringValue) -> ir.DateValue:
    """A date as ``2024-01-02``, blanks around; a time of day only if it is midnight."""
    value = text.try_cast("date")
    clear = (call("strlen", dt.int64, text) == 10) & (value.cast("string") == text)
    sound = clear | (regexp_full(text, MIDNIGHT) & (value >= ibis.date(EARLIEST)))
    return ibis.ifelse(sound, value, ibis.null("date"))


def timestamp(text: ir.StringValue) -> ir.TimestampValue:
    """An ISO 8601 timestamp in UTC: blank or ``T`` between, seconds and up to six digits optional.

    ``Z`` and offsets (``+02``, ``+0200``, ``+02:00``) are applied, a bare date is its midnight, and
    digits beyond microseconds must be zeros.
    """
    naive = _clear(text) | regexp_full(text, rf"{BLANK}{NAIVE}{BLANK}")
    return ibis.cases(
        (naive, _wall_clock(text)),
        (regexp_full(text, rf"{BLANK}{AWARE}{BLANK}"), _instant(text)),
        else_=ibis.null(dt.Timestamp(scale=6)),
    )


def local_timestamp(text: ir.StringValue) -> ir.TimestampValue:
    """As `timestamp`, but a text that carries an offset of its own is not read."""
    naive = _clear(text) | regexp_full(text, rf"{BLANK}{NAIVE}{BLANK}")
    return ibis.ifelse(naive, _wall_clock(text), ibis.null(dt.Timestamp(scale=6)))


def _clear(text: ir.StringValue) -> ir.BooleanValue:
    value = text.try_cast(dt.Timestamp(scale=6))
    return (call("strlen", dt.int64, text) == 19) & (value.cast("string") == text)


def _wall_clock(text: ir.StringValue) -> ir.TimestampValue:
    value = ibis.coalesce(
        text.try_cast(dt.Timestamp(scale=6)), text.strip().try_cast(dt.Timestamp(scale=6))
    )
    return ibis.ifelse(value >= ibis.timestamp(EARLIEST), value, ibis.null(value.type()))


def _instant(text: ir.StringValue) -> ir.TimestampValue:
    # The engine reads an offset without a blank before it only.
    aware = text.strip().re_replace(rf" ?{OFFSET}$", r"\1")
    value = aware.try_cast(dt.Timestamp(timezone="UTC", scale=6)).cast(dt.Timestamp(scale=6))
    return ibis.ifelse(value >= ibis.timestamp(EARLIEST), value, ibis.null(value.type()))
