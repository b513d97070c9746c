"""How rules stand in their scopes: what they say of all cells, of the rows that agree, and what is left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from greenai.attribution.cells import Cells
from greenai.attribution.contrast import Agreeing, Paired, as_cells
from greenai.attribution.equivalences import EQUIVALENCES
from greenai.attribution.fields import FieldRule, FieldRules
from greenai.attribution.judging import contradicts
from greenai.attribution.predicates import EVERYWHERE, Predicate
from greenai.domain.rules import Measure
from greenai.engines.functions import any_of
from greenai.fields.render import render

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from greenai.engines.base import Engine


def judged_measures(engine: Engine, found: FieldRules, around: Sequence[tuple[int, int]]) -> list[Measure]:
    """How each rule stands in its scope, by the judged cells and what is `around` them."""
    flags = [(rule.scope, found.judged.table[rule.flag]) for rule in found.rules]
    return counted_measures(engine, found.judged.table, flags, around)


def measured(
    engine: Engine, cells: Cells, rules: Sequence[FieldRule], around: Sequence[tuple[int, int]]
) -> list[Measure]:
    """How each rule stands in its scope, computed again for every cell."""
    table = cells.table
    held = table.mutate(**{f"h{n}": rule.transformation.holds(table) for n, rule in enumerate(rules)})
    flags = [(rule.scope, held[f"h{n}"]) for n, rule in enumerate(rules)]
    return counted_measures(engine, held, flags, around)


def counted_measures(
    engine: Engine,
    table: ir.Table,
    flags: Sequence[tuple[Predicate, ir.BooleanValue]],
    around: Sequence[tuple[int, int]],
) -> list[Measure]:
    """`Measure` of scopes and flags of a table of cells, agreeing rows that contradict being exceptions."""
    sums: dict[str, Any] = {}
    for n, (scope, flag) in enumerate(flags):
        inside = scope.holds(table)
        sums[f"cells:{n}"] = table.count(where=inside)
        sums[f"wrong:{n}"] = table.count(where=inside & ~flag)
    counts = engine.row(table.aggregate(**sums))
    return [
        Measure(int(counts[f"cells:{n}"]) + agreeing, int(counts[f"wrong:{n}"]) + agreeing)
        for n, (agreeing, _) in enumerate(around)
    ]


def surroundings(
    engine: Engine, whole: Cells, rules: Sequence[FieldRule], paired: Paired
) -> list[tuple[int, int]]:
    """For each rule the agreeing rows in its scope that contradict it, and those beyond its scope.

    A statement over all rows of a, one over all cells and one over the rows without a partner; the rows of
    the last two are no agreeing ones. Beyond the scope are rows where its first condition holds, with one
    condition all others.
    """
    tables = [as_cells(paired.table, whole.field), whole.table]
    if paired.gone is not None:
        tables.append(as_cells(paired.gone, whole.field))
    sums: list[dict[str, Any]] = [{} for _ in tables]
    for n, rule in enumerate(rules):
        contradicted = counted_alone(rule)
        wide = Predicate(rule.scope.conditions[:1]) if len(rule.scope.conditions) > 1 else EVERYWHERE
        for store, table in zip(sums, tables, strict=True):
            inside = rule.scope.holds(table)
            if contradicted:
                alike = Agreeing(table) if table is whole.table else table
                wrong = contradicts(rule.transformation, alike)
                store[f"inside:{n}"] = table.count(where=inside & wrong)
            else:
                store[f"inside:{n}"] = table.count(where=inside)
            store[f"outside:{n}"] = table.count(where=wide.holds(table) & ~inside)
    over, *under = [engine.row(table.aggregate(**own)) for table, own in zip(tables, sums, strict=True)]

    def number(name: str) -> int:
        return max(0, int(over[name] or 0) - sum(int(less[name] or 0) for less in under))

    return [(number(f"inside:{n}"), number(f"outside:{n}")) for n in range(len(rules))]


def counted_alone(rule: FieldRule) -> bool:
    """Whether a row of its own tells that it contradicts the rule; what is lagged needs its neighbours."""
    return rule.transformation.family != "lag"


def unexplained(
    engine: Engine,
    table: ir.Table,
    scopes: Sequence[Predicate],
    explained: ir.BooleanValue,
) -> list[int]:
    """How many cells of each scope nothing explains: no cause, of which `explained` tells, and no proof."""
    inside = [scope.holds(table) for scope in scopes]
    kept = {f"in:{n}": held for n, held in enumerate(inside)}
    odd = table.filter(any_of(inside) & ~explained).select("a", "b", "raw_a", "raw_b", **kept)
    said = [_text(odd, side) for side in ("a", "b")]
    proven = any_of([one.holds(*said).fill_null(False) for one in EQUIVALENCES])
    rest = odd.filter(~proven)
    counts = engine.row(rest.aggregate(**{name: rest.count(where=rest[name]) for name in kept}))
    return [int(counts[name] or 0) for name in kept]


def _text(cells: ir.Table, side: str) -> ir.StringValue:
    """The values of a side as they are shown."""
    shown: ir.StringValue = cells[f"raw_{side}"].coalesce(render(cells[side]))
    return shown
