"""Group and sum: a detail side made to meet a summary side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import ibis.expr.datatypes as dt

from greenai.definition.model import Aggregate
from greenai.definition.types import MAX_PRECISION
from greenai.errors import FieldError
from greenai.fields.casts import cast
from greenai.fields.plan import FieldPlan, SidePlan, context_name, raw_name
from greenai.fields.render import render

if TYPE_CHECKING:
    import ibis.expr.types as ir

ORDER = "greenai:row"
APART = "greenai:apart"


def grouped(prepared: ir.Table, plan: SidePlan) -> ir.Table:
    """One row per key: the named fields aggregated, context by its smallest text.

    A group with a cell that could not be read has null in that field and the cell's text in
    ``raw:``, for a sum without it would be wrong. So has a sum that its type cannot hold. A row whose
    key cannot be read stays a row of its own. Raises FieldError for a field without an aggregate.
    """
    check(plan)
    how = dict(plan.group)
    unreadable = ibis.or_(*(prepared[name].isnull() for name in plan.key))
    columns: dict[str, ir.Value] = {
        APART: ibis.ifelse(unreadable, ibis.uuid().cast("string"), ibis.null("string"))
    }
    if "first" in how.values():
        columns[ORDER] = ibis.row_number()
    rows = prepared.mutate(**columns)
    aggregates: dict[str, ir.Value] = {}
    for field in plan.fields:
        if field.name not in plan.key:
            aggregates[field.name] = _aggregate(rows, field, how[field.name])
        if raw_name(field.name) in rows.columns and how.get(field.name) != "count":
            aggregates[raw_name(field.name)] = rows[raw_name(field.name)].min()
    for name, _ in plan.context:
        aggregates[context_name(name)] = rows[context_name(name)].min()
    groups = rows.group_by([*plan.key, APART]).aggregate(_named(aggregates))
    return _typed(groups, plan)


def check(plan: SidePlan) -> None:
    """Raises FieldError unless key and aggregates cover the fields, each once."""
    names = {field.name for field in plan.fields}
    for name, how in plan.group:
        if name not in names or name in plan.key:
            what = "is part of the key" if name in plan.key else "is not a field"
            raise FieldError(
                f"group: {name} {what}, it cannot have {how}",
                source=plan.source,
                remedy="name fields outside the key",
            )
    for field in plan.fields:
        aggregate = dict(plan.group).get(field.name)
        if field.name not in plan.key and aggregate is None:
            raise FieldError(
                f"group: field {field.name} is neither part of the key nor aggregated",
                source=plan.source,
                column=field.name,
                remedy=f"add `{field.name}: sum` (or count, min, max, first) under group, "
                "or leave the field out",
            )
        if aggregate == "sum" and not field.type.numeric:
            raise FieldError(
                f"group: {field.name} is a {field.type}, it has no sum",
                source=plan.source,
                column=field.name,
                remedy="give it a numeric type, or use min, max, first or count",
            )


def _aggregate(rows: ir.Table, field: FieldPlan, how: Aggregate) -> ir.Value:
    value = rows[field.name]
    match how:
        case "sum" if field.type.kind == "integer":
            return value.cast(dt.Decimal(MAX_PRECISION, 0)).sum()
        case "sum":
            return value.sum()
        case "count":
            raw = raw_name(field.name)
            present = value.notnull()
            return (present | rows[raw].notnull() if raw in rows.columns else present).sum()
        case "min":
            return value.min()
        case "max":
            return value.max()
        case "first":
            # The engine keeps no order by itself; the row number is the source's, whose readers take care
            # to give rows in its order where a side has `first`.
            return value.argmin(rows[ORDER], where=value.notnull())


def _typed(groups: ir.Table, plan: SidePlan) -> ir.Table:
    columns: dict[str, ir.Value] = {}
    for field in plan.fields:
        value = groups[field.name]
        raw = raw_name(field.name)
        result = cast(value, field.type)
        typed, text = result.value, groups[raw] if raw in groups.columns else None
        if text is not None and field.name not in plan.key:
            typed = ibis.ifelse(text.isnull(), typed, ibis.null(typed.type()))
        if result.failed is not None:
            overflow = ibis.ifelse(result.failed, render(value), ibis.null("string"))
            text = overflow if text is None else ibis.coalesce(text, overflow)
        columns[field.name] = typed
        if text is not None:
            columns[raw] = text
    for name, _ in plan.context:
        columns[context_name(name)] = groups[context_name(name)]
    return groups.select(_named(columns))


def _named(columns: dict[str, ir.Value]) -> list[ir.Value]:
    # Not as keywords: a column may be called `self`.
    return [value.name(name) for name, value in columns.items()]
