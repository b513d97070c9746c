"""Rows on their way into PostgreSQL: every value arrives as it is, or none does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import psycopg
import pyarrow as pa
import pytest
from psycopg import sql

from greenai.engines.duckdb import DuckDBEngine
from greenai.errors import GreenaiError
from greenai.store.copying import copy_in
from greenai.store.database import connect

VALUES: dict[str, tuple[str, str, list[Any]]] = {
    "bigint": ("int64", "bigint", [0, 1, -1, 2**63 - 1, -(2**63), None]),
    "boolean": ("boolean", "boolean", [True, False, None]),
    "date": ("date", "date", [date(1, 1, 1), date(1969, 12, 31), date(2000, 1, 1), date(9999, 12, 31), None]),
    "float": ("float64", "double precision", [0.1, -0.0, 5e-324, 1.7976931348623157e308, float("inf"), None]),
    "wide": (
        "decimal(38, 10)",
        "numeric(38,10)",
        [
            Decimal("9999999999999999999999999999.9999999999"),
            Decimal("-9999999999999999999999999999.9999999999"),
            Decimal("0.0000000001"),
            Decimal("-0.0000000001"),
            Decimal("10000.0001000000"),
            Decimal(0),
            None,
        ],
    ),
    "money": (
        "decimal(18, 2)",
        "numeric(18,2)",
        [Decimal("0.01"), Decimal("-0.10"), Decimal("9999.99"), Decimal("10000.00"), Decimal("-1.00"), None],
    ),
    "whole": ("decimal(38, 0)", "numeric(38,0)", [Decimal(10**37), Decimal(-(10**4)), Decimal(0), None]),
    "counted": ("int64", "numeric", [0, 10_000, -(2**63), None]),
    "text": (
        "string",
        "text",
        ["", "\\.", "\\N", 'a"b', "a,b", "line\nline\r\n", "äß漢🙂", " x ", "NULL", None],
    ),
    "moment": (
        "timestamp",
        "timestamp(6)",
        [datetime(1, 1, 1), datetime(1999, 12, 31, 23, 59, 59, 999999), datetime(2026, 3, 29, 2, 30), None],
    ),
    "uuid": (
        "string",
        "uuid",
        ["0123456789abcdef0123456789abcdef", "ffffffff-0000-1111-2222-333333333333", None],
    ),
    "json": ("string", "jsonb", ['{"a": [1, null, "\\u00e4"]}', "[]", '"x"', None]),
}


@pytest.fixture
def connection(empty_database: Callable[[], str]) -> Iterator[psycopg.Connection[Any]]:
    with connect(empty_database()) as connection:
        yield connection


@pytest.fixture
def engine() -> Iterator[DuckDBEngine]:
    with DuckDBEngine() as engine:
        yield engine


def made(connection: psycopg.Connection[Any], **columns: str) -> sql.Identifier:
    """A new table `arrived`."""
    listed = sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(kind)) for name, kind in columns.items()
    )
    connection.execute(sql.SQL("CREATE TABLE arrived ({})").format(listed))
    return sql.Identifier("arrived")


@pytest.mark.parametrize("kind", VALUES)
def test_every_value_arrives_as_a_parameter_would(
    connection: psycopg.Connection[Any], engine: DuckDBEngine, kind: str
) -> None:
    given, stored, values = VALUES[kind]
    table = made(connection, n="bigint", value=stored)
    relation = engine.register(rows_of(values, given))
    assert copy_in(connection, engine, relation, table) == len(values)
    connection.execute(sql.SQL("CREATE TABLE expected (n bigint, value {})").format(sql.SQL(stored)))
    with connection.cursor() as cursor:
        cursor.executemany(
            sql.SQL("INSERT INTO expected VALUES (%s, %s::{})").format(sql.SQL(stored)),
            list(enumerate(values)),
        )
    query = "SELECT n, value::text FROM {} ORDER BY n"
    arrived, expected = (
        connection.execute(sql.SQL(query).format(sql.Identifier(name))).fetchall()
        for name in ("arrived", "expected")
    )
    assert arrived == expected


def rows_of(values: list[Any], kind: str) -> pa.Table:
    """The values in order, as the table engine would have them."""
    types: dict[str, Any] = {
        "int64": pa.int64(),
        "boolean": pa.bool_(),
        "date": pa.date32(),
        "float64": pa.float64(),
        "decimal(38, 10)": pa.decimal128(38, 10),
        "decimal(18, 2)": pa.decimal128(18, 2),
        "decimal(38, 0)": pa.decimal128(38, 0),
        "string": pa.string(),
        "timestamp": pa.timestamp("us"),
    }
    return pa.table({"n": pa.array(range(len(values)), pa.int64()), "value": pa.array(values, types[kind])})


def test_a_relation_without_rows_arrives_too(
    connection: psycopg.Connection[Any], engine: DuckDBEngine
) -> None:
    table = made(connection, n="bigint", t="text")
    relation = engine.view("SELECT 1::BIGINT AS n, 'x' AS t WHERE false")
    assert copy_in(connection, engine, relation, table) == 0
    assert connection.execute("SELECT count(*) FROM arrived").fetchone() == (0,)


def test_columns_go_by_name_and_others_keep_their_defaults(
    connection: psycopg.Connection[Any], engine: DuckDBEngine
) -> None:
    table = made(connection, a="bigint", b="text", c="bigint DEFAULT 7")
    copy_in(connection, engine, engine.view("SELECT 'x' AS b, 1::BIGINT AS a"), table)
    assert connection.execute("SELECT * FROM arrived").fetchall() == [(1, "x", 7)]


def test_what_the_engine_cannot_compute_leaves_nothing_behind(
    connection: psycopg.Connection[Any], engine: DuckDBEngine
) -> None:
    table = made(connection, n="bigint")
    broken = engine.view(
        "SELECT CASE WHEN i < 150000 THEN i ELSE error('no') END::BIGINT AS n FROM range(200000) t(i)"
    )
    with pytest.raises(GreenaiError, match="no"), connection.transaction():
        copy_in(connection, engine, broken, table)
    assert connection.execute("SELECT count(*) FROM arrived").fetchone() == (0,)
    assert engine.count(engine.view("SELECT 1 AS x")) == 1, "the engine goes on"


def test_what_the_table_refuses_ends_the_transfer(
    connection: psycopg.Connection[Any], engine: DuckDBEngine
) -> None:
    table = made(connection, n="bigint CHECK (n < 100000)")
    rows = engine.view("SELECT i AS n FROM range(3000000) t(i)")
    with pytest.raises(psycopg.errors.CheckViolation), connection.transaction():
        copy_in(connection, engine, rows, table)
    assert connection.execute("SELECT count(*) FROM arrived").fetchone() == (0,)
    assert engine.count(engine.view("SELECT 1 AS x")) == 1, "the engine goes on"
