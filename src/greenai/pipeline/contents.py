"""What a break of a whole record is about: a digest of the rows that its side has of the key.

The values of such a break are no values, so a decision about it is known to be about the same by this.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from greenai.comparison.columns import key_name
from greenai.fields.render import json_key
from greenai.pipeline.candidates import Inputs
from greenai.pipeline.evidence import written
from greenai.quality.gate import CONTENT, Side
from greenai.store.texts import document

if TYPE_CHECKING:
    import ibis.expr.types as ir

KINDS: dict[Side, tuple[str, str]] = {"a": ("only_a", "duplicate_a"), "b": ("only_b", "duplicate_b")}
"""The breaks of whole records, by the side that has the rows."""


def with_contents(inputs: Inputs, breaks: ir.Table) -> ir.Table:
    """The breaks with ``content``: MD5 over the rows of the key on the break's side, null for other kinds.

    In whatever order rows and fields come; not null for every break of `KINDS`.
    """
    counts = inputs.comparison.counts
    lone = {"a": counts.only_a + counts.duplicates_a, "b": counts.only_b + counts.duplicates_b}
    parts = [digests(inputs, side) for side in KINDS if lone[side]]
    if not parts:
        return breaks.mutate(**{CONTENT: ibis.null("string")})
    found = ibis.union(*parts)
    of = ibis.cases(*((breaks.kind.isin(kinds), side) for side, kinds in KINDS.items()), else_=None)
    return breaks.left_join(found, [breaks.key == found.greenai_key, of == found.greenai_side]).select(
        *breaks.columns, CONTENT
    )


def digests(inputs: Inputs, side: Side) -> ir.Table:
    """``greenai_side``, ``greenai_key`` and ``content`` of all keys with such a break of one side."""
    comparison, key = inputs.comparison, inputs.comparison.key
    only = comparison.only_a if side == "a" else comparison.only_b
    rows = [_texts(inputs, only)]
    if comparison.repeated is not None:
        table, repeated = inputs.sides[side], comparison.repeated
        same_key = [table[name] == repeated[key_name(name)] for name in key]
        rows.append(_texts(inputs, table.semi_join(repeated, same_key)))
    texts = ibis.union(*rows)
    one = texts.group_by(greenai_key=texts.greenai_key).aggregate(
        text=texts.text.group_concat("\n", order_by=texts.text)
    )
    return one.select("greenai_key", greenai_side=ibis.literal(side), **{CONTENT: one.text.hexdigest("md5")})


def _texts(inputs: Inputs, rows: ir.Table) -> ir.Table:
    """Each row as evidence writes it, its fields in the order of their names."""
    return rows.select(
        greenai_key=json_key([rows[name] for name in inputs.comparison.key]),
        text=document(written(rows, tuple(sorted(inputs.fields)))),
    )
