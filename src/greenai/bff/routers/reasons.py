"""Reasons of breaks: those of the store, and how recons use them."""

from __future__ import annotations

from fastapi import status

from greenai.bff.deps import CallerDep, Reading, Writing, requires
from greenai.bff.router import new_router
from greenai.bff.schemas.reason import (
    NewReason,
    NewRule,
    Reason,
    ReasonInRecon,
    Reasons,
    ReasonsInRecon,
    Rule,
    Terms,
)
from greenai.domain import reasons as domain
from greenai.pipeline import reasoning
from greenai.store import reasons
from greenai.store.naming import recon_number
from greenai.store.reason_policies import used_reasons

router = new_router("reasons")


@router.get("/reasons", dependencies=[requires("recons.read")])
def list_reasons(connection: Reading) -> Reasons:
    """All reasons of the store, by code."""
    return Reasons(items=[Reason.of(one) for one in reasons.reasons(connection)])


@router.post("/reasons", status_code=status.HTTP_201_CREATED, dependencies=[requires("reasons.manage")])
def add_reason(connection: Writing, caller: CallerDep, body: NewReason) -> Reason:
    """Add a reason of one's own."""
    wanted = domain.Reason(body.code, body.name, body.functional)
    return Reason.of(reasoning.add(connection, caller, wanted))


@router.get("/recons/{recon}/reasons", dependencies=[requires("breaks.read")])
def list_reasons_of_recon(connection: Reading, recon: str) -> ReasonsInRecon:
    """All reasons as a recon uses them, and the rules by which its causes have them."""
    used = used_reasons(connection, recon_number(connection, recon))
    return ReasonsInRecon(
        items=[ReasonInRecon.of(one) for one in used],
        rules=[Rule.of(one) for one in reasons.rules(connection, recon)],
    )


@router.put("/recons/{recon}/reason-rules", dependencies=[requires("reasons.manage")])
def put_reason_rule(connection: Writing, caller: CallerDep, recon: str, body: NewRule) -> Rule:
    """Let causes have a reason in the next runs of a recon; its rule of the same terms is replaced."""
    return Rule.of(reasoning.put_rule(connection, caller, _rule(recon, body.reason, body)))


@router.post(
    "/recons/{recon}/reason-rules/removal",
    status_code=status.HTTP_204_NO_CONTENT,
    dependencies=[requires("reasons.manage")],
)
def remove_reason_rule(connection: Writing, caller: CallerDep, recon: str, body: Terms) -> None:
    """Take a recon's rule of these terms away."""
    reasoning.remove_rule(connection, caller, _rule(recon, "", body))


def _rule(recon: str, reason: str, given: Terms) -> domain.ReasonRule:
    return domain.ReasonRule(reason, given.kind, given.family, given.field, given.column, given.whole, recon)
