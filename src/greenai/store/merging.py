"""Merging changed rows into a golden table and its history, in SQL: two times, nothing overwritten.

The rows that changed come in a temporary table; what held for the business date moves to the history,
with the moment until which it was known, and is carried on to both sides of the day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from psycopg import sql

from greenai.store.copying import copy_in
from greenai.store.layout import HISTORY, Layout
from greenai.store.tables import declared, golden, names

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import ibis.expr.types as ir
    import psycopg

    from greenai.engines.duckdb import DuckDBEngine


OP, UNTIL, CURRENT = "greenai:op", "greenai:until", "greenai:current"
"""What becomes of a row (``put`` or ``remove``), until when it holds, and whether it is the current one:
no field begins so."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When something is published: the day it is about, and when it became known.

    `next_date` is the next later business date that was published before; None when this is the latest.
    """

    business_date: date
    next_date: date | None
    publication_id: int
    published_at: datetime


@dataclass(frozen=True, slots=True)
class Publisher:
    """What publishing works with: an open transaction that holds the recon's lock, and the engine."""

    connection: psycopg.Connection
    engine: DuckDBEngine
    recon_id: int
    moment: Moment
    folder: Path
    """For temporary files of the engine."""


def merge(publisher: Publisher, layout: Layout, delta: ir.Table, *, removes: bool) -> Mapping[str, int]:
    """Bring put and removed rows into table and history; returns how many were really changed.

    `delta` has the layout's columns, ``_row_hash`` and `OP`: put or remove. Unless absence `removes`, what
    is new on a day holds beyond later days that did not name it.
    """
    connection = publisher.connection
    columns = sql.SQL(", ").join(declared(column) for column in layout.columns)
    connection.execute("DROP TABLE IF EXISTS pg_temp.greenai_delta, pg_temp.greenai_prior")
    connection.execute(
        sql.SQL(
            "CREATE TEMP TABLE greenai_delta ({}, _row_hash bigint, {} text, {} date) ON COMMIT DROP"
        ).format(columns, sql.Identifier(OP), sql.Identifier(UNTIL))
    )
    copy_in(connection, publisher.engine, delta, sql.SQL("pg_temp.greenai_delta"))
    connection.execute("ANALYZE pg_temp.greenai_delta")
    words = statements(publisher, layout, removes=removes)
    for statement in (words.prior, words.unchanged, words.settled, words.until):
        connection.execute(statement)
    counted = connection.execute(words.counts).fetchone()
    assert counted is not None
    for statement in words.writes:
        connection.execute(statement)
    return dict(zip(("inserted", "updated", "removed"), map(int, counted), strict=True))


@dataclass(frozen=True, slots=True)
class Statements:
    """The merge in SQL, in order."""

    prior: sql.Composed
    unchanged: sql.Composed
    settled: sql.Composed
    until: sql.Composed
    counts: sql.Composed
    writes: tuple[sql.Composed, ...]


def statements(publisher: Publisher, layout: Layout, *, removes: bool) -> Statements:
    """The statements of `merge` for one table and moment.

    ``prior`` is what held for the business date; ``greenai:until`` where the new version ends: at the next
    version of its key, or at the next business date that was published, or never. Where absence says
    nothing, a later date says nothing of a key that nobody knew on this one.
    """
    moment = publisher.moment
    next_date = sql.SQL("{}::date").format(sql.Literal(moment.next_date))
    words = {
        "current": golden(layout.table),
        "history": golden(layout.table + HISTORY),
        "key": names(layout.key),
        "columns": names(layout.columns),
        "d_columns": names(layout.columns, "d"),
        "p_columns": names(layout.columns, "p"),
        "c_columns": names(layout.columns, "c"),
        "h_columns": names(layout.columns, "h"),
        "day": sql.SQL("{}::date").format(sql.Literal(moment.business_date)),
        "op": sql.Identifier(OP),
        "until": sql.Identifier(UNTIL),
        "was": sql.Identifier(CURRENT),
        "later": sql.SQL(
            "{next}"
            if removes
            else "CASE WHEN EXISTS (SELECT FROM pg_temp.greenai_prior p WHERE {d_p}) THEN {next} END"
        ).format(next=next_date, d_p=same_key(layout, "d", "p")),
        "known": sql.SQL("{}::timestamptz").format(sql.Literal(moment.published_at)),
        "publication": sql.Literal(moment.publication_id),
        "set": sql.SQL(", ").join(
            sql.SQL("{0} = excluded.{0}").format(sql.Identifier(c.name)) for c in layout.columns
        ),
        "same": sql.SQL(" AND ").join(
            [sql.SQL("true")]
            + [
                sql.SQL("d.{0} IS NOT DISTINCT FROM p.{0}").format(sql.Identifier(c.name))
                for c in layout.fields
            ]
        ),
        **{
            f"{one}_{other}": same_key(layout, one, other)
            for one, other in ("dc", "dh", "dp", "cp", "hp", "cd")
        },
    }

    def said(text: str) -> sql.Composed:
        return sql.SQL(text).format(**words)

    return Statements(
        prior=said("""
            CREATE TEMP TABLE greenai_prior ON COMMIT DROP AS
            SELECT {c_columns}, c._business_from, NULL::date AS _business_to, c._known_from, c._publication,
                   c._row_hash, true AS {was}
            FROM pg_temp.greenai_delta d JOIN {current} c ON {d_c} WHERE c._business_from <= {day}
            UNION ALL
            SELECT {h_columns}, h._business_from, h._business_to, h._known_from, h._publication,
                   h._row_hash, false
            FROM pg_temp.greenai_delta d JOIN {history} h ON {d_h}
            WHERE h._known_to IS NULL AND h._business_from <= {day} AND {day} < h._business_to"""),
        unchanged=said("""
            WITH same AS (
                DELETE FROM pg_temp.greenai_delta d USING pg_temp.greenai_prior p
                WHERE {d_p} AND d.{op} = 'put' AND {same} RETURNING d.*)
            UPDATE {current} c SET _row_hash = d._row_hash FROM same d
            WHERE {c_d} AND c._business_from <= {day}"""),
        settled=said("""
            DELETE FROM pg_temp.greenai_prior p
            WHERE NOT EXISTS (SELECT FROM pg_temp.greenai_delta d WHERE {d_p})"""),
        until=said("""
            UPDATE pg_temp.greenai_delta d SET {until} = least({later}, (
                SELECT min(v._business_from) FROM (
                    SELECT c._business_from FROM {current} c WHERE {d_c} AND c._business_from > {day}
                    UNION ALL
                    SELECT h._business_from FROM {history} h
                    WHERE {d_h} AND h._known_to IS NULL AND h._business_from > {day}) v))"""),
        counts=said("""
            SELECT count(*) FILTER (WHERE d.{op} = 'put' AND p.{was} IS NULL),
                   count(*) FILTER (WHERE d.{op} = 'put' AND p.{was} IS NOT NULL),
                   count(*) FILTER (WHERE d.{op} = 'remove')
            FROM pg_temp.greenai_delta d LEFT JOIN pg_temp.greenai_prior p ON {d_p}"""),
        writes=(
            # What was known until now stays known as that.
            said("""
                INSERT INTO {history} ({columns}, _business_from, _business_to, _known_from, _known_to,
                                       _publication, _row_hash)
                SELECT {p_columns}, p._business_from, NULL, p._known_from, {known},
                       p._publication, p._row_hash
                FROM pg_temp.greenai_prior p WHERE p.{was}"""),
            said("""
                UPDATE {history} h SET _known_to = {known} FROM pg_temp.greenai_prior p
                WHERE {h_p} AND NOT p.{was} AND h._known_to IS NULL
                  AND h._business_from = p._business_from"""),
            # What held before the business date goes on holding until then.
            said("""
                INSERT INTO {history} ({columns}, _business_from, _business_to, _known_from,
                                       _publication, _row_hash)
                SELECT {p_columns}, p._business_from, {day}, {known}, {publication}, p._row_hash
                FROM pg_temp.greenai_prior p WHERE p._business_from < {day}"""),
            # What a later day showed, it shows still.
            said("""
                UPDATE {current} c
                SET _business_from = d.{until}, _known_from = {known}, _publication = {publication}
                FROM pg_temp.greenai_delta d JOIN pg_temp.greenai_prior p ON {d_p}
                WHERE {c_d} AND p.{was} AND d.{until} IS NOT NULL"""),
            said("""
                INSERT INTO {history} ({columns}, _business_from, _business_to, _known_from,
                                       _publication, _row_hash)
                SELECT {p_columns}, d.{until}, p._business_to, {known}, {publication}, p._row_hash
                FROM pg_temp.greenai_delta d JOIN pg_temp.greenai_prior p ON {d_p}
                WHERE NOT p.{was} AND d.{until} < p._business_to"""),
            said("""
                DELETE FROM {current} c USING pg_temp.greenai_delta d
                WHERE {c_d} AND d.{op} = 'remove' AND d.{until} IS NULL"""),
            said("""
                INSERT INTO {history} ({columns}, _business_from, _business_to, _known_from,
                                       _publication, _row_hash)
                SELECT {d_columns}, {day}, d.{until}, {known}, {publication}, d._row_hash
                FROM pg_temp.greenai_delta d WHERE d.{op} = 'put' AND d.{until} IS NOT NULL"""),
            said("""
                INSERT INTO {current} ({columns}, _business_from, _known_from, _publication, _row_hash)
                SELECT {d_columns}, {day}, {known}, {publication}, d._row_hash
                FROM pg_temp.greenai_delta d WHERE d.{op} = 'put' AND d.{until} IS NULL
                ON CONFLICT ({key}) DO UPDATE SET {set}, _business_from = excluded._business_from,
                    _known_from = excluded._known_from, _publication = excluded._publication,
                    _row_hash = excluded._row_hash, _pending = false"""),
        ),
    )


def same_key(layout: Layout, one: str, other: str) -> sql.Composed:
    """The condition that two aliases have the same key."""
    return sql.SQL(" AND ").join(
        sql.SQL("{} = {}").format(sql.Identifier(one, c.name), sql.Identifier(other, c.name))
        for c in layout.key
    )
