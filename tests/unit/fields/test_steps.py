"""Each normalisation step: value in, value out."""

from __future__ import annotations

import datetime
from decimal import Decimal, localcontext

import ibis
import ibis.expr.datatypes as dt
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenai.definition.steps import STEPS, parse_step
from greenai.errors import FieldError
from greenai.fields.normalise import FUNCTIONS, apply

D = Decimal
MOMENT = datetime.datetime(2024, 1, 2, 10)
WHITE = "\t\n\x0b\x0c\r \x85\xa0\u1680\u2000\u2003\u200a\u2028\u2029\u202f\u205f\u3000"


def test_every_step_of_the_definition_has_its_function() -> None:
    assert set(FUNCTIONS) == set(STEPS.values())


@pytest.mark.parametrize(
    ("step", "text", "result"),
    [
        ("strip", "  a b ", "a b"),
        ("strip", f"{WHITE}a{WHITE}b{WHITE}", f"a{WHITE}b"),
        ("strip", "a\t", "a"),
        ("strip", "é ", "é"),
        ("strip", WHITE, ""),
        ("strip", "", ""),
        ("strip", None, None),
        ("collapse_spaces", f" a{WHITE}b  c ", "a b c"),
        ("collapse_spaces", "abc", "abc"),
        ("upper", "straße é", "STRAẞE É"),
        ("lower", "ÀB", "àb"),
        ("digits_only", "a-1.2 ３", "12"),
        ("strip_leading_zeros", "007", "7"),
        ("strip_leading_zeros", "-007", "-7"),
        ("strip_leading_zeros", "000", "0"),
        ("strip_leading_zeros", "00.50", "0.50"),
        ("strip_leading_zeros", "0,5", "0,5"),
        ("strip_leading_zeros", "000ABC", "ABC"),
        ("strip_leading_zeros", "100", "100"),
        ("strip_leading_zeros", "", ""),
        ({"remove": "-"}, "1-2-3", "123"),
        ({"remove": ".*"}, "a.*b", "ab"),
        ({"replace": {"pattern": "^(A)(\\d)", "with": "\\2\\1"}}, "A12A3", "1A2A3"),
        ({"replace": {"pattern": "\\s+"}}, "a b  c", "abc"),
        ({"prefix": "TRD'"}, "1", "TRD'1"),
        ({"prefix": "X"}, None, None),
        ({"suffix": "!"}, "1", "1!"),
        ({"suffix": "!"}, None, None),
        ({"map": {"B": "BUY", "S": "SELL", "-": None}}, "B", "BUY"),
        ({"map": {"B": "BUY", "S": "SELL", "-": None}}, "-", None),
        ({"map": {"B": "BUY"}}, "b", "b"),
        ({"map": {"B": "BUY"}}, None, None),
        ({"null_if": ["N/A", "-"]}, "-", None),
        ({"null_if": ["N/A"]}, "n/a", "n/a"),
        ({"substring": {"start": 2, "length": 3}}, "äbcdé", "bcd"),
        ({"substring": {"start": 4}}, "abcde", "de"),
        ({"substring": {"start": 9}}, "abc", ""),
        ({"coalesce": "x"}, None, "x"),
        ({"coalesce": "x"}, "", ""),
    ],
)
def test_text_steps(column, step, text, result) -> None:
    assert column([text], lambda value: apply(parse_step(step), value)) == [result]


@pytest.mark.parametrize(
    ("step", "text", "result"),
    [
        ("parse_number", "1,234.50", "1234.50"),
        ("parse_number", "(12.00)", "-12.00"),
        ("parse_number", "( 1,000 )", "-1000"),
        ("parse_number", "-12", "-12"),
        ("parse_number", "12-", "-12"),
        ("parse_number", "\u221212", "-12"),
        ("parse_number", "+12", "12"),
        ("parse_number", " 12 ", "12"),
        ("parse_number", "\xa012", "12"),
        ("parse_number", ".5", ".5"),
        ("parse_number", "12,34,567", "1234567"),
        ("parse_number", "123456789012345678901234567890.12", "123456789012345678901234567890.12"),
        ("parse_number", "1,23", None),
        ("parse_number", "12,3456", None),
        ("parse_number", "1.234,50", None),
        ("parse_number", "(-12)", None),
        ("parse_number", "-12-", None),
        ("parse_number", "(12", None),
        ("parse_number", "$12", None),
        ("parse_number", "1e3", None),
        ("parse_number", "", None),
        ("parse_number", ".", None),
        ({"parse_number": {"decimal": ",", "group": "."}}, "1.234,50", "1234.50"),
        ({"parse_number": {"decimal": ",", "group": "."}}, "1.234", "1234"),
        ({"parse_number": {"decimal": ",", "group": "."}}, "1,234.50", None),
        ({"parse_number": {"decimal": ",", "group": " "}}, "1\u202f234\xa0567,5", "1234567.5"),
        ({"parse_number": {"group": "'"}}, "1’234'567.5", "1234567.5"),
        ({"parse_number": {"group": ""}}, "1,234", None),
        ({"parse_number": {"group": ""}}, "1234.5", "1234.5"),
        ({"scale": "0.01"}, "125000", D("1250.00")),
        ({"scale": 100}, "-0.005", D("-0.5")),
        ({"scale": "1.5"}, " 2 ", D("3.0")),
        ({"scale": 100}, "1,000", None),
        ({"scale": 100}, "1e30", None),
        ({"round": 2}, "1.005", D("1.01")),
        ({"round": 2}, "-1.005", D("-1.01")),
        ({"round": 0}, "2.5", D(3)),
        ({"round": 2}, "1.00499999999999999999999999999999999999999", D("1.00")),
        ({"round": 2}, "1", D("1.00")),
        ({"round": 2}, "0x10", None),
        ({"round": 2}, "1_0", None),
        ({"round": 2}, "NaN", None),
    ],
)
def test_number_steps_on_text_are_exact_and_null_where_it_is_no_number(column, step, text, result) -> None:
    assert column([text], lambda value: apply(parse_step(step), value)) == [result]


@pytest.mark.parametrize(
    ("step", "type", "cell", "result"),
    [
        ({"scale": 100}, pa.int64(), 2**62, D(2**62 * 100)),
        ({"scale": "0.01"}, pa.int32(), 5, D("0.05")),
        ({"scale": "0.01"}, pa.decimal128(18, 2), D("9999999999999999.99"), D("99999999999999.9999")),
        ({"scale": 1000}, pa.decimal128(38, 0), D(10**37), None),
        ({"scale": "0.1"}, pa.float64(), 0.3, D("0.03")),
        ({"round": 1}, pa.decimal128(4, 2), D("99.95"), D("100.0")),
        ({"round": 0}, pa.decimal128(18, 1), D("-2.5"), D(-3)),
        ({"round": 5}, pa.decimal128(18, 2), D("1.23"), D("1.23")),
        ({"round": 2}, pa.float64(), 2.675, D("2.68")),
        ({"round": 2}, pa.int64(), 7, 7),
        ("strip", pa.int64(), 7, 7),
        ("upper", pa.int64(), 7, 7),
        ("upper", pa.bool_(), True, "TRUE"),
        ("upper", pa.float64(), 1e20, "1E+20"),
        ("digits_only", pa.decimal128(18, 2), D("-1.50"), "150"),
        ({"prefix": "T"}, pa.int64(), 7, "T7"),
        ({"suffix": "%"}, pa.decimal128(18, 2), D("1.5"), "1.50%"),
        ({"substring": {"start": 1, "length": 4}}, pa.date32(), datetime.date(2024, 1, 2), "2024"),
        ({"null_if": ["0", "x"]}, pa.decimal128(18, 2), D("0.00"), None),
        ({"null_if": ["x", ""]}, pa.int64(), 0, 0),
        ({"null_if": "1900-01-01"}, pa.date32(), datetime.date(1900, 1, 1), None),
        ({"map": {"1": "one"}}, pa.decimal128(18, 2), D("1.00"), "one"),
        ({"map": {"1": "one"}}, pa.int64(), 2, "2"),
        ({"map": {"x": "one"}}, pa.int64(), 2, "2"),
        ({"coalesce": "0"}, pa.int64(), None, 0),
        ({"coalesce": "n/a"}, pa.int64(), None, "n/a"),
        ({"parse_date": "%Y%m%d"}, pa.int64(), 20240102, datetime.date(2024, 1, 2)),
        ({"parse_date": "%Y"}, pa.date32(), datetime.date(2024, 1, 2), datetime.date(2024, 1, 2)),
        ("parse_number", pa.float64(), 1.5, 1.5),
    ],
)
def test_steps_on_typed_columns(column, step, type, cell, result) -> None:
    found = column([cell], lambda value: apply(parse_step(step), value), type)
    assert found == [result]
    assert type is not pa.float64() or found[0].__class__ is result.__class__


@pytest.mark.parametrize(
    ("formats", "text", "result"),
    [
        ("%d/%m/%Y", "01/02/2024", datetime.date(2024, 2, 1)),
        ("%d/%m/%Y", "1/2/2024", datetime.date(2024, 2, 1)),
        ("%d/%m/%Y", "32/01/2024", None),
        ("%d/%m/%Y", "01/13/2024", None),
        ("%d/%m/%Y", "01/02/24", None),
        ("%d/%m/%y", "01/02/24", datetime.date(2024, 2, 1)),
        ("%d/%m/%Y", "01/02/2024x", None),
        ("%d/%m/%Y", "", None),
        ("%d-%b-%Y", "31-DEC-2024", datetime.date(2024, 12, 31)),
        (["%d/%m/%Y", "%Y-%m-%d"], "2024-02-01", datetime.date(2024, 2, 1)),
        (["%d/%m/%Y", "%Y-%m-%d"], "01/02/2024", datetime.date(2024, 2, 1)),
        ("%Y-%m-%d", "0001-01-01", datetime.date(1, 1, 1)),
    ],
)
def test_dates_are_read_by_the_first_format_that_fits(column, formats, text, result) -> None:
    assert column([text], lambda value: apply(parse_step({"parse_date": formats}), value)) == [result]


@pytest.mark.parametrize(
    ("formats", "text", "result"),
    [
        ("%d/%m/%Y %H:%M:%S.%f", "01/02/2024 10:00:00.5", datetime.datetime(2024, 2, 1, 10, 0, 0, 500000)),
        ("%d/%m/%Y %H:%M%z", "01/02/2024 10:00+02:00", datetime.datetime(2024, 2, 1, 8)),
        (["%Y-%m-%d %H:%M%z", "%Y-%m-%d %H:%M"], "2024-02-01 10:00", datetime.datetime(2024, 2, 1, 10)),
        (["%Y-%m-%d %H:%M%z", "%Y-%m-%d %H:%M"], "2024-02-01 10:00+01", datetime.datetime(2024, 2, 1, 9)),
        ("%I:%M %p %d.%m.%Y", "02:30 PM 01.02.2024", datetime.datetime(2024, 2, 1, 14, 30)),
        ("%Y-%m-%d %H:%M", "2024-02-01", None),
    ],
)
def test_timestamps_are_read_by_format_and_offsets_applied(column, formats, text, result) -> None:
    assert column([text], lambda value: apply(parse_step({"parse_timestamp": formats}), value)) == [result]


@pytest.mark.parametrize(
    ("from_", "to", "cell", "result"),
    [
        ("Europe/Berlin", "UTC", "2024-01-15 12:00:00", datetime.datetime(2024, 1, 15, 11)),
        ("Europe/Berlin", "UTC", "2024-07-15 12:00:00", datetime.datetime(2024, 7, 15, 10)),
        ("UTC", "America/New_York", "2024-07-15 12:00:00", datetime.datetime(2024, 7, 15, 8)),
        ("Asia/Tokyo", "Europe/London", "2024-07-15 12:00:00", datetime.datetime(2024, 7, 15, 4)),
        # skipped by the change to summer time: there is no such moment
        ("Europe/Berlin", "UTC", "2024-03-31 02:30:00", None),
        # happens twice: standard time is taken
        ("Europe/Berlin", "UTC", "2024-10-27 02:30:00", datetime.datetime(2024, 10, 27, 1, 30)),
        ("Europe/Berlin", "UTC", "2024-07-15T12:00:00Z", None),
        ("UTC", "Europe/Berlin", "2024-07-15T12:00:00Z", datetime.datetime(2024, 7, 15, 14)),
        ("Europe/Berlin", "UTC", "soon", None),
    ],
)
def test_time_zones_follow_the_clock_changes(column, from_, to, cell, result) -> None:
    step = parse_step({"timezone": {"from": from_, "to": to}})
    assert column([cell], lambda value: apply(step, value)) == [result]


def test_a_column_that_knows_its_zone_is_a_moment_already(column) -> None:
    step = parse_step({"timezone": {"to": "Europe/Berlin"}})
    cell = MOMENT.replace(tzinfo=datetime.UTC)
    found = column([cell], lambda value: apply(step, value), pa.timestamp("us", "Asia/Tokyo"))
    assert found == [datetime.datetime(2024, 1, 2, 11)]
    with pytest.raises(FieldError, match="already"):
        apply(
            parse_step({"timezone": {"from": "Asia/Tokyo"}}),
            ibis.table({"v": dt.Timestamp(timezone="UTC")}, name="t").v,
        )


@pytest.mark.parametrize(
    ("step", "column_type", "message"),
    [
        ({"parse_date": "%d/%m/%Y"}, "boolean", "step parse_date makes no sense on boolean"),
        ("parse_number", "date", "step parse_number needs a number or text, not date"),
        ({"scale": 2}, "boolean", "step scale needs a number or text"),
        ({"round": 2}, "date", "step round needs a number or text"),
        ({"timezone": {"to": "Europe/Berlin"}}, "int64", "step timezone makes no sense on int64"),
        ({"scale": "1e-30"}, "string", "45 decimal places"),
    ],
)
def test_a_step_that_makes_no_sense_says_so_before_the_run(step, column_type, message) -> None:
    with pytest.raises(FieldError) as caught:
        apply(parse_step(step), ibis.table({"v": column_type}, name="t").v)
    assert message in str(caught.value)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.text(alphabet=st.sampled_from("ab " + WHITE + "é\u200b0"), max_size=6), min_size=1, max_size=60
    )
)
def test_strip_is_unicode_strip_on_any_text(engine, cells) -> None:
    table = engine.register(pa.table({"n": range(len(cells)), "v": cells}))
    rows = engine.rows(table.select(n=table.n, x=apply(parse_step("strip"), table.v)))
    assert [x for _, x in sorted(rows)] == [cell.strip(WHITE) for cell in cells]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.decimals(places=4, min_value=-(10**20), max_value=10**20), min_size=1, max_size=50),
    st.decimals(places=3, min_value=-(10**6), max_value=10**6),
)
def test_scale_multiplies_exactly(engine, cells, factor) -> None:
    table = engine.register(pa.table({"n": range(len(cells)), "v": pa.array(cells, pa.decimal128(30, 4))}))
    rows = engine.rows(table.select(n=table.n, x=apply(parse_step({"scale": factor}), table.v)))
    with localcontext(prec=100):
        assert dict(rows) == {n: cell * factor for n, cell in enumerate(cells)}
