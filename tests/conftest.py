"""What all tests share: an engine, and small relations in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pyarrow as pa
import pytest

from greenai.engines.duckdb import DuckDBEngine


@pytest.fixture
def engine() -> Iterator[DuckDBEngine]:
    with DuckDBEngine(threads=2) as made:
        yield made


@pytest.fixture
def relation(engine: DuckDBEngine) -> Callable[..., Any]:
    """Make a relation from columns: ``relation(id=[1, 2], name=["x", None])``."""

    def make(_types: dict[str, pa.DataType] | None = None, /, **columns: list[Any]) -> Any:
        types = _types or {}
        return engine.register(
            pa.table({name: pa.array(values, types.get(name)) for name, values in columns.items()})
        )

    return make
