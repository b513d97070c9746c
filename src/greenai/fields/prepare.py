"""From the relation a source gives to the relation that is compared.

Per row: filter, null values, normalisation steps, cast. What cannot be cast is null and keeps its
text beside it, so that nothing unreadable is ever taken for equal or for missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import ibis
import ibis.expr.datatypes as dt

from greenai.errors import FieldError
from greenai.fields import grouping
from greenai.fields.cells import Cells, Place, source_column
from greenai.fields.expressions import read
from greenai.fields.plan import SidePlan, context_name, raw_name
from greenai.fields.render import render
from greenai.fields.types import field_type_of

if TYPE_CHECKING:
    import ibis.expr.types as ir


def prepare(table: ir.Table, plan: SidePlan, *, text: bool) -> ir.Table:
    """The fields of one side under their own names and types, with raw texts and context.

    Columns: each field; ``raw:<field>`` (text, null where the cast succeeded or the cell is null)
    for every field whose cast can fail; ``context:<name>`` as text. `text` says that the source
    cannot tell an empty cell from null: it then is null in filters and expressions too. With `plan.group`
    one row per key. Raises FieldError for a column, step or expression that does not fit.
    """
    if plan.group:
        grouping.check(plan)
    if plan.where is not None:
        table = table.filter(_kept(table, plan, text=text))
    carried = {}
    for name, origin in plan.context:
        place = context_name(name)
        with Place(plan.source, place):
            value = render(source_column(table, origin, place, text=text))
            if names := dict(plan.renamed).get(origin):
                value = value.cases(*names, else_=value)
            # An empty cell of a text format is nothing to explain anything by.
            carried[place] = value.nullif("") if text else value
    prepared = Cells(table, plan, carried, text=text).prepared()
    return grouping.grouped(prepared, plan) if plan.group else prepared


def readable(table: ir.Table, key: Sequence[str]) -> ir.Table:
    """The prepared rows whose key is whole."""
    return table.filter(~_key_missing(table, key))


def unreadable(table: ir.Table, key: Sequence[str]) -> ir.Table:
    """The other prepared rows, one each: `raw` names the key's texts, `why` what is wrong with them."""
    rows = table.filter(_key_missing(table, key))
    raws = [ibis.literal(f"{name}=") + _shown(rows, name) for name in key]
    reasons = [case for name in key for case in _reasons(rows, name)]
    return rows.select(raw=ibis.literal(", ").join(raws), why=ibis.cases(*reasons, else_=""))


def _kept(table: ir.Table, plan: SidePlan, *, text: bool) -> ir.BooleanValue:
    """The filter; a row it cannot judge because a cell is unreadable stays, to be seen."""
    assert plan.where is not None
    with Place(plan.source, "where"):
        condition = read(plan.where, table, place="where", empty_is_null=text)
    if not isinstance(condition.value.type(), dt.Boolean):
        raise FieldError(
            "is not a condition",
            source=plan.source,
            column="where",
            value=plan.where,
            remedy="compare something, as in `status = 'LIVE'`",
        )
    if condition.failed is None:
        return condition.value
    return condition.value | condition.failed


def _key_missing(table: ir.Table, key: Sequence[str]) -> ir.BooleanValue:
    return ibis.or_(*(table[name].isnull() for name in key))


def _shown(rows: ir.Table, name: str) -> ir.StringValue:
    value = rows[name]
    shown = _quoted(value) if isinstance(value.type(), dt.String) else render(value)
    texts = [shown] if raw_name(name) not in rows.columns else [_quoted(rows[raw_name(name)]), shown]
    return ibis.coalesce(*texts, "null")


def _quoted(text: ir.Value) -> ir.StringValue:
    return ibis.literal("'") + text.replace("'", "''") + ibis.literal("'")


def _reasons(rows: ir.Table, name: str) -> list[tuple[ir.BooleanValue, str]]:
    missing = (rows[name].isnull(), f"key field {name} is null")
    if raw_name(name) not in rows.columns:
        return [missing]
    type = field_type_of(rows[name].type())
    return [(rows[raw_name(name)].notnull(), f"key field {name} cannot be read as {type}"), missing]
