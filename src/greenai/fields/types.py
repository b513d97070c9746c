"""Field types and the types of columns: which is which, and which holds both."""

from __future__ import annotations

from typing import Final

import ibis.expr.datatypes as dt

from greenai.definition.types import MAX_PRECISION, FieldType

STRING: Final = FieldType("string")
INTEGER: Final = FieldType("integer")
FLOAT: Final = FieldType("float")
BOOLEAN: Final = FieldType("boolean")
DATE: Final = FieldType("date")
TIMESTAMP: Final = FieldType("timestamp")
INT64_DIGITS: Final = 19


def decimal(precision: int, scale: int) -> FieldType:
    """The type of decimals with `precision` digits, `scale` of them behind the point."""
    return FieldType("decimal", precision, scale)


def digits(type: FieldType) -> tuple[int, int]:
    """Precision and scale of a decimal or integer type."""
    if type.kind == "integer":
        return INT64_DIGITS, 0
    if type.precision is None or type.scale is None:
        raise ValueError(f"{type.kind} has no digits")
    return type.precision, type.scale


def ibis_type(type: FieldType) -> dt.DataType:
    """The column type that holds a field of this type, on both sides alike."""
    if type.kind == "decimal":
        return dt.Decimal(*digits(type))
    return {
        "string": dt.string,
        "integer": dt.int64,
        "float": dt.float64,
        "boolean": dt.boolean,
        "date": dt.date,
        "timestamp": dt.Timestamp(scale=6),
    }[type.kind]


def field_type_of(column: dt.DataType) -> FieldType:
    """The field type that a typed column is compared as; what has no type of its own is text."""
    if isinstance(column, dt.UInt64):
        return decimal(MAX_PRECISION, 0)
    if isinstance(column, dt.Integer):
        return INTEGER
    if isinstance(column, dt.Decimal):
        # A decimal without digits is DuckDB's DECIMAL(18,3).
        return decimal(column.precision or 18, 3 if column.scale is None else column.scale)
    for kind, type in (
        (dt.Floating, FLOAT),
        (dt.Boolean, BOOLEAN),
        (dt.Date, DATE),
        (dt.Timestamp, TIMESTAMP),
    ):
        if isinstance(column, kind):
            return type
    return STRING


def common_type(a: FieldType, b: FieldType) -> FieldType:
    """The narrowest type that holds every value of both; string where there is none.

    Decimals and integers meet in a decimal with the digits of both; beyond 38 digits the decimal
    places come first, and a number with too many digits before the point fails visibly. Numbers and
    floats meet in float, dates and timestamps in timestamp. Mirrored arguments give the same.
    """
    if a == b:
        return a
    kinds = {a.kind, b.kind}
    if kinds <= {"integer", "decimal"}:
        (precision_a, scale_a), (precision_b, scale_b) = digits(a), digits(b)
        scale = max(scale_a, scale_b)
        precision = max(precision_a - scale_a, precision_b - scale_b) + scale
        return decimal(min(precision, MAX_PRECISION), scale)
    if kinds <= {"integer", "decimal", "float"}:
        return FLOAT
    if kinds == {"date", "timestamp"}:
        return TIMESTAMP
    return STRING
