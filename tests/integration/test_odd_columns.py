"""Columns that a careless reader would lose."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

import greenai
from greenai.errors import FieldError


def test_a_data_column_called_source_file_is_compared(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,source_file\n1,x\n2,y\n")
    (tmp_path / "b.csv").write_text("id,source_file\n1,x\n2,z\n")
    with greenai.diff(tmp_path / "a.csv", tmp_path / "b.csv", key="id") as found:
        assert found.summary.fields["source_file"].different == 1


def test_parquet_columns_alike_but_for_case_are_refused(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = tmp_path / "a.parquet"
    pq.write_table(pa.table([[1], [2], [3]], names=["id", "Up", "UP"]), path)
    with pytest.raises(FieldError, match="same name"):
        greenai.diff(path, path, key="id")


def test_a_parquet_column_that_ends_in_a_number_is_itself(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    duckdb.sql("SELECT 1 AS id, 2 AS up, 3 AS up_1, {'x': 1} AS nested").write_parquet(str(path))
    with greenai.diff(path, path, key="id") as found:
        assert set(found.summary.fields) == {"up", "up_1", "nested"}


def test_a_comma_in_a_column_name_is_escaped(tmp_path: Path) -> None:
    from greenai.cli.options import names

    assert names([r"a\,b,c", "d"]) == ("a,b", "c", "d")
