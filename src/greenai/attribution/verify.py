"""Proposals judged on every cell, in one statement of the engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from greenai.attribution.cells import CELL, Cells

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from greenai.attribution.transformations.base import Transformation
    from greenai.engines.base import Engine

LEAST: Final = 3
"""Cells that a transformation must explain to survive."""


@dataclass(frozen=True, slots=True)
class Verified:
    """The transformations that hold somewhere, and where.

    `table` has ``cell`` and for the transformation at place i the boolean column ``t<i>``, never null.
    `counts` are the cells where each holds.
    """

    table: ir.Table
    transformations: tuple[Transformation, ...]
    counts: tuple[int, ...]

    def column(self, at: int) -> ir.BooleanColumn:
        """Where the transformation at a place holds."""
        found: ir.BooleanColumn = self.table[flag(at)]
        return found


def flag(at: int) -> str:
    """The column of the transformation at a place."""
    return f"t{at}"


def verify(
    engine: Engine, cells: Cells, transformations: Sequence[Transformation], *, least: int = LEAST
) -> Verified:
    """Judge transformations on all cells; those that hold in fewer than `least` are dropped.

    Each is computed once: their columns are materialised, counted, and the survivors put in order of
    their counts (as given where equal).
    """
    table = cells.table
    flags = {flag(at): one.holds(table) for at, one in enumerate(transformations)}
    judged = engine.materialise(table.select(CELL, **flags))
    if not flags:
        return Verified(judged, (), ())
    counts = engine.row(judged.aggregate(**{name: judged[name].sum().fill_null(0) for name in flags}))
    held = [int(counts[flag(at)]) for at in range(len(transformations))]
    order = sorted((at for at, count in enumerate(held) if count >= least), key=lambda at: (-held[at], at))
    survivors = judged.select(CELL, **{flag(to): judged[flag(at)] for to, at in enumerate(order)})
    return Verified(
        engine.define(survivors),
        tuple(transformations[at] for at in order),
        tuple(held[at] for at in order),
    )
