"""From any column type to a field's type, exactly, and where that failed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import ibis.expr.datatypes as dt
import ibis.expr.operations as ops

from greenai.definition.types import FieldType
from greenai.fields.reading import read
from greenai.fields.render import forced, render
from greenai.fields.types import digits, ibis_type

if TYPE_CHECKING:
    import ibis.expr.types as ir

INTEGER_DIGITS = {dt.Int8: 3, dt.Int16: 5, dt.Int32: 10, dt.Int64: 19}


@dataclass(frozen=True, slots=True)
class Cast:
    """A value in its field's type. `failed` says where it is null although the cell was not.

    `failed` is None where nothing can fail.
    """

    value: ir.Value
    failed: ir.BooleanValue | None = None


def cast(value: ir.Value, type: FieldType) -> Cast:
    """The value as `type`, without losing a digit: what would lose one fails and is null.

    Text is read strictly (see `reading`). Numbers change type where every digit survives, a float
    becomes a decimal by its shortest text, a timestamp becomes a date at midnight only and moves to
    UTC, anything becomes text by `render`. Types that have nothing in common meet over their text.
    """
    target = ibis_type(type)
    if type.kind == "string":
        return Cast(render(value))
    return _conversion(value.type(), type)(value, target, type)


def _conversion(source: dt.DataType, type: FieldType) -> Callable[[ir.Value, dt.DataType, FieldType], Cast]:
    return next(
        (
            conversion
            for column, kinds, conversion in CONVERSIONS
            if isinstance(source, column) and type.kind in kinds
        ),
        _from_text,
    )


def _surely(value: ir.Value, target: dt.DataType, _: FieldType) -> Cast:
    return Cast(value.cast(target))


def _from_text(value: ir.Value, _: dt.DataType, type: FieldType) -> Cast:
    return _checked(value, read(render(value), type))


def _from_integer(value: ir.Value, target: dt.DataType, type: FieldType) -> Cast:
    if type.kind == "float":
        return _reversible(value, target)
    width = next((n for kind, n in INTEGER_DIGITS.items() if isinstance(value.type(), kind)), 20)
    if isinstance(value.type(), dt.UInt8 | dt.UInt16 | dt.UInt32):
        width = 10
    precision, scale = digits(type)
    if width <= precision - scale:
        return Cast(value.cast(target))
    return _checked(value, value.try_cast(target))


def _from_decimal(value: ir.Value, target: dt.DataType, type: FieldType) -> Cast:
    source = value.type()
    precision, scale = digits(type)
    before = (source.precision or 38) - (source.scale or 0)
    if (source.precision, source.scale) == (38, 0):
        # May be a HUGEINT in truth, which holds more than 38 digits.
        return _checked(value, ops.TryCast(value, target).to_expr())
    if type.kind == "decimal" and scale >= (source.scale or 0) and precision - scale >= before:
        return Cast(value.cast(target))
    return _reversible(value, target)


def _from_timestamp(value: ir.Value, target: dt.DataType, _: FieldType) -> Cast:
    source = value.type()
    if source.timezone is not None:
        # The engine's session runs in UTC.
        value = value.cast(dt.Timestamp(scale=6))
    if isinstance(target, dt.Timestamp) and (source.timezone is not None or source.scale != 9):
        return Cast(value if value.type() == target else forced(value, target))
    return _reversible(value, target)


def _reversible(value: ir.Value, target: dt.DataType) -> Cast:
    """Cast there, and accept it only if the way back gives the same value."""
    result = value.try_cast(target)
    back = ops.TryCast(result, value.type()).to_expr()
    return _checked(value, (back == value).ifelse(result, None))


def _checked(before: ir.Value, after: ir.Value) -> Cast:
    return Cast(after, before.notnull() & after.isnull())


CONVERSIONS = (
    (dt.Integer, {"integer", "decimal", "float"}, _from_integer),
    (dt.Decimal, {"integer", "decimal"}, _from_decimal),
    (dt.Floating, {"float"}, _surely),
    (dt.Boolean, {"boolean"}, _surely),
    (dt.Date, {"date", "timestamp"}, _surely),
    (dt.Timestamp, {"date", "timestamp"}, _from_timestamp),
)
