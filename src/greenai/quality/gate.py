"""The gate's decision about every break, with the rule that made it and what is done about the break.

In this order: what a person decided of the same break with the same values; a policy that the
definition names for the reason; an approved rule; a proof; a prediction, where calibrated confidence is
enough; otherwise a person is asked. The gate rejects only where a policy says so. What lies in the scope
of an approved rule that does not explain it waits, though a policy would let it pass; a proof is not
overruled.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Literal

import ibis

from greenai.definition.gate import Gate
from greenai.domain.decisions import DECIDED_AS, GATE, RULES_OF_PERSONS, Resolution
from greenai.domain.reasons import UNKNOWN
from greenai.domain.rules import EXCEPTS, EXPLAINS

if TYPE_CHECKING:
    import ibis.expr.types as ir

Side = Literal["a", "b"]
TAKE: Mapping[Side, Resolution] = {"a": "take_a", "b": "take_b"}
ADDED = ("decision", "policy", "rule", "resolution", "value", "decided_by")
"""The columns that `decide` adds."""


def decide(
    breaks: ir.Table,
    gate: Gate | None = None,
    authorities: Mapping[str, Side | None] | None = None,
    earlier: ir.Table | None = None,
) -> ir.Table:
    """Add `decision`, `policy`, `rule`, `resolution`, `value` and `decided_by` to every break.

    ``decision`` passed, review or rejected; ``policy`` pass, review or reject: what definition and
    proof say, whatever a person decided; ``rule`` why: a person's ``approved``, ``refused`` or
    ``reopened``, or ``policy:FORMAT=pass``, ``rule:<cause_id>``, ``exception:<cause_id>``, ``proof``,
    ``prediction`` or ``default``; ``resolution``
    what is done about the break (null for a failed check: the record is stored in spite of it);
    ``value`` the text of a take_value;
    ``decided_by`` a person or ``gate``.

    `breaks` has the columns that `attribution.explain` yields, all are kept; and where there are approved
    rules ``ruled`` and ``approved`` (see `pipeline.attribute`), which are not. `authorities` are the
    sides that single fields are taken from. `earlier` are decisions of persons, at most one
    per ``break_id``: ``break_id``, ``value_a``, ``value_b``, ``decision``, ``resolution``, ``value``,
    ``decided_by``, and if it has them ``reason``, ``explanation`` and ``content``. One holds while its
    values (and reason, and content) are those of the break. The values of a failed check stand in its
    explanation, so none holds there without.
    """
    gate = gate or Gate(reasons={})
    known = breaks.mutate(
        **{
            _EXPLICIT: _by_reason(breaks, gate, lambda rule: rule.policy),
            _RESOLVED: _by_reason(breaks, gate, lambda rule: rule.resolution),
        }
    )
    judged = _with_policy(known, gate).mutate(**{_DEFAULT: _resolution(known, gate, authorities or {})})
    kept = [name for name in breaks.columns if name not in OF_RULES]
    return _with_decision(_beside(judged, earlier)).select(*kept, *ADDED)


OF_RULES = ("ruled", "approved")
"""Columns that say what an approved rule has to do with a break, and what it does about it."""
_EXPLICIT, _RESOLVED, _DEFAULT, _HELD = (
    f"greenai:{name}" for name in ("explicit", "resolved", "default", "held")
)
CONTENT = "content"
"""The column with what a break of a whole record is about, see `greenai.pipeline.contents`."""
_SAME = ("value_a", "value_b", CONTENT, "reason", "explanation")
_DECIDED = ("decision", "resolution", "value", "decided_by")


def _by_reason(breaks: ir.Table, gate: Gate, of: Callable[..., str | None]) -> ir.StringValue:
    """What the definition says for the reason of a break, null where it says nothing."""
    said = [(code, word) for code, rule in gate.reasons.items() if (word := of(rule)) is not None]
    words: ir.StringValue = breaks.reason.cases(*said, else_=None) if said else ibis.null("string")
    return words.cast("string")


def _with_policy(breaks: ir.Table, gate: Gate) -> ir.Table:
    """`policy` and `rule` of definition, proof and default, in this order."""
    explicit, certainty = breaks[_EXPLICIT], breaks.confidence
    functional = breaks.functional & (breaks.reason != UNKNOWN)
    # However sure a cause or a model is, it is no proof.
    proven = breaks.method == "equivalence" if "method" in breaks.columns else ibis.literal(True)
    rules = [(explicit.notnull(), explicit, ibis.literal("policy:") + breaks.reason + "=" + explicit)]
    if "ruled" in breaks.columns:
        # A definition may ask for more than a rule; it does not let pass what a rule finds wrong.
        excepted = breaks.ruled.startswith(EXCEPTS).fill_null(False)
        lenient = explicit.isnull() | (explicit == "pass")
        rules.insert(0, (excepted & lenient, "review", breaks.ruled))
        rules.append((breaks.ruled.startswith(EXPLAINS).fill_null(False), "pass", breaks.ruled))
    rules.append((functional & proven & (certainty == 1), "pass", "proof"))
    if not gate.certified:
        rules.append((functional & (certainty > gate.promise), "pass", "prediction"))
    return breaks.mutate(
        policy=ibis.cases(*((when, policy) for when, policy, _ in rules), else_="review"),
        rule=ibis.cases(*((when, rule) for when, _, rule in rules), else_="default"),
    )


def _resolution(breaks: ir.Table, gate: Gate, authorities: Mapping[str, Side | None]) -> ir.StringValue:
    """The reason's resolution, what an approved rule does where that passes the break; else the authority's
    side of a value, and no record that one side lacks."""
    usual: Side = gate.authority or "a"
    others = [name for name, side in authorities.items() if side is not None and side != usual]
    other: Side = "b" if usual == "a" else "a"
    value: ir.Value = ibis.literal(TAKE[usual])
    if others:
        value = breaks.field.isin(others).fill_null(False).ifelse(TAKE[other], value)
    approved = breaks.approved if "approved" in breaks.columns else ibis.null("string")
    resolution: ir.StringValue = ibis.cases(
        (breaks[_EXPLICIT].notnull() & breaks[_RESOLVED].notnull(), breaks[_RESOLVED]),
        (approved.notnull(), approved),
        (breaks[_RESOLVED].notnull(), breaks[_RESOLVED]),
        (breaks.kind == "value", value),
        (breaks.kind == "check", ibis.null("string")),
        else_="exclude",
    )
    return resolution


def _beside(breaks: ir.Table, earlier: ir.Table | None) -> ir.Table:
    """Every break with the earlier decision that still holds, nulls where there is none."""
    if earlier is None:
        nothing = dict.fromkeys((_HELD, *map(_earlier, _DECIDED)), ibis.null("string"))
        return breaks.mutate(**nothing)
    same = [name for name in _SAME if name in earlier.columns]
    theirs = earlier.select(
        **{_HELD: earlier.break_id},
        **{_earlier(name): earlier[name].cast("string") for name in (*_DECIDED, *same)},
    )
    holds = [breaks.break_id == theirs[_HELD]]
    holds += [breaks[name].identical_to(theirs[_earlier(name)]) for name in same if name != "explanation"]
    # What is wrong with a failed check stands in its words alone; others' words tell of many breaks at once.
    known = "explanation" in same
    alike = breaks.explanation.identical_to(theirs[_earlier("explanation")]) if known else ibis.literal(False)
    holds.append((breaks.kind != "check") | alike)
    return breaks.left_join(theirs, holds)


def _earlier(name: str) -> str:
    return f"greenai:earlier:{name}"


def _with_decision(breaks: ir.Table) -> ir.Table:
    """The person's decision where one holds, else that of the policy."""
    held = breaks[_HELD].notnull()
    value_taken = held & (breaks[_earlier("resolution")] == "take_value")
    person = breaks[_earlier("decision")]
    return breaks.mutate(
        decision=held.ifelse(person, breaks.policy.cases(*DECIDED_AS.items())),
        rule=held.ifelse(person.cases(*RULES_OF_PERSONS.items()), breaks.rule),
        resolution=held.ifelse(
            ibis.coalesce(breaks[_earlier("resolution")], breaks[_DEFAULT]), breaks[_DEFAULT]
        ),
        value=value_taken.ifelse(breaks[_earlier("value")], None),
        decided_by=held.ifelse(breaks[_earlier("decided_by")], GATE),
    )
