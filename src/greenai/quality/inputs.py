"""Checks that see the whole input: freshness, row_count."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, localcontext
from typing import TYPE_CHECKING

import ibis

from greenai.definition.checks import Freshness, RowCount
from greenai.definition.fingerprint import plain_number
from greenai.quality.failures import WHOLE_INPUT, Judged, each
from greenai.quality.rules import Rule

if TYPE_CHECKING:
    import ibis.expr.types as ir

ROWS = "rows"


def input_failures(
    candidates: ir.Table, rules: Sequence[Rule], *, business_date: date, last_rows: int | None
) -> ir.Table:
    """At most one failure per rule, with the key ``[]``.

    `last_rows` is the number of rows of the last published run; None: there is none, and nothing to
    be a share of.
    """
    newest = {
        f"newest:{rule.check.field}": candidates[rule.check.field].max().cast("date")
        for rule in rules
        if isinstance(rule.check, Freshness)
    }
    seen = candidates.aggregate(**{ROWS: candidates.count()}, **newest)
    judged = [
        _fresh(rule, rule.check, seen, business_date)
        if isinstance(rule.check, Freshness)
        else _counted(rule, seen[ROWS], last_rows)
        for rule in rules
    ]
    return each(seen, ibis.literal(WHOLE_INPUT), judged)


def _fresh(rule: Rule, check: Freshness, seen: ir.Table, business_date: date) -> Judged:
    newest = seen[f"newest:{check.field}"]
    oldest = ibis.literal(_days_before(business_date, check.days))
    old = ibis.literal(f"the newest {check.field} is ") + newest.cast("string")
    days = "1 day" if check.days == 1 else f"{check.days} days"
    said = ibis.coalesce(old + f", more than {days} before {business_date}", f"no row has a {check.field}")
    # Where nothing has a date, nothing is new.
    return Judged(rule, newest.isnull() | (newest < oldest), said)


def _counted(rule: Rule, rows: ir.IntegerValue, last_rows: int | None) -> Judged:
    assert isinstance(rule.check, RowCount)
    check = rule.check
    limits: list[tuple[ir.BooleanValue, str]] = []
    if check.min is not None:
        limits.append((rows < check.min, f" rows, fewer than {check.min}"))
    if check.max is not None:
        limits.append((rows > check.max, f" rows, more than {check.max}"))
    if check.within is not None and last_rows is not None:
        least, most = _around(last_rows, check.within)
        share = plain_number(check.within * 100)
        away = f" rows, more than {share} % away from the {last_rows} of the last run"
        limits.append(((rows < least) | (rows > most), away))
    fails: ir.BooleanValue = ibis.literal(False)
    for condition, _ in limits:
        fails = fails | condition
    text = rows.cast("string")
    return Judged(rule, fails, text + ibis.cases(*limits, else_=" rows") if limits else text)


def _around(last_rows: int, within: Decimal) -> tuple[int, int]:
    """The fewest and the most rows that are at most a share away, both inclusive."""
    with localcontext(prec=200):
        away = last_rows * within
        least = (last_rows - away).to_integral_value(ROUND_CEILING)
        most = (last_rows + away).to_integral_value(ROUND_FLOOR)
    return max(int(least), 0), min(int(most), 2**63 - 1)


def _days_before(day: date, days: int) -> date:
    """The day so many days earlier, the first of all days where the calendar ends."""
    return day - timedelta(days=min(days, (day - date.min).days))
