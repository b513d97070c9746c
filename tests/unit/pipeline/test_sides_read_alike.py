"""Ingesting both sides: what is alike is written once, and each side still gets its own rows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from greenai.definition.model import Source
from greenai.definition.types import parse_type
from greenai.domain.progress import SILENT
from greenai.engines.duckdb import DuckDBEngine
from greenai.fields.plan import FieldPlan, SidePlan
from greenai.pipeline.diff_plan import DiffOptions, plan_diff
from greenai.pipeline.ingest import SAMPLE, Reading, ingest, ingest_both
from greenai.sources.files import read_files


@pytest.fixture
def engine() -> Iterator[DuckDBEngine]:
    with DuckDBEngine() as engine:
        yield engine


def source(engine: DuckDBEngine, folder: Path, side: str, text: str):
    (folder / f"{side}.csv").write_text(text)
    return read_files(engine, Source(location=(f"{side}.csv",)), side=side, base=folder)


def plan(side: str, **types: str) -> SidePlan:
    fields = tuple(FieldPlan(name, parse_type(type), column=name) for name, type in types.items())
    return SidePlan(side, fields, key=("id",))


def rows(engine: DuckDBEngine, side) -> list[tuple[object, ...]]:
    return sorted(engine.rows(side.table.select("id", "n")))


def test_sides_that_are_alike_are_read_by_one_statement_each_with_its_own_rows(engine, tmp_path) -> None:
    readings: list[Reading] = []
    types = {"id": "integer", "n": "integer"}
    a = ingest(engine, source(engine, tmp_path, "a", "id,n\n1,10\n"), plan("a", **types), "a", readings)
    b = ingest(engine, source(engine, tmp_path, "b", "id,n\n1,11\n2,x\n"), plan("b", **types), "b", readings)
    assert readings[0] is readings[1]
    assert rows(engine, a) == [(1, 10)]
    assert rows(engine, b) == [(1, 11), (2, None)]
    assert (a.misfits, b.misfits) == (frozenset(), {"n"})
    assert engine.rows(b.table.filter(b.table.id == 2).select("raw:n")) == [("x",)]


@pytest.mark.parametrize(
    ("text", "types"),
    [
        ("n,id\n007,1\n", {"id": "integer", "n": "string"}),
        ("n,id\n007,1\n", {"id": "integer", "n": "integer"}),
        ("id,n,more\n1,007,x\n", {"id": "integer", "n": "string"}),
    ],
)
def test_sides_that_differ_are_read_each_in_its_own_way(engine, tmp_path, text, types) -> None:
    readings: list[Reading] = []
    a = ingest(
        engine,
        source(engine, tmp_path, "a", "id,n\n1,007\n"),
        plan("a", id="integer", n="integer"),
        "a",
        readings,
    )
    b = ingest(engine, source(engine, tmp_path, "b", text), plan("b", **types), "b", readings)
    assert readings[0] is not readings[1]
    assert rows(engine, a) == [(1, 7)]
    assert rows(engine, b) == [(1, "007" if types["n"] == "string" else 7)]


def test_what_was_read_by_a_disproved_guess_is_freed(engine, tmp_path) -> None:
    late = "".join(f"{i},{i}\n" for i in range(SAMPLE + 100)) + "last,x\n"

    def opened():
        return tuple(source(engine, tmp_path, side, "id,n\n" + late) for side in ("a", "b"))

    def planned(a, b, sample):
        return plan_diff(engine, a, b, DiffOptions(key=("id",)), sample=sample)

    sides = ingest_both(engine, opened, planned, max_rejects=1.0, progress=SILENT)
    assert {field.name: str(field.type) for field in sides.plan.a.fields} == {"id": "string", "n": "string"}
    large = engine.execute(f"SELECT count(*) FROM duckdb_tables() WHERE estimated_size > {SAMPLE}")
    assert large == [(2,)]
