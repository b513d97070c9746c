"""Checks that see one row: not_null, range, allowed, pattern. Null satisfies all but the first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, localcontext
from typing import TYPE_CHECKING

import ibis
import ibis.expr.datatypes as dt

from greenai.definition.checks import Allowed, Matches, NotNull, Range
from greenai.engines.functions import regexp_full
from greenai.fields.literals import among, literal
from greenai.fields.render import json_key, render
from greenai.quality.failures import Judged, listed, shown
from greenai.quality.rules import Rule, written

if TYPE_CHECKING:
    import ibis.expr.types as ir

NAMED_VALUES = 10
"""Allowed values that an explanation lists."""


def row_failures(rows: ir.Table, key: Sequence[str], rules: Sequence[Rule]) -> ir.Table:
    """One failure per row and row rule that it breaks."""
    return listed(rows, key_text(rows, key), [judged(rule, rows) for rule in rules])


def key_text(rows: ir.Table, key: Sequence[str]) -> ir.StringValue:
    """The key of a row as breaks show it."""
    return json_key([rows[name] for name in key])


def judged(rule: Rule, rows: ir.Table) -> Judged:
    """One row rule over rows that have its field."""
    match rule.check:
        case NotNull(fields=(name,)):
            return Judged(rule, rows[name].isnull(), ibis.literal(f"{name} is null"))
        case Range():
            return _range(rule, rule.check, rows[rule.check.field])
        case Allowed():
            return _allowed(rule, rule.check, rows[rule.check.field])
        case Matches():
            value, pattern = rows[rule.check.field], rule.check.pattern
            said = ibis.literal(f"{rule.check.field} is ") + shown(value)
            fails = ~regexp_full(render(value), pattern)
            return Judged(rule, fails, said + ibis.literal(f", which does not match {pattern}"))
    raise AssertionError(f"{rule.text} is no row rule")


def _allowed(rule: Rule, check: Allowed, value: ir.Value) -> Judged:
    values = sorted(set(check.values))
    found = among(value, values)
    # A value that the type cannot hold is in no cell.
    fails = value.notnull() if found is None else ~found
    quote = "'" if value.type().is_string() else ""
    names = ", ".join(f"{quote}{one}{quote}" for one in values[:NAMED_VALUES])
    more = f" and {len(values) - NAMED_VALUES} more" if len(values) > NAMED_VALUES else ""
    one_of = f"one of {names}{more}" if len(values) > 1 else names
    said = ibis.literal(f"{check.field} is ") + shown(value) + ibis.literal(f", not {one_of}")
    return Judged(rule, fails, said)


def _range(rule: Rule, check: Range, value: ir.Value) -> Judged:
    said = ibis.literal(f"{check.field} is ") + shown(value)
    reasons: list[tuple[ir.BooleanValue, str]] = []
    if isinstance(value.type(), dt.Floating):
        # The engine sorts NaN above all numbers; it lies between no two.
        reasons.append((value.isnan(), ", which is no number"))
    if check.min is not None:
        word = "less than" if isinstance(check.min, Decimal) else "before"
        reasons.append((_below(value, check.min), f", {word} {written(check.min)}"))
    if check.max is not None:
        word = "more than" if isinstance(check.max, Decimal) else "after"
        reasons.append((_above(value, check.max), f", {word} {written(check.max)}"))
    fails = reasons[0][0]
    for condition, _ in reasons[1:]:
        fails = fails | condition
    return Judged(rule, fails, said + ibis.cases(*reasons, else_=""))


def _below(value: ir.Value, bound: Decimal | date) -> ir.BooleanValue:
    """Whether a value is less than a bound, exactly."""
    if isinstance(bound, Decimal):
        edge = _edge(bound, value.type(), ROUND_CEILING)
        # Beyond what the type can hold: every value is below a bound up there, none below one down here.
        return value < edge if edge is not None else value.notnull() & (bound > 0)
    return _moment(value, bound) < ibis.literal(bound)


def _above(value: ir.Value, bound: Decimal | date) -> ir.BooleanValue:
    """Whether a value is greater than a bound, exactly."""
    if isinstance(bound, Decimal):
        edge = _edge(bound, value.type(), ROUND_FLOOR)
        return value > edge if edge is not None else value.notnull() & (bound < 0)
    return _moment(value, bound) > ibis.literal(bound)


def _edge(bound: Decimal, type: dt.DataType, rounding: str) -> ir.Value | None:
    """The type's own value next to a bound, on the side that counts; None beyond the type's values.

    No decimal(18,2) lies between 0.005 and 0.01, so ``x < 0.005`` asks the same as ``x < 0.01``, without
    a cast of every cell to a type with room for both.
    """
    if isinstance(type, dt.Floating):
        return literal(str(bound), type)
    scale = type.scale or 0 if isinstance(type, dt.Decimal) else 0
    with localcontext(prec=200):
        edge = bound.quantize(Decimal(1).scaleb(-scale), rounding=rounding)
    return literal(f"{edge:f}", type)


def _moment(value: ir.Value, bound: date) -> ir.Value:
    """A date or timestamp as what the bound is: a day includes all its hours."""
    if isinstance(bound, datetime):
        return value.cast(dt.Timestamp(scale=6))
    return value if isinstance(value.type(), dt.Date) else value.date()
