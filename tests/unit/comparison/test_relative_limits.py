"""A relative limit is judged exactly, however many digits the values have."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Context, Decimal

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenai.comparison.differences import near
from greenai.engines.duckdb import DuckDBEngine

WIDE = Context(prec=200)
Case = tuple[int, list[tuple[Decimal, Decimal]], Decimal]


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDBEngine]:
    with DuckDBEngine(threads=1) as engine:
        yield engine


def judged(engine: DuckDBEngine, case: Case) -> list[bool]:
    scale, pairs, limit = case
    kind = pa.decimal128(38, scale)
    data = {
        "n": pa.array(range(len(pairs))),
        "a": pa.array([a for a, _ in pairs], kind),
        "b": pa.array([b for _, b in pairs], kind),
    }
    table = engine.register(pa.table(data))
    rows = engine.rows(table.select("n", near=near(table.a, table.b, None, limit)).order_by("n"))
    return [near for _, near in rows]


def expected(case: Case) -> list[bool]:
    _, pairs, limit = case
    return [
        WIDE.subtract(a, b).copy_abs() <= WIDE.multiply(limit, max(a.copy_abs(), b.copy_abs()))
        for a, b in pairs
    ]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Values of up to 38 digits, most of them a few units of the last place from the very limit."""
    scale = draw(st.integers(0, 38))
    places = draw(st.integers(0, 18))
    share = draw(st.integers(0, 10**places) | st.integers(0, 3 * 10**places))
    limit = Decimal(share).scaleb(-places, WIDE)
    pairs = []
    for _ in range(12):
        size = draw(st.integers(10**30, 10**38 - 1) | st.integers(0, 10**38 - 1))
        edge = size - size * share // 10**places + draw(st.integers(-2, 2))
        other = draw(st.just(edge) | st.integers(-(10**38) + 1, 10**38 - 1))
        other = max(min(other, 10**38 - 1), 1 - 10**38)
        sign = draw(st.sampled_from([1, -1]))
        pair = [Decimal(sign * size).scaleb(-scale, WIDE), Decimal(sign * other).scaleb(-scale, WIDE)]
        pairs.append((pair[0], pair[1]) if draw(st.booleans()) else (pair[1], pair[0]))
    return scale, pairs, limit


@given(case=cases())
@settings(max_examples=50, deadline=None)
def test_a_relative_limit_agrees_with_exact_arithmetic(engine: DuckDBEngine, case: Case) -> None:
    assert judged(engine, case) == expected(case)


def test_one_unit_of_the_last_of_38_digits_decides(engine: DuckDBEngine) -> None:
    size = 10**38 - 10**4
    edge = size // 100 * 99
    for scale in (0, 2, 38):
        pairs = [
            (Decimal(one).scaleb(-scale, WIDE), Decimal(other).scaleb(-scale, WIDE))
            for one, other in ((size, edge), (size, edge - 1), (-size, -edge), (-size, 1 - edge))
        ]
        assert judged(engine, (scale, pairs, Decimal("0.01"))) == [True, False, True, False]


def test_a_null_is_not_within_any_limit(engine: DuckDBEngine) -> None:
    kind = pa.decimal128(38, 0)
    table = engine.register(pa.table({"a": pa.array([None, 1], kind), "b": pa.array([1, None], kind)}))
    for limit in ("0.01", "1.5", "3"):
        for (said,) in engine.rows(table.select(near=near(table.a, table.b, None, Decimal(limit)))):
            assert not said
