"""The table engine: its folder, its errors, its use from several threads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from greenai.engines.duckdb import DuckDBEngine
from greenai.errors import EngineError


def test_the_private_folder_goes_with_the_engine(tmp_path: Path) -> None:
    with DuckDBEngine(temporary=tmp_path) as engine:
        assert engine.folder.is_dir()
    assert list(tmp_path.iterdir()) == []


def test_several_threads_may_ask_at_once(engine: DuckDBEngine) -> None:
    table = engine.view("SELECT range AS n FROM range(10000)")
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda _: engine.count(table), range(64))) == {10_000}


def test_a_refused_statement_says_so_without_the_engine_s_own_heading(engine: DuckDBEngine) -> None:
    with pytest.raises(EngineError, match="refused") as caught:
        engine.execute("SELECT nothing FROM nowhere")
    assert "Error:" not in caught.value.message


def test_any_memory_limit_can_be_told(engine: DuckDBEngine) -> None:
    assert engine.memory_limit() > 2**20
    with DuckDBEngine(memory="999999TB") as large:
        assert large.memory_limit() > 2**50
