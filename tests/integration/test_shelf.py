"""The shelf: what one engine puts there, another takes as it was."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from greenai.engines.duckdb import DuckDBEngine
from greenai.engines.functions import fingerprint, json_list
from greenai.errors import LostHandoverError, WorkspaceError
from greenai.pipeline import shelf

ROWS = [(1, Decimal("1.50"), "a"), (2, Decimal("-0.01"), None), (3, None, "ä\n")]


@dataclass(frozen=True)
class Found:
    numbers: dict[str, int]
    table: Any
    expression: Any
    column: Any


def found(engine: DuckDBEngine) -> Found:
    table = engine.materialise(
        engine.view(
            "SELECT * FROM (VALUES (1::BIGINT, 1.50::DECIMAL(18,2), 'a'),"
            " (2, -0.01, NULL), (3, NULL, 'ä\n')) t(n, d, s)"
        )
    )
    expression = table.filter(table.n < 3).mutate(
        key=json_list([table.n.cast("string"), table.s]), print=fingerprint([table.d, table.s])
    )
    return Found({"rows": 3}, table, expression, table.d > 0)


def test_another_engine_goes_on_with_relations_expressions_and_numbers(tmp_path: Path) -> None:
    with DuckDBEngine() as one:
        put = found(one)
        expected = one.rows(put.expression.order_by("n"))
        handover = shelf.put(one, put, tmp_path, "runs/1/ingest-1")
    with DuckDBEngine() as other:
        taken = shelf.take(other, tmp_path, shelf.Handover.from_dict(handover.as_dict()))
        assert taken.numbers == {"rows": 3}
        assert other.rows(taken.table.order_by("n")) == ROWS
        assert other.rows(taken.expression.order_by("n")) == expected
        assert other.rows(taken.table.filter(taken.column).select("n")) == [(1,)]
        more = other.materialise(taken.table.mutate(twice=taken.table.n * 2))
        again = shelf.put(other, (taken, more), tmp_path, "runs/1/compare-1", handover)
        assert other.count(more) == 3, "a new name is none of those that were taken"
    files = sorted(path.name for path in (tmp_path / "runs/1/compare-1").iterdir())
    assert len(files) == 2, "relations of the stage before stay where they are"
    with DuckDBEngine() as third:
        (taken, more) = shelf.take(third, tmp_path, again)
        assert third.count(taken.table) == third.count(more) == 3


def test_a_file_that_somebody_changed_is_not_taken(tmp_path: Path) -> None:
    with DuckDBEngine() as engine:
        handover = shelf.put(engine, found(engine), tmp_path, "runs/1/ingest-1")
        value = tmp_path / "runs/1/ingest-1" / shelf.VALUE
        value.write_bytes(value.read_bytes() + b".")
        with pytest.raises(WorkspaceError, match="not the one that was written"):
            shelf.take(engine, tmp_path, handover)
        value.unlink()
        with pytest.raises(LostHandoverError, match="is gone"):
            shelf.take(engine, tmp_path, handover)


def test_an_attempt_has_its_folder_for_itself(tmp_path: Path) -> None:
    with DuckDBEngine() as engine:
        shelf.put(engine, found(engine), tmp_path, "runs/1/ingest-1")
        with pytest.raises(WorkspaceError, match="one attempt"):
            shelf.put(engine, found(engine), tmp_path, "runs/1/ingest-1")


def test_a_workspace_that_takes_no_files_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("a file where a folder should be")
    with DuckDBEngine() as engine, pytest.raises(WorkspaceError, match="cannot be used"):
        shelf.put(engine, found(engine), tmp_path, "runs/1/ingest-1")


def test_columns_may_be_named_as_they_like(tmp_path: Path) -> None:
    with DuckDBEngine() as engine:
        table = engine.materialise(engine.view('SELECT 1 AS "a ""b"""'))
        handover = shelf.put(engine, table, tmp_path, "x")
    with DuckDBEngine() as engine:
        assert shelf.take(engine, tmp_path, handover).columns == ('a "b"',)
