"""Numbers out of texts, exactly and only where there is one way to read them.

A text is read to a canonical text, never to a machine number: no digit is lost at any length.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from greenai.attribution.expressions import groups, let, where
from greenai.attribution.texts import spaced, translated, without_leading_zeros

if TYPE_CHECKING:
    import ibis.expr.types as ir

# The point is the decimal mark of machine-written numbers and of CONTRACT's parse_number.
_MACHINE = r"[0-9]+(?:\.[0-9]*)?|\.[0-9]+"
# An exponent needs a point before it or a sign after it: `1E5` and `10E4` are rather codes.
_EXPONENT = r"(?:[0-9]+\.[0-9]*|\.[0-9]+)[eE][+-]?[0-9]{1,3}|[0-9]+[eE][+-][0-9]{1,3}"
# Two separators of different kinds, or one kind twice, show which one groups. A single comma
# before three digits does not (`1,234` is 1234 in London and 1.234 in Berlin): no reading.
_COMMA_GROUPS = r"[1-9][0-9]{0,2}(?:(?:,[0-9]{3})+\.[0-9]*|(?:,[0-9]{3}){2,})"
_POINT_GROUPS = r"[1-9][0-9]{0,2}(?:(?:\.[0-9]{3})+,[0-9]*|(?:\.[0-9]{3}){2,})"
_OTHER_GROUPS = r"[1-9][0-9]{0,2}(?:(?: [0-9]{3})+|(?:'[0-9]{3})+)(?:[.,][0-9]*)?"
_COMMA_DECIMAL = r"0[0-9]*,[0-9]+|[0-9]{4,},[0-9]+|[0-9]+,(?:[0-9]{1,2}|[0-9]{4,})"
_BODY = "|".join((_MACHINE, _EXPONENT, _COMMA_GROUPS, _POINT_GROUPS, _OTHER_GROUPS, _COMMA_DECIMAL))
_SCIENTIFIC = r"^([0-9]*)\.?([0-9]*)[eE]\+?(-?[0-9]+)$"
# What no number is without: a digit, and no letter but one for the exponent.
_CANDIDATE = "^[^0-9A-Za-z]*[0-9][^A-Za-z]*(?:[eE][-+0-9]+[^A-Za-z]*)?$"
# Sign or bracket, unit, sign, digits, unit, bracket or sign.
_NUMBER = rf"^([(+-]?) ?([$€£¥]?) ?([+-]?) ?({_BODY}) ?([$€£¥%‰]?) ?([)-]?)$"
_PARTS = ("before", "unit", "sign", "body", "unit_behind", "behind")


def number(text: ir.StringValue) -> ir.StringValue:
    """The number a text says, as canonical text (``-1234.5``, ``12 %``); null where it says none.

    Read: ``1,234.50``, ``1.234,50``, ``1 234.50``, ``1'234.50``, ``(12.00)``, ``-12``, ``12-``,
    ``+12``, ``1.5e+3``, ``€ 12``. Immaterial: grouping, the decimal mark, zeros before and behind,
    the way a minus is written, the sign of zero. A unit ($ € £ ¥ % ‰) is kept: ``12 %`` is neither
    ``12`` nor ``0.12``.
    """
    written = translated(spaced(text), "−’", "-'")
    return where(text, _CANDIDATE, let(groups(written, _NUMBER, _PARTS), _said))


def _said(part: ir.StructValue) -> ir.StringValue:
    """The number of matched parts; null where they do not match or do not fit one another."""
    signs = part["before"] + part["sign"] + part["behind"]
    units = part["unit"] + part["unit_behind"]
    fits = (part["body"] != "") & signs.isin(["", "+", "-", "()"]) & (units.length() <= 1)

    def signed(magnitude: ir.StringValue) -> ir.StringValue:
        minus = (signs.isin(["-", "()"]) & (magnitude != "0")).ifelse("-", "")
        return minus + magnitude + (units == "").ifelse("", ibis.literal(" ") + units)

    number: ir.StringValue = fits.ifelse(let(_magnitude(part["body"]), signed), None)
    return number


def _magnitude(body: ir.StringValue) -> ir.StringValue:
    """Digits without grouping, exponent and idle zeros, with a point as decimal mark."""
    return let(_pointed(body), _without_idle_zeros)


def _pointed(body: ir.StringValue) -> ir.StringValue:
    """Digits without grouping and exponent, with a point as decimal mark."""

    def is_(pattern: str) -> ir.BooleanValue:
        return body.re_search(f"^(?:{pattern})$")

    digits: ir.StringValue = ibis.cases(
        (is_(_MACHINE), body),
        (is_(_EXPONENT), let(groups(body, _SCIENTIFIC, ("whole", "fraction", "exponent")), _shifted)),
        (is_(_COMMA_GROUPS), translated(body, ",", "")),
        (is_(_POINT_GROUPS), translated(body, ",.", ".")),
        else_=translated(body, ",. '", ".."),
    )
    return digits


def _shifted(part: ir.StructValue) -> ir.StringValue:
    """``1.5e3`` as ``1500.``: the point moved by the exponent, in the text itself."""
    digits = part["whole"] + part["fraction"]
    point = part["whole"].length() + part["exponent"].try_cast("int64")
    zeros = ibis.literal("0")
    before, behind = ibis.greatest(-point, 0), ibis.greatest(point - digits.length(), 0)
    filled = zeros.repeat(before) + digits + zeros.repeat(behind)
    place = ibis.greatest(point, 0)
    shifted: ir.StringValue = filled.left(place) + "." + filled.substr(place)
    return shifted


def _without_idle_zeros(digits: ir.StringValue) -> ir.StringValue:
    """``007.50`` as ``7.5``, ``.5`` as ``0.5``, ``12.`` as ``12``."""
    whole = without_leading_zeros(ibis.literal("0") + digits.re_extract("^[0-9]*", 0))
    fraction = digits.re_extract(r"\.([0-9]*[1-9])0*$", 1)
    return whole + (fraction == "").ifelse("", ibis.literal(".") + fraction)
