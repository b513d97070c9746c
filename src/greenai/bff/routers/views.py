"""Saved views: one's own, and those that others share."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query, status

from greenai.bff.deps import CallerDep, Reading, Writing, requires
from greenai.bff.numbered import cursor_of, number_of
from greenai.bff.router import new_router
from greenai.bff.schemas.view import NewView, View, ViewChange, Views
from greenai.pipeline import viewing
from greenai.store import views

router = new_router("views")
Limit = Annotated[int, Query(ge=1, le=500)]
ViewNumber = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.get("/views", dependencies=[requires("breaks.read")])
def list_views(
    connection: Reading,
    caller: CallerDep,
    recon: Annotated[str | None, Query(max_length=63, pattern="^[A-Za-z0-9_]*$")] = None,
    cursor: str | None = None,
    limit: Limit = 100,
) -> Views:
    """The caller's views, and those that others share, of one recon or of all that the caller may read."""
    found = views.views(
        connection,
        caller.actor_id,
        recons=caller.recons("breaks.read"),
        recon=recon,
        after=number_of("view", cursor, 0),
        limit=limit + 1,
    )
    shown = [View.of(one) for one in found[:limit]]
    return Views(items=shown, next=cursor_of("view", shown[-1].view) if len(found) > limit else None)


@router.post("/views", status_code=status.HTTP_201_CREATED, dependencies=[requires("breaks.read")])
def save_view(connection: Writing, caller: CallerDep, body: NewView) -> View:
    """Save a view; sharing it needs the right to share."""
    made = viewing.save(
        connection,
        caller,
        body.recon,
        name=body.name,
        document=body.document.document(),
        shared=body.shared,
    )
    return View.of(made)


@router.get("/views/{view}", dependencies=[requires("breaks.read")])
def read_view(connection: Reading, caller: CallerDep, view: ViewNumber) -> View:
    """A view of the caller's, or one that somebody shares."""
    return View.of(viewing.find(connection, caller, view))


@router.put("/views/{view}", dependencies=[requires("breaks.read")])
def change_view(connection: Writing, caller: CallerDep, view: ViewNumber, body: ViewChange) -> View:
    """Change a view of the caller's."""
    changed = viewing.change(
        connection,
        caller,
        view,
        version=body.version,
        name=body.name,
        document=body.document.document(),
        shared=body.shared,
    )
    return View.of(changed)


@router.delete(
    "/views/{view}", status_code=status.HTTP_204_NO_CONTENT, dependencies=[requires("breaks.read")]
)
def remove_view(connection: Writing, caller: CallerDep, view: ViewNumber) -> None:
    """Remove a view of the caller's."""
    viewing.remove(connection, caller, view)
