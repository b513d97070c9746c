"""The raw texts of a row in one column while it is stored: nearly all are null, and nulls take space."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import ibis

from greenai.fields.plan import RAW

if TYPE_CHECKING:
    import ibis.expr.types as ir

PACKED = "greenai:raws"
"""A list of the row's raw texts in the order of their columns; null where none stands."""


def raw_columns(table: ir.Table) -> tuple[str, ...]:
    """The ``raw:`` columns of a prepared table."""
    return tuple(name for name in table.columns if name.startswith(RAW))


def packed(table: ir.Table) -> ir.Table:
    """A prepared table with its ``raw:`` columns as one column (without it where there are none)."""
    raws = [table[name] for name in raw_columns(table)]
    if not raws:
        return table
    texts = ibis.ifelse(ibis.coalesce(*raws).notnull(), ibis.array(raws), ibis.null("array<string>"))
    return table.select([*_others(table), texts.name(PACKED)])


def unpacked(table: ir.Table, names: Sequence[str]) -> ir.Table:
    """A packed table with its ``raw:`` columns again; `names` are those that were packed."""
    if not names:
        return table
    texts = [table[PACKED][at].name(name) for at, name in enumerate(names)]
    return table.select([*_others(table), *texts])


def _others(table: ir.Table) -> list[ir.Value]:
    return [table[name] for name in table.columns if name != PACKED and not name.startswith(RAW)]
