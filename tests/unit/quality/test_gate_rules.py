"""What the gate makes of approved rules: after persons and policies, before predictions."""

from __future__ import annotations

from typing import Any

import ibis
import pytest
from gate_samples import EARLIER, a_break, approved, relation

from greenai.definition.gate import Gate
from greenai.engines.duckdb import DuckDBEngine
from greenai.quality.gate import ADDED, decide

CAUSE = "0123456789abcdef0123456789abcdef"
RULE, EXCEPTION = f"rule:{CAUSE}", f"exception:{CAUSE}"
BY_RULE = {"reason": "SCALE_ERROR", "functional": False, "confidence": 1.0}
CAUSED = {"reason": "TIMING", "functional": True, "confidence": 0.99}


def judged(
    engine: DuckDBEngine,
    cells: dict[str, Any],
    *,
    ruled: str,
    resolution: str | None = None,
    method: str = "rule",
    gate: dict[str, Any] | None = None,
    earlier: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    breaks = relation(engine, [a_break(**cells)])
    texts = {"method": method, "ruled": ruled, "approved": resolution}
    known = breaks.mutate(
        **{name: ibis.null("string") if text is None else ibis.literal(text) for name, text in texts.items()}
    )
    persons = None if earlier is None else relation(engine, earlier, EARLIER)
    said = None if gate is None else Gate.model_validate(gate)
    made = decide(known, said, {}, persons)
    assert not {"ruled", "approved"} & set(made.columns)
    (row,) = engine.arrow(made).to_pylist()
    return {name: row[name] for name in ADDED}


@pytest.mark.parametrize(
    ("gate", "expected"),
    [
        (None, ("passed", "pass", RULE, "take_b")),
        ({"certified": False}, ("passed", "pass", RULE, "take_b")),
        # A policy of the definition comes first, with its resolution where it names one.
        ({"reasons": {"SCALE_ERROR": "review"}}, ("review", "review", "policy:SCALE_ERROR=review", "take_b")),
        (
            {"reasons": {"SCALE_ERROR": "reject"}},
            ("rejected", "reject", "policy:SCALE_ERROR=reject", "take_b"),
        ),
        (
            {"reasons": {"SCALE_ERROR": {"policy": "pass", "resolution": "take_a"}}},
            ("passed", "pass", "policy:SCALE_ERROR=pass", "take_a"),
        ),
        # A resolution alone is no policy: what was approved is done.
        ({"reasons": {"SCALE_ERROR": {"resolution": "take_a"}}}, ("passed", "pass", RULE, "take_b")),
    ],
)
def test_what_a_rule_explains_passes_as_it_was_approved(
    engine: DuckDBEngine, gate: dict[str, Any] | None, expected: tuple[str, ...]
) -> None:
    row = judged(engine, BY_RULE, ruled=RULE, resolution="take_b", gate=gate)
    assert (row["decision"], row["policy"], row["rule"], row["resolution"]) == expected


def test_a_rule_without_a_resolution_leaves_it_to_the_definition(engine: DuckDBEngine) -> None:
    row = judged(engine, BY_RULE, ruled=RULE, gate={"authority": "b"})
    assert (row["rule"], row["resolution"]) == (RULE, "take_b")
    row = judged(engine, BY_RULE, ruled=RULE, gate={"reasons": {"SCALE_ERROR": {"resolution": "exclude"}}})
    assert (row["rule"], row["resolution"]) == (RULE, "exclude")


@pytest.mark.parametrize(
    ("gate", "expected"),
    [
        (None, ("review", EXCEPTION)),
        ({"certified": False}, ("review", EXCEPTION)),
        ({"reasons": {"TIMING": "pass"}}, ("review", EXCEPTION)),
        ({"reasons": {"TIMING": "review"}}, ("review", "policy:TIMING=review")),
        ({"reasons": {"TIMING": "reject"}}, ("rejected", "policy:TIMING=reject")),
    ],
)
def test_an_exception_waits_unless_a_policy_rejects_it(
    engine: DuckDBEngine, gate: dict[str, Any] | None, expected: tuple[str, ...]
) -> None:
    row = judged(engine, CAUSED, ruled=EXCEPTION, method="cause", gate=gate)
    assert (row["decision"], row["rule"]) == expected


@pytest.mark.parametrize("ruled", [RULE, EXCEPTION])
def test_a_person_comes_before_every_rule(engine: DuckDBEngine, ruled: str) -> None:
    found = a_break(**BY_RULE)
    row = judged(
        engine, BY_RULE, ruled=ruled, resolution="take_b", earlier=[approved(found, resolution="exclude")]
    )
    assert (row["decision"], row["rule"], row["resolution"]) == ("passed", "approved", "exclude")
