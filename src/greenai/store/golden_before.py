"""Golden rows as they were known before decisions that are taken back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import ibis
from psycopg import sql

from greenai.fields.types import ibis_type
from greenai.store.copying import copy_in, copy_out
from greenai.store.layout import HISTORY, Column, Layout
from greenai.store.merging import Publisher, same_key
from greenai.store.tables import declared, golden, names

if TYPE_CHECKING:
    import ibis.expr.types as ir

SINCE: Final = "greenai:since"
"""The column with the publication before which a row is asked for: no field begins so."""
ASKED: Final = sql.Identifier("pg_temp", "greenai_since")


def rows_before(publisher: Publisher, layout: Layout, asked: ir.Table) -> tuple[ir.Table, ir.Table]:
    """The rows of a table that were known for the business date before a publication, and all asked keys.

    `asked` has the key's columns and `SINCE`, a row per key. Keys whose present row is older than their
    publication are left out: what was decided then did not change it. Needs a transaction.
    """
    connection, engine = publisher.connection, publisher.engine
    key = list(layout.key)
    connection.execute("DROP TABLE IF EXISTS pg_temp.greenai_since")
    connection.execute(
        sql.SQL("CREATE TEMP TABLE greenai_since ({}, {} bigint) ON COMMIT DROP").format(
            sql.SQL(", ").join(declared(column) for column in key), sql.Identifier(SINCE)
        )
    )
    copy_in(connection, engine, asked.select([column.name for column in key] + [SINCE]), ASKED)
    words = {
        "asked": ASKED,
        "since": sql.Identifier(SINCE),
        "current": golden(layout.table),
        "history": golden(layout.table + HISTORY),
        "key": names(key, "d"),
        "columns": names(layout.columns, "h"),
        "own": names(layout.columns),
        "day": sql.SQL("{}::date").format(sql.Literal(publisher.moment.business_date)),
        "d_c": same_key(layout, "d", "c"),
        "d_h": same_key(layout, "d", "h"),
    }
    touched = sql.SQL(
        "NOT EXISTS (SELECT FROM {current} c WHERE {d_c} AND c._publication < d.{since})"
    ).format(**words)
    before = sql.SQL(
        "SELECT {columns} FROM {asked} d JOIN greenai.publication p ON p.publication_id = d.{since} JOIN ("
        " SELECT {own}, _business_from, NULL::date AS _business_to, _known_from, NULL::timestamptz"
        " AS _known_to FROM {current} UNION ALL"
        " SELECT {own}, _business_from, _business_to, _known_from, _known_to FROM {history}) h ON {d_h}"
        " WHERE h._known_from < p.published_at AND (h._known_to IS NULL OR h._known_to >= p.published_at)"
        " AND h._business_from <= {day} AND (h._business_to IS NULL OR {day} < h._business_to) AND {touched}"
    ).format(touched=touched, **words)
    keys = sql.SQL("SELECT {key} FROM {asked} d WHERE {touched}").format(touched=touched, **words)
    folder = publisher.folder
    return (
        copy_out(connection, engine, before, _schema(layout.columns), folder),
        copy_out(connection, engine, keys, _schema(key), folder),
    )


def _schema(columns: Sequence[Column]) -> ibis.Schema:
    return ibis.schema({column.name: ibis_type(column.type) for column in columns})
