"""Names of the columns that the comparison's relations share.

A relation with both sides in one row prefixes each column, so that no field name can collide:
``key:<field>``, ``a:<column>``, ``b:<column>``. Columns added beside the fields' own names begin with
``greenai:``, which no field may.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from greenai.fields.plan import CONTEXT, raw_name

if TYPE_CHECKING:
    import ibis.expr.types as ir

STATUS = "status"
"""What became of a key: see the constants below."""
EQUAL, ONLY_A, ONLY_B, DIFFERENT = 0, 1, 2, 3
ORDINAL = "greenai:ordinal"
"""The number of a row within its key, from 0, where a key has several."""
ROWS = "greenai:rows"
"""A number of rows."""


def key_name(field: str) -> str:
    """The column of a key field where both sides stand in one row."""
    return f"key:{field}"


def side_name(side: str, column: str) -> str:
    """The column of one side where both sides stand in one row."""
    return f"{side}:{column}"


def key_names(key: Iterable[str]) -> list[str]:
    """`key_name` of every key field."""
    return [key_name(field) for field in key]


def compared_columns(tables: Sequence[ir.Table], fields: Iterable[str]) -> list[str]:
    """The fields, each followed by its ``raw:`` column where any of the tables has one."""
    names = []
    for field in fields:
        names.append(field)
        if any(raw_name(field) in table.columns for table in tables):
            names.append(raw_name(field))
    return names


def context_columns(table: ir.Table) -> list[str]:
    """The context columns of one side."""
    return [name for name in table.columns if name.startswith(CONTEXT)]
