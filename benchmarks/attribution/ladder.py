"""Rules on records that they were not found on: the half held out, the next day, and another world.

*Within the batch*: the half of the cells that the miner does not look at. *Time-forward*: rules found on the
first half of a world's trades, in the order of their keys, are tried on the second half, unseen until
then. *World-disjoint*: they are tried on trades of another seed, whose causes lie in other slices.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import ibis

from benchmarks.attribution.mining import compared, fields_of
from greenai.attribution.causes import Mined, mine
from greenai.attribution.cells import CELL, Cells
from greenai.attribution.contrast import Paired, as_cells, sampled
from greenai.attribution.documents import load
from greenai.attribution.fields import is_seen
from greenai.attribution.judging import contradicts
from greenai.engines.duckdb import DuckDBEngine
from greenai.simulation.trades import simulate_trades


@dataclass(slots=True)
class Tried:
    """What rules did on records: of the differences in their scopes how many are exactly what they say.

    `against` are agreeing records of which a rule says otherwise; `breaks` all differences of the fields.
    """

    explained: int = 0
    inside: int = 0
    against: int = 0
    breaks: int = 0

    @property
    def exact(self) -> float:
        """The share of the records in scope for which the rule says just what is there."""
        return self.explained / max(1, self.inside + self.against)


def ladder(rows: int, seed: int, folder: Path) -> list[dict[str, Any]]:
    """The three rungs for one seed; `rows` are those of one day."""
    worlds = [
        simulate_trades(rows=2 * rows, seed=one, out=folder / f"ladder-{one}")
        for one in (seed, seed + 50_000)
    ]
    rungs = []
    with DuckDBEngine(threads=2) as engine:
        sides, comparison = compared(engine, Path(worlds[0].definition))
        cells, around = fields_of(engine, sides, comparison)
        ordered = around.table.select("key:trade_id").order_by("key:trade_id")
        middle = engine.rows(ordered.limit(1, offset=around.count // 2))[0][0]
        one, two = (split(engine, cells, around, middle, first=first) for first in (True, False))
        found = mine(engine, one[0], one[1])
        unseen = [
            replace(part, table=engine.materialise(part.table.filter(~is_seen(part.table[CELL]))))
            for part in one[0]
        ]
        rungs.append(told("held-out half of the batch", seed, tried(engine, found, unseen, None), found))
        rungs.append(told("the next day's records", seed, tried(engine, found, two[0], two[1]), found))
        other_sides, other = compared(engine, Path(worlds[1].definition))
        foreign, beside = fields_of(engine, other_sides, other)
        rungs.append(told("another world", seed, tried(engine, found, foreign, beside), found))
    return rungs


def split(
    engine: DuckDBEngine, cells: Sequence[Cells], around: Paired, middle: str, *, first: bool
) -> tuple[list[Cells], Paired]:
    """The records whose key is below the middle, or the others."""

    def part(table: Any) -> Any:
        below = table["key:trade_id"] <= middle
        return table.filter(below if first else ~below)

    halves = []
    for one in cells:
        table = part(one.table)
        number = ibis.row_number().over(order_by=CELL).cast("int64")
        made = engine.materialise(table.mutate(**{CELL: number}))
        halves.append(replace(one, table=made, count=engine.count(made)))
    return halves, sampled(engine, engine.materialise(part(around.table)))


def tried(engine: DuckDBEngine, found: Mined, cells: Sequence[Cells], around: Paired | None) -> Tried:
    """Rules on other cells and, where they are given, on the agreeing rows around them."""
    result = Tried()
    by_field = {one.field: one for one in cells}
    for one in cells:
        result.breaks += engine.count(one.table)
    for cause in found.causes:
        recipe = load(cause.document)
        rule, target = recipe.transformation, by_field.get(cause.field or "")
        if (
            rule is None
            or target is None
            or rule.family == "typo"
            or (around is None and rule.family == "lag")
        ):
            # A typing error is no computation; and half of the cells lack the neighbours of what is lagged.
            continue
        table = target.table
        judged = table.select(inside=recipe.scope.holds(table), held=rule.holds(table))
        held = engine.rows(judged.filter("inside").select("held"))
        result.inside += len(held)
        result.explained += sum(one for (one,) in held)
        if around is not None and rule.family != "lag":
            keys = [name for name in table.columns if name.startswith("key:")]
            equal = as_cells(around.table, target.field).anti_join(table, keys)
            result.against += engine.count(equal.filter(recipe.scope.holds(equal) & contradicts(rule, equal)))
    return result


def told(rung: str, seed: int, result: Tried, found: Mined) -> dict[str, Any]:
    """One rung as it is stored."""
    return {
        "rung": rung,
        "seed": seed,
        "rules": len(found.causes),
        "breaks": result.breaks,
        "inside": result.inside,
        "against": result.against,
        "explained": result.explained,
        "exact": result.exact,
    }
