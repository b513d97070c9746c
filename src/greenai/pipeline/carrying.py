"""Carry-forward: the open one-sided records of earlier dates join the comparison of a flow.

Yesterday's row of side a meets today's row of side b as if both had come today. What a record is
worth is kept in the store; see docs/flows.md for what counts as open.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import ibis

from greenai.engines.functions import fingerprint
from greenai.fields.casts import cast
from greenai.fields.plan import CONTEXT, RAW, SidePlan, raw_name
from greenai.fields.prepare import readable
from greenai.fields.types import field_type_of
from greenai.pipeline.evidence import UNREADABLE_FIELDS
from greenai.pipeline.ingest import Ingested, Sides
from greenai.store import carrying
from greenai.store.carrying import Ledger, Side
from greenai.store.copying import speak_plainly

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import psycopg

    from greenai.engines.duckdb import DuckDBEngine
    from greenai.pipeline.publish import Run


@dataclass(frozen=True, slots=True)
class Carried:
    """What joined a run from earlier dates: rows of each side, by which publication they were known."""

    a: int
    b: int
    known: int
    content: int
    """A hash of all these rows."""

    @property
    def manner(self) -> str:
        """In words what makes the run another one than the same inputs without them; empty where none are."""
        return f"carried {self.a} {self.b} {self.content:016x}" if self.a or self.b else ""


def carried(connection: psycopg.Connection, engine: DuckDBEngine, run: Run, sides: Sides) -> Sides:
    """Both sides with the open records of earlier dates among their rows.

    A row that came today under the key of an open one of its side takes its place. To be asked of a flow
    only. The connection must be outside a transaction.
    """
    with connection.transaction():
        speak_plainly(connection)
        book = Ledger(connection, engine, run.saved.recon_id, run.business_date, run.folder)
        known = book.known()
        if not known:
            return replace(sides, carried=Carried(0, 0, known, 0))
        key_version = run.saved.key_version
        a, of_a, content_a = joined(engine, book, key_version, sides.a, sides.plan.a, "a")
        b, of_b, content_b = joined(engine, book, key_version, sides.b, sides.plan.b, "b")
    # Rows that only changed sides are others than before.
    content = (content_a * 3 + content_b) % 2**64
    return replace(sides, a=a, b=b, carried=Carried(of_a, of_b, known, content))


def joined(
    engine: DuckDBEngine, book: Ledger, key_version: int, side: Ingested, plan: SidePlan, name: Side
) -> tuple[Ingested, int, int]:
    """One side with its open records of earlier dates; how many there are, and a hash of them."""
    today = side.table
    fields = [column for column in today.columns if not column.startswith((RAW, CONTEXT))]
    texts = book.open_rows(name, key_version, fields, UNREADABLE_FIELDS)
    rows = readable(typed(texts, today, {field.name for field in plan.fields}), plan.key)
    earlier = engine.materialise(rows.anti_join(today, list(plan.key)))
    engine.drop(texts)
    raws = [column for column in earlier.columns if column not in today.columns]
    seen = engine.row(
        earlier.aggregate(
            rows=earlier.count(),
            content=fingerprint([earlier[column] for column in earlier.columns]).bit_xor(),
            **{column: earlier[column].count() for column in raws},
        )
    )
    if not seen["rows"]:
        engine.drop(earlier)
        return side, 0, 0
    # What could not be read on an earlier date stands beside the fields of today's rows, too.
    every = today.mutate(**{column: ibis.null("string") for column in raws if seen[column]})
    table = engine.define(every.union(earlier.select(every.columns)))
    return replace(side, table=table, today=today), int(seen["rows"]), int(seen["content"])


def typed(texts: ir.Table, today: ir.Table, fields: set[str]) -> ir.Table:
    """Rows of the store as `fields.prepare` gives those of today: each field in today's type.

    A text that is not of its field's type, because another version of the definition read it, stands
    beside a null like any that could not be read. Context columns were not kept: they are null.
    """
    columns: dict[str, ir.Value] = {}
    for name, type in today.schema().items():
        if name.startswith(CONTEXT):
            columns[name] = ibis.null(type)
        elif not name.startswith(RAW):
            text = texts[carrying.TEXT + name]
            found = cast(text, field_type_of(type))
            columns[name] = found.value.cast(type)
            if name in fields:
                unread = ibis.null("string") if found.failed is None else found.failed.ifelse(text, None)
                columns[raw_name(name)] = ibis.coalesce(texts[carrying.RAW + name], unread)
    return texts.select(**columns)
