"""Samples are the same every time and drown nothing rare; proposals are bounded; verification is exact."""

from datetime import date, datetime
from decimal import Decimal
from random import Random
from typing import Any

import pyarrow as pa
import pytest
from cellshop import MONEY, cells_from

from greenai.attribution.propose import MOST, propose
from greenai.attribution.sampling import draw
from greenai.attribution.transformations.scale import Scale
from greenai.attribution.transformations.sign import Sign
from greenai.engines.duckdb import DuckDBEngine
from verifying import verify


def world(count: int) -> tuple[list[Decimal], list[Decimal], list[str]]:
    """Amounts with the sign turned; one in a thousand, all of one desk among fifty, is times ten."""
    random = Random(2)
    a, b, desk = [], [], []
    for n in range(count):
        value = Decimal(random.randrange(10_000, 9_999_999)).scaleb(-2)
        rare = n % 1000 == 7
        a.append(value)
        b.append(value * 10 if rare else -value)
        desk.append("rare" if rare else f"desk {random.randrange(50)}")
    return a, b, desk


def test_a_sample_is_the_same_every_time(engine: DuckDBEngine) -> None:
    a, b, desk = world(3_000)
    cells = cells_from(engine, a, b, type=MONEY, context={"desk": desk})
    one, two = draw(engine, cells, most=500), draw(engine, cells, most=500)
    assert one == two
    assert len(one.cells) == 500
    assert one.cells == sorted(one.cells)
    assert draw(engine, cells, most=500, seed=1).cells != one.cells
    assert propose(one) == propose(two)


def test_one_in_a_thousand_is_in_a_small_sample_and_is_proposed(engine: DuckDBEngine) -> None:
    a, b, desk = world(20_000)
    cells = cells_from(engine, a, b, type=MONEY, context={"desk": desk})
    sample = draw(engine, cells, most=1_000)
    assert sample.context["desk"].count("rare") >= 8
    assert Scale(Decimal(10)) in propose(sample)


def test_a_column_of_identifiers_does_not_drown_the_rare(engine: DuckDBEngine) -> None:
    a, b, desk = world(20_000)
    context = {"desk": desk, "trade": [str(n) for n in range(20_000)]}
    sample = draw(engine, cells_from(engine, a, b, type=MONEY, context=context), most=1_000)
    assert sample.context["desk"].count("rare") >= 4


def test_proposals_are_bounded_whatever_the_data(engine: DuckDBEngine) -> None:
    random = Random(3)
    a = [Decimal(random.randrange(1, 200)) for _ in range(4_000)]
    b = [Decimal(random.randrange(1, 200)) for _ in range(4_000)]
    proposals = propose(draw(engine, cells_from(engine, a, b, type=MONEY)))
    assert 0 < len(proposals) <= MOST
    assert len(set(proposals)) == len(proposals)
    assert propose(draw(engine, cells_from(engine, a, b, type=MONEY)), most=5) == propose(
        draw(engine, cells_from(engine, a, b, type=MONEY)), most=5
    )


def test_verification_counts_all_cells_and_keeps_what_survives_in_order(engine: DuckDBEngine) -> None:
    a, b, _ = world(5_000)
    cells = cells_from(engine, a, b, type=MONEY)
    tried = [Scale(Decimal(3)), Scale(Decimal(10)), Sign()]
    verified = verify(engine, cells, tried)
    assert verified.transformations == (Sign(), Scale(Decimal(10)))
    assert verified.counts == (4_995, 5)
    assert verified.table.columns == ("cell", "t0", "t1")
    held = engine.rows(verified.table.filter(verified.table.t1).select("cell").order_by("cell"))
    assert [cell for (cell,) in held] == [7, 1007, 2007, 3007, 4007]


def test_nothing_to_verify_is_no_error(engine: DuckDBEngine) -> None:
    verified = verify(engine, cells_from(engine, ["x"], ["y"]), [])
    assert verified.transformations == ()
    assert verified.table.columns == ("cell",)


def test_no_cells_suggest_nothing(engine: DuckDBEngine) -> None:
    for type in (pa.string(), MONEY, pa.int64(), pa.float64(), pa.date32(), pa.timestamp("us"), pa.bool_()):
        cells = cells_from(engine, [], [], type=type)
        assert propose(draw(engine, cells)) == []


def test_only_nulls_suggest_no_failure(engine: DuckDBEngine) -> None:
    for type in (pa.string(), MONEY, pa.float64(), pa.date32(), pa.timestamp("us"), pa.bool_()):
        cells = cells_from(engine, [None] * 4, [None] * 4, type=type, raw_a=["?"] * 4)
        verify(engine, cells, propose(draw(engine, cells)))


def test_each_expression_is_written_once(engine: DuckDBEngine) -> None:
    a, b, _ = world(100)
    table = cells_from(engine, a, b, type=MONEY).table
    statement = engine.sql(table.select(held=Scale(Decimal(100)).holds(table)))
    assert statement.count("MULTIPLY") == 1


EXTREMES: dict[str, tuple[pa.DataType, list[Any]]] = {
    "wide": (pa.decimal128(38, 2), [Decimal("9" * 36), Decimal("-" + "9" * 36), Decimal("0.01"), Decimal(0)]),
    "fine": (
        pa.decimal128(38, 36),
        [Decimal("9.5"), Decimal("1E-36"), Decimal("-9.99"), Decimal(0)],
    ),
    "whole": (pa.int64(), [2**63 - 1, -(2**63), 1, 0, 10**18, 3]),
    "float": (pa.float64(), [1e308, -1e308, 5e-324, float("nan"), float("inf"), 0.0, 1e22, 0.1]),
    "text": (
        pa.string(),
        ["", " ", "\x00", "é" * 300, "'\"", "%", "1E400", "9" * 60, "31/1/999", "İ", "🙂"],
    ),
    "day": (pa.date32(), [date(1, 1, 1), date(9999, 12, 31), date(2024, 2, 29), date(1900, 1, 1)]),
    "moment": (
        pa.timestamp("us"),
        [datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59, 59, 999999), datetime(2026, 3, 29, 1, 30)],
    ),
    "flag": (pa.bool_(), [True, False]),
}


@pytest.mark.parametrize("kind", EXTREMES)
def test_no_extreme_value_makes_the_engine_fail(engine: DuckDBEngine, kind: str) -> None:
    type, values = EXTREMES[kind]
    pairs = [(a, b) for a in [*values, None] for b in [*values, None]] * 5
    a, b = [a for a, _ in pairs], [b for _, b in pairs]
    others = {
        f"{side}:{name}": (drawn, type) for side, drawn in (("a", b), ("b", a)) for name in ("other", "third")
    }
    context = {"desk": [n % 3 for n in range(len(pairs))]}
    cells = cells_from(engine, a, b, type=type, others=others, context=context)
    proposals = propose(draw(engine, cells))
    verified = verify(engine, cells, proposals, least=1)
    assert verified.transformations
    for one in proposals:
        engine.arrow(cells.table.select(value=one.apply(cells.table)))
