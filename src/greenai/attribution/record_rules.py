"""Approved rules about whole records: a kind of break in a scope has a known reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from greenai.attribution.contrast import Paired
from greenai.attribution.predicates import EVERYWHERE, Predicate
from greenai.attribution.reasons import DEFAULT_REASONS
from greenai.attribution.record_causes import Records, numbered, side_rows, tell
from greenai.attribution.rules import CERTAIN, Loaded, Outcome, approved
from greenai.comparison.columns import ORDINAL, key_name
from greenai.domain.rules import Measure, Suspension
from greenai.engines.functions import any_of

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from greenai.engines.base import Engine


def record_rules(engine: Engine, records: Records, rules: Sequence[Loaded]) -> Outcome:
    """Apply the rules about breaks of one kind, those with the most conditions first.

    A rule without a scope speaks of what the others leave. One out of its range explains nothing.
    """
    table = numbered(engine, records)
    rows = engine.define(side_rows(records))
    suspended: list[Suspension] = []
    allowed: list[Loaded] = []
    for one in sorted(rules, key=lambda one: (-len(one.recipe.scope.conditions), one.rule.rule_id)):
        scope = one.recipe.scope
        if lacking := sorted(scope.columns - set(records.context)):
            why = f"there is no column {', '.join(lacking)} to tell its scope"
            suspended.append(Suspension(one.rule, why, None))
            continue
        measure = standing(engine, table, rows, scope, [other.recipe.scope for other in allowed])
        refused = one.rule.range.refuses(measure)
        if refused is not None:
            suspended.append(Suspension(one.rule, refused, measure))
        else:
            allowed.append(one)
    if not allowed:
        engine.drop(table)
        return Outcome(suspended=tuple(suspended))
    scopes = [one.recipe.scope for one in allowed]
    explained = engine.materialise(table.filter(any_of([scope.holds(table) for scope in scopes])))
    engine.drop(table)
    base = Paired(rows, engine.count(rows), rows, 0)
    sliced = [(scope, CERTAIN, ()) for scope in scopes if scope != EVERYWHERE]
    causes, links = tell(engine, records, explained, base, sliced, DEFAULT_REASONS)
    applied = tuple(one.rule for one in allowed)
    return Outcome(approved(causes, applied), links, explained, applied, tuple(suspended))


def standing(
    engine: Engine, table: ir.Table, rows: ir.Table, scope: Predicate, earlier: Sequence[Predicate]
) -> Measure:
    """How a scope stands: its records, and those of them that are not broken."""
    if scope == EVERYWHERE:
        others = [other.holds(table) for other in earlier]
        rest = table.filter(~any_of(others)) if others else table
        return Measure(engine.count(rest), 0)
    broken = int(engine.row(table.aggregate(n=table.count(where=scope.holds(table))))["n"])
    size = max(broken, int(engine.row(rows.aggregate(n=rows.count(where=scope.holds(rows))))["n"]))
    return Measure(size, size - broken)


def without(records: Records, explained: ir.Table) -> Records:
    """The records that no rule explains."""
    broken = records.broken
    same: list[ir.BooleanValue] = [broken[name] == explained[key_name(name)] for name in records.key]
    if ORDINAL in broken.columns:
        same.append(broken[ORDINAL].cast("int64") == explained[ORDINAL])
    rows = records.rows
    if records.kind.startswith("only"):
        gone = [rows[name] == explained[key_name(name)] for name in records.key]
        rows = rows.anti_join(explained, gone)
    return Records(records.kind, broken.anti_join(explained, same), rows, records.key)
