"""Why a break passes, waits or is rejected, and what is done about it."""

from __future__ import annotations

from typing import Any

import ibis
import pytest
from gate_samples import BREAK, a_break, approved, decided, relation

from greenai.definition.gate import Gate
from greenai.engines.duckdb import DuckDBEngine
from greenai.quality.gate import ADDED, decide

PROVED = {"reason": "FORMAT", "functional": True, "confidence": 1.0}
PREDICTED = {"reason": "TIMING", "functional": True, "confidence": 0.95}
WRONG = {"reason": "SCALE_ERROR", "functional": False, "confidence": 1.0}


def gate(**said: Any) -> Gate:
    return Gate.model_validate(said)


def outcome(engine: DuckDBEngine, found: dict[str, Any], *args: Any, **options: Any) -> tuple[str, ...]:
    row = decided(engine, [found], *args, **options)["1"]
    return row["decision"], row["policy"], row["rule"]


@pytest.mark.parametrize(
    ("cells", "said", "expected"),
    [
        (PROVED, None, ("passed", "pass", "proof")),
        (PROVED, {}, ("passed", "pass", "proof")),
        ({}, None, ("review", "review", "default")),
        (WRONG, None, ("review", "review", "default")),
        (PROVED, {"reasons": {"FORMAT": "review"}}, ("review", "review", "policy:FORMAT=review")),
        (PROVED, {"reasons": {"FORMAT": "reject"}}, ("rejected", "reject", "policy:FORMAT=reject")),
        (WRONG, {"reasons": {"SCALE_ERROR": "pass"}}, ("passed", "pass", "policy:SCALE_ERROR=pass")),
        ({}, {"reasons": {"UNKNOWN": "pass"}}, ("passed", "pass", "policy:UNKNOWN=pass")),
        ({}, {"reasons": {"FORMAT": "reject"}}, ("review", "review", "default")),
        # A rule with a resolution alone is no policy.
        (PROVED, {"reasons": {"FORMAT": {"resolution": "take_b"}}}, ("passed", "pass", "proof")),
        (PREDICTED, None, ("review", "review", "default")),
        (PREDICTED, {"certified": False}, ("passed", "pass", "prediction")),
        (PREDICTED, {"certified": False, "promise": 0.95}, ("review", "review", "default")),
        (PREDICTED, {"certified": False, "promise": 0.94}, ("passed", "pass", "prediction")),
        (PREDICTED | {"functional": False}, {"certified": False}, ("review", "review", "default")),
        (PREDICTED | {"functional": None}, {"certified": False}, ("review", "review", "default")),
        (PREDICTED | {"reason": "UNKNOWN"}, {"certified": False}, ("review", "review", "default")),
        (PREDICTED | {"confidence": None}, {"certified": False}, ("review", "review", "default")),
        (PROVED | {"reason": "UNKNOWN"}, None, ("review", "review", "default")),
        ({"reason": None}, {"reasons": {"FORMAT": "pass"}}, ("review", "review", "default")),
    ],
)
def test_policy_then_proof_then_prediction_then_a_person(
    engine: DuckDBEngine, cells: dict[str, Any], said: dict[str, Any] | None, expected: tuple[str, ...]
) -> None:
    assert outcome(engine, a_break(**cells), None if said is None else gate(**said)) == expected


def test_an_approved_decision_comes_first_and_the_policy_stays_to_be_seen(engine: DuckDBEngine) -> None:
    found = a_break(**WRONG)
    rejects = gate(reasons={"SCALE_ERROR": "reject"})
    row = decided(engine, [found], rejects, None, [approved(found, resolution="take_b")])["1"]
    assert {name: row[name] for name in ADDED} == {
        "decision": "passed",
        "policy": "reject",
        "rule": "approved",
        "resolution": "take_b",
        "value": None,
        "decided_by": "ann",
    }


def test_a_person_may_reject_what_is_proved(engine: DuckDBEngine) -> None:
    found = a_break(**PROVED)
    assert outcome(engine, found, earlier=[approved(found, "rejected")]) == ("rejected", "pass", "refused")


def test_what_a_person_reopened_waits_by_that_rule(engine: DuckDBEngine) -> None:
    found = a_break(**PROVED)
    assert outcome(engine, found, earlier=[approved(found, "review")]) == ("review", "pass", "reopened")


@pytest.mark.parametrize("changed", ["value_a", "value_b", "reason"])
@pytest.mark.parametrize("to", ["other", None])
def test_a_decision_lapses_when_what_it_was_about_changes(
    engine: DuckDBEngine, changed: str, to: str | None
) -> None:
    before = a_break(**PROVED, explanation="the same")
    now = before | {changed: to}
    rule = outcome(engine, now, earlier=[approved(before, "rejected")])[2]
    assert rule in ("proof", "default")
    assert outcome(engine, before, earlier=[approved(before, "rejected")])[2] == "refused"


def test_other_words_for_the_same_values_change_no_decision(engine: DuckDBEngine) -> None:
    before = a_break(explanation="All 3 values are 100 times larger")
    now = before | {"explanation": "All 4 values are 100 times larger"}
    assert outcome(engine, now, earlier=[approved(before, "rejected")])[2] == "refused"


def test_however_sure_a_cause_is_it_is_no_proof(engine: DuckDBEngine) -> None:
    found = relation(engine, [a_break(**PROVED)])
    for method, expected in (("equivalence", ("passed", "proof")), ("cause", ("review", "default"))):
        (row,) = engine.arrow(decide(found.mutate(method=ibis.literal(method)))).to_pylist()
        assert (row["decision"], row["rule"]) == expected


def test_nulls_that_stay_null_are_the_same_values(engine: DuckDBEngine) -> None:
    found = a_break("only_a")
    assert outcome(engine, found, earlier=[approved(found)])[2] == "approved"
    half = a_break(value_a=None)
    assert outcome(engine, half, earlier=[approved(half)])[2] == "approved"


def test_reason_and_explanation_are_compared_only_where_they_were_kept(engine: DuckDBEngine) -> None:
    before = a_break(**PROVED, explanation="the same")
    now = before | {"reason": "TIMING", "explanation": "another"}
    without = ["reason", "explanation"]
    assert outcome(engine, now, earlier=[approved(before)], without=without)[2] == "approved"


def test_a_failed_check_that_fails_for_another_value_is_judged_anew(engine: DuckDBEngine) -> None:
    before = a_break("check", explanation="n is -5, less than 0")
    now = before | {"explanation": "n is -7, less than 0"}
    assert outcome(engine, before, earlier=[approved(before)])[0] == "passed"
    assert outcome(engine, now, earlier=[approved(before)])[0] == "review"
    # The values of a check stand in its explanation alone: without it nobody knows.
    assert outcome(engine, before, earlier=[approved(before)], without=["explanation"])[0] == "review"


def test_a_decision_about_another_break_says_nothing(engine: DuckDBEngine) -> None:
    found = a_break()
    assert outcome(engine, found, earlier=[approved(found, break_id="2")])[2] == "default"
    assert outcome(engine, found, earlier=[])[2] == "default"


@pytest.mark.parametrize(
    ("said", "authorities", "expected"),
    [
        ({}, {}, "take_a"),
        ({"authority": "b"}, {}, "take_b"),
        ({"authority": "b"}, {"name": "a"}, "take_a"),
        ({"authority": "a"}, {"name": "b"}, "take_b"),
        ({}, {"name": "b"}, "take_b"),
        ({"authority": "b"}, {"name": None, "other": "a"}, "take_b"),
        ({"reasons": {"UNKNOWN": {"resolution": "take_a"}}}, {"name": "b"}, "take_a"),
        ({"reasons": {"UNKNOWN": {"resolution": "exclude"}}}, {"name": "b"}, "exclude"),
        ({"reasons": {"FORMAT": {"resolution": "exclude"}}, "authority": "b"}, {}, "take_b"),
    ],
)
def test_a_value_is_taken_by_reason_then_field_then_gate_then_from_a(
    engine: DuckDBEngine, said: dict[str, Any], authorities: dict[str, Any], expected: str
) -> None:
    assert decided(engine, [a_break()], gate(**said), authorities)["1"]["resolution"] == expected


@pytest.mark.parametrize("kind", ["only_a", "only_b", "duplicate_a", "duplicate_b"])
def test_authority_does_not_store_what_one_side_alone_has(engine: DuckDBEngine, kind: str) -> None:
    for side in ("a", "b"):
        row = decided(engine, [a_break(kind)], gate(authority=side), {"name": side})["1"]
        assert row["resolution"] == "exclude"
    explicit = gate(reasons={"UNKNOWN": {"resolution": "take_b"}})
    assert decided(engine, [a_break(kind)], explicit)["1"]["resolution"] == "take_b"


def test_a_failed_check_has_no_resolution_of_its_own(engine: DuckDBEngine) -> None:
    passes = gate(authority="b", reasons={"CHECK_FAILED": "pass"})
    row = decided(engine, [a_break("check")], passes, {"name": "a"})["1"]
    assert (row["decision"], row["resolution"]) == ("passed", None)


def test_a_decision_without_a_resolution_leaves_the_usual_one(engine: DuckDBEngine) -> None:
    found = a_break()
    assert (
        decided(engine, [found], gate(authority="b"), None, [approved(found)])["1"]["resolution"] == "take_b"
    )


def test_a_value_is_kept_only_with_take_value(engine: DuckDBEngine) -> None:
    found = a_break()
    taken = approved(found, resolution="take_value", value="z")
    assert decided(engine, [found], earlier=[taken])["1"]["value"] == "z"
    assert decided(engine, [found], earlier=[taken | {"resolution": "take_a"}])["1"]["value"] is None
    assert decided(engine, [found], earlier=[taken | {"value": None}])["1"]["value"] is None


def test_all_columns_are_kept_and_six_of_text_added(engine: DuckDBEngine) -> None:
    expression = decide(relation(engine, [a_break()]), gate(authority="b"), {"name": "a"}, None)
    assert list(expression.columns) == [*BREAK.names, *ADDED]
    schema = engine.materialise(expression).schema()
    assert all(schema[name].is_string() for name in ADDED)
