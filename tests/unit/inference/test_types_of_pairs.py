from __future__ import annotations

import dataclasses
import datetime as dt
from decimal import Decimal

import pyarrow as pa
import pytest

from greenai.errors import FieldError
from greenai.inference.infer import infer, infer_types

IDS = ["1", "2", "3"]


def type_of(engine, texts, left, right, **options):
    a = texts({"id": [str(i) for i in range(len(left))], "x": left})
    b = texts({"id": [str(i) for i in range(len(right))], "x": right})
    return str(infer(engine, a, b, key=["id"], **options).pair("x").type)


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (["1", "-2", "+3"], ["1", "2", "30"], "integer"),
        (["1.5", "2", "3.25"], ["1.50", "2.0", "3"], "decimal(18,2)"),
        (["1", "2"], ["1.000", ".5"], "decimal(18,3)"),
        (["12345678901234567.25"], ["1"], "decimal(38,2)"),
        (["1234567890123456789"], ["1"], "decimal(38,0)"),
        (["9" * 39], ["1"], "string"),
        (["1." + "0" * 38], ["1"], "string"),
        (["007", "12"], ["7", "12"], "string"),
        (["0", "0.5"], ["0", "00.5"], "string"),
        (["1e-5", "2.5"], ["1", "2"], "decimal(18,5)"),
        (["1e5", "9007199254740993"], ["9007199254740992", "1"], "decimal(38,0)"),
        (["1.5E+20", "0.25"], ["-2e3", "1"], "decimal(38,2)"),
        (["1e-20", "1e30"], ["1", "2"], "float"),
        (["1e-20", "1e30"], ["9007199254740993", "2"], "string"),
        (["1e99"], ["1"], "float"),
        (["1e-320"], ["1"], "string"),
        (["1e-400"], ["0"], "string"),
        (["1e400"], ["1"], "string"),
        (["1234567890123456e3"], ["1"], "string"),
        (["1." + "0" * 38, "1e5"], ["1"], "float"),
        (["NaN", "2.5"], ["1", "2"], "float"),
        (["NaN", "123456789.123456"], ["100000000000000000000", "-inf"], "float"),
        (["NaN", "1"], ["9007199254740993", "2"], "string"),
        (["1234567890.123456", "1"], ["Infinity", "2"], "string"),
        (["true", "False"], ["TRUE", "false"], "boolean"),
        (["yes", "no"], ["yes", "no"], "string"),
        (["1", "0"], ["0", "1"], "integer"),
        (["true", "1"], ["true", "0"], "string"),
        (["2024-01-31"], ["2024-02-29"], "date"),
        (["2024-01-31"], ["2023-02-29"], "string"),
        (["2024-01-31"], ["2024-02-29 12:00:00"], "timestamp"),
        (["2024-01-31T10:00:00.123456"], ["2024-02-29 12:00:00"], "timestamp"),
        (["2024-01-31 10:00:00.123456789"], ["2024-02-29 12:00:00"], "string"),
        (["31/01/2024"], ["31/01/2024"], "string"),
        (["1,234.50"], ["1,234.50"], "string"),
        (["12", "x"], ["12", "13"], "string"),
        (["", None], ["", ""], "string"),
        (["", "5"], ["", ""], "integer"),
        ([None], ["2024-01-31"], "date"),
        (["N/A", "5"], ["4", "5"], "string"),
    ],
)
def test_text_of_both_sides_is_read_as_the_narrowest_type_that_loses_nothing(
    engine, texts, left, right, expected
):
    assert type_of(engine, texts, left, right) == expected


def test_texts_given_as_null_do_not_count(engine, texts):
    assert type_of(engine, texts, ["N/A", "5"], ["4", ""], null_values=["", "N/A"]) == "integer"


def test_an_empty_text_is_null_only_where_the_format_has_no_other_null(engine, texts):
    csv = texts({"id": ["1", "2"], "x": ["", "5"]})
    json = dataclasses.replace(csv, empty_is_null=False)

    def found(side, **options):
        return str(infer(engine, side, side, key=["id"], **options).pair("x").type)

    assert (found(csv), found(json)) == ("integer", "string")
    assert found(json, null_values=["", "n/a"]) == "integer"
    assert found(csv, null_values=[]) == "string"


def test_a_float_from_first_rows_is_told(engine, texts):
    rows = {"id": ["1", "2", "3"], "x": ["NaN", "1.5", "9007199254740993"]}
    found = infer(engine, texts(rows), texts(rows), key=["id"], sample=2)
    assert str(found.pair("x").type) == "float"
    assert found.notes == ("x: float for its first rows; numbers of more than 15 digits would lose some",)
    whole = infer(engine, texts(rows), texts(rows), key=["id"], sample=None)
    assert (str(whole.pair("x").type), whole.notes) == ("string", ())


def types_of(engine, a, b, pairs, **options):
    found, _ = infer_types(engine, a, b, pairs, **options)
    return [str(pair.type) for pair in found]


def test_given_pairs_are_told_of_as_found_ones(engine, texts, typed):
    a = typed({"n": ["1", "2"], "x": [1, 2]})
    b = typed({"n": [1, 2], "x": [True, False]})
    found, notes = infer_types(engine, a, b, [("n", "n"), ("x", "x")])
    whole = infer(engine, a, b, key=["n"])
    assert [pair.conflict for pair in found] == [whole.pair("n").conflict, whole.pair("x").conflict]
    assert all(pair.conflict for pair in found)
    assert notes == whole.notes


def test_types_of_given_pairs_follow_the_same_rules_and_columns_may_repeat(engine, texts, typed):
    a = texts({"n": ["1", "2"], "d": ["2024-01-31", ""], "s": ["x", "y"]})
    b = typed({"n": [1, 2], "amount": [Decimal("1.50"), Decimal("2.25")], "s": ["x", "y"]})
    pairs = [("n", "amount"), ("n", "n"), ("d", "s"), ("n", "amount")]
    assert types_of(engine, a, b, pairs) == [
        "decimal(3,2)",
        "integer",
        "string",
        "decimal(3,2)",
    ]
    assert types_of(engine, a, a, [("d", "d"), ("d", "n")]) == ["date", "string"]
    assert infer_types(engine, a, b, []) == ((), ())
    with pytest.raises(FieldError, match="side b has no column 'd'"):
        infer_types(engine, a, b, [("d", "d")])


@pytest.mark.parametrize("rescannable", [False, True])
def test_all_rows_are_read_where_no_sample_is_asked(engine, texts, rescannable):
    cells = [str(i) for i in range(60_000)]
    wide = {f"c{i}": cells for i in range(15)} | {"last": [*cells[1:], "word"]}
    source = dataclasses.replace(texts(wide), rescannable=rescannable)
    pair = [("last", "last")]
    assert types_of(engine, source, source, pair) == ["integer"]
    for _ in range(2):
        assert types_of(engine, source, source, pair, sample=None) == ["string"]
    found = infer(engine, source, source, key=["c0"], only=["last"], sample=None)
    assert str(found.pair("last").type) == "string"


def test_no_rows_at_all_leave_text(engine, texts):
    found = infer(engine, texts({"id": [], "x": []}), texts({"id": [], "x": []}), key=["id"])
    assert [str(pair.type) for pair in found.pairs] == ["string", "string"]


def test_equal_types_and_a_given_key_need_no_look_at_the_data(engine, typed, monkeypatch):
    table = pa.table({"id": [1, 2], "amount": [Decimal("1.50"), Decimal("2.25")], "s": ["a", "b"]})
    a, b = typed(table), typed(table)

    def no_statement(*_):
        raise AssertionError("the data was scanned")

    for name in ("row", "rows", "count", "materialise", "arrow", "execute"):
        monkeypatch.setattr(engine, name, no_statement)
    found = infer(engine, a, b, key=["id"])
    assert [str(pair.type) for pair in found.pairs] == ["integer", "decimal(3,2)", "string"]
    assert [pair.conflict for pair in found.pairs] == [None, None, None]


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ((pa.array([5, 6]), ["5", "6"]), "integer"),
        ((pa.array([5, 6]), ["005", "6"]), "integer"),
        ((pa.array([5, 6]), ["5.5", "6"]), "decimal(38,1)"),
        ((pa.array([500, 6]), ["5e2", "6"]), "integer"),
        ((pa.array([500, 6]), ["5e-2", "6"]), "decimal(38,2)"),
        ((pa.array([Decimal("5.50"), Decimal("6.25")], pa.decimal128(18, 2)), ["5.5", "6"]), "decimal(18,2)"),
        (
            (pa.array([Decimal("5.50"), Decimal("6.25")], pa.decimal128(18, 2)), ["5.125", "6"]),
            "decimal(38,3)",
        ),
        ((pa.array([1.5, 2.5]), ["1.5", "2.50"]), "float"),
        ((pa.array([dt.date(2024, 1, 31), None]), ["2024-01-31", ""]), "date"),
        ((pa.array([dt.date(2024, 1, 31), None]), ["2024-01-31 10:00:00", ""]), "timestamp"),
        ((pa.array([True, False]), ["true", "FALSE"]), "boolean"),
        ((pa.array(["5", "6"]), ["5", "6"]), "string"),
    ],
)
def test_the_typed_side_types_the_other_which_has_no_types_without_a_conflict(
    engine, typed, texts, case, expected
):
    column, cells = case
    a, b = typed({"id": [1, 2], "x": column}), texts({"id": ["1", "2"], "x": cells})
    for found in (infer(engine, a, b, key=["id"]), infer(engine, b, a, key=["id"])):
        assert str(found.pair("x").type) == expected
        assert found.pair("x").conflict is None


def test_one_unreadable_cell_in_many_does_not_make_the_typed_side_text(engine, typed, texts):
    numbers = list(range(50))
    cells = [str(n) for n in numbers[:-1]] + ["abc"]
    a, b = typed({"id": numbers, "x": numbers}), texts({"id": [str(n) for n in numbers], "x": cells})
    found = infer(engine, a, b, key=["id"])
    assert str(found.pair("x").type) == "integer"
    assert any("will break" in note for note in found.notes)
    words = texts({"id": [str(n) for n in numbers], "x": ["w" + str(n) for n in numbers]})
    found = infer(engine, a, words, key=["id"])
    assert str(found.pair("x").type) == "string"
    assert any("compared as string" in note for note in found.notes)


def test_typed_text_against_a_typed_number_is_a_conflict_told_in_words(engine, typed):
    a = typed({"id": [1, 2], "x": [5, 6]})
    b = typed({"id": [1, 2], "x": ["5", "6"]})
    assert infer(engine, a, b, key=["id"]).pair("x").conflict == (
        "a is integer, b is string: compared as integer"
    )
    c = typed({"id": [1, 2], "x": ["5", "six"]})
    found = infer(engine, c, a, key=["id"]).pair("x")
    assert (str(found.type), found.conflict) == ("string", "a is string, b is integer: compared as string")


def test_typed_numbers_meet_in_a_type_that_holds_both(engine, typed):
    a = typed({"id": [1, 2], "x": pa.array([5, 6], pa.int32())})
    b = typed({"id": [1, 2], "x": pa.array([Decimal("5.50"), Decimal("6.25")], pa.decimal128(18, 2))})
    found = infer(engine, a, b, key=["id"]).pair("x")
    assert found.type.kind == "decimal"
    assert found.type.scale == 2


def test_five_hundred_columns_are_typed_in_one_pass(engine, texts):
    columns = {f"c{i}": [str(i * j) for j in range(50)] for i in range(500)}
    found = infer(engine, texts(columns), texts(columns), key=["c1"])
    assert {str(pair.type) for pair in found.pairs} == {"integer"}
    assert len(found.pairs) == 500
