"""Where transformations hold, over all cells; and how often they would hold by chance."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import ibis
import ibis.expr.datatypes as dt

from greenai.attribution.board import Board
from greenai.attribution.cells import CELL, Cells
from greenai.attribution.contrast import Paired, as_cells
from greenai.attribution.transformations.base import Transformation
from greenai.comparison.columns import side_name
from greenai.engines.functions import call
from greenai.fields.plan import CONTEXT

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from greenai.engines.base import Engine

LEAST_HITS = 6
"""Cells that a transformation must explain to be looked at."""
UNRELATED = 4_000
"""Cells whose values are paired with values of other records, each with about `PARTNERS`."""
PARTNERS = 5
DRAW = "greenai:draw"


@dataclass(frozen=True, slots=True)
class Judged:
    """The cells with one boolean column ``t<number>`` for each transformation that explains enough."""

    table: ir.Table
    transformations: tuple[Transformation, ...]

    @property
    def flags(self) -> tuple[str, ...]:
        """The names of the boolean columns."""
        return tuple(f"t{number}" for number in range(len(self.transformations)))


def judge(
    engine: Engine,
    cells: Cells,
    transformations: Sequence[Transformation],
    *,
    least: int = LEAST_HITS,
    among: ir.Table | None = None,
) -> list[Transformation]:
    """The transformations that hold on at least `least` cells (of `among`: on these), most hits first."""
    if not transformations:
        return []
    rows = cells.table if among is None else among
    flagged = rows.select(**{f"t{n}": one.holds(rows) for n, one in enumerate(transformations)})
    counts = engine.row(flagged.aggregate(**{name: flagged[name].sum() for name in flagged.columns}))
    hits = [(int(counts[f"t{n}"] or 0), n) for n in range(len(transformations))]
    ranked = sorted((pair for pair in hits if pair[0] >= least), key=lambda pair: (-pair[0], pair[1]))
    return [transformations[n] for _, n in ranked]


def flagged(engine: Engine, cells: Cells, transformations: Sequence[Transformation]) -> Judged:
    """The cells' numbers, keys, values and context with a boolean column for each transformation."""
    rows = cells.table
    kept = [name for name in rows.columns if name in (CELL, "a", "b", "raw_a", "raw_b")]
    kept += [name for name in rows.columns if name.startswith(("key:", CONTEXT))]
    flags = {f"t{number}": one.holds(rows) for number, one in enumerate(transformations)}
    return Judged(engine.materialise(rows.select(*kept, **flags)), tuple(transformations))


def contradictions(rows: ir.Table, transformations: Sequence[Transformation]) -> dict[str, ir.BooleanValue]:
    """For `rows` in the shape of cells whose sides agree: where each transformation says otherwise."""
    return {f"t{number}": contradicts(one, rows) for number, one in enumerate(transformations)}


def contradicts(one: Transformation, rows: ir.Table) -> ir.BooleanValue:
    """Whether the transformation speaks of a row, and not of what is there."""
    if one.family == "typo":
        # What is mistyped differs; looking for it in equal texts would be the dearest part of all.
        mistyped: ir.BooleanValue = rows["a"].notnull()
        return mistyped
    verdict: ir.BooleanValue = one.speaks(rows) & ~one.holds(rows)
    return verdict


def chances(
    engine: Engine, cells: Cells, paired: Paired, transformations: Sequence[Transformation]
) -> list[float]:
    """How often each transformation holds between a cell's a and the value of some other record.

    Only values that differ are counted, for cells differ. At least one in as many pairs as were tried.
    """
    if not transformations:
        return []
    table = cells.table
    draw = call("hash", dt.uint64, table[CELL], 1)
    left = table.mutate(**{DRAW: draw}).order_by(DRAW).limit(UNRELATED)
    left = left.drop("b", "raw_b").mutate(place=ibis.row_number().over(order_by=DRAW)).drop(DRAW)
    sample = paired.sample
    keys = [sample[name] for name in sample.columns if name.startswith("key:")]
    value = sample[side_name("a", cells.field)]
    right = sample.select(b=value, **{DRAW: call("hash", dt.uint64, *keys)}).order_by(DRAW)
    right = right.limit(PARTNERS * UNRELATED)
    size = min(UNRELATED, cells.count)
    place = ibis.row_number().over(order_by=DRAW) % size
    right = right.limit(PARTNERS * size).mutate(place=place).drop(DRAW)
    pairs = left.inner_join(right, "place").drop("place").mutate(raw_b=ibis.null("string"))
    pairs = engine.materialise(pairs.filter(~pairs["a"].identical_to(pairs["b"])))
    try:
        flags = {f"t{n}": one.holds(pairs) for n, one in enumerate(transformations)}
        rows = pairs.select(**flags)
        sums = {name: rows[name].sum() for name in flags}
        counted = engine.row(rows.aggregate(pairs=rows.count(), **sums))
    finally:
        engine.drop(pairs)
    tried = int(counted["pairs"])
    return [(int(counted[f"t{n}"] or 0) + 1) / (tried + 2) for n in range(len(transformations))]


def value_bits(engine: Engine, cells: Cells) -> float:
    """Bits that a value of b costs without a rule: its entropy among some of the cells, at least one bit."""
    table = cells.table
    some = table.order_by(call("hash", dt.uint64, table[CELL], 2)).limit(UNRELATED)
    counted = some.group_by(value=ibis.coalesce(some["raw_b"], some["b"].cast("string"))).aggregate(
        n=some.count()
    )
    counts = [int(n) for _, n in engine.rows(counted)]
    total = sum(counts)
    return max(1.0, -sum(n / total * math.log2(n / total) for n in counts)) if total else 1.0


def contradicted(
    engine: Engine, paired: Paired, board: Board, field: str, transformations: Sequence[Transformation]
) -> tuple[int, ...]:
    """The rows of the sample that contradict each transformation, as bitmaps of its `board`."""
    if not transformations:
        return ()
    rows = as_cells(paired.sample, field)
    flags = contradictions(rows, transformations)
    data = engine.arrow(rows.select(CELL, **flags).order_by(CELL))
    return tuple(board.bits(data[name]) for name in flags)
