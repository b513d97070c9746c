"""Values written in a definition, as constants of a column's type."""

from __future__ import annotations

from decimal import Decimal

import ibis.expr.datatypes as dt
import pytest

from greenai.fields.literals import exact_decimal, literal

LONG = "0.12345678901234567890123456789012345678"


@pytest.mark.parametrize(
    ("text", "type"),
    [
        ("N/A", dt.int64),
        ("", dt.int64),
        ("1_0", dt.int64),
        ("1.0", dt.int64),
        ("300", dt.int8),
        ("1.005", dt.Decimal(18, 2)),
        ("1000", dt.Decimal(5, 2)),
        ("NaN", dt.Decimal(5, 2)),
        (LONG, dt.Decimal(38, 37)),
        ("1", dt.boolean),
        ("01/02/2024", dt.date),
        ("x", dt.float64),
        ("x", dt.time),
    ],
)
def test_a_value_that_a_column_cannot_hold_is_none(text, type) -> None:
    assert literal(text, type) is None


@pytest.mark.parametrize(
    ("text", "type"),
    [
        ("-1", dt.int8),
        ("1.500", dt.Decimal(18, 2)),
        ("999.99", dt.Decimal(5, 2)),
        (LONG, dt.Decimal(38, 38)),
        ("TRUE", dt.boolean),
        ("2024-02-01", dt.date),
        ("2024-02-01 10:00:00", dt.Timestamp(scale=6)),
        ("1e3", dt.float64),
        (" x ", dt.string),
    ],
)
def test_a_value_that_a_column_holds_has_its_type(text, type) -> None:
    found = literal(text, type)
    assert found is not None
    assert found.type() == type


@pytest.mark.parametrize(
    ("text", "precision", "scale"),
    [
        (LONG, 38, 38),
        ("12345678901234567890123456789012345678", 38, 0),
        ("1.50", 2, 1),
        ("100", 3, 0),
        ("1e3", 4, 0),
        ("-0.01", 2, 2),
        ("0.00", 1, 0),
    ],
)
def test_a_constant_has_exactly_its_own_digits(engine, text, precision, scale) -> None:
    constant = exact_decimal(Decimal(text))
    assert constant.type() == dt.Decimal(precision, scale)
    table = engine.view("SELECT 1 AS one")
    assert engine.rows(table.select(x=constant)) == [(Decimal(text),)]


def test_a_constant_of_39_digits_is_refused() -> None:
    with pytest.raises(ValueError, match="more than 38 digits"):
        exact_decimal(Decimal("1" * 39))
    with pytest.raises(ValueError, match="more than 38 digits"):
        exact_decimal(Decimal("1e38"))
    with pytest.raises(ValueError, match="not a number"):
        exact_decimal(Decimal("NaN"))
