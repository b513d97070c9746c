"""What the search for causes knows of breaks that it leaves: what was expected, and what was refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import ibis

from greenai.attribution.cells import CELL
from greenai.attribution.fields import FieldRule, FieldRules, vague
from greenai.attribution.transformations.base import Mirrored
from greenai.comparison.breaks import break_id
from greenai.comparison.columns import key_name
from greenai.engines.functions import all_of
from greenai.fields.render import json_key, render

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from greenai.engines.base import Engine

LONGEST = 38
"""Digits of the longest decimals, whose differences may be longer than any decimal."""
UNSETTLED = frozenset({"lag", "typo"})
"""Families that say nothing of one row alone, or not what its value should be."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The transformation that holds for most of what no rule of a field explains, though it is no cause.

    `hits` of `left` differences; there may be fewer in any scope that was looked at.
    """

    expression: str
    hits: int
    left: int


def refused(engine: Engine, found: FieldRules) -> Refused | None:
    """The best that was tried for what is left, None where nothing holds for several."""
    table = found.judged.table
    used = {rule.flag for rule in found.rules}
    tried = [
        (flag, one)
        for flag, one in zip(found.judged.flags, found.judged.transformations, strict=True)
        if flag not in used and not vague(one) and one.family not in UNSETTLED
    ]
    if not tried:
        return None
    unexplained = [~(table[rule.flag] & rule.scope.holds(table)) for rule in found.rules]
    rest = table.filter(all_of(unexplained)) if unexplained else table
    sums = {flag: rest[flag].sum() for flag, _ in tried}
    counts = engine.row(rest.aggregate(left=rest.count(), **sums))
    flag, best = max(tried, key=lambda pair: int(counts[pair[0]] or 0))
    hits = int(counts[flag] or 0)
    return Refused(best.describe(), hits, int(counts["left"])) if hits > 1 else None


def expected(engine: Engine, found: FieldRules, odd: ir.Table) -> ir.Table | None:
    """What a rule says that the other value should be, for its exceptions: break_id, ``expected``, ``off``.

    `odd` are the exceptions by ``cell`` and ``rule``, its place. None where no rule says so.
    """
    settled = {place: rule for place, rule in enumerate(found.rules) if says(rule)}
    if not settled:
        return None
    cells = found.cells
    rows = cells.table.inner_join(odd.select(CELL, "rule"), CELL)
    kind = cells.table["b"].type()
    said = {place: rule.transformation.apply(rows).try_cast(kind) for place, rule in settled.items()}
    values = [(rows["rule"] == place, render(value)) for place, value in said.items()]
    off = [(rows["rule"] == place, distance(rows["b"], value)) for place, value in said.items()]
    key = json_key([rows[key_name(name)] for name in cells.key])
    told = rows.select(
        break_id=break_id(key, "value", cells.field),
        expected=ibis.cases(*values),
        off=ibis.cases(*off),
    )
    return engine.materialise(told.filter(told["expected"].notnull()))


def distance(value: ir.Value, wanted: ir.Value) -> ir.StringValue:
    """How far a number is from another, as text without a sign; null for what is no number, or too long."""
    kind = value.type()
    if kind.is_integer():
        left, right = (one.cast("decimal(37, 0)") for one in (value, wanted))
    elif kind.is_decimal() and (kind.precision or LONGEST) < LONGEST:
        left, right = value, wanted
    else:
        return ibis.null("string")
    return render((left - right).abs())


def says(rule: FieldRule) -> bool:
    """Whether a rule says of a row alone what b should be."""
    one = rule.transformation
    return not isinstance(one, Mirrored) and one.family not in UNSETTLED
