"""Columns worth carrying for explanations: on one side only, with few different values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from greenai.inference.model import ContextColumn
from greenai.inference.samples import Samples

if TYPE_CHECKING:
    import ibis.expr.types as ir

FEW = 50
FEW_SHARE = 0.05
"""Different values that a column may have: this share of the sampled rows, or `FEW`."""
REPEATED = 2
"""Rows that a value must have on average, so that it groups anything."""
MOST = 30
_GROUPING = ("string", "integer", "boolean", "date")


def propose_context(
    side: Samples, columns: Sequence[str], others: Sequence[str]
) -> tuple[ContextColumn, ...]:
    """Context among the unpaired `columns` of a side; `others` are all columns of the other side.

    A column of b is written ``b.name`` where a has one of that name.
    """
    columns = [
        name for name in columns[:MOST] if (own := side.own_type(name)) is None or own.kind in _GROUPING
    ]
    if not columns:
        return ()
    table = side.table
    asked: dict[str, ir.Value] = {"rows": table.count()}
    for i, name in enumerate(columns):
        asked[f"distinct{i}"] = table[name].nunique()
    found = side.engine.row(table.aggregate(**asked))
    most = min(max(FEW, FEW_SHARE * found["rows"]), found["rows"] / REPEATED)
    return tuple(
        ContextColumn(f"b.{name}" if side.side == "b" and name in others else name, side.side, name)
        for i, name in enumerate(columns)
        if 1 < found[f"distinct{i}"] <= most
    )
