"""Transformations of numbers: proposed from pairs, judged in exact decimals."""

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, localcontext
from random import Random

import pyarrow as pa
import pytest
from cellshop import MONEY, applied, cells_from, held, mined

from greenai.attribution.transformations.affine import Affine
from greenai.attribution.transformations.base import Mirrored
from greenai.attribution.transformations.offset import Offset
from greenai.attribution.transformations.reference_multiply import ReferenceMultiply
from greenai.attribution.transformations.rounding import Rounding
from greenai.attribution.transformations.scale import Scale
from greenai.attribution.transformations.sign import Sign
from greenai.attribution.transformations.truncation import NumberTruncation
from greenai.engines.duckdb import DuckDBEngine

CENT = Decimal("0.01")


def amounts(count: int, seed: int = 1) -> list[Decimal]:
    random = Random(seed)
    return [Decimal(random.randrange(-9_999_999, 99_999_999)).scaleb(-2) for _ in range(count)]


def half_up(value: Decimal, unit: Decimal = CENT) -> Decimal:
    return value.quantize(unit, ROUND_HALF_UP)


@pytest.mark.parametrize("factor", ["100", "0.01", "1000", "1.19", "-10"])
def test_a_factor_is_found_and_holds_everywhere(engine: DuckDBEngine, factor: str) -> None:
    a = [value for value in amounts(200) if abs(value) >= 20]
    b = [half_up(value * Decimal(factor)) for value in a]
    assert len(a) in mined(engine, cells_from(engine, a, b, type=MONEY)).values()
    assert all(held(engine, cells_from(engine, a, b, type=MONEY), Scale(Decimal(factor))))


def test_a_division_by_a_factor_without_finite_inverse_is_found(engine: DuckDBEngine) -> None:
    a = [value for value in amounts(200) if abs(value) >= 20]
    b = [half_up(value / Decimal("1.19")) for value in a]
    assert mined(engine, cells_from(engine, a, b, type=MONEY))["b = a / 1.19"] == len(a)


def test_sign_and_offset_and_line_are_told_apart(engine: DuckDBEngine) -> None:
    a = amounts(300)
    b = [
        *(-value for value in a[:100]),
        *(value + Decimal("2.5") for value in a[100:200]),
        *(half_up(value * Decimal("1.05") + Decimal("2.5")) for value in a[200:]),
    ]
    found = mined(engine, cells_from(engine, a, b, type=MONEY))
    assert found["b = -a"] == 100
    assert found["b = a + 2.5"] == 100
    assert found["b = a * 1.05 + 2.5"] == 100


def test_a_wrong_cent_is_an_exception(engine: DuckDBEngine) -> None:
    a = amounts(50)
    b = [value * 100 for value in a]
    b[17] += CENT
    expected = [at != 17 for at in range(50)]
    assert held(engine, cells_from(engine, a, b, type=MONEY), Scale(Decimal(100))) == expected


def test_a_product_too_large_for_the_type_does_not_hold_and_does_not_fail(engine: DuckDBEngine) -> None:
    kind = pa.decimal128(38, 2)
    huge = Decimal("9" * 35)
    cells = cells_from(engine, [huge, Decimal(1)], [huge, Decimal(1000)], type=kind)
    assert held(engine, cells, Scale(Decimal(1000))) == [False, True]


@pytest.mark.parametrize("divide", [False, True])
def test_another_column_is_found_as_the_factor_by_either_quote(engine: DuckDBEngine, divide: bool) -> None:
    random = Random(3)
    rates = [Decimal(random.randrange(700_000, 1_500_000)).scaleb(-6) for _ in range(200)]
    a = amounts(200)
    with localcontext(prec=60):
        b = [half_up(one / rate if divide else one * rate) for one, rate in zip(a, rates, strict=True)]
    rate_type = pa.decimal128(18, 6)
    others = {"a:rate": (rates, rate_type), "b:rate": (rates, rate_type)}
    cells = cells_from(engine, a, b, type=MONEY, others=others)
    one = ReferenceMultiply("a:rate", divide)
    assert mined(engine, cells)[one.describe()] == 200
    assert applied(engine, cells, one) == b


def test_a_quotient_on_the_edge_is_rounded_away_from_zero(engine: DuckDBEngine) -> None:
    a = [Decimal("0.05"), Decimal("-0.05"), Decimal("0.05"), Decimal("-0.05")]
    b = [Decimal("0.03"), Decimal("-0.03"), Decimal("0.02"), Decimal("-0.02")]
    twos = {f"{side}:two": ([Decimal(2)] * 4, MONEY) for side in ("a", "b")}
    cells = cells_from(engine, a, b, type=MONEY, others=twos)
    assert held(engine, cells, ReferenceMultiply("a:two", divide=True)) == [True, True, False, False]
    assert applied(engine, cells, ReferenceMultiply("a:two", divide=True))[:2] == b[:2]


def test_a_quotient_by_zero_says_nothing(engine: DuckDBEngine) -> None:
    zeros = {f"{side}:rate": ([Decimal(0), None], MONEY) for side in ("a", "b")}
    cells = cells_from(engine, [Decimal(1), Decimal(1)], [Decimal(0), Decimal(0)], type=MONEY, others=zeros)
    one = ReferenceMultiply("a:rate", divide=True)
    assert held(engine, cells, one) == [False, False]
    assert applied(engine, cells, one) == [None, None]


MODES = [("half_up", ROUND_HALF_UP), ("half_even", ROUND_HALF_EVEN), ("down", ROUND_DOWN)]


@pytest.mark.parametrize("places", [1, 0, -2])
@pytest.mark.parametrize(("mode", "rounding"), MODES)
def test_rounding_agrees_with_decimal_arithmetic(
    engine: DuckDBEngine, places: int, mode: str, rounding: str
) -> None:
    halves = [Decimal(n).scaleb(-2) for n in range(-1030, 1030, 5)]
    wide = [Decimal(n) * 50 for n in range(-9, 10)]
    a = halves + wide
    unit = Decimal(1).scaleb(-places)
    b = [((value / unit).quantize(Decimal(1), rounding) * unit).quantize(CENT) for value in a]
    cells = cells_from(engine, a, b, type=MONEY)
    one = NumberTruncation(places) if mode == "down" else Rounding(places, mode)  # type: ignore[arg-type]
    assert all(held(engine, cells, one))


def test_half_to_even_is_proposed_only_where_it_explains_more(engine: DuckDBEngine) -> None:
    a = [Decimal(n).scaleb(-2) for n in range(105, 1100, 10)]
    even = mined(
        engine, cells_from(engine, a, [v.quantize(Decimal("0.1"), ROUND_HALF_EVEN) for v in a], type=MONEY)
    )
    up = mined(
        engine, cells_from(engine, a, [v.quantize(Decimal("0.1"), ROUND_HALF_UP) for v in a], type=MONEY)
    )
    assert even["b = round(a, 1, half to even)"] == len(a)
    assert up["b = round(a, 1)"] == len(a)
    assert "b = round(a, 1, half to even)" not in up


def test_what_a_lost_is_mirrored(engine: DuckDBEngine) -> None:
    b = [value for value in amounts(100) if value % 1]
    a = [value.quantize(Decimal(1), ROUND_HALF_UP) for value in b]
    cells = cells_from(engine, a, b, type=MONEY)
    assert mined(engine, cells)["a = round(b, 0)"] == len(b)
    assert applied(engine, cells, Mirrored(Rounding(0))) == [None] * len(b)


def test_floats_hold_up_to_their_own_error(engine: DuckDBEngine) -> None:
    a = [0.1 * n for n in range(1, 60)]
    cells = cells_from(engine, a, [value * 1.1 for value in a], type=pa.float64())
    assert all(held(engine, cells, Scale(Decimal("1.1"))))
    assert not any(held(engine, cells, Scale(Decimal("1.1000001"))))


def test_integers_are_numbers(engine: DuckDBEngine) -> None:
    a = list(range(3, 90, 7))
    found = mined(engine, cells_from(engine, a, [value * 1000 for value in a], type=pa.int64()))
    assert found["b = a * 1000"] == len(a)


@pytest.mark.parametrize(
    "one",
    [Sign(), Scale(Decimal(100)), Offset(Decimal("2.5"))],
    ids=lambda one: one.describe(),
)
def test_an_inverse_leads_back(engine: DuckDBEngine, one: Scale) -> None:
    a = amounts(50)
    b = applied(engine, cells_from(engine, a, a, type=MONEY), one)
    back = cells_from(engine, [Decimal(value) for value in b], a, type=MONEY)
    inverse = one.inverse()
    assert inverse is not None
    assert all(held(engine, back, inverse))


def test_simple_parameters_are_cheaper() -> None:
    assert Scale(Decimal(100)).bits < Scale(Decimal("1.0937")).bits
    assert Scale(Decimal(100)).bits == Scale(Decimal("1E+2")).bits
    assert Sign().bits < Scale(Decimal(100)).bits < Affine(Decimal("1.05"), Decimal("2.5")).bits


def test_random_numbers_have_no_transformation_that_holds_widely(engine: DuckDBEngine) -> None:
    a, b = amounts(2_000, seed=5), amounts(2_000, seed=6)
    assert max(mined(engine, cells_from(engine, a, b, type=MONEY)).values(), default=0) <= 6
