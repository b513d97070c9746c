"""Which changes of a definition may let breaks pass that wait."""

from __future__ import annotations

import pytest

from greenai.definition.loading import loads
from greenai.pipeline.passing import may_let_pass

BASE = """recon: fx
sources: {a: {system: x, location: a.csv}, b: {location: b.csv}}
key: [id]
fields:
  id: {type: string}
  amount: {type: integer}
  side: {type: string}
gate: {reasons: {FORMAT: review, TIMING: review}, checks: [{not_null: [side]}]}
"""
VALUE, CHECK, ONLY = (
    ("value", "amount", "TIMING"),
    ("check", "side", "CHECK_FAILED"),
    ("only_a", None, "UNKNOWN"),
)


@pytest.mark.parametrize(
    ("old", "new", "passes"),
    [
        ("system: x", "system: z", ()),
        ("TIMING: review", "TIMING: pass", (VALUE,)),
        ("FORMAT: review", "FORMAT: pass", ()),
        ("TIMING: review", "TIMING: reject", ()),
        ("amount: {type: integer}", "amount: {type: integer, compare: {absolute: 1}}", (VALUE, CHECK)),
        ("side: {type: string}", "side: {type: string, compare: {ignore: true}}", (CHECK,)),
        ("id: {type: string}", "id: {type: integer}", (VALUE, CHECK, ONLY)),
        ("[{not_null: [side]}]", "[{not_null: [amount]}]", (CHECK,)),
        ("location: a.csv", "location: c.csv", (VALUE, CHECK, ONLY)),
        ("system: x", "where: amount > 1", (VALUE, CHECK, ONLY)),
        ("gate: {", "gate: {promise: 0.5, ", (VALUE, CHECK, ONLY)),
    ],
)
def test_a_change_bears_on_the_breaks_that_it_may_let_pass(
    old: str, new: str, passes: tuple[object, ...]
) -> None:
    before, after = loads(BASE), loads(BASE.replace(old, new))
    assert tuple(one for one in (VALUE, CHECK, ONLY) if may_let_pass(before, after, [one])) == passes


def test_a_first_definition_bears_on_all_and_without_breaks_nothing_does() -> None:
    assert may_let_pass(None, loads(BASE), [VALUE])
    assert not may_let_pass(None, loads(BASE), [])
    assert not may_let_pass(loads(BASE), loads(BASE.replace("a.csv", "c.csv")), [])
