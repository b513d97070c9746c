"""Every kind of break x resolution x policy: what is decided, and whether the record is stored."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from gate_samples import a_break, approved, recorded

from greenai.definition.gate import Gate
from greenai.domain.breaks import KINDS
from greenai.domain.decisions import POLICIES, RESOLUTIONS
from greenai.engines.duckdb import DuckDBEngine

DECISION = {"pass": "passed", "review": "review", "reject": "rejected"}
STORED_WHEN_PASSED = {
    #               take_a  take_b  take_value  exclude
    "value": (True, True, True, False),
    "only_a": (True, False, False, False),
    "only_b": (False, True, False, False),
    "duplicate_a": (True, False, False, False),
    "duplicate_b": (False, True, False, False),
    "check": (True, True, True, False),
}
TABLE = [
    (kind, resolution, policy, DECISION[policy], policy == "pass" and stored)
    for kind, row in STORED_WHEN_PASSED.items()
    for resolution, stored in zip(RESOLUTIONS, row, strict=True)
    for policy in POLICIES
]
Found = dict[tuple[str, str, str], tuple[str, bool]]


def test_the_table_is_complete() -> None:
    assert [row[:3] for row in TABLE] == list(product(KINDS, RESOLUTIONS, POLICIES))


@pytest.fixture(scope="module")
def by_definition(engine: DuckDBEngine) -> Found:
    """One record per combination that a definition can name, each with a reason of its own."""
    combinations = [c for c in product(KINDS, RESOLUTIONS, POLICIES) if c[1] != "take_value"]
    reasons = {
        f"R{n}": {"policy": policy, "resolution": resolution}
        for n, (_, resolution, policy) in enumerate(combinations)
    }
    breaks = [
        a_break(kind, break_id=str(n), key=f'["{n}"]', reason=f"R{n}")
        for n, (kind, *_) in enumerate(combinations)
    ]
    return _found(combinations, recorded(engine, breaks, Gate.model_validate({"reasons": reasons})))


@pytest.fixture(scope="module")
def by_person(engine: DuckDBEngine) -> Found:
    """One record per combination, each decided by a person."""
    combinations = list(product(KINDS, RESOLUTIONS, POLICIES))
    breaks = [a_break(kind, break_id=str(n), key=f'["{n}"]') for n, (kind, *_) in enumerate(combinations)]
    earlier = [
        approved(one, DECISION[policy], resolution=resolution, value="z")
        for one, (_, resolution, policy) in zip(breaks, combinations, strict=True)
    ]
    return _found(combinations, recorded(engine, breaks, None, earlier))


@pytest.mark.parametrize(("kind", "resolution", "policy", "decision", "stored"), TABLE)
def test_every_kind_resolution_and_policy(
    by_definition: Found,
    by_person: Found,
    kind: str,
    resolution: str,
    policy: str,
    decision: str,
    stored: bool,
) -> None:
    combination = (kind, resolution, policy)
    assert by_person[combination] == (decision, stored)
    if resolution != "take_value":  # no definition can name a value
        assert by_definition[combination] == (decision, stored)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_stored_when_a_definition_says_pass_and_nothing_else(engine: DuckDBEngine, kind: str) -> None:
    gate = Gate.model_validate({"authority": "b", "reasons": {"X": "pass"}})
    (record,) = recorded(engine, [a_break(kind, reason="X")], gate).values()
    assert record["decision"] == "passed"
    assert record["stored"] is (kind in ("value", "check"))


def _found(combinations: list[tuple[Any, ...]], found: dict[str, dict[str, Any]]) -> Found:
    return {
        combination: (found[f'["{n}"]']["decision"], found[f'["{n}"]']["stored"])
        for n, combination in enumerate(combinations)
    }
