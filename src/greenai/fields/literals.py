"""Values that a definition writes as text, as values of a column."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.datatypes as dt

if TYPE_CHECKING:
    import ibis.expr.types as ir


def literal(text: str, type: dt.DataType) -> ir.Scalar | None:
    """The written value as a constant of a column's type; None when it is no such value.

    >>> literal("12.50", dt.Decimal(18, 2)) is not None, literal("N/A", dt.int64)
    (True, None)
    """
    if isinstance(type, dt.String):
        return ibis.literal(text)
    value = _parsed(text.strip(), type)
    if isinstance(value, Decimal):
        return _as_decimal(value, type)
    return None if value is None else ibis.literal(value, type=type)


def among(value: ir.Value, texts: Iterable[str]) -> ir.BooleanValue | None:
    """Whether a column holds one of the written values; None when its type can hold none of them."""
    constants = [found for text in texts if (found := literal(text, value.type())) is not None]
    if not constants:
        return None
    return value == constants[0] if len(constants) == 1 else value.isin(constants)


def without(value: ir.Value, texts: Iterable[str]) -> ir.Value:
    """The column with the written values turned into null."""
    texts = tuple(texts)
    if isinstance(value.type(), dt.String) and len(texts) == 1:
        return value.nullif(texts[0])
    found = among(value, texts)
    return value if found is None else ibis.ifelse(found, ibis.null(value.type()), value)


def exact_decimal(value: Decimal) -> ir.DecimalScalar:
    """A constant with exactly its own digits. Raises ValueError beyond 38 of them."""
    if not value.is_finite():
        raise ValueError(f"{value} is not a number")
    scale = places(value)
    precision = max(value.adjusted() + 1, 0) + scale or 1
    if precision > 38:
        raise ValueError(f"{value} has more than 38 digits")
    return _as_decimal(value, dt.Decimal(precision, scale))


def _as_decimal(value: Decimal, type: dt.DataType) -> ir.DecimalScalar:
    # By way of text: DuckDB takes a number written with more than 38 characters for a float.
    return ibis.literal(f"{value:f}").cast(type)


def places(value: Decimal) -> int:
    """How many decimal places a finite number needs, without zeros that say nothing."""
    # Not by Decimal's own arithmetic, which rounds to the digits of its context.
    _, digits, exponent = value.as_tuple()
    significant = "".join(map(str, digits)).rstrip("0")
    return max(len(significant) - len(digits) - int(exponent), 0) if significant else 0


def _parsed(text: str, type: dt.DataType) -> Any:
    for column, parse in PARSERS:
        # Python takes 1_0 for ten, our columns do not.
        if isinstance(type, column) and "_" not in text:
            try:
                return parse(text, type)
            except (ValueError, InvalidOperation):
                return None
    return None


def _integer(text: str, type: Any) -> int | None:
    number = int(text)
    return number if type.bounds.lower <= number <= type.bounds.upper else None


def _decimal(text: str, type: Any) -> Decimal | None:
    number = Decimal(text)
    scale, precision = type.scale or 0, type.precision or 38
    if not number.is_finite() or (number and number.adjusted() >= precision - scale):
        return None
    return number if places(number) <= scale else None


def _boolean(text: str, _: Any) -> bool | None:
    return {"true": True, "false": False}.get(text.lower())


def _timestamp(text: str, _: Any) -> datetime.datetime:
    moment = datetime.datetime.fromisoformat(text)
    return moment.astimezone(datetime.UTC).replace(tzinfo=None) if moment.tzinfo else moment


PARSERS: tuple[tuple[Any, Callable[[str, Any], Any]], ...] = (
    (dt.Integer, _integer),
    (dt.Decimal, _decimal),
    (dt.Floating, lambda text, _: float(text)),
    (dt.Boolean, _boolean),
    (dt.Date, lambda text, _: datetime.date.fromisoformat(text)),
    (dt.Timestamp, _timestamp),
)
