"""Due policies of recons, and what was told of overdue breaks."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

from greenai.bff.deps import CallerDep, Reading, Writing, requires
from greenai.bff.numbered import cursor_of, number_of
from greenai.bff.router import new_router
from greenai.bff.schemas.policy import Escalation, Escalations, NewPolicies, Policies
from greenai.pipeline import duties
from greenai.store import due_policies, escalations
from greenai.store.naming import recon_number

router = new_router("policies")
Limit = Annotated[int, Query(ge=1, le=500)]


@router.get("/recons/{recon}/due-policies", dependencies=[requires("breaks.read")])
def read_due_policies(connection: Reading, recon: str) -> Policies:
    """Until when the breaks of a recon are to be decided, and who is told when they were not."""
    return Policies.of(due_policies.policies(connection, recon_number(connection, recon)))


@router.put("/recons/{recon}/due-policies", dependencies=[requires("policies.manage")])
def put_due_policies(connection: Writing, caller: CallerDep, recon: str, body: NewPolicies) -> Policies:
    """Set all policies of a recon; the due times of its open breaks follow within seconds."""
    wanted = [one.policy() for one in body.policies]
    return Policies.of(duties.put(connection, caller, recon, wanted, version=body.version))


@router.get("/escalations", dependencies=[requires("breaks.read")])
def list_escalations(
    connection: Reading,
    caller: CallerDep,
    *,
    mine: bool = False,
    cursor: str | None = None,
    limit: Limit = 100,
) -> Escalations:
    """What was told of overdue breaks, the last first; with `mine` what was told to the caller."""
    found = escalations.escalations(
        connection,
        recons=caller.recons("breaks.read"),
        actor_id=caller.actor_id if mine else None,
        before=number_of("escalation", cursor, escalations.LAST),
        limit=limit + 1,
    )
    shown = [Escalation.of(one) for one in found[:limit]]
    return Escalations(
        items=shown, next=cursor_of("escalation", shown[-1].escalation) if len(found) > limit else None
    )
