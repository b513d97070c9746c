"""A stream of record batches that can be read once, with a sample that takes nothing away."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

from greenai.engines.duckdb import DuckDBEngine
from greenai.sources.base import SourceTable

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa


def streamed(
    engine: DuckDBEngine, reader: pa.RecordBatchReader, columns: tuple[str, ...], name: str
) -> SourceTable:
    """The relation over a RecordBatchReader: scanned once, in constant memory."""
    import pyarrow as pa

    schema = pa.schema(
        [field.with_name(column) for field, column in zip(reader.schema, columns, strict=True)]
    )
    source = _Batches(reader, columns)
    table = engine.register(pa.RecordBatchReader.from_batches(schema, source.all()), engine.fresh("stream"))

    def sample(n: int) -> ir.Table:
        head = pa.Table.from_batches(source.first(n), schema)
        return engine.register(head, engine.fresh("sample")).limit(n)

    return SourceTable(name=name, table=table, columns=columns, text=False, rescannable=False, sample=sample)


class _Batches:
    """The batches of a reader, of which the first are kept once they were asked for."""

    def __init__(self, reader: pa.RecordBatchReader, columns: tuple[str, ...]) -> None:
        self._rest = iter(reader)
        self._columns = list(columns)
        self._head: list[pa.RecordBatch] = []
        self._lock = threading.Lock()

    def first(self, n: int) -> list[pa.RecordBatch]:
        """Batches that hold at least `n` rows, fewer only where the stream has fewer."""
        with self._lock:
            while sum(len(batch) for batch in self._head) < n:
                batch = next(self._rest, None)
                if batch is None:
                    break
                self._head.append(batch.rename_columns(self._columns))
            return list(self._head)

    def all(self) -> Iterator[pa.RecordBatch]:
        """Every batch, those that were sampled first."""
        with self._lock:
            head = list(self._head)
        yield from head
        for batch in self._rest:
            yield batch.rename_columns(self._columns)
