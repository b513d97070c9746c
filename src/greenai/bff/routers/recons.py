"""Recons: listed, made, looked at, retired."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import Path, Query, Response

from greenai.bff.deps import CallerDep, Reading, Writing, requires
from greenai.bff.paging import Cursor, Limit, next_of, place_of, word
from greenai.bff.router import new_router
from greenai.bff.routers.versions import shown_change
from greenai.bff.schemas.definitions import (
    ChangePropose,
    ChangeShown,
    DefinitionSave,
    ReconListed,
    ReconPage,
    ReconShown,
    SavedVersion,
)
from greenai.definition.loading import loads
from greenai.errors import GreenaiError
from greenai.pipeline import activating
from greenai.store import activations, definition_changes
from greenai.store.definition_changes import ReconLine

router = new_router("recons")
Recon = Annotated[str, Path(max_length=63, description="Name of the recon.", examples=["fx_trades"])]


@router.get("/recons", summary="Recons", dependencies=[requires("recons.read")])
def list_recons(
    connection: Reading,
    caller: CallerDep,
    search: Annotated[str | None, Query(max_length=63, description="Part of the name.")] = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> ReconPage:
    """The recons that the caller may see, by name."""
    after = place_of(cursor, word)
    found = definition_changes.recons(
        connection,
        date.today(),
        only=caller.recons("recons.read"),
        search=search,
        after=after[0] if after else None,
        limit=limit + 1,
    )
    return ReconPage(
        items=[ReconListed(**_listed(one)) for one in found[:limit]],
        next=next_of(found, limit, lambda one: (one.name,)),
    )


@router.post("/recons", status_code=201, summary="Make a recon", dependencies=[requires("recons.propose")])
def create_recon(
    asked: DefinitionSave, response: Response, connection: Writing, caller: CallerDep
) -> SavedVersion:
    """Save the first version of a new recon; it runs once a version is approved and activated."""
    name = activating.read(connection, asked.document).recon
    caller.insist("recons.propose", name)
    person = activating.Person(caller.actor_id, caller.name)
    saved = activating.save(connection, asked.document, recon=None, comment=asked.comment, person=person)
    response.headers["location"] = f"/api/v1/recons/{saved.recon}/versions/{saved.version}"
    return SavedVersion(recon=saved.recon, version=saved.version, created=saved.new)


@router.get("/recons/{recon}", summary="A recon", dependencies=[requires("recons.read")])
def get_recon(recon: Recon, connection: Reading) -> ReconShown:
    """A recon with the definition that holds today, else the latest one."""
    today = date.today()
    found = definition_changes.recons(connection, today, name=recon, limit=1)
    if not found:
        raise activating.not_found(recon)
    line = found[0]
    held = activations.effective(connection, line.recon_id, today)
    document = held.document if held is not None and held.document is not None else line.latest_document
    return ReconShown(**_listed(line), document=document, **_outline(document))


@router.post(
    "/recons/{recon}/retirement",
    status_code=201,
    summary="Propose to retire a recon",
    dependencies=[requires("recons.propose")],
)
def retire_recon(recon: Recon, asked: ChangePropose, connection: Writing, caller: CallerDep) -> ChangeShown:
    """Propose that no business date from one on is run any more; another person approves it."""
    change = activating.propose(
        connection,
        recon,
        None,
        asked.effective_from,
        comment=asked.comment,
        person=activating.Person(caller.actor_id, caller.name),
    )
    return shown_change(connection, change)


def _listed(line: ReconLine) -> dict[str, Any]:
    return {
        "name": line.name,
        "description": _outline(line.latest_document, description=True)["description"],
        "created_at": line.created_at,
        "latest_version": line.latest_version,
        "effective_version": line.effective_version,
        "retired": line.held and line.effective_version is None,
        "waiting": line.waiting,
        "last_run": line.run,
        "last_run_date": line.run_date,
        "last_run_state": line.run_state,
        "schedule": line.schedule,
    }


def _outline(document: str | None, *, description: bool = False) -> dict[str, Any]:
    """What a list or a page says of a definition; one that this program cannot read says nothing."""
    nothing: dict[str, Any] = {"key": [], "fields": [], "amount": None, "store_table": None}
    if document is None:
        return {"description": None} if description else nothing
    try:
        read = loads(document)
    except GreenaiError:
        return {"description": None} if description else nothing
    if description:
        return {"description": read.description}
    return {
        "key": list(read.key or ()),
        "fields": list(read.fields or ()),
        "amount": None if read.amount is None else read.amount.field,
        "store_table": None if read.store is None else read.store.table,
    }
