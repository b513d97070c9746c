"""A side's paired columns as they will be compared: parsed, cast, null where null."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from greenai.fields.plan import FieldPlan, SidePlan
from greenai.fields.prepare import prepare
from greenai.inference.key_columns import KeySide
from greenai.inference.model import Pair
from greenai.inference.samples import Samples

if TYPE_CHECKING:
    import ibis.expr.types as ir


def key_side(side: Samples, pairs: Sequence[Pair]) -> KeySide:
    """A side for the search of a key."""
    every = compared(side, side.source.table, pairs) if side.source.rescannable else None
    sample = side.engine.materialise(compared(side, side.table, pairs))
    return KeySide(side.side, sample, every, side.complete)


def compared(side: Samples, table: ir.Table, pairs: Sequence[Pair]) -> ir.Table:
    """One column per pair, named by it and of its type; a cell that does not read as it is null."""
    fields = tuple(
        FieldPlan(
            pair.name,
            pair.type,
            column=pair.column(side.side),
            steps=pair.steps(side.side),
            null_values=side.null_values,
        )
        for pair in pairs
    )
    prepared = prepare(table, SidePlan(side.source.name, fields, key=()), text=side.source.text)
    return prepared.select([prepared[pair.name] for pair in pairs])
