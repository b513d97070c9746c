"""Dates and times out of texts, only where there is one way to read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from greenai.attribution.expressions import groups, let, where
from greenai.attribution.texts import spaced, translated
from greenai.engines.functions import try_strptime

if TYPE_CHECKING:
    import ibis.expr.types as ir

_YEAR = "[1-9][0-9]{3}"
_ONE = "[0-9]{1,2}"
_YEAR_FIRST = "|".join(f"{_YEAR}{mark}{_ONE}{mark}{_ONE}" for mark in ("-", "/", "[.]"))
_YEAR_LAST = "|".join(f"{_ONE}{mark}{_ONE}{mark}{_YEAR}" for mark in ("-", "/", "[.]"))
_COMPACT = "(?:19|20)[0-9]{6}"
_WORD = "[A-Za-z]{3,9}"
_DAY_WORD = rf"{_ONE}[.]?[ -]?{_WORD}[.]?,?[ -]?{_YEAR}"
_WORD_DAY = rf"{_WORD}[.]? {_ONE},? {_YEAR}"
_DAY = "|".join((_YEAR_FIRST, _YEAR_LAST, _COMPACT, _DAY_WORD, _WORD_DAY))
_CLOCK = "([01]?[0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9])(?:[.,]([0-9]+))?)?"
_ZONE = "Z|UTC|[+-][0-9]{2}:?[0-9]{2}"
_MOMENT = f"^({_DAY})(?:[T ]{_CLOCK} ?({_ZONE})?)?$"
# What no date is without: four digits in a row, after at most a month name and a day.
_CANDIDATE = f"^.{{0,20}}{_YEAR}"
_PARTS = ("day", "hour", "minute", "second", "fraction", "zone")


def moment(text: ir.StringValue) -> ir.StringValue:
    """The date or date and time a text says (``2024-01-31``, ``2024-01-31 12:30:00.5Z``), or null.

    Read: year first with ``-``, ``/``, ``.`` or nothing between; year last where only one of day
    and month can be meant (``31/01/2024``, ``05/05/2024``, not ``01/02/2024``); English month names.
    Immaterial: order, marks and words, zeros in front, seconds of zero left out, a fraction's
    last zeros, and a time of midnight where no zone is given. A zone is kept as it is written.
    """
    return where(text, _CANDIDATE, let(groups(spaced(text), _MOMENT, _PARTS), _said))


def _said(part: ir.StructValue) -> ir.StringValue:
    """The moment of matched parts; null where they are no day of the calendar."""
    second = (part["second"] == "").ifelse("00", part["second"])
    fraction = part["fraction"].re_extract("^[0-9]*[1-9]", 0)
    zone = translated(part["zone"], ":", "")
    clock = (
        part["hour"].lpad(2, "0") + ":" + part["minute"] + ":" + second
        + (fraction == "").ifelse("", ibis.literal(".") + fraction)
        + zone.isin(["UTC", "+0000", "-0000"]).ifelse("Z", zone)
    )  # fmt: skip
    dateless = (part["minute"] == "") | (clock == "00:00:00")
    moment = _day(part["day"]) + dateless.ifelse("", ibis.literal(" ") + clock)
    said: ir.StringValue = (part["day"] != "").ifelse(moment, None)
    return said


def _day(text: ir.StringValue) -> ir.StringValue:
    """``2024-01-31`` out of a date in any of the patterns, null where it is none or two."""

    def is_(pattern: str) -> ir.BooleanValue:
        return text.re_search(f"^(?:{pattern})$")

    hyphenated = translated(text, "/.", "--")
    day: ir.StringValue = ibis.cases(
        (is_(_YEAR_FIRST), _calendar(hyphenated)),
        (is_(_COMPACT), _calendar(text.re_replace("^(....)(..)(..)$", r"\1-\2-\3"))),
        (is_(_YEAR_LAST), let(hyphenated, _only_reading)),
        else_=_worded(text),
    )
    return day


def _only_reading(text: ir.StringValue) -> ir.StringValue:
    """``31-01-2024`` with day or month first, whichever is a date; null where both are, and differ."""
    day_first = _calendar(text.re_replace("^(.+)-(.+)-(.+)$", r"\3-\2-\1"))
    month_first = _calendar(text.re_replace("^(.+)-(.+)-(.+)$", r"\3-\1-\2"))
    two = day_first != month_first
    reading: ir.StringValue = two.fill_null(False).ifelse(None, day_first.coalesce(month_first))
    return reading


def _calendar(text: ir.StringValue) -> ir.StringValue:
    """A date of the calendar with two digits for month and day; null for the 31st of February."""
    date: ir.StringValue = text.try_cast("date").cast("string")
    return date


def _worded(text: ir.StringValue) -> ir.StringValue:
    """A date with an English month name: ``31 Jan 2024``, ``31JAN2024``, ``January 31, 2024``."""
    month = text.re_extract("[A-Za-z]+", 0)
    number = text.re_extract("^[^0-9]*([0-9]{1,2})", 1)
    year = text.re_extract(f"{_YEAR}$", 0)
    read = try_strptime(number + " " + month + " " + year, ["%d %b %Y", "%d %B %Y"])
    date: ir.StringValue = read.date().cast("string")
    return date
