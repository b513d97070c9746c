"""Comparing two values of a field: identical, within tolerance, or different.

Only rows whose fingerprints differ come here, so tolerances cost nothing on equal rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_FLOOR, Context, Decimal
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING

import ibis
import ibis.expr.datatypes as dt

from greenai.comparison.columns import side_name
from greenai.definition.model import Compare
from greenai.engines.functions import call, similarity
from greenai.fields.plan import raw_name

if TYPE_CHECKING:
    import ibis.expr.types as ir

FLOAT_ERROR = 2.0**-52
"""Spacing of doubles at 1: what two floats may be apart only because they are floats."""
MAX_DIGITS = 38
HALF = 19
"""Digits of half a decimal: two such numbers have a product of `MAX_DIGITS`."""
PART_PLACES = HALF - 1
"""Decimal places of the limits that are multiplied in parts: below 2, they have `HALF` digits then."""
UNSURE = 1e-12
"""As a share of the values: how near to the limit doubles, with errors below 1e-15, do not decide."""
WIDE = Context(prec=200)
"""Arithmetic on limits, which may have any number of digits."""
LONGEST_GAP = 2**63 - 1
"""The largest number of days or microseconds that can be compared with; no two dates are further apart."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Two boolean columns over pairs; never both true, null never occurs."""

    different: ir.BooleanValue
    within: ir.BooleanValue


def judge(pairs: ir.Table, field: str, rule: Compare, *, invalid_differs: bool) -> Verdict:
    """Compare one field of every pair by its rule.

    Null equals null and differs from everything else. A cell that could not be cast is compared by
    its text; with `invalid_differs` it differs from everything, itself included.
    """
    a, b = pairs[side_name("a", field)], pairs[side_name("b", field)]
    identical = a.identical_to(b)
    readable: ir.BooleanValue = ibis.literal(True)
    raw = raw_name(field)
    if side_name("a", raw) in pairs.columns:
        raw_a, raw_b = pairs[side_name("a", raw)], pairs[side_name("b", raw)]
        readable = raw_a.isnull() & raw_b.isnull()
        identical = identical & (readable if invalid_differs else raw_a.identical_to(raw_b))
    tolerated = tolerance(a, b, rule)
    if tolerated is None:
        return Verdict(~identical, ibis.literal(False))
    within = (~identical & readable & tolerated).fill_null(False)
    return Verdict(~identical & ~within, within)


def tolerance(a: ir.Value, b: ir.Value, rule: Compare) -> ir.BooleanValue | None:
    """Whether two unequal values are near enough, null where either is null; None without tolerance."""
    judged = []
    if rule.absolute is not None or rule.relative is not None:
        judged.append(near(a, b, rule.absolute, rule.relative))
    if rule.days is not None and isinstance(a.type(), dt.Date):
        judged.append(a.delta(b, unit="day").abs() <= min(rule.days, LONGEST_GAP))
    elif rule.days is not None:
        judged.append(apart(a, b) <= min(rule.days * 86_400_000_000, LONGEST_GAP))
    if rule.seconds is not None:
        judged.append(apart(a, b) <= min(int(rule.seconds * 1_000_000), LONGEST_GAP))
    if rule.ignore_case:
        judged.append(a.lower() == b.lower())
    if rule.similarity is not None:
        folded = (a.lower(), b.lower()) if rule.ignore_case else (a, b)
        judged.append(similarity(*folded) >= rule.similarity)
    return reduce(or_, judged) if judged else None


def near(
    a: ir.NumericValue, b: ir.NumericValue, absolute: Decimal | None, relative: Decimal | None
) -> ir.BooleanValue:
    """Numbers at most `absolute`, or `relative` times the larger absolute value, apart (inclusive).

    Integers and decimals are subtracted exactly. Two floats may in addition be apart by their own
    rounding error, so that 1.01 is within 0.01 of 1.00.
    """
    if a.type().is_floating():
        size = ibis.greatest(a.abs(), b.abs())
        gap = (a - b).abs() - 2 * FLOAT_ERROR * size
        finite = reduce(and_, [~side.isnan() & ~side.isinf() for side in (a, b)])
        limits = []
        if absolute is not None:
            limits.append(gap <= float(absolute))
        if relative is not None:
            limits.append(gap <= float(relative) * size)
        return finite & reduce(or_, limits)
    a, b = widened(a), widened(b)
    limits = []
    if absolute is not None:
        limits.append(within_absolute(a, b, absolute))
    if relative is not None:
        limits.append(within_relative(a, b, relative))
    return reduce(or_, limits)


def within_absolute(a: ir.NumericValue, b: ir.NumericValue, limit: Decimal) -> ir.BooleanValue:
    """Whether two decimals of one type are at most `limit` apart, without overflow at 38 digits."""
    kind = a.type()
    precision, scale = kind.precision, kind.scale
    # Differences lie on the grid of the type, so a finer limit says as much as the grid point below it.
    steps = int((limit.scaleb(scale, WIDE)).to_integral_value(ROUND_FLOOR))
    if steps >= 10**precision:
        return a.notnull() & b.notnull()
    room = ibis.literal(Decimal(steps).scaleb(-scale, WIDE), kind)
    near_enough = (a - b).abs() <= room
    if precision < MAX_DIGITS:
        return near_enough
    # With unlike signs the difference may need a 39th digit, but not if both are within the limit.
    apart = (a.abs() <= room).ifelse(b.abs() <= room - ibis.least(a.abs(), room), False)
    return ((a >= 0) == (b >= 0)).ifelse(near_enough, apart)


def within_relative(a: ir.NumericValue, b: ir.NumericValue, limit: Decimal) -> ir.BooleanValue:
    """Whether two decimals of one type are at most `limit` times the larger absolute value apart.

    Exact: by one product where that has room in 38 digits, else by `beyond_38_digits`.
    """
    kind = a.type()
    size = ibis.greatest(a.abs(), b.abs())
    places = max(0, -int(Decimal(f"{limit:f}").as_tuple().exponent))
    # Digits before the point that a value may have, for its product and its difference to fit.
    room = MAX_DIGITS - 1 - digits(limit) - kind.scale
    if room < 1 or kind.scale + places > MAX_DIGITS:
        return beyond_38_digits(a, b, limit)
    gap = (a - b).abs().cast(dt.Decimal(MAX_DIGITS, kind.scale + places))
    narrow = size.cast(dt.Decimal(MAX_DIGITS - digits(limit), kind.scale))
    exactly = gap <= product(narrow, exact(limit))
    if kind.precision - kind.scale <= room:
        return exactly
    return (size < ibis.literal(Decimal(10**room), kind)).ifelse(exactly, beyond_38_digits(a, b, limit))


def beyond_38_digits(a: ir.NumericValue, b: ir.NumericValue, limit: Decimal) -> ir.BooleanValue:
    """`within_relative` where the product of value and limit may have more than 38 digits.

    Doubles decide what is not close; what is within 1e-12 of the limit is multiplied in two parts.
    A limit of more than 18 decimal places, finer than doubles tell apart, is judged as a double.
    """
    size = ibis.greatest(a.abs(), b.abs())
    doubles = [value.cast("float64") for value in (a, b, size)]
    excess = (doubles[0] - doubles[1]).abs() - doubles[2] * float(limit)
    one = 10**PART_PLACES
    share = limit.scaleb(PART_PLACES, WIDE)
    if share != share.to_integral_value(context=WIDE):
        return excess <= 0
    alike = (a >= 0) == (b >= 0)
    if limit >= 2:
        exactly: ir.BooleanValue = a.notnull() & b.notnull()
    elif limit >= 1:
        # Of unlike signs the gap is the sum, which may need a 39th digit; the smaller value does not.
        smaller = ibis.least(a.abs(), b.abs())
        exactly = alike | at_most(parts(smaller, one), parts(size, int(share) - one))
    else:
        same = at_most(parts((a - b).abs(), one), parts(size, int(share)))
        exactly = alike.ifelse(same, False)
    close = excess.abs() <= UNSURE * doubles[2]
    return close.ifelse(exactly, excess <= 0)


def parts(value: ir.NumericValue, factor: int) -> tuple[ir.NumericValue, ir.NumericValue]:
    """The digits of a decimal, none below zero, times `factor` < 10^19: all but the last 19, and these."""
    high, low = (product(half, exact(Decimal(factor))) for half in halves(value))
    carried, last = halves(low.cast(dt.Decimal(MAX_DIGITS, 0)))
    return high.cast(dt.Decimal(MAX_DIGITS, 0)) + carried, last


def halves(value: ir.NumericValue) -> tuple[ir.NumericValue, ir.NumericValue]:
    """The digits of a decimal, none below zero, as two whole numbers: all but the last 19, and these."""
    # A division of decimals is one of doubles; their texts are exact.
    digits = value.cast("string").replace(".", "").lpad(2 * HALF + 2, "0")
    kind = dt.Decimal(HALF, 0)
    return digits.left(HALF + 2).cast(kind), digits.right(HALF).cast(kind)


def at_most(
    one: tuple[ir.NumericValue, ir.NumericValue], other: tuple[ir.NumericValue, ir.NumericValue]
) -> ir.BooleanValue:
    """Whether a number in two parts is at most another."""
    return (one[0] < other[0]) | ((one[0] == other[0]) & (one[1] <= other[1]))


def widened(value: ir.NumericValue) -> ir.NumericValue:
    """A number as a decimal with room for the difference of two such numbers."""
    kind = value.type()
    if kind.is_integer():
        return value.cast("decimal(20, 0)")
    precision, scale = kind.precision or MAX_DIGITS, kind.scale or 0
    return value.cast(f"decimal({min(precision + 1, MAX_DIGITS)}, {scale})")


def product(left: ir.NumericValue, right: ir.NumericValue) -> ir.NumericValue:
    """Two decimals multiplied exactly; Ibis types this product of unlike scales not at all."""
    one, other = left.type(), right.type()
    return call("multiply", dt.Decimal(one.precision + other.precision, one.scale + other.scale), left, right)


def exact(number: Decimal) -> ir.NumericValue:
    """A decimal literal with just the digits it needs."""
    plain = Decimal(f"{number:f}")
    scale = max(0, -int(plain.as_tuple().exponent))
    return ibis.literal(plain, f"decimal({digits(number)}, {scale})")


def digits(number: Decimal) -> int:
    """How many digits a number has when written out, without leading zeros but the decimal places."""
    plain = Decimal(f"{number:f}").as_tuple()
    return max(len(plain.digits), -int(plain.exponent), 1)


def apart(a: ir.Value, b: ir.Value) -> ir.IntegerValue:
    """Microseconds between two timestamps."""
    return a.delta(b, unit="microsecond").abs()
