"""Proposals judged on every cell as the engine of causes judges them, with counts for tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from greenai.attribution.cells import CELL, Cells
from greenai.attribution.judging import flagged, judge

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from greenai.attribution.transformations.base import Transformation
    from greenai.engines.base import Engine


@dataclass(frozen=True, slots=True)
class Verified:
    """Transformations that hold on some cells, most first: `table` has ``cell`` and their ``t<place>``."""

    table: ir.Table
    transformations: tuple[Transformation, ...]
    counts: tuple[int, ...]


def verify(
    engine: Engine, cells: Cells, transformations: Sequence[Transformation], *, least: int = 3
) -> Verified:
    """What survives of `transformations`, and on how many cells each holds."""
    survivors = judge(engine, cells, transformations, least=least)
    judged = flagged(engine, cells, survivors)
    table = judged.table.select(CELL, *judged.flags)
    if not survivors:
        return Verified(table, (), ())
    counts = engine.row(table.aggregate(**{name: table[name].sum().fill_null(0) for name in judged.flags}))
    return Verified(table, judged.transformations, tuple(int(counts[name]) for name in judged.flags))
