"""The breaks relation: one row per difference, under CONTRACT's names.

Columns: ``break_id`` (text), ``key`` (JSON array of the key values as text), ``field`` (null for
whole-record kinds), ``kind``, ``value_a``, ``value_b`` (canonical text, raw text where a cell could
not be cast), ``invalid_a``, ``invalid_b`` (null, or the type that the cell could not be cast to).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import ibis

from greenai.comparison.columns import ORDINAL, key_name, key_names, side_name
from greenai.domain.breaks import Kind
from greenai.fields.plan import raw_name
from greenai.fields.render import json_key, render
from greenai.fields.types import field_type_of

if TYPE_CHECKING:
    import ibis.expr.types as ir


def value_breaks(pairs: ir.Table, different: ir.BooleanValue, field: str, key: Sequence[str]) -> ir.Table:
    """One break per pair in which `field` is `different`."""
    # Only what the breaks show: of 500 columns Ibis would rewrite all for each field.
    shown = [side_name(side, column) for side in ("a", "b") for column in (field, raw_name(field))]
    columns = [*key_names(key), *(name for name in shown if name in pairs.columns)]
    rows = pairs.select(*columns).filter(different)
    value_a, invalid_a = cell(rows, "a", field)
    value_b, invalid_b = cell(rows, "b", field)
    return _break_rows(
        rows,
        [rows[key_name(name)] for name in key],
        kind="value",
        field=field,
        value_a=value_a,
        value_b=value_b,
        invalid_a=invalid_a,
        invalid_b=invalid_b,
    )


def record_breaks(keys: ir.Table, kind: Kind, key: Sequence[str]) -> ir.Table:
    """One break per key: a record that exists on one side only. `keys` has ``key:`` columns."""
    return _break_rows(keys, [keys[key_name(name)] for name in key], kind=kind)


def duplicate_breaks(rows: ir.Table, kind: Kind, key: Sequence[str]) -> ir.Table:
    """One break per row of a repeated key. `rows` has the fields' own names and ``ordinal``."""
    return _break_rows(rows, [rows[name] for name in key], kind=kind, ordinal=rows[ORDINAL])


def cell(rows: ir.Table, side: str, field: str) -> tuple[ir.StringValue, ir.StringValue]:
    """The text of a cell, and the field's type where the cell could not be cast to it, else null."""
    typed = rows[side_name(side, field)]
    value = render(typed)
    raw = side_name(side, raw_name(field))
    if raw not in rows.columns:
        return value, ibis.null("string")
    invalid = rows[raw].notnull().ifelse(str(field_type_of(typed.type())), ibis.null("string"))
    return ibis.coalesce(rows[raw], value), invalid


def break_id(
    key: ir.StringValue, kind: Kind, field: str | None = None, ordinal: ir.IntegerValue | None = None
) -> ir.StringValue:
    """The identity of a break: MD5 (hex) over key, kind, field and its number within the key."""
    number = ordinal.cast("string") if ordinal is not None else ibis.literal("0")
    identity: ir.StringValue = (key + f"|{kind}|{field or ''}|" + number).hexdigest("md5")
    return identity


def _break_rows(
    rows: ir.Table,
    key_values: Sequence[ir.Value],
    *,
    kind: Kind,
    field: str | None = None,
    value_a: ir.StringValue | None = None,
    value_b: ir.StringValue | None = None,
    invalid_a: ir.StringValue | None = None,
    invalid_b: ir.StringValue | None = None,
    ordinal: ir.IntegerValue | None = None,
) -> ir.Table:
    no_text = ibis.null("string")
    key = json_key(key_values)
    return rows.select(
        break_id=break_id(key, kind, field, ordinal),
        key=key,
        field=ibis.literal(field, "string") if field is not None else no_text,
        kind=ibis.literal(kind),
        value_a=value_a if value_a is not None else no_text,
        value_b=value_b if value_b is not None else no_text,
        invalid_a=invalid_a if invalid_a is not None else no_text,
        invalid_b=invalid_b if invalid_b is not None else no_text,
    )
