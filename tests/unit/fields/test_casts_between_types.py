"""Typed to typed: exact, or a visible failure."""

from __future__ import annotations

import datetime
import uuid
from decimal import Decimal

import ibis.expr.datatypes as dt
import pyarrow as pa
import pytest

from greenai.definition.types import parse_type
from greenai.engines.duckdb import DuckDBEngine
from greenai.fields.casts import cast
from greenai.fields.types import common_type, field_type_of, ibis_type

BAD = "FAILED"
D = Decimal
MOMENT = datetime.datetime(2024, 1, 2, 10)


@pytest.mark.parametrize(
    ("source", "cells", "target", "values"),
    [
        (pa.int8(), [1, None], "integer", [1, None]),
        (pa.uint64(), [1, 2**64 - 1], "integer", [1, BAD]),
        (pa.uint64(), [2**64 - 1], "decimal(38,0)", [D(2**64 - 1)]),
        (pa.int64(), [1, 10**17], "decimal(18,2)", [D("1.00"), BAD]),
        (pa.int64(), [-(2**63)], "decimal(38,10)", [D(-(2**63))]),
        (pa.int64(), [2**53, 2**53 + 1], "float", [float(2**53), BAD]),
        (pa.decimal128(18, 2), [D("1.50")], "decimal(20,4)", [D("1.5000")]),
        (pa.decimal128(18, 3), [D("1.005"), D("1.010")], "decimal(18,2)", [BAD, D("1.01")]),
        (pa.decimal128(18, 3), [D("-1.005"), D("999.999")], "decimal(5,2)", [BAD, BAD]),
        (pa.decimal128(38, 0), [D(10**30), D(5)], "decimal(38,10)", [BAD, D(5)]),
        (pa.decimal128(18, 2), [D("2.00"), D("2.50"), D("-2.50")], "integer", [2, BAD, BAD]),
        (pa.decimal128(38, 0), [D(2**63)], "integer", [BAD]),
        (pa.decimal128(18, 2), [D("1250.10")], "float", [1250.1]),
        (pa.float64(), [0.1, 0.1 + 0.2, 1e16], "decimal(18,1)", [D("0.1"), BAD, D(10**16)]),
        (pa.float64(), [float("nan"), float("inf")], "decimal(18,1)", [BAD, BAD]),
        (pa.float64(), [3.0, 3.5, 2.0**63], "integer", [3, BAD, BAD]),
        (pa.float32(), [0.5], "float", [0.5]),
        (pa.float32(), [0.1], "decimal(18,1)", [D("0.1")]),
        (pa.bool_(), [True, None], "boolean", [True, None]),
        (pa.int64(), [0, 1, 2], "boolean", [False, True, BAD]),
        (pa.bool_(), [True], "integer", [BAD]),
        (pa.date32(), [datetime.date(2024, 1, 2)], "timestamp", [datetime.datetime(2024, 1, 2)]),
        (pa.date32(), [datetime.date(2024, 1, 2)], "integer", [BAD]),
        (
            pa.timestamp("us"),
            [datetime.datetime(2024, 1, 2), MOMENT],
            "date",
            [datetime.date(2024, 1, 2), BAD],
        ),
        (pa.timestamp("s"), [MOMENT], "timestamp", [MOMENT]),
        (pa.timestamp("ms"), [MOMENT], "timestamp", [MOMENT]),
        (
            pa.timestamp("ns"),
            [1_000_000_000, 1_000_000_001],
            "timestamp",
            [datetime.datetime(1970, 1, 1, 0, 0, 1), BAD],
        ),
        (pa.timestamp("us", "Europe/Berlin"), [MOMENT.replace(tzinfo=datetime.UTC)], "timestamp", [MOMENT]),
        (pa.timestamp("us", "UTC"), [MOMENT.replace(tzinfo=datetime.UTC)], "string", ["2024-01-02 10:00:00"]),
        (pa.time64("us"), [datetime.time(10, 0)], "string", ["10:00:00"]),
    ],
)
def test_a_typed_cell_changes_type_exactly_or_fails(read, source, cells, target, values) -> None:
    assert read(cells, target, source) == values


def test_a_hugeint_of_39_digits_fails_visibly_and_an_enum_is_text() -> None:
    with DuckDBEngine(threads=1) as engine:
        table = engine.view(
            "SELECT 170141183460469231731687303715884105727::HUGEINT AS h, 'b'::ENUM('a', 'b') AS e"
        )
        number = cast(table.h, parse_type("decimal(38,0)"))
        text = cast(table.e, parse_type("string"))
        assert engine.rows(table.select(a=number.value, b=number.failed, c=text.value)) == [(None, True, "b")]


def test_the_result_has_the_type_of_the_field_whatever_it_came_from(engine) -> None:
    columns = {
        "text": pa.array(["1"]),
        "number": pa.array([1], pa.int32()),
        "exact": pa.array([D("1.0")], pa.decimal128(9, 1)),
        "approximate": pa.array([1.0], pa.float32()),
        "yes": pa.array([True]),
        "day": pa.array([datetime.date(2024, 1, 1)]),
        "moment": pa.array([MOMENT], pa.timestamp("ns", "UTC")),
        "id": pa.array([uuid.UUID(int=1).bytes], pa.uuid()),
        "list": pa.array([[1]]),
    }
    table = engine.register(pa.table(columns))
    for name in columns:
        for written in ("string", "integer", "decimal(20,3)", "float", "boolean", "date", "timestamp"):
            made = engine.materialise(table.select(x=cast(table[name], parse_type(written)).value))
            assert made.schema()["x"] == ibis_type(parse_type(written)), (name, written)


@pytest.mark.parametrize(
    ("column", "type"),
    [
        (dt.int8, "integer"),
        (dt.uint32, "integer"),
        (dt.uint64, "decimal(38,0)"),
        (dt.Decimal(18, 2), "decimal(18,2)"),
        (dt.float32, "float"),
        (dt.boolean, "boolean"),
        (dt.date, "date"),
        (dt.Timestamp(scale=9), "timestamp"),
        (dt.Timestamp(timezone="UTC"), "timestamp"),
        (dt.string, "string"),
        (dt.time, "string"),
        (dt.uuid, "string"),
        (dt.binary, "string"),
        (dt.json, "string"),
        (dt.Array(dt.int64), "string"),
        (dt.Struct({"a": dt.int64}), "string"),
        (dt.Map(dt.string, dt.int64), "string"),
    ],
)
def test_each_column_type_has_a_field_type(column, type) -> None:
    assert field_type_of(column) == parse_type(type)


@pytest.mark.parametrize(
    ("a", "b", "common"),
    [
        ("decimal(18,2)", "decimal(10,5)", "decimal(21,5)"),
        ("decimal(38,0)", "decimal(38,10)", "decimal(38,10)"),
        ("integer", "decimal(18,2)", "decimal(21,2)"),
        ("integer", "decimal(38,25)", "decimal(38,25)"),
        ("integer", "float", "float"),
        ("decimal(18,2)", "float", "float"),
        ("date", "timestamp", "timestamp"),
        ("boolean", "integer", "string"),
        ("string", "date", "string"),
        ("date", "integer", "string"),
        ("float", "float", "float"),
    ],
)
def test_two_types_meet_in_one_that_holds_both_from_either_side(a, b, common) -> None:
    assert common_type(parse_type(a), parse_type(b)) == parse_type(common)
    assert common_type(parse_type(b), parse_type(a)) == parse_type(common)
