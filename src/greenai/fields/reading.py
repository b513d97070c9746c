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

    Zeros that say nothing (``007``, ``12.500``), a plus sign and blanks around are fine. An exponent
    below 100 is read where at most 15 digits stand before it. Underscores, hexadecimal and NaN are not
    numbers.
    """
    precision, scale = digits(type)
    value = text.try_cast(ibis_type(type))
    plain = rf"{BLANK}[+-]?\d*(\.\d{{0,{scale}}}0*)?{BLANK}"
    short = rf"{BLANK}[+-]?0*\.?0{{0,99}}(\d\.?){{1,15}}[eE][+-]?0*\d{{1,2}}{BLANK}"
    # With 15 digits a rounded value and its text cannot be the same float. The engine does not
    # hold an exponent to the precision.
    approximate = text.try_cast("float64")
    same = value.cast("string").try_cast("float64") == approximate
    fitting = approximate.abs() < float(10 ** (precision - scale))
    # A chain of cases, not one condition: so the engine casts once and asks only until it knows.
    return ibis.cases(
        *((test, value) for test in _evidently_exact(text, value, scale)),
        (regexp_full(text, plain), value),
        (regexp_full(text, short) & same & fitting, value),
        else_=ibis.null(value.type()),
    )


def _evidently_exact(text: ir.StringValue, value: ir.Value, scale: int) -> list[ir.BooleanValue]:
    """Tests cheaper than a regular expression, the one most texts pass first."""
    canonical = value.cast("string") == text
    if scale == 0:
        return [canonical]
    point, length = call("instr", dt.int64, text, "."), call("strlen", dt.int64, text)
    short = (length - point).between(1, scale) & ~text.contains("_")
    if scale <= 2:
        # Behind the point is no room for an exponent that takes digits away, so it is in front.
        signed_exponent = call("instr", dt.int64, text, "-") > 1
        return [text.like("%." + "_" * scale) & ~text.contains("_"), short & ~signed_exponent]
    plain = short & ~text.contains("e") & ~text.contains("E")
    if scale <= 4:
        # A guessed type has two places more than its texts; one or two leave no room for such an exponent.
        return [text.like("%." + "_" * (scale - 2)) & ~text.contains("_"), plain]
    return [plain]


def floating(text: ir.StringValue) -> ir.FloatingValue:
    """The nearest 64-bit float, NaN and Infinity included; what overflows is not read."""
    value = text.try_cast("float64")
    nothing = ibis.null("float64")
    # The engine reads +-1 as -1: what begins with a sign or a blank is looked at closely.
    clear = (text >= ",") & ~text.contains("_")
    careful = regexp_full(text, rf"{BLANK}[+-]?([\d.]+([eE][+-]?\d+)?|(?i:nan|inf|infinity)){BLANK}")
    return ibis.cases(
        (value.isinf(), ibis.ifelse(text.lower().contains("inf"), value, nothing)),
        (clear, value),
        (careful, value),
        else_=nothing,
    )


def boolean(text: ir.StringValue) -> ir.BooleanValue:
    """true, t, yes, y, 1 and false, f, no, n, 0, in any case, blanks around."""
    return ibis.coalesce(text.try_cast("boolean"), text.strip().try_cast("boolean"))


def date(text: ir.StringValue) -> ir.DateValue:
    """A date as ``2024-01-02``, blanks around; a time of day only if it is midnight."""
    value = text.try_cast("date")
    # Blanks would hide a day of one digit, what sorts before 0001 a sign.
    clear = text.like("____-__-__") & (text >= "0001") & ~text.contains(" ")
    sound = regexp_full(text, MIDNIGHT) & (value >= ibis.date(EARLIEST))
    return ibis.cases((clear, value), (sound, value), else_=ibis.null("date"))


def timestamp(text: ir.StringValue) -> ir.TimestampValue:
    """An ISO 8601 timestamp in UTC: blank or ``T`` between, seconds and up to six digits optional.

    ``Z`` and offsets (``+02``, ``+0200``, ``+02:00``) are applied, a bare date is its midnight, and
    digits beyond microseconds must be zeros.
    """
    return ibis.cases(
        *_wall_clock(text),
        (regexp_full(text, rf"{BLANK}{AWARE}{BLANK}"), _instant(text)),
        else_=ibis.null(dt.Timestamp(scale=6)),
    )


def local_timestamp(text: ir.StringValue) -> ir.TimestampValue:
    """As `timestamp`, but a text that carries an offset of its own is not read."""
    return ibis.cases(*_wall_clock(text), else_=ibis.null(dt.Timestamp(scale=6)))


def _wall_clock(text: ir.StringValue) -> list[tuple[ir.BooleanValue, ir.TimestampValue]]:
    value = text.try_cast(dt.Timestamp(scale=6))
    stripped = text.strip().try_cast(dt.Timestamp(scale=6))
    # What reads back as itself is right, unless it names another era, a year of five digits or infinity.
    clear = ibis.ifelse(value.cast("string") == text, call("strlen", dt.int64, text) <= 26, False)
    return [
        (clear & text.between("0001", ":"), value),
        (regexp_full(text, rf"{BLANK}{NAIVE}{BLANK}") & (stripped >= ibis.timestamp(EARLIEST)), stripped),
    ]


def _instant(text: ir.StringValue) -> ir.TimestampValue:
    # The engine reads an offset without a blank before it only.
    aware = text.strip().re_replace(rf" ?{OFFSET}$", r"\1")
    value = aware.try_cast(dt.Timestamp(timezone="UTC", scale=6)).cast(dt.Timestamp(scale=6))
    return ibis.ifelse(value >= ibis.timestamp(EARLIEST), value, ibis.null(value.type()))
