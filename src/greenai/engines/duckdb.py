"""DuckDB as table engine: one connection, out of core, on one machine.

Ibis writes the SQL, DuckDB runs it. The Ibis backend for DuckDB is not used, only its compiler
(see docs/decisions): it would cost start-up time and lags behind DuckDB's releases.
"""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
import threading
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import ibis
import ibis.expr.datatypes as dt
from ibis.backends.sql.compilers.duckdb import DuckDBCompiler
from ibis.backends.sql.datatypes import DuckDBType

from greenai.engines.scratch import Scratch, sweep
from greenai.errors import EngineError, SourceError, UnreadableSourceError

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa


class DuckDBEngine:
    """A private in-memory DuckDB that spills to a temporary folder.

    `memory` is a size such as ``1GB`` (default: DuckDB's own, 80 % of RAM), `threads` a count
    (default: all cores), `temporary` the folder to spill to (default: the system's).
    """

    def __init__(
        self,
        *,
        memory: str | None = None,
        threads: int | None = None,
        temporary: Path | None = None,
    ) -> None:
        sweep(Path(temporary or tempfile.gettempdir()))
        self._scratch = Scratch(temporary)
        self.folder = self._scratch.path
        """Private folder for spilled data and other temporary files, gone when the engine closes."""
        self._connection = duckdb.connect(":memory:")
        self._compiler = DuckDBCompiler()
        self._compiled: dict[Any, str] = {}
        self._names = 0
        self._lock = threading.RLock()
        self._abandoned = False
        self._execute(f"SET temp_directory = {quoted(str(self.folder))}")
        # Row order means nothing to a reconciliation, and keeping it costs memory.
        self._execute("SET preserve_insertion_order = false")
        self._execute("SET TimeZone = 'UTC'")
        # DuckDB counts its progress only for a bar; ours is drawn elsewhere.
        self._execute("SET enable_progress_bar = true")
        self._execute("SET enable_progress_bar_print = false")
        if memory is not None:
            self._execute(f"SET memory_limit = {quoted(memory)}")
        if threads is not None:
            self._execute(f"SET threads = {int(threads)}")

    # -- relations -------------------------------------------------------------------------

    def table(self, name: str) -> ir.Table:
        described = self._execute(f"DESCRIBE SELECT * FROM {identifier(name)}")
        schema = {column: ibis_type(written) for column, written, *_ in described}
        return ibis.table(schema, name=name)

    def define(self, expression: ir.Table, name: str | None = None) -> ir.Table:
        name = name or self.fresh("view")
        self._execute(f"CREATE OR REPLACE TEMP VIEW {identifier(name)} AS {self.sql(expression)}")
        return ibis.table(expression.schema(), name=name)

    def materialise(self, expression: ir.Table, name: str | None = None) -> ir.Table:
        name = name or self.fresh("table")
        self._execute(f"CREATE OR REPLACE TEMP TABLE {identifier(name)} AS {self.sql(expression)}")
        return self.table(name)

    def drop(self, table: ir.Table) -> None:
        name = identifier(table.get_name())
        for kind in ("VIEW", "TABLE"):
            with contextlib.suppress(duckdb.Error):
                self._connection.execute(f"DROP {kind} IF EXISTS {name}")

    def fresh(self, stem: str) -> str:
        """A name that no relation of this engine has yet."""
        with self._lock:
            self._names += 1
            return f"{stem}_{self._names}"

    def skip(self, number: int) -> None:
        """Give no name of `fresh` a number up to this one: names from elsewhere have them."""
        with self._lock:
            self._names = max(self._names, number)

    # -- what sources need: relations that are not expressions --------------------------------

    def view(self, statement: str, name: str | None = None) -> ir.Table:
        """Name a DuckDB SELECT statement, for readers that Ibis has no expression for."""
        name = name or self.fresh("source")
        self._execute(f"CREATE OR REPLACE TEMP VIEW {identifier(name)} AS {statement}")
        return self.table(name)

    def register(self, data: object, name: str | None = None) -> ir.Table:
        """Name an object DuckDB scans in place: Arrow table or reader, pandas or Polars frame."""
        name = name or self.fresh("frame")
        with self._lock, told():
            self._connection.register(name, data)
        return self.table(name)

    def execute(self, statement: str) -> list[tuple[Any, ...]]:
        """Run one DuckDB statement and fetch its rows (set-up of readers, not data)."""
        return self._execute(statement)

    # -- computing ---------------------------------------------------------------------------

    def rows(self, expression: ir.Table) -> list[tuple[Any, ...]]:
        return self._execute(self.sql(expression))

    def row(self, expression: ir.Table) -> dict[str, Any]:
        (row,) = self.rows(expression)
        return dict(zip(expression.columns, row, strict=True))

    def count(self, expression: ir.Table) -> int:
        return int(self.rows(expression.aggregate(n=expression.count()))[0][0])

    def arrow(self, expression: ir.Table) -> pa.Table:
        # By way of a relation: from a cursor DuckDB would copy the rows once more, and warn of it.
        with self._lock, told():
            return self._connection.sql(self.sql(expression)).to_arrow_table()

    def batches(self, expression: ir.Table, *, rows: int) -> Iterator[pa.RecordBatch]:
        """The rows in batches of about `rows`, computed while they are asked for; at least one batch.

        Until the last is taken, or the iterator closed, the engine answers nobody else.
        """
        import pyarrow as pa

        with self._lock, told():
            reader = self._connection.sql(self.sql(expression)).to_arrow_reader(rows)
            empty = True
            while True:
                try:
                    batch = reader.read_next_batch()
                except StopIteration:
                    break
                except (pa.ArrowException, OSError) as error:  # how Arrow passes on what DuckDB says
                    raise EngineError(f"the table engine could not compute rows: {error}") from error
                empty = False
                yield batch
            if empty:
                yield pa.RecordBatch.from_pylist([], schema=reader.schema)

    def write_parquet(self, expression: ir.Table, path: Path) -> int:
        partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
        try:
            written = self._execute(f"COPY ({self.sql(expression)}) TO {quoted(str(partial))} ({PARQUET})")
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
        return int(written[0][0])

    def sql(self, expression: ir.Table) -> str:
        # Both sides are often asked the same of a relation of the same name; compiling is the dear part.
        operation = expression.op()
        if operation not in self._compiled:
            if len(self._compiled) >= REMEMBERED:
                self._compiled.clear()
            self._compiled[operation] = str(self._compiler.to_sqlglot(expression).sql("duckdb"))
        return self._compiled[operation]

    def memory_limit(self) -> int:
        (written,) = self._execute("SELECT current_setting('memory_limit')")[0]
        number, unit = str(written).split()
        return int(float(number) * UNITS[unit])

    def abandon(self) -> None:
        """Stop for good, from another thread: the running statement and every later one raise EngineError."""
        self._abandoned = True
        self._connection.interrupt()

    def interrupt(self) -> None:
        """Stop the running statement from another thread; it raises EngineError."""
        self._connection.interrupt()

    def progress(self) -> float:
        """Share of the running statement that is done, 0 to 1; -1 when unknown."""
        import duckdb

        try:
            share = float(self._connection.query_progress())
        except duckdb.ConnectionException:  # closed meanwhile: who asks is another thread
            return -1.0
        return share / 100 if share >= 0 else -1.0

    def close(self) -> None:
        self._connection.close()
        self._scratch.close()

    def __enter__(self) -> DuckDBEngine:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _execute(self, statement: str) -> list[tuple[Any, ...]]:
        # One statement at a time, so that a result may be asked for rows from several threads.
        with self._lock, told():
            if self._abandoned:
                raise EngineError("interrupted", remedy="run it again")
            return self._connection.execute(statement).fetchall()


PARQUET = "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, DICTIONARY_SIZE_LIMIT 4096"
"""Identifiers are all different: level 3 and long dictionaries make their files no smaller, only later."""
REMEMBERED = 64
"""Statements kept by their expression."""
UNITS = {"bytes": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40, "PiB": 2**50}


@cache
def ibis_type(written: str) -> dt.DataType:
    """The Ibis type of a DuckDB type name; types Ibis does not know become text."""
    try:
        return DuckDBType.from_string(written)
    except Exception:  # sqlglot and Ibis raise several kinds for an unknown type
        return dt.string


@contextlib.contextmanager
def told() -> Iterator[None]:
    """Turns DuckDB's errors into ours, and what it makes of Ctrl-C back into KeyboardInterrupt."""
    try:
        yield
    except duckdb.Error as error:
        raise translated(error) from error
    except RuntimeError as error:
        if str(error) == "Query interrupted":
            raise KeyboardInterrupt from None
        raise


def translated(error: duckdb.Error) -> EngineError | SourceError:
    """DuckDB's error as ours: the first paragraph of its text and a remedy that fits its kind."""
    text = str(error).strip().split("\n\n")[0].replace("\n", " ")
    text = re.sub(r"^(\w+ )+Error: ", "", text)
    if isinstance(error, duckdb.OutOfMemoryException):
        return EngineError(
            f"the table engine ran out of memory or spill space: {text}",
            remedy="raise --memory, or free disk space in the temporary folder (TMPDIR)",
        )
    if isinstance(error, duckdb.InterruptException):
        return EngineError("interrupted", remedy="run it again")
    if isinstance(error, duckdb.IOException | duckdb.InvalidInputException):
        return UnreadableSourceError(text, remedy="check that the file is complete and of the format named")
    return EngineError(f"the table engine refused a statement: {text}")


def identifier(name: str) -> str:
    """A name quoted for SQL."""
    return '"' + name.replace('"', '""') + '"'


def quoted(text: str) -> str:
    """A text quoted for SQL."""
    return "'" + text.replace("'", "''") + "'"
