"""Typed files of one side whose columns differ in type."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import feather

from greenai.definition.model import Source
from greenai.engines.duckdb import DuckDBEngine
from greenai.errors import FieldError
from greenai.sources.base import SourceTable
from greenai.sources.files import read_files

WRITERS: dict[str, Callable[[pa.Table, Path], Any]] = {
    "parquet": pq.write_table,
    "arrow": feather.write_feather,
}


def read(engine: DuckDBEngine, folder: Path, suffix: str, *columns: pa.Array) -> SourceTable:
    for at, column in enumerate(columns):
        WRITERS[suffix](pa.table({"amount": column}), folder / f"part{at}.{suffix}")
    return read_files(engine, Source(location=f"part*.{suffix}"), side="a", base=folder)


@pytest.mark.parametrize("suffix", WRITERS)
@pytest.mark.parametrize(
    ("first", "second", "types"),
    [
        (pa.array([Decimal("0.10")], pa.decimal128(19, 2)), pa.array([0.1]), ("DOUBLE", "DECIMAL(19,2)")),
        (pa.array([1], pa.int64()), pa.array([1.0]), ("DOUBLE", "BIGINT")),
        (pa.array(["1"]), pa.array([1], pa.int32()), ("INTEGER", "VARCHAR")),
        (
            pa.array([Decimal(1)], pa.decimal128(38, 0)),
            pa.array([Decimal("0.1")], pa.decimal128(4, 2)),
            ("DECIMAL(4,2)", "DECIMAL(38,0)"),
        ),
    ],
)
def test_files_with_unlike_types_are_an_error_that_names_file_column_and_types(
    engine: DuckDBEngine,
    tmp_path: Path,
    suffix: str,
    first: pa.Array,
    second: pa.Array,
    types: tuple[str, str],
) -> None:
    with pytest.raises(FieldError) as caught:
        read(engine, tmp_path, suffix, first, second)
    assert (caught.value.source, caught.value.column) == (f"part1.{suffix}", "amount")
    assert caught.value.message == f"the column is {types[0]} in this file, but {types[1]} in part0.{suffix}"
    assert caught.value.remedy


def test_the_file_that_set_the_type_is_named_and_not_the_empty_first(
    engine: DuckDBEngine, tmp_path: Path
) -> None:
    with pytest.raises(FieldError, match=r"VARCHAR in this file, but BIGINT in part1\.parquet"):
        read(engine, tmp_path, "parquet", pa.nulls(1), pa.array([1]), pa.array(["x"]))


@pytest.mark.parametrize("suffix", WRITERS)
@pytest.mark.parametrize(
    ("columns", "schema", "values"),
    [
        (
            [pa.array([127], pa.int8()), pa.array([2**62], pa.int64())],
            "int64",
            [127, 2**62],
        ),
        (
            [pa.array([-1], pa.int32()), pa.array([2**32 - 1], pa.uint32())],
            "int64",
            [-1, 2**32 - 1],
        ),
        ([pa.array([1], pa.uint8()), pa.array([2**16 - 1], pa.uint16())], "uint16", [1, 2**16 - 1]),
        (
            [
                pa.array([Decimal("99999999.99")], pa.decimal128(10, 2)),
                pa.array([Decimal("0.12345")], pa.decimal128(6, 5)),
            ],
            "decimal(13, 5)",
            [Decimal("0.12345"), Decimal("99999999.99000")],
        ),
        ([pa.nulls(1), pa.array([5], pa.int16()), pa.nulls(1)], "int16", [5, None, None]),
    ],
)
def test_types_that_meet_without_loss_meet(
    engine: DuckDBEngine, tmp_path: Path, suffix: str, columns: list[pa.Array], schema: str, values: list[Any]
) -> None:
    source = read(engine, tmp_path, suffix, *columns)
    assert str(source.table.schema()["amount"]) == schema
    found = [value for (value,) in engine.rows(source.table)]
    assert sorted(found, key=lambda value: (value is None, value)) == values
    assert engine.count(source.sample(10)) == len(values)


def test_signed_and_unsigned_integers_of_64_bits_meet_without_loss(
    engine: DuckDBEngine, tmp_path: Path
) -> None:
    table = read(engine, tmp_path, "parquet", pa.array([-1]), pa.array([2**64 - 1], pa.uint64()))
    assert sorted(engine.rows(table.table)) == [(-1,), (2**64 - 1,)]
