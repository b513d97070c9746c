"""The differing pairs of one field, as the attribution engine looks at them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import ibis

from greenai.comparison.columns import key_name, key_names, side_name
from greenai.fields.plan import CONTEXT, context_name, raw_name
from greenai.fields.types import field_type_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import ibis.expr.types as ir

    from greenai.comparison.result import Matches
    from greenai.definition.types import FieldType
    from greenai.engines.base import Engine

CELL = "cell"
"""The number of a cell in key order, from 0."""


@dataclass(frozen=True, slots=True)
class Cells:
    """The pairs in which one field differs, as a relation of the engine.

    Columns of `table`: ``cell`` (int64, the row number in key order), ``a`` and ``b`` (typed, equal types),
    ``raw_a`` and ``raw_b`` (the text of a cell that could not be read as the type, else null), ``a:<field>``
    and ``b:<field>`` of the other compared fields, ``key:<field>``, ``context:<name>``.
    """

    table: ir.Table
    field: str
    type: FieldType
    key: tuple[str, ...]
    fields: tuple[str, ...]
    """The other compared fields."""
    context: tuple[str, ...]
    """The names of the context columns."""
    count: int


def cells_of(
    engine: Engine,
    matches: Matches,
    field: str,
    different: ir.BooleanValue,
    fields: Sequence[str],
) -> Cells:
    """Materialise the cells of one field: the pairs of `matches` in which it is `different`.

    `fields` are all compared fields. A context column that both sides have is taken from a.
    """
    pairs = matches.pairs
    others = tuple(name for name in fields if name != field and side_name("a", name) in pairs.columns)
    context = context_sides(pairs)
    rows = pairs.filter(different)
    number = ibis.row_number().over(order_by=key_names(matches.key))
    raw = {side: side_name(side, raw_name(field)) for side in ("a", "b")}
    columns = {
        CELL: number.cast("int64"),
        **{side: rows[side_name(side, field)] for side in ("a", "b")},
        **{
            f"raw_{side}": rows[name] if name in rows.columns else ibis.null("string")
            for side, name in raw.items()
        },
        **{side_name(side, name): rows[side_name(side, name)] for name in others for side in ("a", "b")},
        **{key_name(name): rows[key_name(name)] for name in matches.key},
        **{context_name(name): rows[side_name(side, context_name(name))] for name, side in context.items()},
    }
    table = engine.materialise(rows.select(**columns))
    return Cells(
        table=table,
        field=field,
        type=field_type_of(table["a"].type()),
        key=matches.key,
        fields=others,
        context=tuple(context),
        count=engine.count(table),
    )


def context_sides(pairs: ir.Table) -> dict[str, str]:
    """The context columns of pairs by name, each with the side it is taken from: a where both have it."""
    found: dict[str, str] = {}
    for side in ("a", "b"):
        prefix = side_name(side, CONTEXT)
        for column in pairs.columns:
            if column.startswith(prefix):
                found.setdefault(column.removeprefix(prefix), side)
    return found
