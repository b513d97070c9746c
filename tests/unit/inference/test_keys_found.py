from __future__ import annotations

import random
import string

import pyarrow as pa
import pytest

from greenai.errors import FieldError, KeyFieldError, UsageError
from greenai.inference.infer import infer
from greenai.inference.key_names import key_likeness


def test_the_only_unique_column_is_the_key(engine, texts):
    rows = {"desk": ["x", "x", "y"], "amount": ["1", "2", "1"], "number": ["7", "8", "9"]}
    found = infer(engine, texts(rows), texts(rows))
    assert found.key == ("number",)
    assert "unique in 3 rows of a and 3 rows of b" in found.key_evidence


def test_a_column_called_id_wins_over_other_unique_columns(engine, texts):
    rows = {"name": ["Ann", "Bob"], "price": ["1.5", "2.5"], "Trade_ID": ["T1", "T2"], "seq": ["1", "2"]}
    assert infer(engine, texts(rows), texts(rows)).key == ("Trade_ID",)


def test_rows_that_agree_decide_between_two_unique_columns_called_alike(engine, typed):
    people = [f"person {i}" for i in range(40)]
    random.Random(1).shuffle(people)
    a = typed({"row_id": list(range(40)), "person_id": [100 + i for i in range(40)], "n": people})
    # b numbers its rows by itself: row_id meets, but the rows do not agree.
    b = typed({"row_id": list(range(40)), "person_id": [139 - i for i in range(40)], "n": people[::-1]})
    assert infer(engine, a, b).key == ("person_id",)


def test_two_columns_are_taken_where_one_does_not_suffice(engine, texts):
    rows = {
        "rate": ["1.5", "2.5", "3.5", "4.5"],
        "date": ["2024-01-01", "2024-01-01", "2024-01-02", "2024-01-02"],
        "currency": ["EUR", "USD", "EUR", "USD"],
    }
    assert infer(engine, texts(rows), texts(rows)).key == ("date", "currency")


def test_three_columns_are_taken_where_two_do_not_suffice(engine, typed):
    cube = [(x, y, z) for x in range(5) for y in range(5) for z in range(5)]
    rows = {
        "book": [f"b{x}" for x, _, _ in cube],
        "day": [y for _, y, _ in cube],
        "line": [z for _, _, z in cube],
        "amount": [(7 * x + 3 * y + z) % 10 for x, y, z in cube],
    }
    assert infer(engine, typed(rows), typed(rows)).key == ("book", "day", "line")


def test_a_column_with_a_null_is_no_exact_key(engine, texts):
    rows = {"code": ["a", "", "c"], "label": ["p", "q", "r"]}
    assert infer(engine, texts(rows), texts(rows)).key == ("label",)


def test_an_identifier_that_seldom_repeats_goes_before_two_columns_and_is_noted(engine, texts):
    ids = [str(i) for i in range(500)]
    ids[7] = "8"
    rows = {
        "trade_id": ids,
        "line": [str(i % 50) for i in range(500)],
        "book": [str(i // 50) for i in range(500)],
    }
    found = infer(engine, texts(rows), texts(rows))
    assert found.key == ("trade_id",)
    assert any("repeated in 1 of 500 rows of side a" in note for note in found.notes)
    assert "nearly unique" in found.key_evidence


def test_uniqueness_is_verified_on_all_rows_of_a_source_that_can_be_scanned_again(engine, typed):
    n = 3_000
    rows = {
        "label": [f"L{i}" for i in range(n - 500)] + ["L0"] * 500,  # repeats only behind the sample
        "code": [f"C{i}" for i in range(n)],
    }
    found = infer(engine, typed(rows), typed(rows), sample=1_000)
    assert found.key == ("code",)
    assert "3,000 rows of a" in found.key_evidence
    without = {"label": rows["label"], "other": [i % 7 for i in range(n)]}
    with pytest.raises(KeyFieldError):
        infer(engine, typed(without), typed(without), sample=1_000)


def test_a_key_seen_on_first_rows_only_is_noted(engine, texts):
    rows = {"id": [str(i) for i in range(3_000)]}
    found = infer(engine, texts(rows), texts(rows), sample=1_000)
    assert any("first rows only" in note for note in found.notes)
    assert "1,000 sampled rows of a" in found.key_evidence


def test_keys_without_a_common_value_are_noted(engine, texts):
    found = infer(engine, texts({"id": ["1", "2"]}), texts({"id": ["8", "9"]}))
    assert found.key == ("id",)
    assert any("no value of key 'id' was seen on both sides" in note for note in found.notes)


def test_a_key_that_repeats_on_both_sides_does_not_hide_one_that_is_missing(engine, texts):
    ids = [str(i) for i in range(200)]
    a = texts({"id": [*ids, "0"], "x": ["v"] * 201})
    b = texts({"id": [*ids[:199], "new", "0"], "x": ["v"] * 201})
    evidence = infer(engine, a, b).key_evidence
    assert evidence.endswith(", 99 % of the smaller side's keys are on the other side")


def test_large_sides_in_different_order_are_seen_to_overlap(engine, typed):
    n = 120_000
    ids = list(range(n))
    a = typed({"id": ids, "x": [i % 10 for i in ids]})
    b = typed({"id": ids[::-1], "x": [i % 10 for i in ids[::-1]]})
    found = infer(engine, a, b, sample=1_000)
    assert found.key == ("id",)
    assert "all keys of the smaller side are on the other side" in found.key_evidence
    assert not found.notes


def test_no_key_is_an_error_that_names_the_nearest_columns_and_the_option(engine, texts):
    rows = {"a": ["1", "1", "2", "2"], "b": ["x", "x", "y", "z"]}
    with pytest.raises(KeyFieldError) as caught:
        infer(engine, texts(rows), texts(rows))
    assert "'b' repeats or lacks a value in 1 of 4 rows of a and 1 of 4 rows of b" in str(caught.value)
    assert "--key" in str(caught.value)


def test_floats_and_booleans_are_never_keys(engine, typed):
    rows = {"x": [1.5, 2.5], "y": [True, False]}
    with pytest.raises(KeyFieldError, match="floats and booleans"):
        infer(engine, typed(rows), typed(rows))


def test_empty_sides_take_the_name_that_looks_like_a_key(engine, texts):
    empty = {"amount": [], "trade_id": []}
    assert infer(engine, texts(empty), texts(empty)).key == ("trade_id",)


def test_an_ignored_key_column_is_an_error(engine, texts):
    rows = {"id": ["1"], "x": ["1"]}
    with pytest.raises(UsageError, match="cannot be ignored"):
        infer(engine, texts(rows), texts(rows), key=["id"], ignore=["ID"])


def test_only_keeps_the_key_and_the_key_is_searched_among_all_columns(engine, texts):
    rows = {"id": ["1", "2"], "x": ["1", "1"], "y": ["1", "1"]}
    assert [p.name for p in infer(engine, texts(rows), texts(rows), key=["id"], only=["x"]).pairs] == [
        "id",
        "x",
    ]
    found = infer(engine, texts(rows), texts(rows), only=["x"])
    assert found.key == ("id",)
    assert [p.name for p in found.pairs] == ["id", "x"]


def test_sides_without_a_common_column_are_an_error_with_both_lists(engine, texts):
    with pytest.raises(FieldError, match=r"no column in common(.|\n)*'p'(.|\n)*'q'"):
        infer(engine, texts({"p": ["1"]}), texts({"q": ["1"]}))


def test_sixty_columns_without_a_key_are_searched_in_bounded_time(engine, typed):
    chance = random.Random(3)
    rows = {f"c{i}": [chance.choice(string.ascii_lowercase[:6]) for _ in range(5_000)] for i in range(60)}
    table = pa.table(rows)
    with pytest.raises(KeyFieldError, match="none of 60 columns"):
        infer(engine, typed(table), typed(table))


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("id", "trade_id"),
        ("trade_id", "amount"),
        ("TradeID", "TradeDate"),
        ("isin", "label"),
        ("icao24", "desc"),
    ],
)
def test_names_of_identifiers_look_like_keys(better, worse):
    assert key_likeness(better) > key_likeness(worse)


@pytest.mark.parametrize("name", ["paid", "valid", "grid", "", "_", "日付"])
def test_words_that_only_end_like_identifiers_do_not(name):
    assert key_likeness(name) == 0.0


def test_columns_may_be_called_anything(engine, texts, typed):
    names = [
        "self",
        "by",
        'a"b',
        "two\nlines",
        "c0",
        "position",
        "value",
        "select",
        "日付",
        "😀",
        "{x}",
        "%s",
    ]
    rows = {name: [f"{name} {i % 3}" for i in range(6)] for name in names}
    rows["the 'id'"] = [str(i) for i in range(6)]
    for make in (texts, typed):
        found = infer(engine, make(rows), make(rows), pair_by_values=True)
        assert found.key == ("the 'id'",)
        assert [pair.name for pair in found.pairs] == list(rows)


def test_swapping_sides_mirrors_the_result(engine, texts, typed):
    a = texts({"Trade ID": ["1", "2", "3"], "x": ["1.5", "2", "3"], "mm": ["a", "b", "a"]})
    b = typed({"trade_id": [3, 2, 1], "x": [1, 2, 3], "nn": [True, False, True]})
    one, other = infer(engine, a, b), infer(engine, b, a)
    assert one.key == ("Trade ID",)
    assert other.key == ("trade_id",)
    assert [(p.column_a, p.column_b, p.type) for p in one.pairs] == [
        (p.column_b, p.column_a, p.type) for p in other.pairs
    ]
    assert (one.unpaired_a, one.unpaired_b) == (other.unpaired_b, other.unpaired_a)
