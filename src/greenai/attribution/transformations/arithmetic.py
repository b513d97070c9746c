"""Exact arithmetic on columns: products, quotients and three ways to round, without a float for decimals."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final, Literal

import ibis
import ibis.expr.datatypes as dt

from greenai.attribution.expressions import let
from greenai.comparison.differences import FLOAT_ERROR, MAX_DIGITS, exact, product

if TYPE_CHECKING:
    import ibis.expr.types as ir

Mode = Literal["half_up", "half_even", "down"]
MODES: Final[tuple[Mode, ...]] = ("half_up", "half_even", "down")
FACTOR_DIGITS: Final = 19
"""Digits of a factor that comes from another column: enough for any rate, and room for the other factor."""
FLOAT_PLACES: Final = 9
"""Decimal places of a factor that is a float, so that it can be multiplied exactly."""
QUOTIENT_DIGITS: Final = 18
"""Digits of a quotient: one that has more cannot be proposed by a double."""
ROOM: Final = 1
"""A digit more before the point than a result of b's type has."""


def is_float(value: ir.Value) -> bool:
    """Whether a column holds floats."""
    return bool(value.type().is_floating())


def decimal(value: ir.NumericValue) -> ir.NumericValue:
    """An integer or decimal column as a decimal."""
    kind = value.type()
    if isinstance(kind, dt.Integer):
        return value.cast(dt.Decimal(FACTOR_DIGITS, 0))
    return value.cast(dt.Decimal(18, 3)) if kind.precision is None else value


def factor(value: ir.NumericValue) -> ir.NumericValue:
    """A column as a factor of at most `FACTOR_DIGITS` digits; null where it has more."""
    if is_float(value):
        return value.try_cast(dt.Decimal(FACTOR_DIGITS, FLOAT_PLACES))
    value = decimal(value)
    kind = value.type()
    if kind.precision <= FACTOR_DIGITS:
        return value
    return value.try_cast(dt.Decimal(FACTOR_DIGITS, min(kind.scale, FLOAT_PLACES)))


def times(value: ir.NumericValue, by: ir.NumericValue) -> ir.NumericValue:
    """The exact product of two decimals; null where it needs more than 38 digits."""
    room = MAX_DIGITS - by.type().precision
    # Always as wide as can be: the engine multiplies two of 18 digits in 64 bits, which overflow.
    return product(value.try_cast(dt.Decimal(room, min(value.type().scale, room - 1))), by)


def rounded(value: ir.NumericValue, places: int, mode: Mode) -> ir.NumericValue:
    """A decimal on the grid of `places` decimal places (below zero: of tens, hundreds, ...), exactly."""
    kind = value.type()
    if places >= kind.scale:
        return value
    if mode == "half_up" and places >= 0:
        # The engine's cast of a decimal rounds half away from zero; one digit more for 9.99 to 10.0.
        whole = min(kind.precision - kind.scale + ROOM, MAX_DIGITS - places)
        return value.cast(dt.Decimal(whole + places, places))
    unit = Decimal(1).scaleb(-places)

    def on_grid(wide: ir.NumericValue) -> ir.NumericValue:
        rest = wide % _literal(unit, wide)
        cut = wide - rest
        if mode == "down":
            return cut
        up = cut + (wide < 0).ifelse(_literal(-unit, wide), _literal(unit, wide))
        twice = rest.abs() * 2
        away = twice >= _literal(unit, wide)
        if mode == "half_even":
            odd = (cut % _literal(2 * unit, wide)) != _literal(Decimal(0), wide)
            away = (twice > _literal(unit, wide)) | ((twice == _literal(unit, wide)) & odd)
        return away.ifelse(up, cut)

    room = min(max(kind.precision, kind.scale - places) + 2, MAX_DIGITS)
    return let(value.try_cast(dt.Decimal(room, kind.scale)), on_grid)


def quotient(value: ir.NumericValue, by: ir.NumericValue, places: int) -> ir.NumericValue:
    """`value` / `by` rounded half away from zero to `places`; null where a double is too coarse for it.

    A double proposes, exact products judge it and its neighbours.
    """
    kind = dt.Decimal(min(max(QUOTIENT_DIGITS, places + ROOM), MAX_DIGITS), places)
    unit = exact(Decimal(1).scaleb(-places))
    proposed = (value.cast("float64") / by.cast("float64").nullif(0.0)).try_cast(kind)

    def judged(guess: ir.NumericValue) -> ir.NumericValue:
        candidates = [guess, (guess + unit).cast(kind), (guess - unit).cast(kind)]
        return ibis.cases(*((is_quotient(value, by, one), one) for one in candidates))

    return let(proposed, judged)


def is_quotient(value: ir.NumericValue, by: ir.NumericValue, result: ir.NumericValue) -> ir.BooleanValue:
    """Whether `result` is `value` / `by` rounded half away from zero to the scale of `result`."""
    unit = exact(Decimal(1).scaleb(-result.type().scale))

    def judged(back: ir.NumericValue) -> ir.BooleanValue:
        twice = (back - widened(value, back)).abs() * 2
        one = widened(times(by.abs(), unit), back)
        # On the edge only the result that is further from zero is rounded away from it.
        return (twice < one) | ((twice == one) & (back.abs() > value.abs()))

    scale = max(result.type().scale + by.type().scale, value.type().scale)
    wide = dt.Decimal(MAX_DIGITS, min(scale, MAX_DIGITS - FACTOR_DIGITS))
    return let(times(result, by).try_cast(wide), judged)


def equal(value: ir.NumericValue, b: ir.NumericValue) -> ir.BooleanValue:
    """Whether a number computed on b's grid is b: exactly, and for floats up to their rounding error."""
    if is_float(value) or is_float(b):
        value, b = value.cast("float64"), b.cast("float64")
        return (value - b).abs() <= 4 * FLOAT_ERROR * ibis.greatest(value.abs(), b.abs())
    return value.try_cast(b.type()) == b


def widened(value: ir.NumericValue, like: ir.NumericValue) -> ir.NumericValue:
    """A decimal in the type of another; null where it has too many digits."""
    return value.try_cast(like.type())


def _literal(number: Decimal, like: ir.NumericValue) -> ir.NumericValue:
    return ibis.literal(f"{number:f}").try_cast(like.type())
