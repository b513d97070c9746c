"""Approved rules in the store: which decide, what becomes of them, and the causes that they are."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, get_args

from greenai.domain.decisions import GATE, Resolution
from greenai.domain.rules import CauseLine, Measure, Range, Rule, RuleChange, RuleEvent, Suspension
from greenai.errors import StaleError, UsageError
from greenai.store.actors import audit, person
from greenai.store.queries import queries
from greenai.store.texts import plain

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[Any]

SHORTEST = 4
"""Letters of a cause's identity that name it."""
STATES = {"accepted": "accepted", "resumed": "accepted", "suspended": "suspended"}


def active(connection: Connection, recon_id: int) -> tuple[Rule, ...]:
    """The rules of a recon that decide, the first approved first."""
    found = connection.execute(queries("rules")["active"], {"recon": recon_id}).fetchall()
    return tuple(
        Rule(
            number,
            cause,
            json.dumps(document),
            expression,
            scope,
            field,
            reason,
            functional,
            done,
            Range(*of),
        )
        for number, cause, document, expression, scope, field, reason, functional, done, *of in found
    )


def insist(connection: Connection, recon_id: int, rules: Sequence[Rule]) -> None:
    """Refuse to publish what rules decided that decide no more. Needs the recon's lock; raises StaleError."""
    if not rules:
        return
    known = {rule.rule_id for rule in active(connection, recon_id)}
    if gone := [rule for rule in rules if rule.rule_id not in known]:
        raise StaleError(
            f"approved rule {gone[0].cause_id[:8]} was suspended or withdrawn while the run went on",
            stage="attribute",
        )


def suspend(
    connection: Connection, recon_id: int, run_id: int, found: Sequence[Suspension]
) -> tuple[str, ...]:
    """Note that rules left their range in a run; those that were suspended meanwhile are left as they are.

    Returns the causes of those that it suspended. Needs the recon's lock.
    """
    if not found:
        return ()
    noted: list[str] = []
    known = {rule.rule_id for rule in active(connection, recon_id)}
    for one in found:
        if one.rule.rule_id in known:
            happened(
                connection,
                recon_id,
                one.rule.rule_id,
                one.rule.cause_id,
                "suspended",
                actor=GATE,
                comment=one.why,
                run_id=run_id,
                measure=one.measure,
            )
            noted.append(one.rule.cause_id)
    return tuple(noted)


def happened(
    connection: Connection,
    recon_id: int,
    rule_id: int,
    cause_id: str,
    event: RuleEvent,
    *,
    actor: str,
    comment: str | None = None,
    run_id: int | None = None,
    measure: Measure | None = None,
) -> None:
    """Append an event of a rule, and to the audit who made it. The actor must be known."""
    given = {
        "rule": rule_id,
        "event": event,
        "actor": plain(actor),
        "run": run_id,
        "size": None if measure is None else measure.size,
        "exceptions": None if measure is None else measure.exceptions,
        "comment": None if comment is None else plain(comment),
    }
    connection.execute(queries("rules")["event"], given)
    details = {
        "cause": cause_id,
        **{name: given[name] for name in ("rule", "run", "size", "exceptions", "comment")},
    }
    told = {name: value for name, value in details.items() if value is not None}
    audit(connection, actor, f"rule_{event}", told, recon_id=recon_id)


def approve(
    connection: Connection,
    recon_id: int,
    cause_id: str,
    *,
    reason: str,
    resolution: Resolution | None,
    range: Range,
    actor: str,
    comment: str | None = None,
) -> int:
    """A person accepts a cause as a rule; returns its number. Needs the recon's lock, and a known reason."""
    person(connection, actor)
    row = connection.execute(
        queries("rules")["approve"],
        {
            "recon": recon_id,
            "cause": cause_id,
            "reason": reason,
            "resolution": resolution,
            "max_exceptions": range.max_exceptions,
            "smallest": range.smallest,
            "largest": range.largest,
        },
    ).fetchone()
    assert row is not None
    happened(connection, recon_id, row[0], cause_id, "accepted", actor=actor, comment=comment)
    return int(row[0])


def find(
    connection: Connection, prefix: str, recon: str | None = None, command: str = "show"
) -> tuple[int, str, str]:
    """The recon (number, name) and the whole identity of the cause whose identity begins so.

    `command` is what somebody wants with it. Raises UsageError: no such cause, several, or found in several
    recons.
    """
    wanted = prefix.replace("-", "").lower()
    if len(wanted) < SHORTEST or set(wanted) - set("0123456789abcdef"):
        raise UsageError(
            "not the identity of a cause",
            value=prefix,
            remedy=f"its first {SHORTEST} or more hexadecimal digits; `greenai causes list` shows them",
        )
    found = connection.execute(queries("rules")["named"], {"prefix": wanted, "name": recon}).fetchall()
    if not found:
        raise UsageError(
            "there is no such cause" + (f" in recon {recon}" if recon else ""),
            value=prefix,
            remedy="`greenai causes list RECON` shows those of its last run",
        )
    if len({cause for cause, *_ in found}) > 1:
        raise UsageError(
            "several causes begin so",
            value=prefix,
            remedy="name more of it: " + ", ".join(sorted({cause[:12] for cause, *_ in found})),
        )
    if len(found) > 1:
        said = [
            f"greenai causes {command} {cause[:12]} --recon {shlex.quote(name)}" for cause, _, name in found
        ]
        raise UsageError("several recons have this cause", value=prefix, remedy=", or ".join(said))
    cause, recon_id, name = found[0]
    return recon_id, name, cause


def one(connection: Connection, recon_id: int, recon: str, cause_id: str) -> CauseLine:
    """A cause of a recon as its last run that found it told it, with its rule and what became of that."""
    (found,) = _lines(connection, recon_id, recon, cause=cause_id)
    return found


def lines(connection: Connection, recon_or_run: str) -> list[CauseLine]:
    """The causes that a run found, or the last run of a recon, and the rules of that recon.

    Those that explain most first. Raises UsageError for a recon or a run that the store does not know.
    """
    named = queries("rules")
    if recon_or_run.isdigit():
        of_run = None
        if 0 < int(recon_or_run) < 2**63:
            of_run = connection.execute(named["run"], {"run": int(recon_or_run)}).fetchone()
        if of_run is None:
            raise UsageError(
                "there is no such run, or it came to nothing",
                value=recon_or_run,
                remedy="`greenai runs` lists them",
            )
        return _lines(connection, *of_run, run=int(recon_or_run))
    found = connection.execute(named["recons"], {"name": recon_or_run}).fetchone()
    if found is None:
        known = [name for _, name in connection.execute(named["recons"], {"name": None})]
        raise UsageError(
            "the store knows no such recon",
            value=recon_or_run,
            remedy=f"name one of {', '.join(known)}" if known else "run one: greenai run recon.yaml",
        )
    latest = connection.execute(named["latest"], {"recon": found[0]}).fetchone()
    return _lines(connection, *found, run=None if latest is None else latest[0])


def reason_known(connection: Connection, reason: str) -> tuple[bool | None]:
    """Whether a reason is functional, in a tuple. Raises UsageError for one that the store does not know."""
    row = connection.execute(
        "SELECT functional FROM greenai.reason WHERE reason_code = %s", [plain(reason)]
    ).fetchone()
    if row is None:
        codes = [code for (code,) in connection.execute("SELECT reason_code FROM greenai.reason ORDER BY 1")]
        raise UsageError("the store knows no such reason", value=reason, remedy=f"one of {', '.join(codes)}")
    return (row[0],)


def _lines(
    connection: Connection, recon_id: int, recon: str, *, run: int | None = None, cause: str | None = None
) -> list[CauseLine]:
    named = queries("rules")
    found = []
    for row in connection.execute(
        named["causes"], {"recon": recon_id, "run": run, "cause": cause}
    ).fetchall():
        cause_id, field, family, expression, scope, reason, of_run, breaks = row[:8]
        size, wrong, explanation, number, state, document, functional, approved, resolution = row[8:17]
        rule: Rule | None = None
        changes: tuple[RuleChange, ...] = ()
        if number is not None:
            assert resolution is None or resolution in get_args(Resolution)
            rule = Rule(
                number, cause_id, json.dumps(document), expression, scope, field,
                approved, functional, resolution, Range(*row[17:20]),
            )  # fmt: skip
            changes = tuple(
                RuleChange(*event) for event in connection.execute(named["changes"], {"rule": number})
            )
        found.append(
            CauseLine(
                cause_id=cause_id,
                recon=recon,
                kind=row[20],
                field=field,
                family=family,
                expression=expression,
                scope=scope,
                reason=reason,
                state=STATES[state] if state is not None else "proposed",  # type: ignore[arg-type]
                run=of_run,
                breaks=breaks,
                measure=None if size is None else Measure(size, wrong),
                explanation=explanation,
                document=json.dumps(document),
                rule=rule,
                changes=changes,
            )
        )
    return found
