"""Normalisation steps on dates and timestamps."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import ibis
import ibis.expr.datatypes as dt

from greenai.definition import steps
from greenai.engines.functions import call, try_strptime
from greenai.errors import FieldError
from greenai.fields.reading import local_timestamp, timestamp
from greenai.fields.render import render

if TYPE_CHECKING:
    import ibis.expr.types as ir

MOMENT = dt.Timestamp(scale=6)
INSTANT = dt.Timestamp(timezone="UTC", scale=6)


def parse_date(step: steps.ParseDate, value: ir.Value) -> ir.Value:
    """A date by the first format that fits, null where none does; dates stay as they are."""
    if isinstance(value.type(), dt.Date):
        return value
    return _parsed(step, step.formats, value).cast("date")


def parse_timestamp(step: steps.ParseTimestamp, value: ir.Value) -> ir.Value:
    """A timestamp by the first format that fits, in UTC where the format reads an offset (%z, %Z)."""
    if isinstance(value.type(), dt.Timestamp):
        return value
    return _parsed(step, step.formats, value)


def timezone(step: steps.Timezone, value: ir.Value) -> ir.Value:
    """The wall clock in `to` at the moment the wall clock in `from` shows the value.

    A local time that the change to summer time skips is null; one that happens twice is taken as
    the second (standard time). A column that knows its time zone, or a text with an offset, is a
    moment already and is refused with any `from` but UTC.
    """
    type = value.type()
    if isinstance(type, dt.Timestamp) and type.timezone is not None:
        if step.from_ != "UTC":
            raise FieldError(
                f"step timezone: the column is in {type.timezone} already, it cannot be in {step.from_}",
                remedy="leave `from` out",
            )
        moment = value.cast(MOMENT)
    elif isinstance(type, dt.Timestamp | dt.Date):
        moment = value.cast(MOMENT)
    elif isinstance(type, dt.String):
        moment = timestamp(value) if step.from_ == "UTC" else local_timestamp(value)
    else:
        raise _unfit(step, value)
    return _wall_clock(step.to, _instant(step.from_, moment))


def _instant(zone: str, moment: ir.Value) -> ir.Value:
    instant = call("timezone", INSTANT, zone, moment)
    if zone == "UTC":
        return instant
    skipped = _wall_clock(zone, instant) != moment
    return ibis.ifelse(skipped, ibis.null(INSTANT), instant)


def _wall_clock(zone: str, instant: ir.Value) -> ir.Value:
    return call("timezone", MOMENT, zone, instant)


def _parsed(step: steps.Step, formats: Sequence[str], value: ir.Value) -> ir.TimestampValue:
    if not isinstance(value.type(), dt.String | dt.Integer):
        raise _unfit(step, value)
    text = render(value)
    # A format with an offset gives another type, so each goes with its kind.
    zoned = [written for written in formats if re.search(r"(?<!%)(%%)*%[zZ]", written)]
    naive = [written for written in formats if written not in zoned]
    readings = []
    if naive:
        readings.append(try_strptime(text, naive).cast(MOMENT))
    if zoned:
        readings.append(call("try_strptime", INSTANT, text, ibis.literal(zoned)).cast(MOMENT))
    moment = readings[0] if len(readings) == 1 else ibis.coalesce(*readings)
    if not any("%Y" in written for written in formats):
        return moment
    # %Y takes 24 for the year 24; a year of four digits is meant.
    short = (moment < ibis.timestamp("1000-01-01")) & ~text.re_search(r"\d{4}")
    return ibis.ifelse(short, ibis.null(MOMENT), moment)


def _unfit(step: steps.Step, value: ir.Value) -> FieldError:
    return FieldError(
        f"step {step.name} makes no sense on {value.type()}", remedy=f"leave {step.name} out for this field"
    )
