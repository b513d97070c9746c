"""Tables that live in memory: pandas, Polars, PyArrow, DuckDB, Ibis, and lists of dicts.

The kind is told by the name of the module that defines the object, so that none of these libraries is
imported unless the caller already did.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from greenai.engines.duckdb import DuckDBEngine
from greenai.errors import EngineError, FieldError, SourceError, UsageError
from greenai.sources.base import SourceTable
from greenai.sources.names import column_names
from greenai.sources.pyobjects import arrow_of_dicts, arrow_of_pandas
from greenai.sources.streamed import streamed

if TYPE_CHECKING:
    import pyarrow as pa

_KINDS = "a path, or a pandas, Polars, PyArrow, DuckDB or Ibis table, or a list of dicts"


def read_frame(engine: DuckDBEngine, data: object, *, name: str) -> SourceTable:
    """A table in memory as a relation with its own types.

    Null is what the library means by null: in pandas a float NaN is null, elsewhere NaN is a number. DuckDB
    relations and Ibis tables are run where they live and streamed into the engine once; a lazy Polars table
    is collected into memory by Polars. A RecordBatchReader can be read only once, so its SourceTable is not
    `rescannable`. Raises UsageError for other objects and FieldError for column names or types that do not
    fit.
    """
    found = _arrow(data, name)
    if found is None:
        raise UsageError(
            f"a {type(data).__module__}.{type(data).__qualname__} is no table",
            remedy=f"give {_KINDS}",
            source=name,
        )
    table, once = found
    columns = column_names([str(column) for column in table.schema.names], name)
    try:
        if once:
            return streamed(engine, table, columns, name)
        relation = _in_engine(engine, table, columns)
    except (EngineError, SourceError) as error:
        raise FieldError(
            f"the table holds a type that the engine cannot read: {error.message}",
            remedy="cast that column to text, number or date first",
            source=name,
        ) from error
    return SourceTable(
        name=name, table=relation, columns=columns, text=False, rescannable=True, sample=relation.limit
    )


def _in_engine(engine: DuckDBEngine, table: Any, columns: tuple[str, ...]) -> Any:
    import pyarrow as pa

    if isinstance(table, pa.Table):
        return engine.register(table.rename_columns(list(columns)), engine.fresh("frame"))
    # A stream of another engine: keep it in ours, where it may spill and be read again.
    reader = pa.RecordBatchReader.from_batches(
        pa.schema([field.with_name(column) for field, column in zip(table.schema, columns, strict=True)]),
        (batch.rename_columns(list(columns)) for batch in table),
    )
    stream = engine.register(reader, engine.fresh("stream"))
    try:
        return engine.materialise(stream, engine.fresh("frame"))
    finally:
        engine.drop(stream)


def _arrow(data: object, name: str) -> tuple[pa.Table | pa.RecordBatchReader, bool] | None:  # noqa: PLR0911 - one kind a line
    """The data as an Arrow table or stream, and whether it can be read only once; None for no table."""
    library = type(data).__module__.split(".")[0]
    kind = type(data).__name__
    value: Any = data
    match library:
        case "pandas" if kind == "DataFrame":
            return arrow_of_pandas(value, name), False
        case "polars" if kind in ("DataFrame", "LazyFrame"):
            return (value.collect() if kind == "LazyFrame" else value).to_arrow(), False
        case "pyarrow" if kind == "Table":
            return value, False
        case "pyarrow" if kind == "RecordBatch":
            return _tables().from_batches([value]), False
        case "pyarrow" if kind == "RecordBatchReader":
            return value, True
        case "pyarrow" if hasattr(value, "to_batches") and hasattr(value, "scanner"):
            return value.scanner().to_reader(), False
        case "duckdb" | "_duckdb" if kind == "DuckDBPyRelation":
            return value.to_arrow_reader(), False
        case "ibis" if kind == "Table":
            return _of_ibis(value, name), False
        case "builtins" if isinstance(data, (list, tuple)):
            return arrow_of_dicts(value, name), False
    return None


def _of_ibis(table: Any, name: str) -> pa.RecordBatchReader:
    import ibis

    try:
        backend = table._find_backend(use_default=True)
    except ibis.common.exceptions.IbisError as error:
        raise UsageError(
            f"the Ibis table belongs to no connection: {error}",
            remedy="bind it to a connection first",
            source=name,
        ) from error
    if backend.name != "duckdb":
        return table.to_pyarrow_batches()
    # Ibis 12 calls methods that DuckDB 2 no longer has, so the statement is run on the connection itself.
    backend._run_pre_execute_hooks(table)
    return backend.con.sql(str(ibis.to_sql(table, dialect="duckdb"))).to_arrow_reader()


def _tables() -> Any:
    import pyarrow as pa

    return pa.Table
