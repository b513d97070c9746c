"""Arithmetic and comparison inside an expression: exact decimals, and a note of what failed.

Integers and text count as decimals, text with up to ten decimal places. A result has 38 digits; a
product with more than twenty places first gives up zeros, never digits. Only where a float takes
part, or a division has no finite result, is the result a float.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import ibis
import ibis.expr.datatypes as dt

from greenai.definition.types import MAX_PRECISION, FieldType
from greenai.engines.functions import call
from greenai.fields.casts import cast
from greenai.fields.literals import exact_decimal, places
from greenai.fields.reading import read
from greenai.fields.render import render
from greenai.fields.types import FLOAT, STRING, common_type, decimal, field_type_of

if TYPE_CHECKING:
    import ibis.expr.types as ir

TEXT_PLACES: Final = 10
PRODUCT_PLACES: Final = 20
TEXT_NUMBER: Final = decimal(MAX_PRECISION, TEXT_PLACES)
Operation = Callable[["ir.Value", "ir.Value"], "ir.Value"]


class UnlikeTypesError(ValueError):
    """Two operands that have no common type."""


@dataclass
class Failures:
    """Collects where a value became null that should not have."""

    conditions: list[ir.BooleanValue] = field(default_factory=list)

    def note(self, after: ir.Value, *before: ir.Value) -> ir.Value:
        """`after`, which must not be null where none of `before` is."""
        self.conditions.append(ibis.and_(*(value.notnull() for value in before), after.isnull()))
        return after

    def cast(self, value: ir.Value, type: FieldType) -> ir.Value:
        """An exact cast whose failures are noted."""
        result = cast(value, type)
        if result.failed is not None:
            self.conditions.append(result.failed)
        return result.value


def number(value: ir.Value, failures: Failures) -> ir.Value:
    """An operand as decimal or float. Raises UnlikeTypesError for what is no number."""
    type = value.type()
    if isinstance(type, dt.String):
        return failures.note(read(value, TEXT_NUMBER), value)
    if isinstance(type, dt.Integer):
        return value.cast(dt.Decimal(20, 0))
    if isinstance(type, dt.Decimal | dt.Floating):
        return value
    raise UnlikeTypesError(f"{described(type)} is not a number")


def add(a: ir.Value, b: ir.Value, failures: Failures) -> ir.Value:
    """The exact sum."""
    return _aligned(operator.add, a, b, failures)


def subtract(a: ir.Value, b: ir.Value, failures: Failures) -> ir.Value:
    """The exact difference."""
    return _aligned(operator.sub, a, b, failures)


def modulo(a: ir.Value, b: ir.Value, failures: Failures) -> ir.Value:
    """The exact remainder, with the sign of the dividend; by zero it fails."""
    return _aligned(lambda x, y: x % ibis.ifelse(y == 0, ibis.null(y.type()), y), a, b, failures)


def multiply(a: ir.Value, b: ir.Value, failures: Failures) -> ir.Value:
    """The exact product."""
    a, b = number(a, failures), number(b, failures)
    if _any_float(a, b):
        return _float(a, failures) * _float(b, failures)
    while a.type().scale + b.type().scale > PRODUCT_PLACES:
        # Fewer places leave room in front of the point; what would lose a digit fails.
        if a.type().scale >= b.type().scale:
            a = _with_places(a, min(TEXT_PLACES, a.type().scale - 1), failures)
        else:
            b = _with_places(b, min(TEXT_PLACES, b.type().scale - 1), failures)
    return _tried(operator.mul, _wide(a), _wide(b), a.type().scale + b.type().scale, failures)


def divide(a: ir.Value, b: ir.Value, divisor: Decimal | None, failures: Failures) -> ir.Value:
    """The quotient: exact by a constant with a finite reciprocal (2, 100, 0.25), else a float.

    By zero it fails, as do operands a float cannot hold.
    """
    if divisor and (reciprocal := _reciprocal(divisor)) is not None:
        return multiply(a, reciprocal, failures)
    a, b = _float(number(a, failures), failures), _float(number(b, failures), failures)
    return failures.note(a / b.nullif(0.0), a, b)


def comparable(a: ir.Value, b: ir.Value, failures: Failures) -> tuple[ir.Value, ir.Value]:
    """Both operands in one type. Text meets a number, date or boolean as such."""
    types = a.type(), b.type()
    if all(isinstance(type, dt.String) for type in types) or types[0] == types[1]:
        return a, b
    if any(isinstance(type, dt.Integer | dt.Decimal | dt.Floating) for type in types):
        return _comparable_numbers(number(a, failures), number(b, failures), failures)
    kinds = {field_type_of(type) for type in types} - {STRING}
    wanted = common_type(*kinds) if len(kinds) == 2 else kinds.pop()
    if wanted == STRING:
        raise UnlikeTypesError(f"{described(types[0])} cannot be compared with {described(types[1])}")
    return failures.cast(a, wanted), failures.cast(b, wanted)


def alike(values: Sequence[ir.Value], failures: Failures) -> list[ir.Value]:
    """The results of CASE, coalesce and their like in one type: numbers as decimals, else text."""
    types = {value.type().copy(nullable=True) for value in values if not isinstance(value.type(), dt.Null)}
    if len(types) > 1 and all(isinstance(type, dt.Integer | dt.Decimal | dt.Floating) for type in types):
        values = [value if isinstance(value.type(), dt.Null) else number(value, failures) for value in values]
        if any(isinstance(type, dt.Floating) for type in types):
            return [_float(value, failures) for value in values]
        places = max(value.type().scale for value in values if isinstance(value.type(), dt.Decimal))
        return [_with_places(value, places, failures) for value in values]
    if len(types) > 1:
        return [value if isinstance(value.type(), dt.Null) else render(value) for value in values]
    return list(values)


def described(type: dt.DataType) -> str:
    """A column's type in the words of a definition."""
    if isinstance(type, dt.String | dt.Null):
        return "text" if isinstance(type, dt.String) else "null"
    word = str(field_type_of(type))
    return f"an {word}" if word.startswith("i") else f"a {word}"


def _aligned(operation: Operation, a: ir.Value, b: ir.Value, failures: Failures) -> ir.Value:
    a, b = number(a, failures), number(b, failures)
    if _any_float(a, b):
        return operation(_float(a, failures), _float(b, failures))
    places = max(a.type().scale, b.type().scale)
    a, b = _with_places(a, places, failures), _with_places(b, places, failures)
    return _tried(operation, a, b, places, failures)


def _tried(operation: Operation, a: ir.Value, b: ir.Value, places: int, failures: Failures) -> ir.Value:
    type = dt.Decimal(MAX_PRECISION, places)
    # Overflow is an error to the engine; here it is a cell that failed.
    return failures.note(call("try", type, operation(a, b).cast(type)), a, b)


def _comparable_numbers(a: ir.Value, b: ir.Value, failures: Failures) -> tuple[ir.Value, ir.Value]:
    if _any_float(a, b):
        return a.cast("float64"), b.cast("float64")
    whole = max(value.type().precision - value.type().scale for value in (a, b))
    places = max(a.type().scale, b.type().scale)
    if whole + places <= MAX_PRECISION:
        return a, b
    return _with_places(a, places, failures), _with_places(b, places, failures)


def _with_places(value: ir.Value, places: int, failures: Failures) -> ir.Value:
    if isinstance(value.type(), dt.Null):
        return value
    return failures.cast(value, decimal(MAX_PRECISION, places))


def _wide(value: ir.Value) -> ir.Value:
    return value.cast(dt.Decimal(MAX_PRECISION, value.type().scale))


def _float(value: ir.Value, failures: Failures) -> ir.Value:
    return value if isinstance(value.type(), dt.Null) else failures.cast(value, FLOAT)


def _any_float(*values: ir.Value) -> bool:
    return any(isinstance(value.type(), dt.Floating) for value in values)


def _reciprocal(divisor: Decimal) -> ir.Value | None:
    numerator, denominator = divisor.as_integer_ratio()
    rest = abs(numerator)
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        return None
    reciprocal = Decimal(denominator) / Decimal(numerator)
    if Fraction(reciprocal) * numerator != denominator or places(reciprocal) > PRODUCT_PLACES:
        return None
    return exact_decimal(reciprocal)
