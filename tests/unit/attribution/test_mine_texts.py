"""Transformations of texts: exact, to the letter."""

import hashlib
from random import Random

import pyarrow as pa
import pytest
from cellshop import MONEY, applied, cells_from, held, mined

from greenai.attribution.transformations.affix import Affix
from greenai.attribution.transformations.base import Mirrored, exchanged_words
from greenai.attribution.transformations.case import Case
from greenai.attribution.transformations.encoding import Encoding
from greenai.attribution.transformations.null_default import Blank, Default
from greenai.attribution.transformations.numeric_format import BareNumber
from greenai.attribution.transformations.padding import Padding
from greenai.attribution.transformations.truncation import TextTruncation
from greenai.attribution.transformations.typo import Typo
from greenai.attribution.transformations.whitespace import Whitespace
from greenai.engines.duckdb import DuckDBEngine

NAMES = [
    f"{first} {second} {end}"
    for first in ("Ardent", "Société Générale", "Müller", "Okafor", "Nordhaven")
    for second in ("Capital", "Private Wealth", "Clearing", "Crédit Coopératif")
    for end in ("AG", "plc", "Holdings Ltd", "SA")
]


@pytest.mark.parametrize(
    ("expected", "change"),
    [
        ("b = upper(a)", str.upper),
        ("b = title(a)", lambda text: " ".join(word.capitalize() for word in text.split(" "))),
        ("b = replace(a, ' ', '  ')", lambda text: text.replace(" ", "  ")),
        ("b = replace(a, ' ', '')", lambda text: text.replace(" ", "")),
        ("b = left(a, 18)", lambda text: text[:18].rstrip(" ")),
        ("b = right(a, 9)", lambda text: text[-9:].strip(" ")),
        ("b = a || ' (dup)'", lambda text: text + " (dup)"),
        ("b = 'X-' || a", lambda text: "X-" + text),
        ("b = latin1(utf8(a))", lambda text: text.encode().decode("latin-1")),
        ("b = a with ? for letters beyond ASCII", lambda t: t.encode("ascii", "replace").decode()),
    ],
)
def test_a_change_of_texts_is_found_where_it_changes_anything(
    engine: DuckDBEngine, expected: str, change: object
) -> None:
    changed = [(name, change(name)) for name in NAMES if change(name) != name]  # type: ignore[operator]
    a, b = zip(*changed, strict=True)
    assert mined(engine, cells_from(engine, a, b))[expected] == len(changed)


def test_what_side_a_lost_is_found_the_other_way_round(engine: DuckDBEngine) -> None:
    b = [name for name in NAMES if len(name) > 18]
    a = [name[:18].rstrip(" ") for name in b]
    cells = cells_from(engine, a, b)
    assert mined(engine, cells)["a = left(b, 18)"] == len(b)
    assert all(held(engine, cells, Mirrored(TextTruncation(18))))


def test_codes_are_filled_to_a_width_and_bared_again(engine: DuckDBEngine) -> None:
    a = [str(3**n) for n in range(1, 18)]
    b = [code.zfill(12) for code in a]
    assert mined(engine, cells_from(engine, a, b))["b = lpad(a, 12, '0')"] == len(a)
    assert mined(engine, cells_from(engine, b, a))["b = ltrim(a, '0')"] == len(a)


def test_what_is_wider_than_the_padding_says_nothing(engine: DuckDBEngine) -> None:
    cells = cells_from(engine, ["12345", "1"], ["123", "001"])
    assert applied(engine, cells, Padding(3)) == [None, "001"]


def test_one_ending_exchanged_for_another_is_an_affix(engine: DuckDBEngine) -> None:
    a = [f"ISIN{n:06d}.L" for n in range(20)]
    b = [f"ISIN{n:06d}.LN" for n in range(20)]
    found = mined(engine, cells_from(engine, a, b))
    assert found["b = a || 'N'"] == 20
    b = [f"ISIN{n:06d}.XY" for n in range(20)]
    assert mined(engine, cells_from(engine, a, b))["b = (a without suffix 'L') || 'XY'"] == 20


def test_an_affix_that_is_not_there_cannot_be_taken_off(engine: DuckDBEngine) -> None:
    cells = cells_from(engine, ["12.0 oz", "12.0 cl", "oz"], ["12.0"] * 3)
    assert applied(engine, cells, Affix(suffix_off=" oz")) == ["12.0", None, None]


def test_ounces_are_one_cause_in_text_and_in_numbers(engine: DuckDBEngine) -> None:
    a, b = [f"{n}.0 oz" for n in range(8, 40)], [f"{n}" for n in range(8, 40)]
    assert (
        mined(engine, cells_from(engine, a, b))["b = the number that a begins with, without its unit"] == 32
    )
    numbers = cells_from(engine, [None] * 32, [float(text) for text in b], type=pa.float64(), raw_a=a)
    assert mined(engine, numbers)["b = parse_number(a without 'oz', decimal '.', group ',')"] == 32


def test_units_of_many_spellings_are_one_cause_in_text_and_in_numbers(engine: DuckDBEngine) -> None:
    units = [" oz", " oz.", " OZ.", " ounce", " oz. Silo Can"]
    a = [f"{n}.{n % 3}0{units[n % 5]}" for n in range(8, 40)]
    b = [f"{n}.{n % 3}".removesuffix(".0") for n in range(8, 40)]
    one = "b = the number that a begins with, without its unit"
    assert mined(engine, cells_from(engine, a, b))[one] == 32
    money = pa.array(b).cast(MONEY).to_pylist()
    assert mined(engine, cells_from(engine, [None] * 32, money, type=MONEY, raw_a=a))[one] == 32
    cells = cells_from(engine, ["12.50 oz", "7", "-0.0", "1,5 l", "a 5", "5.5.5 oz", "10 oz"], ["?"] * 7)
    assert applied(engine, cells, BareNumber()) == ["12.5", "7", "-0", None, None, None, "10"]


def test_numbers_with_a_comma_are_read_and_no_digit_is_rounded_away(engine: DuckDBEngine) -> None:
    raw = ["1.234,56", "(7,00)", "0,999", "12.345.678,90"] * 3
    b = ["1234.56", "-7.00", "1.00", "12345678.90"] * 3
    cells = cells_from(engine, [None] * 12, pa.array(b).cast(MONEY).to_pylist(), type=MONEY, raw_a=raw)
    assert mined(engine, cells)["b = parse_number(a, decimal ',', group '.')"] == 9


def test_a_default_stands_for_nothing(engine: DuckDBEngine) -> None:
    cells = cells_from(engine, [None] * 5 + ["XLON"], ["N/A"] * 5 + ["N/A"])
    found = mined(engine, cells)
    assert found["b = coalesce(a, 'N/A')"] == 5
    assert held(engine, cells, Default("N/A")) == [True] * 5 + [False]


def test_an_unreadable_cell_is_not_nothing(engine: DuckDBEngine) -> None:
    a, b = [None, None], pa.array(["0.00", "0.00"]).cast(MONEY).to_pylist()
    cells = cells_from(engine, a, b, type=MONEY, raw_a=["#REF!", None])
    assert held(engine, cells, Default(b[0])) == [False, True]
    assert held(engine, cells, Mirrored(Blank())) == [False, True]


def test_codes_of_another_system_are_learned(engine: DuckDBEngine) -> None:
    codes = {"CONFIRMED": "C", "PENDING": "P", "SETTLED": "S"}
    a = list(codes) * 20
    assert mined(engine, cells_from(engine, a, [codes[one] for one in a]))[
        "b = map(a, {CONFIRMED: C, PENDING: P, SETTLED: S})"
    ] == len(a)


def test_two_systems_of_codes_are_two_maps(engine: DuckDBEngine) -> None:
    one, two = {"BUY": "B", "SELL": "S"}, {"BUY": "1", "SELL": "2"}
    a = ["BUY", "SELL"] * 60
    desk = ["east" if n % 3 else "west" for n in range(120)]
    b = [(one if place == "east" else two)[side] for side, place in zip(a, desk, strict=True)]
    found = mined(engine, cells_from(engine, a, b, context={"desk": desk}))
    assert found["b = map(a, {BUY: B, SELL: S})"] == 80
    assert found["b = map(a, {BUY: 1, SELL: 2})"] == 40


def test_pairs_that_occur_once_are_not_learned(engine: DuckDBEngine) -> None:
    a = [f"code {n}" for n in range(500)]
    b = [hashlib.md5(text.encode()).hexdigest() for text in a]
    assert not [words for words in mined(engine, cells_from(engine, a, b)) if "map(" in words]


def test_shuffled_reversed_and_hashed_texts_have_no_wide_transformation(engine: DuckDBEngine) -> None:
    a = [f"{n * 7919 % 100003:05d}-{n}" for n in range(1_000)]
    shuffled = a[:]
    Random(4).shuffle(shuffled)
    hashes = [hashlib.md5(text.encode()).hexdigest() for text in a]
    for b in (shuffled, [text[::-1] for text in a], hashes):
        found = mined(engine, cells_from(engine, a, b))
        assert max(found.values(), default=0) <= 20, found


def test_fields_that_changed_places_are_found(engine: DuckDBEngine) -> None:
    first, last = [f"F{n}" for n in range(20)], [f"L{n}" for n in range(20)]
    others = {"a:last": (last, pa.string()), "b:last": (first, pa.string())}
    assert mined(engine, cells_from(engine, first, last, others=others))["b = a.last and a = b.last"] == 20


@pytest.mark.parametrize(
    ("a", "b", "ways"),
    [
        ("Société", "Scoiété", {"transposition", "edit"}),
        ("Société", "Socéité", {"transposition", "edit"}),
        ("Capital", "Caputal", {"neighbour", "edit"}),
        ("Capital", "Capxtal", {"edit"}),
        ("Capital", "Captal", {"edit"}),
        ("Capital", "Capittal", {"edit"}),
        ("Capital", "Xapitaly", set()),
        ("Capital", "lapitaC", set()),
        ("USD", "USB", set()),
    ],
)
def test_typing_errors_are_told_apart(engine: DuckDBEngine, a: str, b: str, ways: set[str]) -> None:
    cells = cells_from(engine, [a], [b])
    assert {
        way for way in ("transposition", "neighbour", "edit") if held(engine, cells, Typo(way))[0]
    } == ways


def test_a_typing_error_gives_no_value(engine: DuckDBEngine) -> None:
    assert applied(engine, cells_from(engine, ["Capital"], ["Captial"]), Typo()) == [None]
    assert Typo().residual_bits > Typo("transposition").residual_bits > 0


@pytest.mark.parametrize("way", ["latin1", "windows"])
def test_the_garbled_text_can_be_written(engine: DuckDBEngine, way: str) -> None:
    a = ["Müller", "Œuvre", "日本", "😀 x", "Crédit €"]
    b = [text.encode().decode("latin-1") for text in a]
    if way == "windows":
        b = [bytes(text, "utf-8").decode("cp1252", "replace") for text in a]
    cells = cells_from(engine, a, b)
    written = applied(engine, cells, Encoding(way))  # type: ignore[arg-type]
    assert [one for one, two in zip(written, b, strict=True) if "\ufffd" not in two] == [
        two for two in b if "\ufffd" not in two
    ]


def test_null_is_never_explained_by_a_text_family(engine: DuckDBEngine) -> None:
    cells = cells_from(engine, [None, "A"], ["a", None])
    for one in (
        Case("upper"),
        Whitespace("strip"),
        TextTruncation(3),
        Affix("x"),
        Encoding("latin1"),
        Typo(),
    ):
        assert held(engine, cells, one) == [False, False]


def test_descriptions_are_turned_round_outside_of_quotes() -> None:
    assert exchanged_words("b = a || 'a b'") == "a = b || 'a b'"
    assert exchanged_words("b = map(a, {a1: b1})") == "a = map(b, {a1: b1})"
