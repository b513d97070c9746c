"""The first value of a group is the first one in the source."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from greenai.definition.model import Source
from greenai.definition.types import FieldType
from greenai.engines.duckdb import DuckDBEngine
from greenai.fields.plan import FieldPlan, SidePlan
from greenai.fields.prepare import prepare
from greenai.sources.base import SourceTable
from greenai.sources.files import read_files

STRING = FieldType("string")
PLAN = SidePlan(
    "a", (FieldPlan("k", STRING, "k"), FieldPlan("v", STRING, "v")), ("k",), group=(("v", "first"),)
)


def source(location: str | list[str], **options: Any) -> Source:
    return Source(location=location, group={"v": "first"}, **options)


def firsts(engine: DuckDBEngine, table: SourceTable) -> dict[str, str]:
    made = engine.materialise(prepare(table.table, PLAN, text=table.text))
    return {row[0]: row[1] for row in engine.rows(made.select("k", "v"))}


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ('k,v\n1,"fir\nst"\n1,second\n', "fir\nst"),
        ('k,v\n1,first\n1,"sec\nond"\n1,third\n', "first"),
        ('k,v\n2,x\n1,"fir\nst"\n2,y\n1,second\n', "fir\nst"),
        ('k,v\r\n2,x\r\n1,"fir\r\nst"\r\n1,second\r\n', "fir\r\nst"),
        ('k,v\n1,a,b\n1, "first"\n1,second\n', "first"),
    ],
)
def test_first_is_the_first_row_of_a_csv_with_irregular_rows(
    engine: DuckDBEngine, tmp_path: Path, text: str, first: str
) -> None:
    (tmp_path / "t.csv").write_text(text, newline="")
    assert firsts(engine, read_files(engine, source("t.csv"), side="a", base=tmp_path))["1"] == first


def test_first_is_the_first_row_of_fixed_width_with_irregular_rows(
    engine: DuckDBEngine, tmp_path: Path
) -> None:
    # The control character makes a line irregular.
    (tmp_path / "t.dat").write_text("1fi\x1frst\n1second\n")
    columns = [{"name": "k", "start": 1, "length": 1}, {"name": "v", "start": 2, "length": 6}]
    table = read_files(engine, source("t.dat", columns=columns), side="a", base=tmp_path)
    assert firsts(engine, table) == {"1": "fi\x1frst"}


def test_rejects_and_lines_stay_what_they_are_when_order_matters(
    engine: DuckDBEngine, tmp_path: Path
) -> None:
    (tmp_path / "t.csv").write_text('k,v\n1\n1,a\n2,"b\nc"\n2,x,y\n\n3,z\nk,v\n4,w\n')
    table = read_files(engine, source("t.csv"), side="a", base=tmp_path)
    assert firsts(engine, table) == {"1": "a", "2": "b\nc", "3": "z", "4": "w"}
    assert [(reject.line, reject.raw) for reject in table.rejects()] == [(2, "1"), (6, "2,x,y"), (9, "k,v")]


def test_first_goes_by_the_order_of_files(engine: DuckDBEngine, tmp_path: Path) -> None:
    (tmp_path / "1.csv").write_text("k,v\n2,x\n" + '1,"of the first\nfile"\n')
    (tmp_path / "2.csv").write_text("k,v\n1,of the second file\n")
    table = read_files(engine, source("*.csv"), side="a", base=tmp_path)
    assert firsts(engine, table)["1"] == "of the first\nfile"


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_first_holds_over_many_rows_read_by_several_threads(tmp_path: Path, suffix: str) -> None:
    rows = 600_000
    ids = pa.array(range(rows))
    table = pa.table({"k": pa.array([str(at % 3) for at in range(rows)]), "v": ids.cast(pa.string())})
    with DuckDBEngine(threads=4) as engine:
        if suffix == "csv":
            lines = zip(table["k"].to_pylist(), table["v"].to_pylist(), strict=True)
            text = "k,v\n" + "\n".join(map(",".join, lines)) + '\n0,"last\none"\n'
            (tmp_path / "t.csv").write_text(text)
        else:
            pq.write_table(table, tmp_path / "t.parquet", row_group_size=20_000)
        read = read_files(engine, source(f"t.{suffix}"), side="a", base=tmp_path)
        assert firsts(engine, read) == {"0": "0", "1": "1", "2": "2"}
        numbered = read.table.mutate(n=ibis.row_number())
        wrong = numbered.filter(numbered.v != numbered.n.cast("string"), numbered.v != "last\none")
        assert engine.count(wrong) == 0
