"""What keeps a row from being stored whatever anybody decides: failures that no policy passes.

A value that could not be read would be stored as null; PostgreSQL has no room for NUL characters nor
for a key that does not fit a page of its index; a golden table holds one row per key, and a reference
one row per key of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import add
from typing import TYPE_CHECKING

import ibis
import ibis.expr.datatypes as dt

from greenai.definition.checks import Check, Depends
from greenai.definition.store import Store
from greenai.engines.functions import call
from greenai.fields.render import json_key
from greenai.pipeline.candidates import UNREADABLE, first_of

if TYPE_CHECKING:
    import ibis.expr.types as ir

UNREADABLE_VALUE = "its value cannot be read as its type"
NUL_VALUE = "it holds a NUL character"
LONGEST_KEY = 2_000
"""Bytes of all texts of a key together: a page of PostgreSQL's index holds 2,704 bytes of a row."""


def unreadable(rows: ir.Table, key: Sequence[str]) -> list[ir.Table]:
    """Failures of rows of which a value would be stored that could not be read."""
    return [_failures(rows, key, rows[UNREADABLE], "readable", UNREADABLE_VALUE)]


def unstorable(rows: ir.Table, key: Sequence[str], store: Store | None) -> list[ir.Table]:
    """Failures of single rows, as relations with the columns of `greenai.quality.failures`."""
    if store is None:
        return []
    found: list[ir.Table] = []
    texts = [name for name in rows.columns if name != UNREADABLE and rows[name].type().is_string()]
    if texts:
        nul = first_of([(rows[name].contains("\x00").fill_null(False), name) for name in texts])
        found.append(_failures(rows, key, nul, "storable", NUL_VALUE))
    for names in (tuple(key), *(reference.key for reference in store.references.values())):
        wide = [name for name in names if name in texts]
        if wide:
            bytes_ = reduce(add, [_bytes(rows[name]) for name in wide])
            long = first_of([(bytes_ > LONGEST_KEY, wide[0])])
            found.append(_failures(rows, key, long, "indexable", f"a key has at most {LONGEST_KEY:,} bytes"))
    for reference in store.references.values():
        missing = ibis.or_(*(rows[name].isnull() for name in reference.key))
        alone = first_of([(missing & rows[name].notnull(), name) for name in reference.fields])
        of = ", ".join(reference.key)
        found.append(_failures(rows, key, alone, "depends", f"it depends on {of}, which is null"))
    return found


def _bytes(text: ir.StringValue) -> ir.IntegerValue:
    size: ir.IntegerValue = call("strlen", dt.int64, text).fill_null(0)
    return size


def laws(store: Store | None) -> tuple[Check, ...]:
    """What must hold of all stored rows together, beside one row per key: one per key of a reference."""
    references = store.references.values() if store is not None else ()
    return tuple(Depends(on=reference.key, gives=reference.fields) for reference in references)


def _failures(rows: ir.Table, key: Sequence[str], field: ir.StringValue, rule: str, why: str) -> ir.Table:
    """One failure per row in which `field` names a field."""
    named = rows.mutate(**{"greenai:failing": field})
    failing = named.filter(named["greenai:failing"].notnull())
    return failing.select(
        key=json_key([failing[name] for name in key]),
        field=failing["greenai:failing"],
        rule=ibis.literal(f"{rule}(") + failing["greenai:failing"] + ")",
        explanation=failing["greenai:failing"] + f": {why}",
    )
