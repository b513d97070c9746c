"""The rows behind breaks: what both sides said of a record, as JSON, for whoever decides about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import ibis.expr.datatypes as dt

from greenai.comparison.columns import key_name
from greenai.engines.functions import call
from greenai.fields.plan import context_name, raw_name
from greenai.fields.render import json_key, render
from greenai.pipeline.candidates import KEY, Inputs
from greenai.store.present import CURRENCY

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from greenai.engines.base import Engine


UNREADABLE_FIELDS = "greenai:unreadable"
"""The member of a row that names the fields whose text could not be read; rows without any have none."""


def evidence(
    engine: Engine, inputs: Inputs, breaks: ir.Table, apart: ir.Table, currency: str | None = None
) -> ir.Table:
    """``key``, ``row_a``, ``row_b`` of every record with a break.

    A row is a JSON object of field names and canonical texts (the text as read where it could not be
    cast), null where the side has none; a key that repeats on a side has an array of such objects.
    `currency` is the context column that says what amounts are counted in, kept beside the fields.
    `apart` are the keys of all rows that are not simply equal; see `greenai.pipeline.candidates`.
    """
    asked = engine.materialise(breaks.select("key").distinct())
    checked = bool(engine.count(breaks.filter(breaks.kind == "check").limit(1)))
    sides = []
    for side in ("a", "b"):
        table = inputs.sides[side]
        if not checked:
            # Only a failed check may be about a record without a difference: the others are found by key.
            names = inputs.comparison.key
            table = table.semi_join(apart, [table[name] == apart[key_name(name)] for name in names])
        keyed = table.mutate(**{KEY: json_key([table[name] for name in inputs.comparison.key])})
        rows = keyed.semi_join(asked, keyed[KEY] == asked.key)
        texts = rows.select(**{f"of_{side}": rows[KEY], "text": written(rows, inputs.fields, currency)})
        grouped = texts.group_by(f"of_{side}").aggregate(
            # In one order, whatever the engine's is: the same rows are the same evidence.
            texts=texts.text.collect(order_by=texts.text)
        )
        one = (grouped.texts.length() == 1).ifelse(
            grouped.texts[0], ibis.literal("[") + grouped.texts.join(",") + "]"
        )
        sides.append(grouped.select(f"of_{side}", **{f"row_{side}": one}))
    with_a = asked.left_join(sides[0], asked.key == sides[0].of_a)
    both = with_a.left_join(sides[1], with_a.key == sides[1].of_b)
    return engine.materialise(both.select("key", "row_a", "row_b"))


def written(rows: ir.Table, fields: tuple[str, ...], currency: str | None = None) -> ir.StringValue:
    """Each row as a JSON object."""
    parts: list[ir.Value] = []
    failed: list[ir.Value] = []
    for name in fields:
        text = render(rows[name])
        if raw_name(name) in rows.columns:
            text = ibis.coalesce(rows[raw_name(name)], text)
            failed.append(rows[raw_name(name)].notnull().ifelse(ibis.literal(name), ibis.null("string")))
        parts += [ibis.literal(name), text]
    if currency is not None and context_name(currency) in rows.columns:
        parts += [ibis.literal(CURRENCY), render(rows[context_name(currency)])]
    document: ir.StringValue = call("json_object", dt.json, *parts).cast("string")
    if not failed:
        return document
    named = ibis.array(failed).filter(lambda name: name.notnull())
    marked = [*parts, ibis.literal(UNREADABLE_FIELDS), call("to_json", dt.json, named)]
    whole: ir.StringValue = call("json_object", dt.json, *marked).cast("string")
    return (named.length() > 0).ifelse(whole, document)
