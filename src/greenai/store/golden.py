"""Publishing into golden tables: what changed since the last time, in business and in system time.

A row holds from its business date on until a later one says otherwise. What was believed before is
never overwritten: it moves to the history with the moment until which it was known. A run for a day
that has later days changes that day alone. The engine compares hashes and hands over only rows that
changed; PostgreSQL compares their values once more, so that a hash decides nothing but speed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import ibis
import ibis.expr.datatypes as dt
from psycopg import sql

from greenai.engines.functions import fingerprint
from greenai.fields.render import json_key
from greenai.fields.types import ibis_type
from greenai.store.copying import copy_in, copy_out
from greenai.store.layout import HISTORY, Layout
from greenai.store.merging import OP, Publisher, merge, same_key
from greenai.store.tables import constrain, declared, golden, names, open_table

if TYPE_CHECKING:
    import ibis.expr.types as ir

HASH, PENDING = "_row_hash", "_pending"


@dataclass(frozen=True, slots=True)
class Changes:
    """Rows of one golden table by what became of them."""

    inserted: int = 0
    updated: int = 0
    removed: int = 0
    unchanged: int = 0
    pending: int = 0


def publish(
    publisher: Publisher, layout: Layout, rows: ir.Table, held: ir.Table | None, *, removes: bool
) -> Changes:
    """Make `rows` what a golden table shows from the business date on.

    `rows` has the layout's columns, one row per key. `held` are records that wait: ``key`` (JSON text)
    and ``pending``; their golden rows stay as they are, marked. With `removes`, rows that are neither
    in `rows` nor held end with the business date. Raises StoreError.
    """
    hashed = rows.mutate(**{HASH: row_hash(rows, layout)})
    if open_table(publisher.connection, layout, publisher.recon_id):
        return first_load(publisher, layout, hashed)
    known = known_rows(publisher, layout)
    told = None if removes else hashed
    return changed(publisher, layout, hashed, known, held, removes=removes, told=told)


def changed(
    publisher: Publisher,
    layout: Layout,
    hashed: ir.Table,
    known: ir.Table,
    held: ir.Table | None,
    *,
    removes: bool,
    told: ir.Table | None = None,
) -> Changes:
    """Bring `known` rows of a table to what `hashed` says; see `publish` and, for `told`, `mark_pending`."""
    engine, key = publisher.engine, [column.name for column in layout.key]
    before = known.rename({f"greenai:known:{name}": name for name in known.columns})
    met = hashed.left_join(before, [hashed[name] == before[f"greenai:known:{name}"] for name in key])
    differing = met.filter(
        met[f"greenai:known:{HASH}"].isnull() | (met[HASH] != met[f"greenai:known:{HASH}"])
    )
    put = engine.materialise(differing.select(*hashed.columns, **{OP: ibis.literal("put")}))
    parts = [put]
    if removes:
        gone = known.anti_join(hashed, key)
        if held is not None:
            gone = gone.anti_join(held, json_key([gone[name] for name in key]) == held.key)
        blank = {column.name: ibis.null(ibis_type(column.type)) for column in layout.fields}
        parts.append(
            gone.select(*key, **blank, **{HASH: ibis.literal(0, "int64"), OP: ibis.literal("remove")}).select(
                put.columns
            )
        )
    delta = engine.materialise(ibis.union(*parts) if len(parts) > 1 else put)
    changes = merge(publisher, layout, delta, removes=removes)
    marked = mark_pending(publisher, layout, known, held, told) if publisher.moment.next_date is None else 0
    total = engine.count(hashed)
    return Changes(
        inserted=changes["inserted"],
        updated=changes["updated"],
        removed=changes["removed"],
        unchanged=total - changes["inserted"] - changes["updated"],
        pending=marked,
    )


def hold(publisher: Publisher, layout: Layout, held: ir.Table | None) -> int:
    """Mark rows of a golden table as waiting, because the whole input does; returns how many wait.

    With `held` (see `publish`) only theirs, where an input is not about all rows; else every row.
    """
    connection = publisher.connection
    owned = connection.execute(
        "SELECT FROM greenai.golden_table WHERE table_name = %s AND recon_id = %s"
        # A table that somebody dropped has no rows to mark.
        " AND to_regclass(format('golden.%%I', table_name)) IS NOT NULL",
        [layout.table, publisher.recon_id],
    ).fetchone()
    if owned is None or publisher.moment.next_date is not None:
        return 0
    if held is not None:
        known = known_rows(publisher, layout)
        return mark_pending(publisher, layout, known, held, held.limit(0).select(**_no_key(layout)))
    table = golden(layout.table)
    connection.execute(sql.SQL("UPDATE {} SET _pending = true WHERE NOT _pending").format(table))
    counted = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(table)).fetchone()
    assert counted is not None
    return int(counted[0])


def _no_key(layout: Layout) -> dict[str, ir.Value]:
    """A relation's columns that name no row."""
    return {column.name: ibis.null(ibis_type(column.type)) for column in layout.key}


def row_hash(rows: ir.Table, layout: Layout) -> ir.IntegerValue:
    """A hash of all columns but the key, as PostgreSQL's bigint."""
    columns = [rows[column.name] for column in layout.fields]
    if not columns:
        return ibis.literal(0, "int64")
    # The upper half of 64 unsigned bits becomes the negative numbers.
    hashed = fingerprint(columns).cast("decimal(20, 0)")
    return (hashed - ibis.literal(2**63, "uint64").cast("decimal(20, 0)")).cast("int64")


def first_load(publisher: Publisher, layout: Layout, hashed: ir.Table) -> Changes:
    """Fill a table that was created just now, and constrain it then.

    What is the same in all rows comes as a default: it need not be sent and read a million times.
    """
    moment, table = publisher.moment, golden(layout.table)
    same = {
        "_business_from": moment.business_date,
        "_known_from": moment.published_at,
        "_publication": moment.publication_id,
    }
    defaults = [
        sql.SQL("ALTER {} SET DEFAULT {}").format(sql.Identifier(name), sql.Literal(value))
        for name, value in same.items()
    ]
    none = [sql.SQL("ALTER {} DROP DEFAULT").format(sql.Identifier(name)) for name in same]
    alter = sql.SQL("ALTER TABLE {} {}")
    publisher.connection.execute(alter.format(table, sql.SQL(", ").join(defaults)))
    inserted = copy_in(publisher.connection, publisher.engine, hashed, table)
    publisher.connection.execute(alter.format(table, sql.SQL(", ").join(none)))
    constrain(publisher.connection, layout)
    return Changes(inserted=inserted)


def amend(
    publisher: Publisher, layout: Layout, rows: ir.Table, keys: ir.Table, held: ir.Table, *, removes: bool
) -> Changes:
    """`publish` for the records of `keys` (the layout's key columns) alone; all others stay as they are."""
    connection, engine = publisher.connection, publisher.engine
    columns = sql.SQL(", ").join(declared(column) for column in layout.key)
    asked = sql.SQL("pg_temp.greenai_asked")
    connection.execute("DROP TABLE IF EXISTS pg_temp.greenai_asked")
    connection.execute(sql.SQL("CREATE TEMP TABLE greenai_asked ({}) ON COMMIT DROP").format(columns))
    copy_in(connection, engine, keys.select([column.name for column in layout.key]).distinct(), asked)
    hashed = rows.mutate(**{HASH: row_hash(rows, layout)})
    return changed(publisher, layout, hashed, known_rows(publisher, layout, asked), held, removes=removes)


def known_rows(publisher: Publisher, layout: Layout, asked: sql.Composable | None = None) -> ir.Table:
    """Key, hash and mark of the rows that hold for the business date, as known now: all, or those asked."""
    columns = names([*layout.key, HASH])
    current = sql.SQL("SELECT {}, _pending FROM {}").format(columns, golden(layout.table))
    query: sql.Composable = current
    if publisher.moment.next_date is not None:
        day = sql.Literal(publisher.moment.business_date)
        query = sql.SQL(
            "{} WHERE _business_from <= {} UNION ALL SELECT {}, false FROM {}"
            " WHERE _known_to IS NULL AND _business_from <= {} AND {} < _business_to"
        ).format(current, day, columns, golden(layout.table + HISTORY), day, day)
    if asked is not None:
        wanted = sql.SQL("SELECT * FROM {} one WHERE EXISTS (SELECT FROM {} d WHERE {})")
        query = wanted.format(sql.SQL("({})").format(query), asked, same_key(layout, "d", "one"))
    schema = {column.name: ibis_type(column.type) for column in layout.key}
    schema |= {HASH: dt.int64, PENDING: dt.boolean}
    return copy_out(publisher.connection, publisher.engine, query, ibis.schema(schema), publisher.folder)


def mark_pending(
    publisher: Publisher, layout: Layout, known: ir.Table, held: ir.Table | None, told: ir.Table | None
) -> int:
    """Mark the golden rows of records that wait, and take the mark from others; returns how many wait.

    Where absence says nothing, others are only those in `told` and in `held`.
    """
    engine, key = publisher.engine, [column.name for column in layout.key]
    if held is None:
        waiting, freed = known.limit(0), known.filter(known[PENDING])
    else:
        asked = held.filter(held.pending)
        of_known = json_key([known[name] for name in key])
        waiting = known.semi_join(asked, of_known == asked.key)
        freed = known.filter(known[PENDING]).anti_join(asked, of_known == asked.key)
    if told is not None:
        named = freed.semi_join(told, key)
        if held is not None:
            named = named.union(freed.semi_join(held, json_key([freed[name] for name in key]) == held.key))
        freed = named
    waiting = engine.materialise(waiting.select(*key, PENDING))
    newly = waiting.filter(~waiting[PENDING]).select(*key, **{PENDING: ibis.literal(True)})
    marks = engine.materialise(newly.union(freed.select(*key, **{PENDING: ibis.literal(False)})))
    if engine.count(marks):
        connection = publisher.connection
        columns = sql.SQL(", ").join(declared(column) for column in layout.key)
        connection.execute("DROP TABLE IF EXISTS pg_temp.greenai_marks")
        connection.execute(
            sql.SQL("CREATE TEMP TABLE greenai_marks ({}, _pending boolean) ON COMMIT DROP").format(columns)
        )
        copy_in(connection, engine, marks, sql.SQL("pg_temp.greenai_marks"))
        connection.execute(
            sql.SQL("UPDATE {} c SET _pending = m._pending FROM pg_temp.greenai_marks m WHERE {}").format(
                golden(layout.table), same_key(layout, "c", "m")
            )
        )
    return engine.count(waiting)
