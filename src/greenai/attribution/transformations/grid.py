"""Numbers of a sample in their smallest unit, and the simplest decimal between two bounds."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

FLOAT_PLACES: Final = 9


def places_of(values: Iterable[Any], scale: int | None) -> int:
    """The decimal places of a column: its type's, or for floats the most that any value is written with."""
    if scale is not None:
        return scale
    return max((_places(value) for value in values if value is not None), default=0)


def units(values: Sequence[Any], places: int) -> list[int | None]:
    """The values in units of the last of `places` decimal places; None for null and for what is no number."""
    if all(value is None or type(value) is int for value in values):
        one = 10**places
        return [None if value is None else value * one for value in values]
    return [_units(value, places) for value in values]


def _units(value: Any, places: int) -> int | None:
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return None
    if isinstance(value, Decimal):
        # A decimal of the column's own scale, as the engine gives them, need not be taken to pieces.
        whole, _, rest = str(value).partition(".")
        if len(rest) == places and (whole + rest).lstrip("-").isdecimal():
            return int(whole + rest)
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    sign, digits, exponent = number.as_tuple()
    magnitude = int("".join(map(str, digits)))
    shift = int(exponent) + places
    if shift >= 0:
        magnitude *= int(10**shift)
    else:
        magnitude = (magnitude + int(10**-shift) // 2) // int(10**-shift)
    return -magnitude if sign else magnitude


def _places(value: float) -> int:
    if not math.isfinite(value):
        return 0
    return min(max(-int(Decimal(repr(value)).as_tuple().exponent), 0), FLOAT_PLACES)


def half_up(numerator: int, denominator: int) -> int:
    """A quotient rounded half away from zero; the denominator is above zero."""
    if numerator < 0:
        return -((-2 * numerator + denominator) // (2 * denominator))
    return (2 * numerator + denominator) // (2 * denominator)


def half_even(numerator: int, denominator: int) -> int:
    """A quotient rounded half to even; the denominator is above zero."""
    whole, rest = divmod(numerator, denominator)
    return whole + (2 * rest > denominator or (2 * rest == denominator and whole % 2 == 1))


def down(numerator: int, denominator: int) -> int:
    """A quotient cut towards zero; the denominator is above zero."""
    return -(-numerator // denominator) if numerator < 0 else numerator // denominator


ROUNDINGS: Final = {"half_up": half_up, "half_even": half_even, "down": down}


def simplest(low: Fraction, high: Fraction, most: int) -> Decimal | None:
    """The decimal with the fewest places in [low, high], None where it needs more than `most`."""
    one = 1
    for places in range(most + 1):
        first = -(-(low.numerator * one) // low.denominator)
        if first * high.denominator <= high.numerator * one:
            last = high.numerator * one // high.denominator
            return Decimal((first + last) // 2).scaleb(-places)
        one *= 10
    return None
