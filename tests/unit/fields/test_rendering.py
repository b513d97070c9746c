"""One text per value, and back."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenai.definition.types import parse_type
from greenai.fields.casts import cast
from greenai.fields.render import render

D = Decimal
MOMENT = datetime.datetime(2024, 1, 2, 10)


@pytest.mark.parametrize(
    ("type", "cell", "text"),
    [
        (pa.decimal128(18, 2), D("1250"), "1250.00"),
        (pa.decimal128(18, 2), D("-0.5"), "-0.50"),
        (
            pa.decimal128(38, 8),
            D("123456789012345678901234567890.12345678"),
            "123456789012345678901234567890.12345678",
        ),
        (pa.int64(), -7, "-7"),
        (pa.float64(), 0.1, "0.1"),
        (pa.float64(), 1e20, "1e+20"),
        (pa.float64(), 1.0, "1.0"),
        (pa.float64(), -0.0, "0.0"),
        (pa.float64(), float("nan"), "NaN"),
        (pa.float64(), float("inf"), "Infinity"),
        (pa.float64(), float("-inf"), "-Infinity"),
        (pa.float32(), 0.1, "0.1"),
        (pa.bool_(), True, "true"),
        (pa.bool_(), False, "false"),
        (pa.date32(), datetime.date(2024, 1, 2), "2024-01-02"),
        (pa.timestamp("us"), MOMENT, "2024-01-02 10:00:00"),
        (pa.timestamp("us"), MOMENT.replace(microsecond=500000), "2024-01-02 10:00:00.500000"),
        (pa.timestamp("s"), MOMENT, "2024-01-02 10:00:00"),
        (pa.timestamp("ms"), MOMENT.replace(microsecond=5000), "2024-01-02 10:00:00.005000"),
        (pa.timestamp("ns"), 1, "1970-01-01 00:00:00.000000001"),
        (pa.timestamp("us", "Europe/Berlin"), MOMENT.replace(tzinfo=datetime.UTC), "2024-01-02 10:00:00"),
        (pa.binary(), b"\x00\xab", "00ab"),
        (pa.string(), " a ", " a "),
        (pa.list_(pa.int64()), [1, 2], "[1,2]"),
        (pa.struct({"a": pa.int64(), "b": pa.string()}), {"a": 1, "b": "x"}, '{"a":1,"b":"x"}'),
        (pa.map_(pa.string(), pa.int64()), [("k", 1)], '{"k":1}'),
        (pa.int64(), None, None),
        (pa.timestamp("us"), None, None),
        (pa.float64(), None, None),
    ],
)
def test_every_type_has_one_text(column, type, cell, text) -> None:
    assert column([cell], render, type) == [text]


DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**24), max_value=10**24)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.one_of(st.none(), DECIMALS), min_size=1, max_size=50))
def test_a_decimal_survives_text_and_back(engine, cells) -> None:
    assert _there_and_back(engine, cells, pa.decimal128(38, 6), "decimal(38,6)") == cells


@settings(max_examples=20, deadline=None)
@given(st.lists(st.floats(allow_nan=False), min_size=1, max_size=50))
def test_a_float_survives_text_and_back(engine, cells) -> None:
    assert _there_and_back(engine, cells, pa.float64(), "float") == cells


@settings(max_examples=20, deadline=None)
@given(st.lists(st.datetimes(), min_size=1, max_size=50))
def test_a_timestamp_survives_text_and_back(engine, cells) -> None:
    assert _there_and_back(engine, cells, pa.timestamp("us"), "timestamp") == cells


@settings(max_examples=20, deadline=None)
@given(st.lists(st.dates(), min_size=1, max_size=50))
def test_a_date_survives_text_and_back(engine, cells) -> None:
    assert _there_and_back(engine, cells, pa.date32(), "date") == cells


def _there_and_back(engine, cells, type, written):
    table = engine.register(pa.table({"n": range(len(cells)), "v": pa.array(cells, type)}))
    text = engine.materialise(table.select(n=table.n, v=render(table.v)))
    found = engine.rows(text.select(n=text.n, v=cast(text.v, parse_type(written)).value))
    engine.drop(text)
    return [value for _, value in sorted(found, key=lambda row: row[0])]
