"""One engine for the room, and relations made from Python values."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from greenai.definition.gate import parse_check
from greenai.engines.duckdb import DuckDBEngine
from greenai.quality.checks import failures

Failing = Callable[..., list[tuple[str, str | None, str, str]]]


@pytest.fixture(scope="session")
def engine() -> Iterator[DuckDBEngine]:
    with DuckDBEngine(threads=1) as engine:
        yield engine


@pytest.fixture
def failing(engine: DuckDBEngine) -> Failing:
    """The failures of checks as they are written: records have the ids 1, 2, 3 … and the columns given."""

    def find(*written: object, _options: dict[str, Any] | None = None, **columns: Any) -> Any:
        arrays = {name: pa.array(values) for name, values in columns.items()}
        rows = len(next(iter(arrays.values())))
        data = engine.register(pa.table({"id": pa.array(range(1, rows + 1), pa.int64()), **arrays}))
        options: dict[str, Any] = {"business_date": date(2026, 1, 31)} | (_options or {})
        found = failures([parse_check(one) for one in written], data, key=["id"], **options)
        assert found is not None
        return sorted(engine.rows(found), key=repr)

    return find
