"""A record waits whole: laws of the decisions by record, and the numbers of both."""

from __future__ import annotations

import random
from typing import Any

import pyarrow as pa
import pytest
from gate_samples import a_break, recorded
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from greenai.domain.breaks import KINDS
from greenai.domain.decisions import DECISIONS, RESOLUTIONS, Tally
from greenai.engines.duckdb import DuckDBEngine
from greenai.quality.counts import counts
from greenai.quality.records import input_decision, records

COLUMNS = pa.schema([(name, pa.string()) for name in ("key", "kind", "decision", "resolution")])
ONE = st.fixed_dictionaries(
    {
        "key": st.sampled_from(['["1"]', '["2"]', '["ä"]', "[]"]),
        "kind": st.sampled_from(KINDS),
        "decision": st.sampled_from(DECISIONS),
        "resolution": st.sampled_from([*RESOLUTIONS, None]),
    }
).map(lambda row: row | {"kind": "check"} if row["key"] == "[]" else row)
MANY = st.lists(ONE, max_size=12)


def relation(engine: DuckDBEngine, rows: list[dict[str, Any]]) -> Any:
    # Always by one name: writing a statement anew takes longer than running it.
    return engine.register(pa.Table.from_pylist(rows, COLUMNS), "decided_breaks")


def by_key(engine: DuckDBEngine, rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {row["key"]: row for row in engine.arrow(records(relation(engine, rows))).to_pylist()}


def worst(rows: list[dict[str, Any]]) -> str:
    return max((row["decision"] for row in rows), key=DECISIONS.index, default="passed")


def test_two_breaks_of_which_one_passes_hold_the_record_back(engine: DuckDBEngine) -> None:
    proved = a_break(break_id="1", reason="FORMAT", functional=True, confidence=1.0)
    record = recorded(engine, [proved, a_break(break_id="2", field="other")])['["k"]']
    assert record == {"key": '["k"]', "decision": "review", "breaks": 2, "stored": False}
    record = recorded(engine, [proved])['["k"]']
    assert record == {"key": '["k"]', "decision": "passed", "breaks": 1, "stored": True}


def test_one_excluded_field_excludes_the_record(engine: DuckDBEngine) -> None:
    passed = {"key": '["1"]', "kind": "value", "decision": "passed"}
    rows = [passed | {"resolution": "take_a"}, passed | {"resolution": "exclude"}]
    assert by_key(engine, rows)['["1"]'] | {"breaks": 0} == {
        "key": '["1"]',
        "decision": "passed",
        "breaks": 0,
        "stored": False,
    }


def test_of_several_rows_of_a_key_one_may_be_taken_and_the_others_excluded(engine: DuckDBEngine) -> None:
    passed = {"key": '["1"]', "kind": "duplicate_a", "decision": "passed"}
    rows = [passed | {"resolution": "take_a"}, passed | {"resolution": "exclude"}]
    assert by_key(engine, rows)['["1"]']["stored"] is True
    failed = passed | {"kind": "check", "decision": "review", "resolution": None}
    assert by_key(engine, [*rows, failed])['["1"]']["stored"] is False


@pytest.mark.parametrize("decision", DECISIONS)
def test_what_fails_for_the_whole_input_holds_for_every_record(engine: DuckDBEngine, decision: str) -> None:
    whole = {"key": "[]", "kind": "check", "decision": decision, "resolution": None}
    own = {"key": '["1"]', "kind": "value", "decision": "passed", "resolution": "take_a"}
    found = by_key(engine, [whole, own])
    assert list(found) == ['["1"]']
    assert found['["1"]']["decision"] == decision
    assert found['["1"]']["stored"] is (decision == "passed")
    assert engine.rows(input_decision(relation(engine, [whole, own]))) == [(decision,)]
    numbers = counts(engine, relation(engine, [whole, own]), equal=5).records.as_dict()
    assert numbers == dict.fromkeys(DECISIONS, 0) | {decision: 6}


def test_no_breaks_are_no_records_and_the_input_passes(engine: DuckDBEngine) -> None:
    assert by_key(engine, []) == {}
    assert engine.rows(input_decision(relation(engine, []))) == [("passed",)]
    found = counts(engine, relation(engine, []), equal=3)
    assert (found.decisions, found.records) == (Tally(), Tally(passed=3))


def test_a_failed_check_of_an_equal_pair_counts_the_pair_once(engine: DuckDBEngine) -> None:
    check = {"kind": "check", "decision": "review", "resolution": None}
    value = {"kind": "value", "decision": "passed", "resolution": "take_a"}
    rows = [check | {"key": '["1"]'}, check | {"key": '["1"]'}, value | {"key": '["2"]'}]
    found = counts(engine, relation(engine, rows), equal=10)
    assert found.decisions == Tally(passed=1, review=2)
    assert found.records == Tally(passed=10, review=1)


@given(rows=MANY, seed=st.integers(0, 9))
@hypothesis_settings(max_examples=60)
def test_a_record_has_the_worst_decision_of_its_breaks_in_any_order(
    engine: DuckDBEngine, rows: list[dict[str, Any]], seed: int
) -> None:
    found = by_key(engine, rows)
    of_input = [row for row in rows if row["key"] == "[]"]
    keys = {row["key"] for row in rows} - {"[]"}
    assert found.keys() == keys
    for key in keys:
        own = [row for row in rows if row["key"] == key]
        assert found[key]["decision"] == worst([*own, *of_input])
        assert found[key]["breaks"] == len(own)
        assert not (found[key]["stored"] and found[key]["decision"] != "passed")
    shuffled = random.Random(seed).sample(rows, len(rows))
    assert by_key(engine, shuffled) == found


@given(rows=MANY, more=st.integers(0, 5))
@hypothesis_settings(max_examples=40)
def test_the_numbers_add_up(engine: DuckDBEngine, rows: list[dict[str, Any]], more: int) -> None:
    keys = {row["key"] for row in rows} - {"[]"}
    different = {row["key"] for row in rows if row["kind"] != "check"}
    equal = len(keys - different) + more
    found = counts(engine, relation(engine, rows), equal=equal)
    assert sum(found.decisions.as_dict().values()) == len(rows)
    assert sum(found.records.as_dict().values()) == len(keys) + more
    assert min(found.records.as_dict().values()) >= 0
