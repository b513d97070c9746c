"""The text of a typed cell: one form for every engine, report and key."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import add
from typing import TYPE_CHECKING

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.operations as ops

from greenai.engines.functions import call, json_list

if TYPE_CHECKING:
    import ibis.expr.types as ir

PLAIN = (dt.Integer, dt.Decimal, dt.Boolean, dt.Date, dt.String)
UNESCAPED = (dt.Integer, dt.Decimal, dt.Boolean, dt.Date)
"""Types whose text has nothing in it that JSON would write otherwise."""


def render(value: ir.Value) -> ir.StringValue:
    """The canonical text of a cell; null stays null, text stays as it is.

    Decimals show their whole scale (``1250.00``), floats the shortest text that reads back as the
    same number, as Python writes it (``0.1``, ``1e+20``, ``NaN``, ``-Infinity``; ``-0.0`` is ``0.0``),
    booleans ``true`` and ``false``, dates ``2024-01-02``, timestamps ``2024-01-02 10:00:00`` with six
    digits of a second where it has a fraction (nine for nanoseconds), in UTC where the column has a
    time zone, bytes lower-case hex, nested values compact JSON.
    """
    type = value.type()
    if isinstance(type, PLAIN):
        return value.cast("string")
    if isinstance(type, dt.Floating):
        return _float(value)
    if isinstance(type, dt.Timestamp):
        return _timestamp(value)
    if isinstance(type, dt.Binary):
        return call("hex", dt.string, value).lower()
    if isinstance(type, dt.Array | dt.Struct | dt.Map):
        return forced(call("to_json", dt.json, value), dt.string)
    return forced(value, dt.string)


def json_key(values: Sequence[ir.Value]) -> ir.StringValue:
    """The values of a key, none of them null, as a JSON array of canonical texts: ``["TRD1","2"]``."""
    texts = [render(value) for value in values]
    if not all(isinstance(value.type(), UNESCAPED) for value in values):
        return json_list(texts)
    # Written by hand this is the same text, in a third of the time.
    parts: list[ir.StringValue] = [ibis.literal('["'), texts[0]]
    for text in texts[1:]:
        parts += [ibis.literal('","'), text]
    written: ir.StringValue = reduce(add, [*parts, ibis.literal('"]')])
    return written


def forced(value: ir.Value, type: dt.DataType) -> ir.Value:
    """Cast even where Ibis believes that the type is this already.

    A column may be of a type that Ibis has no word for and calls by another: an ENUM is a string to
    it, a HUGEINT a decimal(38,0).
    """
    return ops.Cast(value, type).to_expr()


def _float(value: ir.Value) -> ir.StringValue:
    infinite = ibis.ifelse(value > 0, "Infinity", "-Infinity")
    return ibis.cases(
        (value == 0, "0.0"),
        (value.isnan(), "NaN"),
        (value.isinf(), infinite),
        else_=value.cast("string"),
    )


def _timestamp(value: ir.Value) -> ir.StringValue:
    type = value.type()
    if type.timezone is not None:
        # The engine's session runs in UTC, so this is the wall clock there.
        value = value.cast(dt.Timestamp(scale=6))
    if type.scale == 0:
        return value.cast("string")
    fraction = "%n" if type.scale == 9 and type.timezone is None else "%f"
    # DuckDB has no way from nanoseconds to seconds but over microseconds.
    seconds = value.cast(dt.Timestamp(scale=6)).cast(dt.Timestamp(scale=0))
    whole = seconds.cast(value.type()) == value
    return ibis.ifelse(whole, value.cast("string"), value.strftime(f"%Y-%m-%d %H:%M:%S.{fraction}"))
