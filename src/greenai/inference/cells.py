"""A side's paired columns as they will be compared: parsed, cast, null where null."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from greenai.fields.casts import cast
from greenai.fields.normalise import normalise
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
    return table.select([_cell(side, table, pair).name(pair.name) for pair in pairs])


def _cell(side: Samples, table: ir.Table, pair: Pair) -> ir.Value:
    cell = table[pair.column(side.side)]
    if side.source.text and side.null_values:
        cell = cell.isin(side.null_values).ifelse(None, cell)
    return cast(normalise(cell, pair.steps(side.side)).value, pair.type).value
