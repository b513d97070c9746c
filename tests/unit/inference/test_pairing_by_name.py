from __future__ import annotations

import pytest

from greenai.errors import FieldError, KeyFieldError, UsageError
from greenai.inference.names import pair_names, plain, resolve_key, select


def pairs(*args, **options):
    return {pair.column_a: pair.column_b for pair in pair_names(*args, **options).pairs}


@pytest.mark.parametrize(
    "written", ["Trade ID", "trade_id", "TRADEID", "trade-id", "trade.id", " Trade  Id "]
)
def test_case_spaces_underscores_hyphens_and_dots_mean_nothing(written):
    assert plain(written) == "tradeid"
    assert pairs(["TradeID"], [written]) == {"TradeID": written}


def test_names_in_other_alphabets_pair_by_their_own_letters():
    assert pairs(["Straße", "ÉTAT"], ["STRASSE", "état"]) == {"Straße": "STRASSE", "ÉTAT": "état"}


def test_a_name_of_punctuation_only_pairs_with_itself_alone():
    assert pairs(["_", "x"], ["_", "X"]) == {"_": "_", "x": "X"}


def test_pairs_keep_the_order_of_side_a():
    assert list(pairs(["c", "a", "b"], ["A", "B", "C"])) == ["c", "a", "b"]


def test_names_alike_on_one_side_pair_exactly_or_stay_unpaired_with_a_note():
    pairing = pair_names(["trade_id", "Trade ID", "x"], ["trade_id", "x"])
    assert {p.column_a: p.column_b for p in pairing.pairs} == {"trade_id": "trade_id", "x": "x"}
    assert pairing.left_a == ("Trade ID",)
    assert not pairing.notes

    unsure = pair_names(["Trade ID", "TRADE_ID"], ["trade_id"])
    assert unsure.pairs == ()
    assert "'Trade ID', 'TRADE_ID'" in unsure.notes[0]
    assert "--map" in unsure.notes[0]


def test_what_the_user_maps_goes_before_equal_names():
    assert pairs(["id", "ref"], ["id", "ref"], mapping={"id": "ref"}) == {"id": "ref"}
    assert pair_names(["id"], ["ref"], {"id": "ref"}).pairs[0].how == "given"


def test_a_mapped_column_that_does_not_exist_is_an_error_that_names_the_nearest():
    with pytest.raises(FieldError, match="did you mean 'notional'"):
        pair_names(["notional"], ["amount"], {"notionl": "amount"})
    with pytest.raises(FieldError, match=r"side b has no column 'zzz'(.|\n)*'amount'"):
        pair_names(["notional"], ["amount"], {"notional": "zzz"})


def test_two_columns_mapped_to_one_are_an_error():
    with pytest.raises(UsageError, match="'c' of side b is mapped twice"):
        pair_names(["a", "b"], ["c"], {"a": "c", "b": "c"})


def test_a_key_may_be_named_as_either_side_names_it():
    pairing = pair_names(["TradeID"], ["Transaction"], {"TradeID": "Transaction"})
    for written in ("TradeID", "trade_id", "Transaction", "transaction"):
        assert resolve_key([written], pairing) == ("TradeID",)


def test_an_unknown_key_column_says_what_was_meant_or_what_to_map():
    pairing = pair_names(["trade_id", "desk"], ["trade_id", "book"])
    with pytest.raises(KeyFieldError, match="did you mean 'trade_id'"):
        resolve_key(["trade_idd"], pairing)
    with pytest.raises(KeyFieldError, match=r"side b only(.|\n)*--map COLUMN_OF_A=book"):
        resolve_key(["book"], pairing)
    with pytest.raises(KeyFieldError, match=r"side a only(.|\n)*--map desk=COLUMN_OF_B"):
        resolve_key(["desk"], pairing)
    with pytest.raises(KeyFieldError, match="twice"):
        resolve_key(["trade_id", "TRADE_ID"], pairing)
    with pytest.raises(KeyFieldError, match="empty"):
        resolve_key([], pairing)


def test_ignoring_by_either_name_drops_the_pair_and_unknown_names_are_errors():
    pairing = pair_names(["id", "Amt", "x"], ["id", "amount", "y"], {"Amt": "amount"})
    wanted, ignored = select(pairing, only=None, ignore=["amount", "x"])
    assert wanted == {"id"}
    assert {"Amt", "amount", "x"} <= ignored
    with pytest.raises(FieldError, match="did you mean 'amount'"):
        select(pairing, only=None, ignore=["amuont"])


def test_only_keeps_what_it_names():
    pairing = pair_names(["id", "Amt", "x"], ["id", "amt", "x"])
    assert select(pairing, only=["AMT"], ignore=())[0] == {"Amt"}
    with pytest.raises(FieldError, match="choose from"):
        select(pairing, only=["zzzzzzz"], ignore=())
