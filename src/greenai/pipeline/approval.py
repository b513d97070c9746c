"""Accepting causes as rules, and what persons do with rules after that: one transaction each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from greenai.attribution.documents import Recipe, load
from greenai.attribution.predicates import EVERYWHERE
from greenai.attribution.reasons import reason_of
from greenai.attribution.record_causes import WHOLE
from greenai.attribution.rules import NEVER, default_range
from greenai.domain.decisions import Resolution
from greenai.domain.reasons import UNKNOWN
from greenai.domain.rules import CauseLine, Range, RuleEvent
from greenai.errors import UsageError
from greenai.store import actors, reasons, rules, runs
from greenai.store.partitions import keep_tables

if TYPE_CHECKING:
    import psycopg

Change = Literal["suspend", "resume", "withdraw"]
DONE: dict[Change, RuleEvent] = {"suspend": "suspended", "resume": "resumed", "withdraw": "withdrawn"}
POSSIBLE: dict[str, tuple[Resolution, ...]] = {
    "value": ("take_a", "take_b", "exclude"),
    "only_a": ("take_a", "exclude"),
    "only_b": ("take_b", "exclude"),
    "duplicate_a": ("take_a", "exclude"),
    "duplicate_b": ("take_b", "exclude"),
}
"""What can be done about breaks of each kind by one word for all of them."""
MOST_EXCEPTIONS = 0.2
"""Share of exceptions above which a person must say that so many are meant."""


def accept(
    connection: psycopg.Connection[Any],
    prefix: str,
    *,
    actor: str,
    recon: str | None = None,
    reason: str | None = None,
    resolution: Resolution | None = None,
    max_exceptions: float | None = None,
    scope_size: tuple[int, int] | None = None,
    comment: str | None = None,
) -> CauseLine:
    """A person makes a cause a rule of its recon, from the next run on.

    The range is `default_range` of how the cause stood in the last run that found it, unless `max_exceptions`
    (a share) or `scope_size` say otherwise. Raises UsageError: no such cause, or a rule already; a family
    that settles nothing, or no word of which records; a reason that the store does not know, or one that
    turns wrong into right without a comment; whole records, or a cause by which something is wrong, without
    a resolution; more than `MOST_EXCEPTIONS` that nobody named.
    """
    with connection.transaction():
        recon_id, name, cause_id = held(connection, prefix, recon, "accept")
        line = rules.one(connection, recon_id, name, cause_id)
        if line.rule is not None:
            state, since = line.state, line.changes[-1]
            raise UsageError(
                f"this cause is a rule already: {state} by {since.actor}",
                value=cause_id[:12],
                remedy=f"greenai causes {'resume' if state == 'suspended' else 'withdraw'} {cause_id[:12]}",
            )
        recipe = load(line.document)
        insist_computable(line, recipe)
        wanted = reason or line.reason
        (functional,) = rules.reason_known(connection, wanted)
        if wanted == UNKNOWN:
            raise UsageError(
                "a rule says why records differ", value=wanted, remedy="name its reason: --reason"
            )
        # Another reason does not make right what is wrong by what the cause is.
        own, own_functional = reason_of(
            line.family,
            recipe.scope.columns,
            kind=line.kind,
            field=line.field,
            whole=line.measure is not None and line.measure.rate <= 1 - WHOLE,
            table=reasons.mapping(connection, recon_id),
        )
        wrong = own_functional is False
        insist_resolved(line, own if wrong else wanted, resolution, functional and not wrong)
        if own_functional not in (None, functional) and not (comment or "").strip():
            raise UsageError(
                f"{own} is {nature(own_functional)}, {wanted} is {nature(functional)}: why is it that here?",
                value=line.cause_id[:12],
                remedy="say so in a sentence: --comment",
            )
        assert line.measure is not None  # a cause is known by the runs that found it
        if max_exceptions is None and line.measure.rate > MOST_EXCEPTIONS:
            raise UsageError(
                f"it is wrong about {line.measure.rate:.1%} of its scope: {line.measure} records",
                value=line.cause_id[:12],
                remedy="decide about its breaks one by one, or say how many are meant: "
                f"--max-exceptions {min(1, line.measure.rate + 0.01):.2f}",
            )
        usual = default_range(line.measure)
        range = Range(
            usual.max_exceptions if max_exceptions is None else max_exceptions,
            *(scope_size or (usual.smallest, usual.largest)),
        )
        insist_possible(range)
        rules.approve(
            connection,
            recon_id,
            cause_id,
            reason=wanted,
            resolution=resolution,
            range=range,
            actor=actor,
            comment=comment,
        )
        return rules.one(connection, recon_id, name, cause_id)


def change(
    connection: psycopg.Connection[Any],
    prefix: str,
    what: Change,
    *,
    actor: str,
    recon: str | None = None,
    comment: str | None = None,
) -> CauseLine:
    """A person suspends, resumes or withdraws a rule, from the next run on.

    Raises UsageError: no such cause, no rule, or a rule that is in that state already.
    """
    with connection.transaction():
        recon_id, name, cause_id = held(connection, prefix, recon, what)
        line = rules.one(connection, recon_id, name, cause_id)
        if line.rule is None:
            raise UsageError(
                "this cause is no rule", value=cause_id[:12], remedy=f"greenai causes accept {cause_id[:12]}"
            )
        if (what, line.state) in (("suspend", "suspended"), ("resume", "accepted")):
            raise UsageError(f"this rule is {line.state} already", value=cause_id[:12])
        actors.person(connection, actor)
        rules.happened(
            connection, recon_id, line.rule.rule_id, cause_id, DONE[what], actor=actor, comment=comment
        )
        return rules.one(connection, recon_id, name, cause_id)


def held(
    connection: psycopg.Connection[Any], prefix: str, recon: str | None, what: str
) -> tuple[int, str, str]:
    """Recon (number, name) and identity of a cause, under its recon's lock: no run is published meanwhile."""
    # Which recon it is, is to be looked up before its lock: the order of locks is tables, recon.
    keep_tables(connection)
    recon_id, name, cause_id = rules.find(connection, prefix, recon, what)
    runs.lock_recon(connection, recon_id)
    return recon_id, name, cause_id


def nature(functional: bool | None) -> str:
    """Whether a reason says that the systems legitimately differ, in words."""
    return {True: "functional", False: "non-functional", None: "neither functional nor not"}[functional]


def insist_computable(line: CauseLine, recipe: Recipe) -> None:
    """Refuse a cause that does not settle what b is, or which records it is about."""
    if recipe.transformation is None and recipe.scope == EVERYWHERE:
        raise UsageError(
            f"{line.expression!r} without a slice is no rule: tomorrow it would pass an outage as well",
            value=line.cause_id[:12],
            remedy="decide about its breaks, or name a policy for its reason in the definition; more context "
            "columns may tell which records they are",
        )
    if recipe.transformation is not None and recipe.transformation.family in NEVER:
        raise UsageError(
            f"a cause of the family {recipe.transformation.family} is no rule: it settles no value",
            value=line.cause_id[:12],
            remedy="decide about its breaks, or name a policy for its reason in the definition",
        )


def insist_resolved(
    line: CauseLine, reason: str, resolution: Resolution | None, functional: bool | None
) -> None:
    """Refuse what cannot be stored so, and what would store a wrong value because a side is the usual one.

    Whether a record that one side lacks is stored is to be said as well.
    """
    possible = POSSIBLE[line.kind]
    if resolution is not None and resolution not in possible:
        raise UsageError(
            f"breaks of kind {line.kind} are not resolved so",
            value=resolution,
            remedy=f"one of {', '.join(possible)}",
        )
    if resolution is None and line.kind != "value":
        raise UsageError(
            f"{line.expression}: are these records stored?",
            value=line.cause_id[:12],
            remedy=f"--resolution {possible[0]} stores them, --resolution exclude does not",
        )
    if resolution is None and not functional:
        raise UsageError(
            f"{reason} says that something is wrong: which side is right?",
            value=line.cause_id[:12],
            remedy=f"--resolution, one of {', '.join(possible)}",
        )


def insist_possible(range: Range) -> None:
    """Refuse a range that is none."""
    if not 0 <= range.max_exceptions <= 1:
        raise UsageError(
            "the share of exceptions is from 0 to 1", value=range.max_exceptions, remedy="e.g. 0.02"
        )
    if not 0 < range.smallest <= range.largest < 2**63:
        raise UsageError(
            "the size of a scope is a number of records, or two in order",
            value=f"{range.smallest}..{range.largest}",
            remedy="e.g. 100..5000",
        )
