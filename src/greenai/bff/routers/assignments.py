"""Assignments: breaks are given to people and groups, or taken."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query, status

from greenai.bff.deps import CallerDep, Reading, Writing, requires
from greenai.bff.numbered import cursor_of, number_of
from greenai.bff.router import new_router
from greenai.bff.schemas.assignment import Assignment, Assignments, NewAssignment, Taking
from greenai.pipeline import assigning
from greenai.store import assignments
from greenai.store.naming import recon_number

router = new_router("assignments")
Limit = Annotated[int, Query(ge=1, le=500)]
OfBreak = Annotated[str | None, Query(pattern="^[0-9a-f]{32}$", alias="break")]


@router.get("/recons/{recon}/assignments", dependencies=[requires("breaks.read")])
def list_assignments(
    connection: Reading,
    recon: str,
    of_break: OfBreak = None,
    cursor: str | None = None,
    limit: Limit = 100,
) -> Assignments:
    """What was assigned in a recon, or of one of its breaks, the last first."""
    found = assignments.assignments(
        connection,
        recon_number(connection, recon),
        break_id=of_break,
        before=number_of("assignment", cursor, assignments.LAST),
        limit=limit + 1,
    )
    shown = [Assignment.of(one) for one in found[:limit]]
    return Assignments(
        items=shown, next=cursor_of("assignment", shown[-1].assignment) if len(found) > limit else None
    )


@router.post(
    "/recons/{recon}/assignments",
    status_code=status.HTTP_201_CREATED,
    dependencies=[requires("work.assign")],
)
def assign(connection: Writing, caller: CallerDep, recon: str, body: NewAssignment) -> Assignment:
    """Give breaks to a person, a group, both, or nobody any more."""
    made = assigning.assign(
        connection,
        caller,
        recon,
        body.selection.selection(),
        assignee=body.assignee,
        group=body.group,
        comment=body.comment,
    )
    return Assignment.of(made)


@router.post(
    "/recons/{recon}/assignments/taking",
    status_code=status.HTTP_201_CREATED,
    dependencies=[requires("breaks.propose")],
)
def take_breaks(connection: Writing, caller: CallerDep, recon: str, body: Taking) -> Assignment:
    """Take breaks that nobody has, or a group of the caller's."""
    made = assigning.take(connection, caller, recon, body.selection.selection(), comment=body.comment)
    return Assignment.of(made)


@router.get("/recons/{recon}/assignments/{assignment}", dependencies=[requires("breaks.read")])
def read_assignment(
    connection: Reading, recon: str, assignment: Annotated[int, Path(ge=1, le=2**63 - 1)]
) -> Assignment:
    """An assignment."""
    return Assignment.of(assignments.assignment(connection, recon_number(connection, recon), assignment))
