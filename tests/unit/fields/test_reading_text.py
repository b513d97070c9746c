"""What text becomes: exactly, or a visible failure."""

from __future__ import annotations

import datetime
from decimal import Decimal
from math import inf, isnan

import pyarrow as pa
import pytest

from greenai.definition.types import parse_type
from greenai.fields.casts import cast

BAD = "FAILED"
D = Decimal


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12),
        (" 12 ", 12),
        ("\t12\r\n", 12),
        ("007", 7),
        ("-007", -7),
        ("+5", 5),
        ("-0", 0),
        ("12.0", 12),
        ("12.", 12),
        ("1e3", 1000),
        ("1.5e1", 15),
        ("10e-1", 1),
        ("9223372036854775807", 2**63 - 1),
        ("-9223372036854775808", -(2**63)),
        ("9223372036854775808", BAD),
        ("1.5", BAD),
        ("1e-3", BAD),
        ("15e-1", BAD),
        ("1_000", BAD),
        ("1,000", BAD),
        ("0x10", BAD),
        (" 0x1F", BAD),
        ("0b11", BAD),
        ("31e+2.", BAD),
        ("+-10", BAD),
        ("--1", BAD),
        ("- 5", BAD),
        ("1 2", BAD),
        ("NaN", BAD),
        ("inf", BAD),
        ("", BAD),
        (".", BAD),
        ("１２", BAD),
        (None, None),
    ],
)
def test_integers_are_read_whole_or_not_at_all(read, text, value) -> None:
    assert read([text], "integer") == [value]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12.50", D("12.50")),
        ("12.5", D("12.50")),
        ("12", D("12.00")),
        ("12.500", D("12.50")),
        (".5", D("0.50")),
        ("-.5", D("-0.50")),
        ("5.", D("5.00")),
        (" 5.1 ", D("5.10")),
        ("1.5E+3", D("1500.00")),
        ("12345e-2", D("123.45")),
        ("1.005", BAD),
        ("-1.005", BAD),
        ("1.00000000000000000000000000000000000000000000000001", BAD),
        ("1.00000000000000000000000000000000000000000000000000", D("1.00")),
        ("1e-3", BAD),
        ("1.5e-9", BAD),
        ("1.2345678901234567e3", BAD),
        ("9999999999999999.99", D("9999999999999999.99")),
        ("10000000000000000.00", BAD),
        ("1_0.50", BAD),
        ("13E0.", BAD),
        ("1,234.50", BAD),
        ("$5.00", BAD),
        ("NaN", BAD),
        ("", BAD),
    ],
)
def test_decimals_keep_every_digit_or_fail(read, text, value) -> None:
    assert read([text], "decimal(18,2)") == [value]


@pytest.mark.parametrize("type", ["decimal(18,3)", "decimal(18,4)", "decimal(38,10)"])
def test_an_exponent_cannot_hide_behind_three_and_more_places(read, type) -> None:
    assert read(["1.e-11", ".5e-10", "1.5e-11", "1.5e-2"], type) == [BAD, BAD, BAD, D("0.015")]


def test_thirty_digit_decimals_never_pass_through_a_float(read) -> None:
    text = "123456789012345678901234567890.12345678"
    assert read([text, text + "9"], "decimal(38,8)") == [Decimal(text), BAD]


def test_floats_take_nan_and_infinity_but_no_overflow(read) -> None:
    found = read(["nan", "Infinity", "-inf", "0.1", "1e20", "1e400", "+-10", "1_0", "5-", "-5e-3"], "float")
    assert isnan(found[0])
    assert found[1:] == [inf, -inf, 0.1, 1e20, BAD, BAD, BAD, BAD, -0.005]


def test_booleans_are_words_or_digits_in_any_case(read) -> None:
    yes, no = ["true", "T", "YES", "y", "1", " true "], ["false", "f", "No", "n", "0", "FALSE"]
    assert read(yes, "boolean") == [True] * 6
    assert read(no, "boolean") == [False] * 6
    assert read(["on", "2", "", "wahr"], "boolean") == [BAD] * 4


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2024-01-02", datetime.date(2024, 1, 2)),
        (" 2024-01-02\n", datetime.date(2024, 1, 2)),
        ("2024-01-02 00:00:00", datetime.date(2024, 1, 2)),
        ("2024-01-02T00:00:00.000Z", datetime.date(2024, 1, 2)),
        ("0001-01-01", datetime.date(1, 1, 1)),
        ("2024-01-02 10:00:00", BAD),
        ("2024-02-30", BAD),
        ("02/01/2024", BAD),
        ("2024/01/02", BAD),
        ("2024-1-2", BAD),
        ("2024-01-2 ", BAD),
        ("20240102", BAD),
        ("epoch", BAD),
        ("infinity", BAD),
        ("0000-01-01", BAD),
        ("2024-01-02 (BC)", BAD),
        ("12024-01-02", BAD),
        ("-024-01-02", BAD),
        ("", BAD),
    ],
)
def test_dates_are_iso_and_nothing_is_guessed(read, text, value) -> None:
    assert read([text], "date") == [value]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2024-01-02 10:00:00", datetime.datetime(2024, 1, 2, 10)),
        ("2024-01-02T10:00:00", datetime.datetime(2024, 1, 2, 10)),
        (" 2024-01-02 10:00:00 ", datetime.datetime(2024, 1, 2, 10)),
        ("2024-01-02 10:00", datetime.datetime(2024, 1, 2, 10)),
        ("2024-01-02", datetime.datetime(2024, 1, 2)),
        ("2024-01-02 10:00:00.5", datetime.datetime(2024, 1, 2, 10, 0, 0, 500000)),
        ("2024-01-02T10:00:00.123456Z", datetime.datetime(2024, 1, 2, 10, 0, 0, 123456)),
        ("2024-01-02 10:00:00.1234560", datetime.datetime(2024, 1, 2, 10, 0, 0, 123456)),
        ("2024-01-02 10:00:00.1234567", BAD),
        ("2024-01-02 10:00:00+02", datetime.datetime(2024, 1, 2, 8)),
        ("2024-01-02 10:00:00 +02:00", datetime.datetime(2024, 1, 2, 8)),
        ("2024-01-02T10:00:00-0530", datetime.datetime(2024, 1, 2, 15, 30)),
        ("2024-01-02 10:00:00 Europe/Berlin", BAD),
        ("2024-01-02 10:0 :x1", BAD),
        ("2024-01-02 10:00:0.", BAD),
        ("2024-01-02 25:00:00", BAD),
        ("02/01/2024 10:00:00", BAD),
        ("infinity", BAD),
        ("", BAD),
    ],
)
def test_timestamps_are_iso_and_move_to_utc(read, text, value) -> None:
    assert read([text], "timestamp") == [value]


def test_the_golden_statement_of_a_decimal_cast(engine) -> None:
    table = engine.register(pa.table({"v": ["1"]}), "golden_cast")
    assert engine.sql(table.select(x=cast(table.v, parse_type("decimal(18,2)")).value)) == (
        "SELECT CASE "
        """WHEN "t0"."v" LIKE '%.__' AND NOT (CONTAINS("t0"."v", '_')) """
        """THEN TRY_CAST("t0"."v" AS DECIMAL(18, 2)) """
        """WHEN STRLEN("t0"."v") - STRPOS("t0"."v", '.') BETWEEN 1 AND 2 """
        """AND NOT (CONTAINS("t0"."v", '_')) AND NOT (STRPOS("t0"."v", '-') > 1) """
        """THEN TRY_CAST("t0"."v" AS DECIMAL(18, 2)) """
        r"""WHEN REGEXP_FULL_MATCH("t0"."v", '[\s\x0b]*[+-]?\d*(\.\d{0,2}0*)?[\s\x0b]*') """
        """THEN TRY_CAST("t0"."v" AS DECIMAL(18, 2)) """
        """WHEN REGEXP_FULL_MATCH("t0"."v", """
        r"""'[\s\x0b]*[+-]?0*\.?0{0,99}(\d\.?){1,15}[eE][+-]?0*\d{1,2}[\s\x0b]*') """
        """AND (TRY_CAST(CAST(TRY_CAST("t0"."v" AS DECIMAL(18, 2)) AS TEXT) AS DOUBLE) """
        """= TRY_CAST("t0"."v" AS DOUBLE)) AND (ABS(TRY_CAST("t0"."v" AS DOUBLE)) < 1e+16) """
        """THEN TRY_CAST("t0"."v" AS DECIMAL(18, 2)) """
        """ELSE CAST(NULL AS DECIMAL(18, 2)) END AS "x" FROM "golden_cast" AS "t0\""""
    )
