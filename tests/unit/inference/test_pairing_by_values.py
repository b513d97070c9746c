from __future__ import annotations

import random

import pytest

from greenai.definition.steps import ParseDate, write_step
from greenai.inference.infer import infer
from greenai.inference.values import name_resemblance

N = 200


def trades(seed=1):
    chance = random.Random(seed)
    return {
        "TradeID": [f"TRD-{1000 + i}" for i in range(N)],
        "NotionalAmt": [f"{chance.randrange(10_000, 9_000_000) / 100:.2f}" for _ in range(N)],
        "Side": [chance.choice(["B", "S"]) for _ in range(N)],
        "Counterparty": [f"Bank {chance.randrange(60)}" for _ in range(N)],
        "lots": [str(chance.randrange(1, 30)) for _ in range(N)],
    }


def by_column(found):
    return {pair.column_a: pair for pair in found.pairs}


def test_columns_that_hold_the_same_pair_whatever_they_are_called(engine, texts):
    a = trades()
    b = {
        "xx": a["Counterparty"][::-1],
        "yy": a["NotionalAmt"][::-1],
        "zz": a["TradeID"][::-1],
    }
    found = infer(engine, texts(a), texts(b), pair_by_values=True)
    pairs = by_column(found)
    assert {name: pair.column_b for name, pair in pairs.items()} == {
        "TradeID": "zz",
        "NotionalAmt": "yy",
        "Counterparty": "xx",
    }
    assert {pair.how for pair in pairs.values()} == {"values"}
    assert pairs["TradeID"].overlap == 1.0
    assert found.key == ("TradeID",)
    assert found.unpaired_a == ("Side", "lots")


def test_without_being_asked_only_names_pair(engine, texts):
    a = trades()
    found = infer(
        engine, texts(a), texts({"Side": a["Side"], "TradeID": a["TradeID"], "x": a["NotionalAmt"]})
    )
    assert set(by_column(found)) == {"TradeID", "Side"}


def test_values_that_meet_only_when_rewritten_get_the_steps_that_do_it(engine, texts, typed):
    a = {"TradeID": trades()["TradeID"], "n": ["1"] * N}
    digits = {"Ref": [str(1000 + i) for i in range(N)], "n": ["1"] * N}
    whole = infer(engine, texts(a), texts(digits), pair_by_values=True)
    # The key is looked for among the values as they are once normalised.
    assert "all keys of the smaller side are on the other side" in whole.key_evidence
    assert whole.notes == ()
    found = by_column(whole)["TradeID"]
    assert [write_step(step) for step in found.steps_a] == ["digits_only", "strip_leading_zeros"]
    assert str(found.type) == "string"
    numbers = typed({"Ref": [1000 + i for i in range(N)], "n": [1] * N})
    found = by_column(infer(engine, texts(a), numbers, pair_by_values=True))["TradeID"]
    assert (len(found.steps_a), found.steps_b) == (2, ())
    lower = {"Ref": [name.lower() for name in a["TradeID"]], "n": ["1"] * N}
    found = by_column(infer(engine, texts(a), texts(lower), pair_by_values=True))["TradeID"]
    assert [write_step(step) for step in found.steps_b] == ["strip", "upper"]


def test_small_numbers_do_not_pair_because_they_meet_by_accident(engine, texts):
    chance = random.Random(7)
    small = lambda: [str(chance.randrange(30)) for _ in range(N)]  # noqa: E731
    ids = [f"K{i}" for i in range(N)]
    a, b = {"id": ids, "lots": small(), "days": small()}, {"id": ids, "age": small(), "floor": small()}
    found = infer(engine, texts(a), texts(b), pair_by_values=True)
    assert list(by_column(found)) == ["id"]


def test_small_numbers_pair_where_the_names_resemble_too(engine, texts):
    small = [str(i % 30) for i in range(N)]
    ids = [f"K{i}" for i in range(N)]
    a, b = {"id": ids, "lot_count": small}, {"id": ids, "lots_count": small}
    assert (
        by_column(infer(engine, texts(a), texts(b), pair_by_values=True))["lot_count"].column_b
        == "lots_count"
    )


def test_a_column_between_two_equals_stays_unpaired_with_a_note(engine, texts):
    ids = [f"K{i}" for i in range(N)]
    values = [f"v{i}" for i in range(N)]
    a, b = {"id": ids, "mm": values}, {"id": ids, "x1": values, "x2": values}
    found = infer(engine, texts(a), texts(b), pair_by_values=True)
    assert list(by_column(found)) == ["id"]
    assert any("'mm' with 'x1' or 'mm' with 'x2'" in note for note in found.notes)


def test_unlike_columns_do_not_pair(engine, texts):
    ids = [f"K{i}" for i in range(N)]
    a = {"id": ids, "name": [f"person {i}" for i in range(N)]}
    b = {"id": ids, "city": [f"town {i}" for i in range(N)]}
    found = infer(engine, texts(a), texts(b), pair_by_values=True)
    assert list(by_column(found)) == ["id"]
    assert (found.unpaired_a, found.unpaired_b) == (("name",), ("city",))


def test_dates_pair_across_notations(engine, texts):
    ids = [f"K{i}" for i in range(N)]
    days = [f"2024-{1 + i % 12:02}-{1 + i % 28:02}" for i in range(N)]
    written = [f"{day[8:]}/{day[5:7]}/{day[:4]}" for day in days]
    a, b = {"id": ids, "TradeDate": written}, {"id": ids, "booked": days}
    pair = by_column(infer(engine, texts(a), texts(b), pair_by_values=True))["TradeDate"]
    assert (pair.column_b, str(pair.type)) == ("booked", "date")
    assert (pair.steps_a, pair.steps_b) == ((ParseDate(formats=["%d/%m/%Y"]),), ())


def test_an_ignored_column_is_not_paired_by_values(engine, texts):
    a = trades()
    b = {"TradeID": a["TradeID"], "yy": a["NotionalAmt"]}
    found = infer(engine, texts(a), texts(b), pair_by_values=True, ignore=["notional_amt"])
    assert list(by_column(found)) == ["TradeID"]
    assert "NotionalAmt" not in found.unpaired_a


def test_few_different_values_on_one_side_are_proposed_as_context(engine, texts):
    ids = [f"K{i}" for i in range(N)]
    a = {
        "id": ids,
        "desk": [f"desk {i % 4}" for i in range(N)],
        "constant": ["x"] * N,
        "remark": [f"r {i}" for i in range(N)],
    }
    b = {"id": ids, "region": ["EMEA", "APAC"] * (N // 2)}
    found = infer(engine, texts(a), texts(b), pair_by_values=True)
    assert [(c.name, c.side, c.column) for c in found.context] == [
        ("desk", "a", "desk"),
        ("region", "b", "region"),
    ]


@pytest.mark.parametrize(
    ("cells", "steps", "kind"),
    [
        (["31/12/2024", "01/02/2024"], [{"parse_date": ["%d/%m/%Y"]}], "date"),
        (["12/31/2024", "01/02/2024"], [{"parse_date": ["%m/%d/%Y"]}], "date"),
        (["31.12.2024", "1.2.2024"], [{"parse_date": ["%d.%m.%Y"]}], "date"),
        (["31-Dec-2024", "01-Feb-2024"], [{"parse_date": ["%d-%b-%Y"]}], "date"),
        (["20241231", "20240201", "20240301", "20240401", "20240501"], [{"parse_date": ["%Y%m%d"]}], "date"),
        (["20241231", "20241399", "20240301", "20240401", "20240501"], [], "string"),
        (["1/2/2024", "3/4/2024"], [], "string"),
    ],
)
def test_dates_in_other_notations_are_read_where_the_sample_decides(engine, texts, cells, steps, kind):
    iso = ["2024-12-31", "2024-02-01", "2024-03-01", "2024-04-01", "2024-05-01"][: len(cells)]
    ids = [str(i) for i in range(len(cells))]
    a, b = {"id": ids, "day": cells}, {"id": ids, "day": iso}
    found = infer(engine, texts(a), texts(b), key=["id"], pair_by_values=True)
    pair = found.pair("day")
    assert pair.type.kind == kind
    assert [write_step(step) for step in pair.steps_a] == steps
    assert pair.steps_b == ()
    if cells[0] == "1/2/2024":
        assert any("may be %d/%m/%Y or %m/%d/%Y" in note for note in found.notes)


def test_grouped_numbers_brackets_and_words_for_null_are_read_by_steps(engine, texts):
    a = {"id": ["1", "2", "3", "4"], "x": ["1,234.50", "(12.00)", "7", "N/A"]}
    b = {"id": ["1", "2", "3", "4"], "x": ["1234.5", "-12", "7", ""]}
    pair = infer(engine, texts(a), texts(b), key=["id"], pair_by_values=True).pair("x")
    assert str(pair.type) == "decimal(18,2)"
    assert [write_step(step) for step in pair.steps_a] == [{"null_if": ["N/A"]}, "parse_number"]
    assert pair.steps_b == ()


def test_words_for_null_stay_in_columns_of_text(engine, texts):
    a = {"id": ["1", "2"], "x": ["N/A", "word"]}
    assert infer(engine, texts(a), texts(a), key=["id"], pair_by_values=True).pair("x").steps_a == ()


def test_names_resemble_by_letters_or_by_words():
    assert name_resemblance("ZipCode", "zip") >= 0.8
    assert name_resemblance("Sector", "GICS Sector") >= 0.8
    assert name_resemblance("trade_date", "TradeDt") > 0.7
    assert name_resemblance("desk", "price") < 0.5
