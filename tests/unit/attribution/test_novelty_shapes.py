"""Shapes of two values: what they have in common, without explaining them."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pytest

from greenai.attribution.novelty_shapes import with_shapes
from greenai.attribution.novelty_slices import Slice, chosen
from greenai.engines.duckdb import DuckDBEngine


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDBEngine]:
    with DuckDBEngine(threads=1) as engine:
        yield engine


def shape(engine: DuckDBEngine, sort: str, a: str | None, b: str | None) -> tuple[str, str]:
    rows = pa.table(
        {"value_a": pa.array([a], pa.string()), "value_b": pa.array([b], pa.string()), "sort": [sort]}
    )
    shaped = with_shapes(engine.register(rows))
    ((rough, fine),) = engine.rows(shaped.select("rough", "fine"))
    return rough, fine


@pytest.mark.parametrize(
    ("a", "b", "rough", "fine"),
    [
        ("100", "105", "b is larger", "by 1 % to 10 %"),
        ("105", "100", "b is smaller", "by 1 % to 10 %"),
        ("-100", "-105", "b is smaller", "by 1 % to 10 %"),
        ("100", "700", "b is larger", "2 to 10 times"),
        ("1", "123456", "b is larger", "more than 100 times"),
        ("0", "5", "a is zero", ""),
        ("5", "-6", "opposite signs", "by 10 % to 100 %"),
        ("1234.5", "5.4321", "the same characters backwards", ""),
        ("1234", "2143", "the same characters in another order", ""),
        (None, "5", "missing in a", ""),
        ("5", None, "missing in b", ""),
    ],
)
def test_numbers_are_told_by_direction_and_size(
    engine: DuckDBEngine, a: str | None, b: str | None, rough: str, fine: str
) -> None:
    assert shape(engine, "number", a, b) == (rough, fine)


@pytest.mark.parametrize(
    ("a", "b", "rough", "fine"),
    [
        ("2026-01-01", "2026-01-02", "b is later", "by a day"),
        ("2026-01-09", "2026-01-02", "b is earlier", "by 2 to 7 days"),
        ("2026-01-01 10:00:00", "2026-01-01 09:00:00", "b is earlier", "by less than a day"),
        ("2020-01-01", "2026-01-01", "b is later", "by more than a year"),
        (None, "2026-01-01", "missing in a", ""),
    ],
)
def test_dates_are_told_by_direction_and_distance(
    engine: DuckDBEngine, a: str | None, b: str | None, rough: str, fine: str
) -> None:
    assert shape(engine, "moment", a, b) == (rough, fine)


@pytest.mark.parametrize(
    ("a", "b", "rough", "fine"),
    [
        ("", "x", "a is empty", "like  in a, like A in b"),
        ("abc", "abcdef", "b goes on after a", "like A"),
        ("abc", "xyzabc", "b has more before a", "like A"),
        ("abcdef", "abc", "b stops before a does", "like A"),
        ("TRD-001", "XYZ-22", "b is shorter", "like A-9"),
        ("alpha one", "alphaXtwo", "as many characters", "beginning alike"),
        ("stressed", "desserts", "the same characters backwards", ""),
        (None, "AB-12", "missing in a", "like A-9"),
        ("Zoë 7", "d41d8cd98f00b204e9800998ecf8427e", "b is longer", "like A 9 in a, like hexadecimal in b"),
    ],
)
def test_texts_are_told_by_length_and_kinds_of_characters(
    engine: DuckDBEngine, a: str | None, b: str | None, rough: str, fine: str
) -> None:
    assert shape(engine, "text", a, b) == (rough, fine)


def test_what_is_as_frequent_as_among_all_records_is_no_slice() -> None:
    found = [(0, "desk", "LDN", 200), (0, "desk", "NYC", 800), (0, "file", "x.csv", 1000)]
    usual = {("desk", "LDN"): 0.2, ("desk", "NYC"): 0.8, ("file", "x.csv"): 1.0}
    assert chosen(found, {0: 1000}, usual) == []


def test_the_column_that_stands_out_most_makes_the_slices() -> None:
    found = [(0, "desk", "LDN", 700), (0, "trader", "T1", 300), (0, "trader", "T2", 30)]
    usual = {("desk", "LDN"): 0.1, ("trader", "T1"): 0.1, ("trader", "T2"): 0.01}
    assert chosen(found, {0: 1000}, usual) == [Slice(0, "desk", "LDN", 0.7, 0.1)]


def test_a_quote_in_a_value_is_doubled() -> None:
    assert str(Slice(0, "desk", "O'Neill", 0.5, 0.1)) == "desk = 'O''Neill'"
