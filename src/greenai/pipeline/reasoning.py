"""Reasons and the rules by which causes have them: changed by people, and noted in the audit."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from greenai.attribution.reasons import DEFAULT_REASONS
from greenai.domain.reasons import Reason, ReasonRule
from greenai.errors import ConflictError, NotFoundError, UsageError
from greenai.store import reasons
from greenai.store.actors import audit
from greenai.store.naming import recon_number
from greenai.store.reason_policies import reason_of
from greenai.store.texts import plain

if TYPE_CHECKING:
    import psycopg

    from greenai.identity.callers import Caller

    Connection = psycopg.Connection[Any]


def add(connection: Connection, caller: Caller, reason: Reason) -> Reason:
    """Add a reason of one's own. Raises ConflictError where there is one of the code."""
    if not reason.name.strip() or reason.name.strip() == reason.code:
        raise UsageError("a reason has a name", column="name", remedy="say in a few words what it means")
    reason = replace(reason, name=reason.name.strip())
    try:
        reasons.add(connection, reason)
    except UsageError as error:
        raise ConflictError(error.message, value=reason.code, remedy="see GET /api/v1/reasons") from None
    audit(connection, caller.name, "add_reason", {}, subject=f"reason {reason.code}", after=reason.as_dict())
    return reason


def put_rule(connection: Connection, caller: Caller, rule: ReasonRule) -> ReasonRule:
    """Let causes of these terms have a reason in the next runs of the rule's recon.

    Raises NotFoundError for the recon or the reason, UsageError for a family that there is not.
    """
    assert rule.recon is not None
    recon_id = recon_number(connection, rule.recon)
    rule = _stored(rule)
    check_family(rule)
    if rule.reason not in {one.code for one in reasons.reasons(connection)}:
        raise NotFoundError("there is no such reason", value=rule.reason, remedy="see GET /api/v1/reasons")
    before = reason_of(connection, recon_id, rule)
    reasons.put(connection, rule)
    audit(
        connection,
        caller.name,
        "set_reason_rule",
        terms(rule),
        recon_id=recon_id,
        before=None if before is None else {"reason": before},
        after={"reason": rule.reason},
    )
    return rule


def remove_rule(connection: Connection, caller: Caller, rule: ReasonRule) -> None:
    """Take a recon's rule of these terms away. Raises NotFoundError where there is none."""
    assert rule.recon is not None
    recon_id = recon_number(connection, rule.recon)
    rule = _stored(rule)
    before = reason_of(connection, recon_id, rule)
    if before is None:
        raise NotFoundError("the recon has no rule of these terms", remedy="see the reasons of the recon")
    reasons.remove(connection, rule)
    audit(
        connection,
        caller.name,
        "remove_reason_rule",
        terms(rule),
        recon_id=recon_id,
        before={"reason": before},
    )


def check_family(rule: ReasonRule) -> None:
    """Raise UsageError for a family of causes that there is not, or that whole records do not have."""
    if rule.family is None:
        return
    families = sorted({row.family for row in DEFAULT_REASONS if row.family is not None})
    if rule.kind != "value":
        raise UsageError("causes of whole records have no family", column="family", remedy="leave it out")
    if rule.family not in families:
        raise UsageError(
            "there is no such family of causes",
            column="family",
            value=rule.family,
            remedy=f"name one of {', '.join(families)}",
        )


def terms(rule: ReasonRule) -> dict[str, Any]:
    """What a rule is about, without its reason and its recon."""
    return {name: value for name, value in rule.as_dict().items() if name not in ("reason", "recon")}


def _stored(rule: ReasonRule) -> ReasonRule:
    return replace(
        rule,
        field=None if rule.field is None else plain(rule.field),
        column=None if rule.column is None else plain(rule.column),
    )
