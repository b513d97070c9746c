"""Reasons of breaks: what is proven, what is invalid, what stays unknown, and what it costs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from greenai.attribution.explain import explain
from greenai.engines.duckdb import DuckDBEngine

if TYPE_CHECKING:
    import ibis.expr.types as ir

COLUMNS = ("break_id", "key", "field", "kind", "value_a", "value_b")
ADDED = ("reason", "functional", "confidence", "explanation")


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDBEngine]:
    with DuckDBEngine(threads=1) as engine:
        yield engine


def explained(engine: DuckDBEngine, rows: list[dict[str, object]]) -> list[dict[str, object]]:
    names = [*COLUMNS, *(name for name in ("invalid_a", "invalid_b") if name in rows[0])]
    data = pa.Table.from_pylist(rows, pa.schema([(name, pa.string()) for name in names]))
    expression = explain(engine.register(data)).order_by("break_id")
    return [dict(zip(expression.columns, row, strict=True)) for row in engine.rows(expression)]


def a_break(**cells: object) -> dict[str, object]:
    return {"break_id": "1", "key": '["k"]', "field": "name", "kind": "value"} | cells


def test_a_proven_break_is_format_functional_and_certain(engine: DuckDBEngine) -> None:
    (row,) = explained(engine, [a_break(value_a="Acme  Ltd", value_b="ACME Ltd")])
    assert row["reason"] == "FORMAT"
    assert row["functional"] is True
    assert row["confidence"] == 1.0
    assert row["explanation"] == "the same text, written with different white space and case"


def test_an_unproven_break_is_unknown_and_claims_nothing(engine: DuckDBEngine) -> None:
    (row,) = explained(engine, [a_break(value_a="1250.00", value_b="1250.01")])
    assert row["reason"] == "UNKNOWN"
    assert row["functional"] is row["confidence"] is row["explanation"] is None


def test_an_invalid_cell_is_invalid_even_where_its_text_could_be_proven(engine: DuckDBEngine) -> None:
    texts = {"value_a": "1,234.50", "value_b": "1234.5"}
    rows = [
        a_break(break_id="1", **texts, invalid_a="decimal(18,2)", invalid_b=None),
        a_break(break_id="2", **texts, invalid_a=None, invalid_b=None),
    ]
    got = explained(engine, rows)
    assert [row["reason"] for row in got] == ["INVALID_VALUE", "FORMAT"]
    assert [row["functional"] for row in got] == [False, True]
    assert got[0]["confidence"] == 1.0


def test_an_invalid_cell_is_explained_by_its_side_its_text_and_the_type(engine: DuckDBEngine) -> None:
    rows = [
        a_break(break_id="1", value_a="12x", value_b="12.00", invalid_a="decimal(18,2)", invalid_b=None),
        a_break(break_id="2", value_a=None, value_b="abc", invalid_a=None, invalid_b="date"),
        a_break(break_id="3", value_a="x", value_b="y", invalid_a="integer", invalid_b="integer"),
        a_break(break_id="4", value_a="z" * 41, value_b="1", invalid_a="integer", invalid_b=None),
        a_break(break_id="5", value_a="z" * 40, value_b="1", invalid_a="integer", invalid_b=None),
    ]
    assert [row["explanation"] for row in explained(engine, rows)] == [
        "a: '12x' cannot be read as decimal(18,2)",
        "b: 'abc' cannot be read as date",
        "a: 'x' and b: 'y' cannot be read as integer",
        f"a: '{'z' * 40}…' cannot be read as integer",
        f"a: '{'z' * 40}' cannot be read as integer",
    ]


def test_a_break_of_another_kind_is_unknown_whatever_its_values(engine: DuckDBEngine) -> None:
    kinds = ["only_a", "only_b", "duplicate_a", "duplicate_b", "check"]
    rows = [a_break(break_id=kind, kind=kind, field=None, value_a="A", value_b="a") for kind in kinds]
    assert [row["reason"] for row in explained(engine, rows)] == ["UNKNOWN"] * len(kinds)


def test_null_is_equivalent_to_nothing(engine: DuckDBEngine) -> None:
    pairs = [(None, ""), ("", None), (None, "None"), ("NULL", None), (None, None)]
    rows = [a_break(break_id=str(n), value_a=a, value_b=b) for n, (a, b) in enumerate(pairs)]
    assert [row["reason"] for row in explained(engine, rows)] == ["UNKNOWN"] * len(pairs)


def test_the_explanation_names_what_is_written_differently_and_nothing_else(engine: DuckDBEngine) -> None:
    pairs = {
        ("a b", "a  b"): "white space",
        ("A", "a"): "case",
        ("é", "e\u0301"): "accents",
        ("'a'", "‘a’"): "quotes and dashes",
        ("“A”  b", '"a" b'): "white space and case and quotes and dashes",
    }
    rows = [a_break(break_id=str(n), value_a=a, value_b=b) for n, (a, b) in enumerate(pairs)]
    said = [row["explanation"] for row in explained(engine, rows)]
    assert said == [f"the same text, written with different {what}" for what in pairs.values()]


def test_every_column_given_is_kept_and_four_are_added(engine: DuckDBEngine) -> None:
    (row,) = explained(engine, [a_break(value_a="a", value_b="b", invalid_a=None, invalid_b=None)])
    assert list(row) == [*COLUMNS, "invalid_a", "invalid_b", *ADDED]
    (row,) = explained(engine, [a_break(value_a="a", value_b="b")])
    assert list(row) == [*COLUMNS, *ADDED]


def test_the_columns_have_the_types_of_the_report(engine: DuckDBEngine) -> None:
    got = engine.materialise(_nothing(engine)).schema()
    assert got["reason"].is_string()
    assert got["functional"].is_boolean()
    assert got["confidence"].is_float64()
    assert got["explanation"].is_string()


def test_no_breaks_give_no_rows(engine: DuckDBEngine) -> None:
    assert engine.count(_nothing(engine)) == 0


def test_the_statement_stays_small_enough_to_plan(engine: DuckDBEngine) -> None:
    """Every value is computed once: written out as a tree the statement had 687 kB and took 50 s."""
    assert len(engine.sql(_nothing(engine))) < 50_000


def _nothing(engine: DuckDBEngine) -> ir.Table:
    return explain(engine.register(pa.table({name: pa.array([], pa.string()) for name in COLUMNS})))
