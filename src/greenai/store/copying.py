"""Moving relations between the table engine and PostgreSQL, in bulk and without a float on the way.

Both speak CSV: an empty cell is null, ``""`` an empty text. The engine writes into a pipe while
PostgreSQL reads from it, so a table is never held in memory and never written to disk on the way.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

from psycopg import sql

from greenai.engines.duckdb import identifier, quoted
from greenai.errors import StoreError

if TYPE_CHECKING:
    from pathlib import Path

    import ibis.expr.types as ir
    import psycopg
    from ibis.expr.schema import Schema

    from greenai.engines.duckdb import DuckDBEngine

BLOCK = 1 << 20
"""Bytes handed on at a time."""
LONGEST_LINE = 1 << 30
"""Bytes of a row on its way to the engine: PostgreSQL has no longer value."""


def speak_plainly(connection: psycopg.Connection) -> None:
    """Until the transaction ends, let PostgreSQL read and write dates and floats as `copy_out` expects them.

    A server, a database or a user may have been told other forms.
    """
    connection.execute(
        "SELECT set_config('datestyle', 'ISO, YMD', true), set_config('extra_float_digits', '1', true),"
        # The gate thinks inside the transaction, longer than some servers let anybody be idle there.
        " set_config('idle_in_transaction_session_timeout', '0', true)"
    )


def copy_in(
    connection: psycopg.Connection,
    engine: DuckDBEngine,
    relation: ir.Table,
    table: sql.Composable,
    columns: Sequence[str] | None = None,
) -> int:
    """Append a relation's rows to a table; returns how many.

    `columns` are the table's columns in the order of the relation's (default: those of the same
    names). Texts may not hold NUL characters: PostgreSQL has no room for them. Raises StoreError
    when not every row arrived; psycopg's errors for what the table refuses.
    """
    names = sql.SQL(", ").join(map(sql.Identifier, columns or relation.columns))
    command = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(table, names)
    reading, writing = os.pipe()
    writer = Writer(engine, writing)
    try:
        with os.fdopen(reading, "rb", buffering=0) as pipe, connection.cursor() as cursor:
            writer.compile(relation)
            writer.start()
            with cursor.copy(command) as copy:
                while block := pipe.read(BLOCK):
                    copy.write(block)
                writer.join()
                if writer.error is not None:
                    # Inside the block, so that PostgreSQL forgets what it was given.
                    raise writer.error
            arrived = cursor.rowcount
    finally:
        writer.stop()
    if arrived != writer.rows:
        raise StoreError(
            f"{writer.rows:,} rows were sent to PostgreSQL, {arrived:,} arrived",
            remedy="a text line of just \\. ends a transfer before PostgreSQL 18: use 18 or later",
        )
    return arrived


class Writer(threading.Thread):
    """Writes a relation as CSV into a file descriptor, which it closes, whatever happens."""

    def __init__(self, engine: DuckDBEngine, descriptor: int) -> None:
        super().__init__(name="greenai-copy", daemon=True)
        self._engine = engine
        self._statement = ""
        self._descriptor = descriptor
        self.rows = 0
        self.error: BaseException | None = None

    def compile(self, relation: ir.Table) -> None:
        """Say what to write. Raises what the engine says of the relation."""
        target = quoted(f"/dev/fd/{self._descriptor}")
        self._statement = f"COPY ({self._engine.sql(relation)}) TO {target} (FORMAT csv, HEADER false)"

    def run(self) -> None:
        try:
            self.rows = int(self._engine.execute(self._statement)[0][0])
        except BaseException as error:  # handed to the thread that waits for it
            self.error = error
        finally:
            self._close()

    def stop(self) -> None:
        """Close the pipe's end when the thread never ran, and wait for it when it did."""
        if self.ident is None:
            self._close()
        else:
            self.join()

    def _close(self) -> None:
        with contextlib.suppress(OSError):
            os.close(self._descriptor)


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
