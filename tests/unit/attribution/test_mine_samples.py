"""Samples are the same every time and drown nothing rare; proposals are bounded; verification is exact."""

from decimal import Decimal
from random import Random

import pyarrow as pa
from cellshop import MONEY, cells_from

from greenai.attribution.propose import MOST, propose
from greenai.attribution.sampling import draw
from greenai.attribution.transformations.scale import Scale
from greenai.attribution.transformations.sign import Sign
from greenai.attribution.verify import verify
from greenai.engines.duckdb import DuckDBEngine


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
    held = engine.rows(verified.table.filter(verified.column(1)).select("cell").order_by("cell"))
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
