"""Golden rows that checks must see together with rows that are about to enter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import ibis
from psycopg import sql

from greenai.definition.types import FieldType
from greenai.fields.types import ibis_type
from greenai.store.copying import copy_in, copy_out
from greenai.store.layout import AS_OF, Column, Layout
from greenai.store.merging import same_key
from greenai.store.tables import declared, golden, names

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import psycopg

    from greenai.engines.duckdb import DuckDBEngine


def fellow_rows(
    connection: psycopg.Connection,
    engine: DuckDBEngine,
    tables: Sequence[Layout],
    business_date: date,
    *,
    entering: ir.Table,
    keys: ir.Table,
    sets: Sequence[Sequence[str]],
    types: Mapping[str, FieldType],
    folder: Path,
) -> ir.Table:
    """The rows that hold on a day, with all their fields, and agree with one that enters in one of `sets`.

    Rows with one of `keys`, and rows that wait, are left out: those are about to be told anew.
    `entering` and the result have the columns of `types`. Needs a transaction.
    """
    main = tables[-1]
    columns = [Column(name, type) for name, type in types.items()]
    for name, relation, held in (
        ("greenai_entering", entering, columns),
        ("greenai_keys", keys, list(main.key)),
    ):
        table = sql.Identifier("pg_temp", name)
        connection.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(table))
        connection.execute(
            sql.SQL("CREATE TEMP TABLE {} ({}) ON COMMIT DROP").format(
                sql.Identifier(name), sql.SQL(", ").join(declared(column) for column in held)
            )
        )
        copy_in(connection, engine, relation.select([column.name for column in held]), table)
    alike = sql.SQL(" OR ").join(
        sql.SQL("EXISTS (SELECT FROM pg_temp.greenai_entering e WHERE {})").format(
            sql.SQL(" AND ").join(
                sql.SQL("e.{0} = w.{0}").format(sql.Identifier(name)) for name in dict.fromkeys(fields)
            )
        )
        for fields in sets
    )
    query = sql.SQL(
        "SELECT {columns} FROM ({whole}) w WHERE ({alike})"
        " AND NOT EXISTS (SELECT FROM pg_temp.greenai_keys k WHERE {same_k})"
        " AND NOT EXISTS (SELECT FROM {current} p WHERE {same_p} AND p._pending)"
    ).format(
        columns=names(columns, "w"),
        whole=whole_rows(tables, columns, business_date),
        alike=alike,
        same_k=same_key(main, "k", "w"),
        same_p=same_key(main, "p", "w"),
        current=golden(main.table),
    )
    schema = ibis.schema({name: ibis_type(type) for name, type in types.items()})
    return copy_out(connection, engine, query, schema, folder)


def whole_rows(tables: Sequence[Layout], columns: Sequence[Column], business_date: date) -> sql.Composed:
    """The main table's rows of a day as known now, each with the fields that stand in references."""
    aliases = {layout.table: f"t{number}" for number, layout in enumerate(tables)}
    main = tables[-1]
    place = {column.name: aliases[main.table] for column in main.columns}
    parts = [_as_of(main, aliases[main.table], business_date)]
    for layout in reversed(tables):
        for other, held in layout.references.items():
            if any(place.get(column.name) == aliases[other] for column in _named(tables, other).fields):
                continue
            reference = _named(tables, other)
            on = sql.SQL(" AND ").join(
                sql.SQL("{} = {}").format(
                    sql.Identifier(place[name], name), sql.Identifier(aliases[other], name)
                )
                for name in held
            )
            joined = _as_of(reference, aliases[other], business_date)
            parts.append(sql.SQL(" LEFT JOIN {} ON {}").format(joined, on))
            place |= {column.name: aliases[other] for column in reference.fields}
    listed = sql.SQL(", ").join(sql.Identifier(place[column.name], column.name) for column in columns)
    return sql.SQL("SELECT {} FROM {}").format(listed, sql.SQL("").join(parts))


def _as_of(layout: Layout, alias: str, business_date: date) -> sql.Composed:
    return sql.SQL("{}({}::date, 'infinity') {}").format(
        golden(layout.table + AS_OF), sql.Literal(business_date), sql.Identifier(alias)
    )


def _named(tables: Sequence[Layout], name: str) -> Layout:
    return next(layout for layout in tables if layout.table == name)
