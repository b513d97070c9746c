"""Tables in memory: pandas, Polars, PyArrow, DuckDB, Ibis, lists of dicts."""

from __future__ import annotations

import datetime
import math
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import ibis
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.dataset as ds
import pytest

from greenai.engines.duckdb import DuckDBEngine
from greenai.errors import FieldError, UsageError
from greenai.sources.frames import read_frame

DAY = datetime.date(2024, 1, 2)
COLUMNS: dict[str, list[Any]] = {
    "id": [1, 2],
    "amount": [Decimal("1.10"), None],
    "name": ["x", None],
    "day": [DAY, None],
}
ROWS = [(1, Decimal("1.10"), "x", DAY), (2, None, None, None)]
TABLE = pa.table(COLUMNS)


def in_duckdb() -> Any:
    connection = duckdb.connect()
    connection.register("t", TABLE)
    return connection.sql("SELECT * FROM t")


def in_ibis() -> Any:
    connection = ibis.duckdb.connect()
    connection.con.execute(
        "CREATE TABLE t AS SELECT * FROM (VALUES (1::BIGINT, 1.10::DECIMAL(3,2), 'x', DATE '2024-01-02'), "
        "(2, NULL, NULL, NULL)) AS v(id, amount, name, day)"
    )
    return connection.table("t")


FRAMES: dict[str, Any] = {
    "pyarrow": lambda: TABLE,
    "record batch": lambda: TABLE.to_batches()[0],
    "dataset": lambda: ds.dataset(TABLE),
    "polars": lambda: pl.from_arrow(TABLE),
    "polars lazy": lambda: pl.from_arrow(TABLE).lazy(),
    "pandas": lambda: TABLE.to_pandas(types_mapper=pd.ArrowDtype),
    "duckdb": in_duckdb,
    "ibis": in_ibis,
    "ibis expression": lambda: in_ibis().filter(lambda t: t.id > 0),
    "dicts": TABLE.to_pylist,
}


# Ibis itself still calls what DuckDB 2 is about to remove.
@pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")
@pytest.mark.parametrize("kind", FRAMES)
def test_every_kind_of_table_arrives_with_its_values_and_types(engine: DuckDBEngine, kind: str) -> None:
    source = read_frame(engine, FRAMES[kind](), name="left")
    assert source.columns == ("id", "amount", "name", "day")
    assert not source.text
    assert source.rescannable
    for _ in range(2):
        assert sorted(engine.rows(source.table)) == ROWS
    assert engine.count(source.sample(1)) == 1
    assert source.rejects() == []


def test_a_reader_is_scanned_once_and_sampling_takes_nothing_away(engine: DuckDBEngine) -> None:
    table = pa.table({"id": list(range(1000))})
    source = read_frame(engine, table.to_reader(max_chunksize=100), name="left")
    assert not source.rescannable
    assert engine.count(source.sample(150)) == 150
    assert engine.count(source.sample(5)) == 5
    assert sorted(engine.rows(engine.materialise(source.table))) == [(at,) for at in range(1000)]


def test_pandas_nan_is_null_and_elsewhere_nan_is_a_number(engine: DuckDBEngine) -> None:
    values = [1.5, math.nan, None]
    frame = pd.DataFrame({"x": values, "y": pd.Series([1.5, math.nan, "z"], dtype=object)})
    assert engine.rows(read_frame(engine, frame, name="a").table) == [(1.5, "1.5"), (None, None), (None, "z")]
    for other in (
        pl.DataFrame({"x": values}, strict=False),
        pa.table({"x": values}),
        [{"x": value} for value in values],
    ):
        rows = engine.rows(read_frame(engine, other, name="a").table)
        assert rows[0] == (1.5,)
        assert math.isnan(rows[1][0])
        assert rows[2] == (None,)


def test_pandas_missing_values_of_every_kind_are_null(engine: DuckDBEngine) -> None:
    frame = pd.DataFrame(
        {
            "when": pd.to_datetime(["2024-01-02", None]),
            "n": pd.array([1, None], dtype="Int64"),
            "o": pd.Series([Decimal("1.10"), pd.NA], dtype=object),
            "d": pd.Series([DAY, pd.NaT], dtype=object),
            "c": pd.Categorical(["x", None]),
        }
    )
    assert engine.rows(read_frame(engine, frame, name="a").table) == [
        (datetime.datetime(2024, 1, 2), 1, Decimal("1.10"), DAY, "x"),
        (None, None, None, None, None),
    ]


def test_a_named_pandas_index_is_a_column_and_a_nameless_one_is_not(engine: DuckDBEngine) -> None:
    frame = pd.DataFrame({"id": ["p", "q"], "x": [1, 2]})
    assert read_frame(engine, frame, name="a").columns == ("id", "x")
    assert read_frame(engine, frame.set_index("id"), name="a").columns == ("id", "x")
    assert read_frame(engine, frame[frame.x > 1], name="a").columns == ("id", "x")
    with pytest.raises(FieldError, match="index and a column"):
        read_frame(engine, frame.set_index("id", drop=False), name="a")


def test_column_names_that_are_no_text_become_text(engine: DuckDBEngine) -> None:
    assert read_frame(engine, pd.DataFrame([[1, 2]]), name="a").columns == ("0", "1")


def test_a_name_that_comes_twice_is_an_error(engine: DuckDBEngine) -> None:
    for frame in (pd.DataFrame([[1, 2]], columns=["x", "x"]), pa.table([[1], [2]], names=["x", "X"])):
        with pytest.raises(FieldError, match="columns 1 and 2"):
            read_frame(engine, frame, name="left")


def test_dicts_may_lack_keys_and_mix_types(engine: DuckDBEngine) -> None:
    source = read_frame(engine, [{"id": 1}, {"id": "x", "late": 2**70}, {"id": True, "late": None}], name="a")
    assert source.columns == ("id", "late")
    assert engine.rows(source.table) == [("1", None), ("x", str(2**70)), ("true", None)]


def test_thirty_digits_stay_exact(engine: DuckDBEngine) -> None:
    exact = Decimal("123456789012345678901234567890.12")
    for data in ([{"x": exact}], pl.DataFrame({"x": [exact]}), pd.DataFrame({"x": [exact]})):
        assert engine.rows(read_frame(engine, data, name="a").table) == [(exact,)]


@pytest.mark.parametrize("data", [42, "text", object(), {"a": [1]}, [1, 2], [], [{}], pd.Series([1]), None])
def test_what_is_no_table_is_an_error_that_says_what_is(engine: DuckDBEngine, data: object) -> None:
    with pytest.raises(UsageError) as caught:
        read_frame(engine, data, name="left")
    assert caught.value.remedy
    assert caught.value.source == "left"


def test_a_table_without_rows_keeps_its_columns(engine: DuckDBEngine) -> None:
    for empty in (TABLE.slice(0, 0), pl.from_arrow(TABLE).clear(), TABLE.to_pandas().iloc[:0]):
        source = read_frame(engine, empty, name="a")
        assert source.columns == ("id", "amount", "name", "day")
        assert engine.count(source.table) == 0


def test_the_libraries_are_not_imported(tmp_path: Path) -> None:
    import subprocess
    import sys

    code = (
        "import sys; import greenai.sources.frames, greenai.sources.files; "
        "assert not {'pandas', 'polars'} & set(sys.modules), 'imported'"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=tmp_path)
