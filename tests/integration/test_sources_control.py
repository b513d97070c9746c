"""Control totals: trailers and promised counts and sums."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from greenai.definition.model import ControlTotals, Source
from greenai.engines.duckdb import DuckDBEngine
from greenai.errors import ControlTotalError, UsageError
from greenai.sources.base import SourceTable
from greenai.sources.files import read_files

TRAILER = r"^T\|(?P<count>\d+)\|(?P<sum>[-\d.,]+)$"


def read(
    engine: DuckDBEngine, path: Path, data: bytes, *, control: dict[str, Any], **options: Any
) -> SourceTable:
    path.write_bytes(data)
    source = Source(location=path.name, control=ControlTotals(**control), **options)
    return read_files(engine, source, side="a", base=path.parent)


def test_a_trailer_that_agrees_is_no_row_and_no_reject(engine: DuckDBEngine, tmp_path: Path) -> None:
    data = b"id,amount\r\n1,0.10\r\n2,0.20\r\nT|2|0.3\r\n\r\n"
    table = read(engine, tmp_path / "t.csv", data, control={"trailer": TRAILER, "sum_of": "amount"})
    assert sorted(engine.rows(engine.materialise(table.table))) == [("1", "0.10"), ("2", "0.20")]
    assert table.rejects() == []
    table.finish()


def test_a_wrong_count_and_a_wrong_sum_are_errors_that_tell_both(
    engine: DuckDBEngine, tmp_path: Path
) -> None:
    data = b"id,amount\n1,0.10\n2,0.20\nT|3|0.3\n"
    table = read(engine, tmp_path / "t.csv", data, control={"trailer": TRAILER, "sum_of": "amount"})
    engine.materialise(table.table)
    with pytest.raises(ControlTotalError, match="3 rows are promised, 2 were found") as caught:
        table.finish()
    assert caught.value.source == "t.csv"
    table = read(
        engine,
        tmp_path / "t.csv",
        data.replace(b"T|3|0.3", b"T|2|0.31"),
        control={"trailer": TRAILER, "sum_of": "amount"},
    )
    with pytest.raises(ControlTotalError, match=r"a sum of 0\.31 is promised, 0\.30* was found"):
        table.finish()


def test_a_missing_trailer_is_an_error(engine: DuckDBEngine, tmp_path: Path) -> None:
    with pytest.raises(ControlTotalError, match="without the trailer"):
        read(engine, tmp_path / "t.csv", b"id\n1\n", control={"trailer": TRAILER, "sum_of": "id"})


def test_rejected_rows_count_as_rows_of_the_file(engine: DuckDBEngine, tmp_path: Path) -> None:
    data = b"id,amount\n1,1\n2\n3,\xe9\nT|3|1\n"
    table = read(engine, tmp_path / "t.csv", data, control={"trailer": TRAILER, "sum_of": "amount"})
    engine.materialise(table.table)
    assert len(table.rejects()) == 2
    table.finish()


def test_sums_are_exact_and_read_written_numbers(engine: DuckDBEngine, tmp_path: Path) -> None:
    cells = [
        "12345678901234567890123456.000000000001", "0.000000000000000000001", "(1,000.50)", "-2", " 3 ", "",
    ]  # fmt: skip
    data = "id;amount\n" + "".join(f"{at};{cell}\n" for at, cell in enumerate(cells))
    expected = "12345678901234567890122456.500000000001000000001"
    control = {"sum": Decimal(expected), "count": 6, "sum_of": "amount"}
    table = read(engine, tmp_path / "t.csv", data.encode(), control=control)
    engine.materialise(table.table)
    table.finish()
    control["sum"] = Decimal(expected) + Decimal("1e-21")
    with pytest.raises(ControlTotalError):
        read(engine, tmp_path / "t.csv", data.encode(), control=control).finish()


def test_a_cell_that_is_no_number_is_told(engine: DuckDBEngine, tmp_path: Path) -> None:
    table = read(
        engine, tmp_path / "t.csv", b"amount\n1\nabc\n", control={"sum": Decimal(2), "sum_of": "amount"}
    )
    with pytest.raises(ControlTotalError, match="1 cells are no number"):
        table.finish()


def test_a_sum_needs_a_column(engine: DuckDBEngine, tmp_path: Path) -> None:
    table = read(engine, tmp_path / "t.csv", b"amount\n1\n", control={"sum": Decimal(2), "sum_of": "amuont"})
    with pytest.raises(UsageError, match="sum_of"):
        table.finish()


def test_each_file_answers_for_its_own_trailer(engine: DuckDBEngine, tmp_path: Path) -> None:
    (tmp_path / "t1.csv").write_bytes(b"id\n1\nT|1|0\n")
    (tmp_path / "t2.csv").write_bytes(b"id\n2\n3\nT|1|0\n")
    source = Source(location="t*.csv", control=ControlTotals(trailer=r"^T\|(?P<count>\d+)"))
    table = read_files(engine, source, side="a", base=tmp_path)
    assert engine.count(engine.materialise(table.table)) == 3
    with pytest.raises(ControlTotalError) as caught:
        table.finish()
    assert caught.value.source == "t2.csv"


def test_a_trailer_is_taken_off_a_long_file(engine: DuckDBEngine, tmp_path: Path) -> None:
    data = b"id,amount\n" + b"".join(b"%d,1\n" % at for at in range(300_000)) + b"T|300000|300,000.00"
    table = read(engine, tmp_path / "t.csv", data, control={"trailer": TRAILER, "sum_of": "amount"})
    assert engine.count(engine.materialise(table.table)) == 300_000
    table.finish()


def test_fixed_width_files_have_trailers_and_typed_files_have_sums(
    engine: DuckDBEngine, tmp_path: Path
) -> None:
    places = [{"name": "id", "start": 1, "length": 3}, {"name": "amount", "start": 4, "length": 5}]
    data = b"001 1.50\n002 2.50\nT|2|4\n"
    control = {"trailer": TRAILER, "sum_of": "amount"}
    table = read(engine, tmp_path / "t.txt", data, control=control, format="fixed", columns=places)
    assert engine.count(engine.materialise(table.table)) == 2
    table.finish()
    table = read(
        engine,
        tmp_path / "t.jsonl",
        b'{"amount": 1.50}\n{"amount": null}\n',
        control={"sum": 1.5, "sum_of": "amount"},
    )
    table.finish()
