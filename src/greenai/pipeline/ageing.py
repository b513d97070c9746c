"""Ages: since when every break of a run has been there, in days."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import ibis

from greenai.definition.model import Age
from greenai.errors import DefinitionError
from greenai.fields.render import json_key
from greenai.pipeline.candidates import Inputs
from greenai.pipeline.plan import Plan

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from greenai.engines.base import Engine

AGE_DAYS = "age_days"


def verify_age(age: Age | None, plan: Plan) -> None:
    """Refuse to count ages from what is no date. Raises DefinitionError."""
    if age is None:
        return
    types = {field.name: field.type for field in (*plan.a.fields, *plan.b.fields)}
    if age.field not in types:
        raise DefinitionError(
            f"ages are counted from {age.field!r}, which is no field",
            column="age.field",
            remedy=f"name a field: {', '.join(types)}",
        )
    if types[age.field].kind not in ("date", "timestamp"):
        raise DefinitionError(
            f"ages are counted from {age.field!r}, which is of type {types[age.field]}",
            column="age.field",
            remedy="name a field of type date or timestamp",
        )


def aged(
    engine: Engine,
    breaks: ir.Table,
    inputs: Inputs,
    business_date: date,
    *,
    age: Age | None,
    first_seen: ir.Table | None,
) -> ir.Table:
    """The breaks with `age_days`, never negative.

    Counted from the earlier date that a side has in the field of `age`; where there is none, from the
    business date on which the break was seen first. `first_seen` (``break_id``, ``first_seen``) are the
    breaks that were known on an earlier date; all others are new.
    """
    today = ibis.literal(business_date)
    since: ir.Value = today
    rows = breaks
    if first_seen is not None:
        known = first_seen.select(greenai_break="break_id", greenai_first="first_seen")
        rows = rows.left_join(known, rows.break_id == known.greenai_break)
        since = ibis.coalesce(rows.greenai_first, today)
    if age is not None:
        given = engine.materialise(dates(breaks, inputs, age.field))
        rows = rows.mutate(greenai_since=since)
        rows = rows.left_join(given, rows.key == given.greenai_key)
        since = ibis.coalesce(rows.greenai_date, rows.greenai_since)
    days = ibis.greatest(today.delta(since, unit="day"), 0)
    return engine.define(rows.select(*breaks.columns, **{AGE_DAYS: days.cast("int64")}))


def dates(breaks: ir.Table, inputs: Inputs, field: str) -> ir.Table:
    """The earliest date in a field of the records with a break: ``greenai_key``, ``greenai_date``."""
    keys = breaks.select("key").distinct()
    parts = []
    for table in inputs.sides.values():
        if field in table.columns:
            given = table.select(
                greenai_key=json_key([table[name] for name in inputs.comparison.key]),
                greenai_date=table[field].cast("date"),
            )
            parts.append(given.semi_join(keys, given.greenai_key == keys.key))
    every = ibis.union(*parts) if len(parts) > 1 else parts[0]
    return every.group_by("greenai_key").aggregate(greenai_date=every.greenai_date.min())
