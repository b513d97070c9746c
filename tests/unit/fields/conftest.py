"""One engine for the room, and columns made from Python values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import ibis
import pyarrow as pa
import pytest

from greenai.definition.types import parse_type
from greenai.engines.duckdb import DuckDBEngine
from greenai.fields.casts import cast


@pytest.fixture(scope="session")
def engine() -> Iterator[DuckDBEngine]:
    with DuckDBEngine(threads=1) as engine:
        yield engine


@pytest.fixture
def column(engine: DuckDBEngine) -> Callable[..., list[Any]]:
    """Apply a function of one column to Python values (text unless a type is given), in order."""

    def apply(
        values: Sequence[Any], function: Callable[[Any], Any], type: pa.DataType | None = None
    ) -> list[Any]:
        array = pa.array(values, type or pa.string())
        table = engine.register(pa.table({"n": range(len(array)), "v": array}))
        result = table.select(n=table.n, x=function(table.v))
        return [value for _, value in sorted(engine.rows(result), key=lambda row: row[0])]

    return apply


@pytest.fixture
def read(engine: DuckDBEngine) -> Callable[..., list[Any]]:
    """Cast values to a field type; a cell whose cast failed is the word FAILED."""

    def values(cells: Sequence[Any], written: str, type: pa.DataType | None = None) -> list[Any]:
        array = pa.array(cells, type or pa.string())
        table = engine.register(pa.table({"n": range(len(array)), "v": array}))
        result = cast(table.v, parse_type(written))
        failed = ibis.literal(False) if result.failed is None else result.failed
        rows = engine.rows(table.select(n=table.n, x=result.value, bad=failed))
        # Null and failed go together, and a null cell never failed.
        assert all(value is None for _, value, bad in rows if bad)
        return ["FAILED" if bad else value for _, value, bad in sorted(rows, key=lambda row: row[0])]

    return values
