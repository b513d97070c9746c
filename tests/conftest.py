"""What all tests share: an engine, and small relations in it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import settings

from greenai.engines.duckdb import DuckDBEngine

# The same examples in every run; ``HYPOTHESIS_PROFILE=search`` looks for new ones.
settings.register_profile("same", derandomize=True, deadline=None, database=None)
settings.load_profile("default" if os.environ.get("HYPOTHESIS_PROFILE") == "search" else "same")


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
