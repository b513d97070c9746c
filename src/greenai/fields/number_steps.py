"""Normalisation steps on numbers: exact decimals from text to text, never through a float."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import ibis
import ibis.expr.datatypes as dt

from greenai.definition import steps
from greenai.definition.types import MAX_PRECISION
from greenai.engines.functions import call, regexp_full
from greenai.errors import FieldError
from greenai.fields.literals import exact_decimal
from greenai.fields.reading import number
from greenai.fields.render import render
from greenai.fields.text_steps import NUMBERS, WHITE
from greenai.fields.types import decimal

if TYPE_CHECKING:
    import ibis.expr.types as ir

# Numbers written as text have no declared scale: 23 digits before the point and 15 behind.
TEXT_SCALE = 15


def parse_number(step: steps.ParseNumber, value: ir.Value) -> ir.Value:
    """A written number in plain form (``-1234.50``), as text; null where it is not one.

    Group separators stand before three digits each, or two as in ``12,34,567``, or nowhere. A
    negative number has a sign in front or behind, or brackets. Numbers stay as they are.
    """
    if isinstance(value.type(), NUMBERS):
        return value
    text = _text(step, value)
    point, group = re.escape(step.decimal), _group(step.group)
    grouped = rf"\d{{1,3}}(?:{group}\d{{2,3}})*{group}\d{{3}}" if group else r"\d+"
    body = rf"(?:(?:\d+|{grouped})(?:{point}\d*)?|{point}\d+)"
    sign = "[-\u2212]"
    written = rf"(?:(?:\+|{sign})?{WHITE}*{body}|{body}{WHITE}*{sign}|\({WHITE}*{body}{WHITE}*\))"
    bare = text.re_replace(rf"[^\d{point}]", "").replace(step.decimal, ".")
    negative = text.re_search(r"[-\x{2212}(]")
    plain = ibis.ifelse(negative, ibis.literal("-") + bare, bare)
    return ibis.ifelse(regexp_full(text, f"{WHITE}*{written}{WHITE}*"), plain, ibis.null("string"))


def scale(step: steps.Scale, value: ir.Value) -> ir.Value:
    """The number times an exact factor, as decimal; null where the product exceeds 38 digits."""
    value = _decimal(step, value)
    try:
        factor = exact_decimal(step.factor)
    except ValueError as error:
        raise FieldError(f"step scale: {error}", remedy="use a shorter factor") from error
    places = value.type().scale + factor.type().scale
    if places > MAX_PRECISION:
        raise FieldError(
            f"step scale: {value.type()} times {step.factor} needs {places} decimal places, 38 are possible"
        )
    # Without the 38 digits DuckDB would multiply within 18 and give up.
    wide = value.cast(dt.Decimal(MAX_PRECISION, value.type().scale))
    by = factor.cast(dt.Decimal(MAX_PRECISION, factor.type().scale))
    product = dt.Decimal(MAX_PRECISION, places)
    return call("try", product, (wide * by).cast(product))


def round(step: steps.Round, value: ir.Value) -> ir.Value:
    """Rounded half away from zero: 2.5 is 3, -2.5 is -3; a float is rounded as it is written."""
    if isinstance(value.type(), dt.Integer):
        return value
    if isinstance(value.type(), dt.Decimal):
        places = value.type().scale
        if step.digits >= places:
            return value
        # Rounding up may need one digit more: 9.99 is 10.0.
        whole = min(value.type().precision - places + 1, MAX_PRECISION - step.digits)
        return value.try_cast(dt.Decimal(whole + step.digits, step.digits))
    text = _text(step, value)
    looks_right = regexp_full(text, r"[\s\x0b]*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?[\s\x0b]*")
    rounded = text.try_cast(dt.Decimal(MAX_PRECISION, step.digits))
    return ibis.ifelse(looks_right, rounded, ibis.null(rounded.type()))


def _decimal(step: steps.Step, value: ir.Value) -> ir.DecimalValue:
    if isinstance(value.type(), dt.Decimal):
        return value
    if isinstance(value.type(), dt.Integer):
        return value.cast(dt.Decimal(20, 0))
    return number(_text(step, value), decimal(MAX_PRECISION, TEXT_SCALE))


def _text(step: steps.Step, value: ir.Value) -> ir.StringValue:
    if isinstance(value.type(), (dt.String, dt.Floating)):
        return render(value)
    raise FieldError(
        f"step {step.name} needs a number or text, not {value.type()}",
        remedy=f"leave {step.name} out for this field",
    )


def _group(separator: str) -> str:
    """The group separator as a pattern; a blank stands for the no-break spaces in use too."""
    if separator == " ":
        return "[ \u00a0\u202f]"
    if separator == "'":
        return "['\u2019]"
    return re.escape(separator)


def plain(value: ir.DecimalValue) -> ir.StringValue:
    """A decimal as text without zeros that say nothing: ``1250``, ``12.5``."""
    text = render(value)
    return text.re_replace(r"\.?0+$", "") if value.type().scale else text
