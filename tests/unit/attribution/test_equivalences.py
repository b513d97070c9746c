"""Each family of proofs: what it proves, what it must not prove, and the laws of all of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from likeness import alike

from greenai.attribution.equivalences import EQUIVALENCES
from greenai.engines.duckdb import DuckDBEngine

Pair = tuple[str, str]
NAMES = [equivalence.name for equivalence in EQUIVALENCES]

PROVEN: dict[str, list[Pair]] = {
    "text": [
        ("Acme Ltd", " Acme Ltd"),
        ("Acme Ltd", "Acme Ltd\t"),
        ("Acme Ltd", "Acme   Ltd"),
        ("Acme Ltd", "Acme\u00a0Ltd"),
        ("Acme Ltd", "Acme\u2003\u3000Ltd"),
        ("Acme Ltd", "\ufeffAcme Ltd"),
        ("Acme Ltd", "Ac\u200bme Ltd"),
        ("Acme Ltd", "Acme\nLtd\r\n"),
        ("ABC", "ABC\0\0"),
        ("Acme Ltd", "ACME LTD"),
        ("Ärger", "ärger"),
        ("ΟΔΟΣ", "οδος"),
        ("ΟΔΟΣ", "οδοσ"),
        (" ACME  LTD", "Acme Ltd"),
        ("caf\u00e9", "cafe\u0301"),
        ("CAF\u00c9 ", "cafe\u0301"),
        ("\u212b", "\u00e5"),
        ("O'Brien", "O’Brien"),
        ('the "x"', "the “x”"),
        ("A - B", "A – B"),
        ("true", "TRUE"),
        ("3.5.1-RC", "3.5.1-rc"),
    ],
    "padding": [("007", "7"), ("000", "0"), (" 007 ", "7"), ("0" * 60 + "1", "1")],
    "number_format": [
        ("1,234.50", "1234.5"),
        ("1,234,567", "1234567"),
        ("1,234.", "1234"),
        ("1.234,50", "1234.5"),
        ("1.234.567,8", "1,234,567.80"),
        ("1.234.567", "1234567"),
        ("1 234.50", "1234.5"),
        ("1\u202f234,50", "1234.5"),
        ("1'234.50", "1’234.5"),
        ("(12.00)", "-12"),
        ("( 12 )", "-12.0"),
        ("12.00-", "-12"),
        ("−12", "-12.0"),
        ("+12", "12"),
        ("12,5", "12.5"),
        ("0,500", "0.5"),
        ("1234,567", "1234.567"),
        (".5", "0.50"),
        ("12.", "12"),
        ("-0.00", "0"),
        ("007.50", "7.5"),
        ("1.5e+3", "1500"),
        ("1E+05", "100000"),
        ("1.25E-3", "0.00125"),
        ("1.5E2", "150"),
        ("1e-05", "0.00001"),
        ("0.0e+7", "0"),
        ("12 %", "12.0%"),
        ("€ 1,234.50", "1234,5€"),
        ("-$5.00", "$-5"),
        ("($5.00)", "-$5"),
        ("123456789012345678901234567890.10", "123,456,789,012,345,678,901,234,567,890.1"),
    ],
    "date_format": [
        ("2024-01-31", "31/01/2024"),
        ("2024-01-31", "01/31/2024"),
        ("2024-01-31", "20240131"),
        ("2024-01-31", "31.01.2024"),
        ("2024-01-31", "31 Jan 2024"),
        ("2024-01-31", "31-JAN-2024"),
        ("2024-01-31", "31JAN2024"),
        ("2024-01-31", "January 31, 2024"),
        ("2024-01-31", "31. January 2024"),
        ("2024-01-31", "2024/1/31"),
        ("2024-05-05", "05/05/2024"),
        ("2024-02-09", "9 Feb 2024"),
        ("2024-02-29", "29/02/2024"),
        ("2024-01-31", "2024-01-31 00:00:00"),
        ("2024-01-31T12:30", "31/01/2024 12:30:00"),
        ("2024-01-31T12:30:00.500Z", "2024-01-31 12:30:00.5+00:00"),
        ("2024-01-31 9:05:00+0200", "2024-01-31T09:05:00+02:00"),
        ("2024-01-31 12:30:00 UTC", "2024-01-31T12:30:00Z"),
    ],
    "encoding": [
        ("café", "cafÃ©"),
        ("Zürich", "ZÃ¼rich"),
        ("5 €", "5 â‚¬"),
        ("5 €", "5 â\x82¬"),
        ("O’Brien", "Oâ€™Brien"),
        ('a\\b é "x"', 'a\\b Ã© "x"'),
        ("Ãß", "Ã\u0083Ã\u009f"),
        ("日本", "æ—¥æœ¬"),
        ("😀", "ðŸ˜€"),
        ("cafÃ©", "cafÃƒÂ©"),
    ],
}

UNPROVEN: list[Pair] = [
    ("A-1", "A1"),
    ("A 1", "A1"),
    ("New York", "NewYork"),
    ("straße", "strasse"),
    ("café", "cafe"),
    ("İ", "I"),
    ("ı", "i"),
    ("", " "),
    (" ", "\u00a0"),
    ("", "0"),
    ("\0", ""),
    ("ſ", "s"),
    ("ab\u200dc", "abc"),
    ("TRD007", "TRD7"),
    ("0x10", "0x010"),
    ("700", "7"),
    ("007", "70"),
    ("٠٠٧", "٧"),
    ("1,234", "1234"),
    ("1,234", "1.234"),
    ("1.234", "1234"),
    ("1,23,456", "123456"),
    ("12,34", "1234"),
    ("0,123,456", "123456"),
    ("1e5", "100000"),
    ("1E5", "10E4"),
    ("12%", "0.12"),
    ("12%", "12"),
    ("$12", "12"),
    ("$12", "€12"),
    ("$12$", "$12"),
    ("1$2", "12"),
    ("(12", "-12"),
    ("12)", "-12"),
    ("(-12)", "12"),
    ("--12", "12"),
    ("-12-", "12"),
    ("-12", "12"),
    ("NaN", "0"),
    ("inf", "1e+999"),
    ("Infinity", "inf"),
    (".", "0"),
    ("e+5", "0"),
    ("1250.00", "1250.01"),
    ("123456789012345678901234567890", "123456789012345678901234567891"),
    ("1.0000000000000000000000000000000000000000001", "1"),
    ("1e+999", "2e+999"),
    ("01/02/2024", "2024-02-01"),
    ("01/02/2024", "2024-01-02"),
    ("01.02.2024", "2024-02-01"),
    ("31/02/2024", "2024-03-02"),
    ("31/01/24", "2024-01-31"),
    ("2024-01-31", "2024-01-30"),
    ("2024-01-31 00:00:00Z", "2024-01-31"),
    ("2024-01-31 00:00:01", "2024-01-31"),
    ("2024-01-31 12:30:00Z", "2024-01-31 12:30:00"),
    ("2024-01-31 12:30:00+01:00", "2024-01-31 11:30:00Z"),
    ("2024-01-31 24:00:00", "2024-02-01"),
    ("2024/01-31", "2024-01-31"),
    ("20241301", "2025-01-01"),
    ("true", "1"),
    ("true", "Y"),
    ("Y", "yes"),
    ("café", "caf�"),
    ("é", "Ã"),
    ("œ é", "œ Ã©"),
    ("abc", "abd"),
]


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDBEngine]:
    """An engine with a view that judges whatever pairs are registered as `pairs`."""
    with DuckDBEngine(threads=1) as engine:
        pairs = engine.register(batch([("", "")]), "pairs")
        judged = {e.name: e.holds(pairs.a, pairs.b).fill_null(False) for e in EQUIVALENCES}
        engine.define(pairs.select("n", **judged), "judged")
        yield engine


def batch(pairs: list[Pair]) -> pa.Table:
    return pa.table(
        {
            "n": pa.array(range(len(pairs)), pa.int64()),
            "a": pa.array([a for a, _ in pairs], pa.string()),
            "b": pa.array([b for _, b in pairs], pa.string()),
        }
    )


def proofs(engine: DuckDBEngine, pairs: list[Pair]) -> list[set[str]]:
    """The names of the proofs that hold for each pair."""
    engine.register(batch(pairs), "pairs")
    rows = engine.rows(engine.table("judged").order_by("n"))
    return [{name for name, holds in zip(NAMES, row[1:], strict=True) if holds} for row in rows]


def without(engine: DuckDBEngine, name: str, pairs: list[Pair]) -> list[Pair]:
    """The pairs that the named proof does not hold for."""
    return [pair for pair, names in zip(pairs, proofs(engine, pairs), strict=True) if name not in names]


@pytest.mark.parametrize("name", NAMES)
def test_each_family_proves_its_examples_in_both_directions(engine: DuckDBEngine, name: str) -> None:
    pairs = PROVEN[name]
    assert without(engine, name, pairs + [(b, a) for a, b in pairs]) == []


def test_no_family_proves_a_counter_example(engine: DuckDBEngine) -> None:
    pairs = UNPROVEN + [(b, a) for a, b in UNPROVEN]
    found = {pair: names for pair, names in zip(pairs, proofs(engine, pairs), strict=True) if names}
    assert found == {}


def test_the_naive_judge_calls_all_examples_alike_and_no_counter_example() -> None:
    """The oracle of the laws below is itself held against every example."""
    assert [pair for pairs in PROVEN.values() for pair in pairs if not alike(*pair)] == []


def test_two_letters_are_one_only_where_unicode_says_so(engine: DuckDBEngine) -> None:
    """Every letter of Unicode beside its lower and upper case as the engine has them."""
    letters = [chr(c) for c in range(1, 0x11000) if chr(c).isalpha()]
    pairs = [(c, other) for c in letters for other in (c.lower(), c.upper(), c.casefold()) if other != c]
    false = [
        pair for pair, names in zip(pairs, proofs(engine, pairs), strict=True) if names and not alike(*pair)
    ]
    assert false == []


DIGITS = st.integers(0, 10**12).map(str) | st.integers(0, 2000).map(str) | st.just("0" * 3)
SCRAPS = st.sampled_from(
    [
        *"0123456789.,'’ -+−()$€%eE/:TZAaßİI\u00a0\0é",
        *("00", "000", "1,234", "1.234", "2024", "Jan", "Ã©", "e\u0301"),
    ]
)
TEXTS = st.lists(SCRAPS, max_size=9).map("".join) | st.text(max_size=6)


@st.composite
def rewritings(draw: st.DrawFn) -> Pair:
    """A text, and the same text with a few scraps put in, taken out or exchanged."""
    parts = draw(st.lists(SCRAPS, min_size=1, max_size=8))
    others = list(parts)
    for _ in range(draw(st.integers(0, 2))):
        place = draw(st.integers(0, len(others)))
        others[place : place + draw(st.integers(0, 1))] = draw(st.lists(SCRAPS, max_size=1))
    other = "".join(others)
    return "".join(parts), draw(st.sampled_from([other, other.upper(), other.swapcase(), f" {other}"]))


@st.composite
def numerals(draw: st.DrawFn) -> Pair:
    """Two numbers, equal or nearly, each in some way of writing."""
    value = draw(st.decimals(-(10**9), 10**9, places=draw(st.integers(0, 4))))
    other = value * draw(st.sampled_from([1, 1, 1, -1, 10, 1000, Decimal("0.001")]))
    return draw(written(value)), draw(written(other))


@st.composite
def written(draw: st.DrawFn, value: Decimal) -> str:
    marks = [("", "."), (",", "."), (".", ","), (" ", ","), ("'", "."), ("", ",")]
    group, point = draw(st.sampled_from(marks))
    text = f"{abs(value):,f}".replace(",", "_").replace(".", point).replace("_", group)
    text += draw(st.sampled_from(["", "", "0", "00"])) if point in text else ""
    unit = draw(st.sampled_from(["", "", "", "€", "%"]))
    styles = ["-{}", "({})", "{}-", "- {}"] if value < 0 else ["{}", "+{}", "00{}"]
    text = draw(st.sampled_from(styles)).format(text)
    return draw(st.sampled_from([text, f"{text}{unit}", f"{text} {unit}", f" {text}"]))


@st.composite
def calendars(draw: st.DrawFn) -> Pair:
    """Two days, equal or with day and month swapped, each in some format."""
    day = draw(st.dates(date(1990, 1, 1), date(2035, 12, 31)))
    other = draw(st.sampled_from([day, day, date(day.year, min(day.day, 12), min(day.month, 28))]))
    formats = st.sampled_from(
        ["%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%Y%m%d", "%d %b %Y", "%d.%m.%Y", "%B %d, %Y", "%Y-%m-%d 00:00"]
    )
    return datetime.combine(day, datetime.min.time()).strftime(draw(formats)), other.strftime(draw(formats))


PAIRS = st.lists(
    rewritings() | st.tuples(TEXTS, TEXTS) | st.tuples(DIGITS, DIGITS) | numerals() | calendars(),
    min_size=10,
    max_size=80,
)
LAWS = settings(max_examples=30, deadline=None, derandomize=True, database=None)


@LAWS
@given(pairs=PAIRS)
def test_nothing_is_proven_that_a_naive_judge_calls_unlike(engine: DuckDBEngine, pairs: list[Pair]) -> None:
    for pair, names in zip(pairs, proofs(engine, pairs), strict=True):
        assert not names or alike(*pair), (pair, names)


@LAWS
@given(pairs=PAIRS)
def test_proofs_are_symmetric(engine: DuckDBEngine, pairs: list[Pair]) -> None:
    assert proofs(engine, pairs) == proofs(engine, [(b, a) for a, b in pairs])


@LAWS
@given(texts=st.lists(TEXTS, min_size=1, max_size=60))
def test_white_space_and_case_are_proven_for_any_ascii_text(engine: DuckDBEngine, texts: list[str]) -> None:
    words = [text for text in texts if text.isascii() and text.strip(" \0")]
    rewritten = [(text, f" {text.upper()}\u00a0") for text in words]
    assert without(engine, "text", rewritten) == []


@LAWS
@given(values=st.lists(st.decimals(-(10**15), 10**15, places=3), min_size=1, max_size=60))
def test_any_number_is_proven_in_unambiguous_formats(engine: DuckDBEngine, values: list[Decimal]) -> None:
    written = [(f"{value:f}", f"{value:,f}") for value in values]
    written += [(f"{value:f}", f"{value:.20e}") for value in values]
    assert without(engine, "number_format", written) == []


@LAWS
@given(texts=st.lists(st.text(min_size=1, max_size=8), min_size=1, max_size=60))
def test_any_text_garbled_by_latin_1_is_proven(engine: DuckDBEngine, texts: list[str]) -> None:
    readable = [text for text in texts if not text.isascii() and _encodable(text)]
    pairs = [(text, text.encode().decode("latin-1")) for text in readable]
    assert without(engine, "encoding", pairs) == []


def _encodable(text: str) -> bool:
    return not any(0xD800 <= ord(c) < 0xE000 for c in text)
