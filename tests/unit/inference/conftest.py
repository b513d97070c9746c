"""Sources by hand: columns of texts as CSV has them, and typed columns as Parquet has them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pyarrow as pa
import pytest

from greenai.engines.duckdb import DuckDBEngine
from greenai.sources.base import SourceTable

MakeSource = Callable[..., SourceTable]


@pytest.fixture
def engine() -> Iterator[DuckDBEngine]:
    with DuckDBEngine() as opened:
        yield opened


@pytest.fixture
def texts(engine: DuckDBEngine) -> MakeSource:
    """Make a source of a format without types: every cell a text, to be scanned once."""

    def make(columns: dict[str, list[str | None]] | pa.Table) -> SourceTable:
        table = columns
        if not isinstance(columns, pa.Table):
            table = pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()})
        view = engine.register(table)
        names = tuple(table.column_names)
        return SourceTable("texts.csv", view, names, True, False, sample=view.limit, empty_is_null=True)

    return make


@pytest.fixture
def typed(engine: DuckDBEngine) -> MakeSource:
    """Make a source whose columns have types, and which may be scanned again."""

    def make(columns: dict[str, Any] | pa.Table) -> SourceTable:
        table = columns if isinstance(columns, pa.Table) else pa.table(columns)
        view = engine.register(table)
        return SourceTable("typed.parquet", view, tuple(table.column_names), False, True, sample=view.limit)

    return make
