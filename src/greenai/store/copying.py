"""Moving relations between the table engine and PostgreSQL, in bulk and without a float on the way.

What goes in travels in PostgreSQL's own binary form: half the work of a text for both, exact, and
no character has a meaning there. What comes out travels as CSV: an empty cell is null, ``""`` an
empty text.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from psycopg import sql

from greenai.engines.duckdb import identifier, quoted
from greenai.errors import StoreError
from greenai.store.encoding import Encoder

if TYPE_CHECKING:
    from pathlib import Path

    import ibis.expr.types as ir
    import psycopg
    from ibis.expr.schema import Schema

    from greenai.engines.duckdb import DuckDBEngine

LONGEST_LINE = 1 << 30
"""Bytes of a row on its way to the engine: PostgreSQL has no longer value."""


FROZEN = "30min"
"""How long who publishes may ask nothing of the server; then the session is ended."""


def speak_plainly(connection: psycopg.Connection) -> None:
    """Until the transaction ends, let PostgreSQL read and write dates and floats as `copy_out` expects them.

    A server, a database or a user may have been told other forms.
    """
    connection.execute(
        "SELECT set_config('datestyle', 'ISO, YMD', true), set_config('extra_float_digits', '1', true),"
        # The gate thinks inside the transaction, longer than some servers let anybody be idle there; but a
        # process that is frozen in it must not hold the recon's lock for ever.
        " set_config('idle_in_transaction_session_timeout', %s, true)",
        [FROZEN],
    )


def copy_in(
    connection: psycopg.Connection,
    engine: DuckDBEngine,
    relation: ir.Table,
    table: sql.Composable,
) -> int:
    """Append a relation's rows to the columns of the same names of a table; returns how many.

    Texts may not hold NUL characters: PostgreSQL has no room for them. Raises StoreError when not
    every row arrived; psycopg's errors for what the table refuses.
    """
    from psycopg.copy import QueuedLibpqWriter

    encoder = Encoder(engine, relation, column_types(connection, table, relation.columns))
    names = sql.SQL(", ").join(map(sql.Identifier, relation.columns))
    command = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT binary)").format(table, names)
    with connection.cursor() as cursor:
        # Sent by a thread of its own, so that the next rows are encoded while PostgreSQL reads.
        with cursor.copy(command, writer=QueuedLibpqWriter(cursor)) as copy:
            for block in encoder.blocks():
                copy.write(block)
        arrived = cursor.rowcount
    if arrived != encoder.rows:
        raise StoreError(
            f"{encoder.rows:,} rows were sent to PostgreSQL, {arrived:,} arrived",
            remedy="run it again; when it happens again, look into the log of PostgreSQL",
        )
    return arrived


def column_types(
    connection: psycopg.Connection, table: sql.Composable, columns: Sequence[str]
) -> dict[str, str]:
    """The types of columns, as PostgreSQL names them without precision: ``bigint``, ``uuid``."""
    listed = sql.SQL(", ").join(map(sql.Identifier, columns))
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT {} FROM {} LIMIT 0").format(listed, table))
        found = cursor.description or []
        registered = connection.adapters.types
        return {one.name: getattr(registered.get(one.type_code), "regtype", "?") for one in found}


def copy_out(
    connection: psycopg.Connection,
    engine: DuckDBEngine,
    query: sql.Composable,
    schema: Schema,
    folder: Path,
) -> ir.Table:
    """The rows of a query as a relation of the engine with the columns of `schema`, in order.

    `folder` is for the temporary file between the two.
    """
    name = engine.fresh("stored")
    path = folder / f"{name}.csv"
    command = sql.SQL("COPY ({}) TO STDOUT (FORMAT csv)").format(query)
    try:
        with path.open("wb") as file, connection.cursor() as cursor, cursor.copy(command) as copy:
            for block in copy:
                file.write(block)
        columns = ", ".join(f"{quoted(column)}: {quoted(_type(kind))}" for column, kind in schema.items())
        engine.execute(
            f"CREATE OR REPLACE TEMP TABLE {identifier(name)} AS SELECT * FROM read_csv({quoted(str(path))}, "
            f"header = false, auto_detect = false, delim = ',', quote = '\"', escape = '\"', "
            f"allow_quoted_nulls = false, max_line_size = {LONGEST_LINE}, columns = {{{columns}}})"
        )
    finally:
        path.unlink(missing_ok=True)
    return engine.table(name)


def _type(kind: object) -> str:
    """An Ibis type as the engine writes it."""
    from ibis.backends.sql.datatypes import DuckDBType

    return str(DuckDBType.to_string(kind))
