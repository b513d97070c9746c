"""Reading numbers agrees with Python's decimal, on any text."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation, localcontext

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from greenai.definition.types import parse_type
from greenai.fields.casts import cast

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?")
PLAIN = st.from_regex(r"[+-]?[0-9]{0,30}(\.[0-9]{0,12})?", fullmatch=True)
SHORT = st.from_regex(r"[+-]?[0-9]{1,6}(\.[0-9]{0,6})?([eE][+-]?[0-9]{1,2})?", fullmatch=True)
NOISE = st.text(alphabet="0123456789.eE-+_xXbB \t", max_size=8)
# An exponent right behind the point, after as many digits as just fit or just do not.
CRAMPED = st.from_regex(r"[+-]?[0-9]{1,18}\.[0-9]{0,2}[eE][+-]?[0-9]{1,2}", fullmatch=True)
CELLS = st.lists(st.one_of(PLAIN, SHORT, NOISE, CRAMPED), min_size=20, max_size=200)


def expected(text: str, precision: int, scale: int) -> Decimal | None:
    """The value as Python's decimal reads it, None unless it fits without rounding."""
    bare = text.strip(" \t")
    if not NUMBER.fullmatch(bare):
        return None
    with localcontext(prec=200):
        try:
            value = Decimal(bare)
            fitting = value.quantize(Decimal(1).scaleb(-scale))
        except InvalidOperation:
            return None
        return fitting if fitting == value and abs(value) < Decimal(10) ** (precision - scale) else None


def check(engine, cells, type, precision, scale) -> None:
    table = engine.register(pa.table({"n": range(len(cells)), "v": cells}))
    result = cast(table.v, parse_type(type))
    for n, value, failed in engine.rows(table.select(n=table.n, x=result.value, f=result.failed)):
        right = expected(cells[n], precision, scale)
        digits = re.sub(r"[eE].*|\D", "", cells[n]).lstrip("0")
        if value is None and right is not None and re.search("[eE]", cells[n]):
            # More digits before an exponent than documented, or a longer one, may be refused; so may what
            # would fit only with its exponent.
            mantissa, exponent = re.split("[eE]", cells[n])
            too_large = abs(Decimal(mantissa.strip())) >= Decimal(10) ** (precision - scale)
            assert len(digits) > 15 or abs(int(exponent)) > 99 or too_large, cells[n]
        else:
            assert value == right, (cells[n], value, right)
        assert failed == (value is None)


@settings(max_examples=40, deadline=None)
@given(CELLS)
def test_decimals_of_two_places_are_exact(engine, cells) -> None:
    check(engine, cells, "decimal(18,2)", 18, 2)


@settings(max_examples=40, deadline=None)
@given(CELLS)
def test_decimals_of_three_places_are_exact(engine, cells) -> None:
    check(engine, cells, "decimal(9,3)", 9, 3)


@settings(max_examples=40, deadline=None)
@given(CELLS)
def test_decimals_of_four_places_are_exact(engine, cells) -> None:
    check(engine, cells, "decimal(18,4)", 18, 4)


@settings(max_examples=40, deadline=None)
@given(CELLS)
def test_decimals_of_38_digits_are_exact(engine, cells) -> None:
    check(engine, cells, "decimal(38,10)", 38, 10)


@settings(max_examples=40, deadline=None)
@given(CELLS)
def test_decimals_of_one_place_are_exact(engine, cells) -> None:
    check(engine, cells, "decimal(9,1)", 9, 1)


@settings(max_examples=40, deadline=None)
@given(CELLS)
def test_decimals_without_places_are_exact(engine, cells) -> None:
    check(engine, cells, "decimal(25,0)", 25, 0)


@settings(max_examples=40, deadline=None)
@given(CELLS)
def test_integers_are_exact(engine, cells) -> None:
    wide = [cell for cell in cells if abs(expected(cell, 60, 0) or 0) < 2**63] or ["1"]
    check(engine, wide, "integer", 60, 0)
