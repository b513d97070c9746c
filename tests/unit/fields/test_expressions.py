"""The language of `where:` and `expression:`: what it computes and what it refuses."""

from __future__ import annotations

import datetime
from decimal import Decimal, localcontext

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenai.errors import FieldError
from greenai.fields.expressions import parse, read

D = Decimal
COLUMNS = {
    "qty": ["3"],
    "price": ["1.10"],
    "bad": ["abc"],
    "empty": [""],
    "name": [" Ada "],
    "day_text": ["2024-03-05"],
    "yes": ["true"],
    "null": pa.array([None], pa.string()),
    "Trade ID": ["T-1"],
    "n": [7],
    "amount": pa.array([D("1250.55")], pa.decimal128(18, 2)),
    "huge": pa.array([D(10**37)], pa.decimal128(38, 0)),
    "rate": [0.1],
    "flag": [True],
    "day": [datetime.date(2024, 3, 5)],
    "moment": pa.array([datetime.datetime(2024, 3, 5, 10)], pa.timestamp("us")),
    "zoned": pa.array(
        [datetime.datetime(2024, 3, 5, 10, tzinfo=datetime.UTC)], pa.timestamp("us", "Asia/Tokyo")
    ),
    "id": pa.array([b"\x00" * 15 + b"\x01"], pa.uuid()),
}


@pytest.fixture(scope="module")
def source(engine):
    return engine.register(pa.table(COLUMNS))


def value(engine, source, text):
    return engine.rows(source.select(x=parse(text, source, place="where")))[0][0]


@pytest.mark.parametrize(
    ("text", "result"),
    [
        # arithmetic: text counts as exact decimals
        ("qty * price", D("3.30")),
        ("qty + 0.1 + 0.2", D("3.3")),
        ("qty - price", D("1.90")),
        ("-qty", D(-3)),
        ("n * 3", D(21)),
        ("n % 4", D(3)),
        ("-7 % 4", D(-3)),
        ("amount / 100", D("12.5055")),
        ("amount / 8", D("156.31875")),
        ("amount / -0.5", D("-2501.10")),
        ("n / 3", 7 / 3),
        ("qty / n", 3 / 7),
        ("n / 0", None),
        ("n % 0", None),
        ("rate * 2", 0.2),
        ("rate + amount", 1250.65),
        ("huge * 10", None),
        ("huge + huge * 8", D(9 * 10**37)),
        ("bad * 2", None),
        ('"null" + 1', None),
        ("round(amount * 1.005, 2)", D("1256.80")),
        ("round(2.5)", D(3)),
        ("round(-2.5, 0)", D(-3)),
        ("round(rate * 3, 1)", D("0.3")),
        ("round('1.005', 2)", D("1.01")),
        ("abs(-qty)", D(3)),
        ("floor(-amount)", D(-1251)),
        ("ceil(amount)", D(1251)),
        ("floor(rate)", 0.0),
        ("greatest(n, amount, 3)", D("1250.55")),
        ("least(n, null)", 7),
        ("(1 + 2) * 3", D(9)),
        ("0.1 + 0.2 = 0.3", True),
        ("12345678901234567890123456789012345678", D("12345678901234567890123456789012345678")),
        # comparison
        ("qty > 2", True),
        ("qty = 3.0", True),
        ("price <> '1.10'", False),
        ("price = 1.1", True),
        ("n <= 7", True),
        ("n != 8", True),
        ("amount >= '1250.55'", True),
        ("amount = '1250.550'", True),
        ("huge > 5", True),
        ("rate = 0.1", True),
        ("day = '2024-03-05'", True),
        ("day < date '2024-03-06'", True),
        ("day_text = day", True),
        ("moment > day", True),
        ("moment > '2024-03-05 09:59:59'", True),
        ("zoned = moment", True),
        ("flag = true", True),
        ("flag = 'true'", True),
        ("yes = true", True),
        ("bad > 1", None),
        ("\"null\" = 'x'", None),
        ("name = ' Ada '", True),
        ("id = '00000000-0000-0000-0000-000000000001'", True),
        ("qty between 3 and 4", True),
        ("qty not between 3 and 4", False),
        ("qty in (1, 3.00)", True),
        ("name in ('a', 'b')", False),
        ("day in ('2024-03-05')", True),
        ("n not in (7)", False),
        # conditions
        ("flag and not n > 9 or bad = 'x'", True),
        ("yes and flag", True),
        ("null is null", True),
        ("empty is not null", True),
        ("flag is true", True),
        ("flag is not false", True),
        ("name like '%da%'", True),
        ("name ilike '% ada%'", True),
        ("name not like 'x%'", True),
        ("case when n > 5 then 'big' else 'small' end", "big"),
        ("case n when 7 then 'seven' end", "seven"),
        ("case when n > 9 then 1.5 when n > 8 then 2 end", None),
        ("case when flag then n else amount end", D("7.00")),
        ("case when flag then n else 'x' end", "7"),
        # text
        ("name || '-' || n", " Ada -7"),
        ("null || 'x'", None),
        ("concat(name, null, n)", " Ada 7"),
        ("upper(trim(name))", "ADA"),
        ("lower(name)", " ada "),
        ("length('äö')", 2),
        ("substr(name, 2, 2)", "Ad"),
        ("substring('abc', 2)", "bc"),
        ("left('äbc', 2)", "äb"),
        ("right('abc', 2)", "bc"),
        ("replace(\"Trade ID\", '-', '')", "T1"),
        ('"trade id"', "T-1"),
        ("QTY || ''", "3"),
        ("coalesce(null, empty, 'x')", ""),
        ("coalesce(null, 5)", D(5)),
        ("coalesce(n, 0)", D(7)),
        ("nullif(empty, '')", None),
        ("nullif(n, 8)", 7),
        ("'it''s'", "it's"),
        # dates
        ("year(day)", 2024),
        ("month(day_text)", 3),
        ("day(moment)", 5),
        ("date(moment)", datetime.date(2024, 3, 5)),
        ("date(day_text)", datetime.date(2024, 3, 5)),
        ("date(bad)", None),
        # casts
        ("cast(qty as integer)", 3),
        ("qty::decimal(18,3)", D("3.000")),
        ("cast(price as integer)", None),
        ("cast(amount as varchar)", "1250.55"),
        ("cast(amount as string)", "1250.55"),
        ("try_cast(day_text as date)", datetime.date(2024, 3, 5)),
        ("cast('2024-03-05T10:00:00Z' as timestamp)", datetime.datetime(2024, 3, 5, 10)),
        ("cast(price as float)", 1.1),
        ("cast(yes as boolean)", True),
        ("cast(null as date)", None),
    ],
)
def test_an_expression_has_its_value(engine, source, text, result) -> None:
    found = value(engine, source, text)
    assert found == (pytest.approx(result) if isinstance(result, float) else result)
    assert found is None or found.__class__ is result.__class__


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("qty * prcie", "there is no column 'prcie'"),
        ("qty * prcie", "did you mean price?"),
        ("t.qty", "only plain column names are allowed at character 1"),
        ("foo(qty)", "foo is not allowed at character 1"),
        ("1 + random()", "rand is not allowed at character 5"),
        ("read_csv('/etc/passwd')", "not allowed"),
        ("(select 1)", "not allowed"),
        ("qty in (select 1)", "sub-queries are not allowed"),
        ("exists (select 1)", "not allowed"),
        ("qty; drop table x", "is not one expression"),
        ("select 1", "not allowed"),
        ("drop table x", "not allowed"),
        ("sum(qty)", "sum is not allowed"),
        ("count(*)", "not allowed"),
        ("sum(n) over ()", "not allowed"),
        ("qty as x", "not allowed"),
        ("*", "not allowed"),
        ("?", "not allowed"),
        ("$1", "not allowed"),
        ("qty[1]", "not allowed"),
        ("n // 2", "not allowed"),
        ("interval 1 day", "not allowed"),
        ("name like qty", "`like` takes a text constant"),
        ("name like 'a!%' escape '!'", "not allowed"),
        ("trim(both 'x' from name)", "not allowed in trim"),
        ("substr(name, n)", "a whole number is expected"),
        ("substr(name, 0)", "a whole number from 1"),
        ("round(n, 99)", "from 0 to 30"),
        ("n = null", "nothing equals null"),
        ("n = 'x'", "'x' is not an integer"),
        ("day = 'soon'", "'soon' is not a date"),
        ("day > 5", "a date is not a number"),
        ("flag > day", "cannot be compared"),
        ("null + 1", "null is not a number at character 8"),
        ("flag + 1", "a boolean is not a number"),
        ("n and flag", "is not a condition at character 1"),
        ("year(n)", "year needs a date"),
        ("cast(n as json)", "cannot cast to JSON"),
        ("cast(n as decimal(99,2))", "up to 38 digits"),
        ("123456789012345678901234567890123456789", "at most 38 digits"),
        ("qty +", "cannot be read as an expression at character"),
        ("((qty)", "cannot be read as an expression at character 6"),
        ("name = 'x", "cannot be read as an expression"),
        ("", "is not one expression"),
        ("-- nothing", "is not one expression"),
    ],
)
def test_what_is_not_on_the_list_is_refused_with_its_place(source, text, message) -> None:
    with pytest.raises(FieldError) as caught:
        parse(text, source, place="where")
    assert message in str(caught.value)
    assert "where" in str(caught.value)


def test_a_deeply_nested_expression_is_an_error_not_a_crash(source) -> None:
    with pytest.raises(FieldError):
        parse("(" * 5000 + "1" + ")" * 5000, source, place="where")


@pytest.mark.parametrize(
    ("text", "failed"),
    [
        ("bad * 2", True),
        ("n / 0", True),
        ("huge * 10", True),
        ("cast(price as integer)", True),
        ("coalesce(bad * 2, 0)", False),
        ('"null" + 1', False),
        ("qty + 1", False),
        ("empty + 1", False),
    ],
)
def test_what_could_not_be_computed_is_told_from_what_is_null(engine, source, text, failed) -> None:
    expression = read(text, source, place="where", empty_is_null=True)
    assert engine.rows(source.select(x=expression.failed))[0][0] is failed


def test_the_operands_are_named_for_the_report(engine, source) -> None:
    expression = read("bad * qty + QTY + amount", source, place="where")
    assert engine.rows(source.select(x=expression.operands)) == [("bad=abc, qty=3, amount=1250.55",)]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.decimals(places=4, min_value=-(10**12), max_value=10**12),
            st.decimals(places=6, min_value=-(10**5), max_value=10**5),
        ),
        min_size=1,
        max_size=40,
    )
)
def test_arithmetic_on_text_is_exact(engine, pairs) -> None:
    table = engine.register(
        pa.table({"i": range(len(pairs)), "a": [str(a) for a, _ in pairs], "b": [f"{b:f}" for _, b in pairs]})
    )
    texts = ("a * b", "a + b - 0.001", "(a + b) / 16", "a * b * 0.5 > b")
    rows = engine.rows(
        table.select("i", **{f"x{k}": parse(text, table, place="p") for k, text in enumerate(texts)})
    )
    with localcontext(prec=100):
        for i, *found in rows:
            a, b = pairs[i]
            assert found == [a * b, a + b - D("0.001"), (a + b) / 16, a * b * D("0.5") > b]
