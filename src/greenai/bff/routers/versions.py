"""Versions of definitions: saved, compared, proposed, approved by another person, effective from a date."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Path, Query, Response

from greenai.bff.deps import CallerDep, Reading, Writing, requires
from greenai.bff.paging import Cursor, Limit, next_of, place_of, whole
from greenai.bff.router import new_router
from greenai.bff.schemas.definitions import (
    ChangeApprove,
    ChangeDecide,
    ChangePage,
    ChangePropose,
    ChangeShown,
    DefinitionDifference,
    DefinitionSave,
    DifferenceShown,
    SavedVersion,
    VersionListed,
    VersionPage,
    VersionShown,
)
from greenai.errors import ConflictError, NotFoundError
from greenai.pipeline import activating
from greenai.pipeline.version_difference import VersionDifference, document_difference
from greenai.store import definition_changes
from greenai.store.definition_changes import Change, ChangeState

router = new_router("versions")
Recon = Annotated[str, Path(max_length=63, description="Name of the recon.", examples=["fx_trades"])]
Version = Annotated[int, Path(ge=1, le=2**31 - 1, description="Number of the version.")]
ChangeNumber = Annotated[int, Path(ge=1, le=2**63 - 1, description="Number of the change.")]


@router.get("/recons/{recon}/versions", summary="Versions", dependencies=[requires("recons.read")])
def list_versions(
    recon: Recon, connection: Reading, cursor: Cursor = None, limit: Limit = 100
) -> VersionPage:
    """The versions of a recon's definition, the last first."""
    recon_id = activating.insist_recon(connection, recon)
    before = place_of(cursor, whole)
    found = definition_changes.versions(
        connection, recon_id, before=min(before[0], 2**31 - 1) if before else None, limit=limit + 1
    )
    return VersionPage(
        items=[VersionListed.model_validate(one) for one in found[:limit]],
        next=next_of(found, limit, lambda one: (one.version,)),
    )


@router.post(
    "/recons/{recon}/versions",
    status_code=201,
    summary="Save a definition",
    dependencies=[requires("recons.propose")],
)
def save_version(
    recon: Recon, asked: DefinitionSave, response: Response, connection: Writing, caller: CallerDep
) -> SavedVersion:
    """Save a definition; one that means what a version means already makes no other."""
    person = activating.Person(caller.actor_id, caller.name)
    saved = activating.save(connection, asked.document, recon=recon, comment=asked.comment, person=person)
    response.headers["location"] = f"/api/v1/recons/{recon}/versions/{saved.version}"
    return SavedVersion(recon=saved.recon, version=saved.version, created=saved.new)


@router.get("/recons/{recon}/versions/{version}", summary="A version", dependencies=[requires("recons.read")])
def get_version(recon: Recon, version: Version, connection: Reading) -> VersionShown:
    """A version with its YAML."""
    recon_id = activating.insist_recon(connection, recon)
    document = activating.insist_document(connection, recon_id, version)
    line = definition_changes.versions(connection, recon_id, version=version, limit=1)[0]
    listed = VersionListed.model_validate(line)
    return VersionShown(**dict(listed), recon=recon, document=document)


@router.get(
    "/recons/{recon}/versions/{version}/difference",
    summary="What a version changes",
    dependencies=[requires("recons.read")],
)
def get_version_difference(
    recon: Recon,
    version: Version,
    connection: Reading,
    since: Annotated[
        int | None, Query(ge=1, le=2**31 - 1, alias="from", description="Default: the version before.")
    ] = None,
) -> DefinitionDifference:
    """What differs from an earlier version to this one, field by field and line by line."""
    recon_id = activating.insist_recon(connection, recon)
    after = activating.insist_document(connection, recon_id, version)
    before = activating.insist_document(connection, recon_id, since or max(1, version - 1))
    return shown_difference(document_difference(before, after))


@router.post(
    "/recons/{recon}/versions/{version}/changes",
    status_code=201,
    summary="Propose a version",
    dependencies=[requires("recons.propose")],
)
def propose_version(
    recon: Recon, version: Version, asked: ChangePropose, connection: Writing, caller: CallerDep
) -> ChangeShown:
    """Propose that a version holds from a business date on; another person approves it."""
    person = activating.Person(caller.actor_id, caller.name)
    change = activating.propose(
        connection, recon, version, asked.effective_from, comment=asked.comment, person=person
    )
    return shown_change(connection, change)


@router.get("/changes", summary="Changes of all recons", dependencies=[requires("recons.read")])
def list_all_changes(
    connection: Reading,
    caller: CallerDep,
    state: Annotated[ChangeState | None, Query()] = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> ChangePage:
    """What was proposed for the recons that the caller may see, the last first: the checker's list."""
    return _page(connection, cursor, limit, only=caller.recons("recons.read"), state=state)


@router.get("/recons/{recon}/changes", summary="Changes of a recon", dependencies=[requires("recons.read")])
def list_changes(
    recon: Recon,
    connection: Reading,
    state: Annotated[ChangeState | None, Query()] = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> ChangePage:
    """What was proposed for a recon, the last first."""
    activating.insist_recon(connection, recon)
    return _page(connection, cursor, limit, recon=recon, state=state)


@router.get("/recons/{recon}/changes/{change}", summary="A change", dependencies=[requires("recons.read")])
def get_change(recon: Recon, change: ChangeNumber, connection: Reading) -> ChangeShown:
    """What was proposed, by whom, and what became of it."""
    insist_change(connection, recon, change)
    return shown_change(connection, change)


@router.post(
    "/recons/{recon}/changes/{change}/approval",
    summary="Approve a change",
    dependencies=[requires("recons.approve")],
)
def approve_change(
    recon: Recon, change: ChangeNumber, asked: ChangeApprove, connection: Writing, caller: CallerDep
) -> ChangeShown:
    """Approve what another person proposed, and by default activate it: golden tables and schedule."""
    person = activating.Person(caller.actor_id, caller.name)
    seen = insist_change(connection, recon, change, revision=asked.revision)
    activating.decide(connection, seen, "approved", comment=asked.comment, person=person)
    if not asked.activate:
        return shown_change(connection, change)
    return _activated(connection, recon, change, person)


@router.post(
    "/recons/{recon}/changes/{change}/activation",
    summary="Activate a change",
    dependencies=[requires("recons.approve")],
)
def activate_change(
    recon: Recon, change: ChangeNumber, asked: ChangeDecide, connection: Writing, caller: CallerDep
) -> ChangeShown:
    """Let an approved change hold."""
    insist_change(connection, recon, change, revision=asked.revision)
    return _activated(connection, recon, change, activating.Person(caller.actor_id, caller.name))


@router.post(
    "/recons/{recon}/changes/{change}/rejection",
    summary="Reject a change",
    dependencies=[requires("recons.approve")],
)
def reject_change(
    recon: Recon, change: ChangeNumber, asked: ChangeDecide, connection: Writing, caller: CallerDep
) -> ChangeShown:
    """Refuse what another person proposed."""
    seen = insist_change(connection, recon, change, revision=asked.revision)
    person = activating.Person(caller.actor_id, caller.name)
    activating.decide(connection, seen, "rejected", comment=asked.comment, person=person)
    return shown_change(connection, change)


@router.post(
    "/recons/{recon}/changes/{change}/withdrawal",
    summary="Withdraw a change",
    dependencies=[requires("recons.propose")],
)
def withdraw_change(
    recon: Recon, change: ChangeNumber, asked: ChangeDecide, connection: Writing, caller: CallerDep
) -> ChangeShown:
    """Take back what one has proposed, before it holds."""
    seen = insist_change(connection, recon, change, revision=asked.revision)
    person = activating.Person(caller.actor_id, caller.name)
    activating.decide(connection, seen, "withdrawn", comment=asked.comment, person=person)
    return shown_change(connection, change)


def insist_change(connection: Any, recon: str, change: int, *, revision: int | None = None) -> Change:
    """A change of this recon; with `revision` locked, as it was seen. Raises NotFoundError, ConflictError."""
    found = definition_changes.change(connection, change, lock=revision is not None)
    if found is None or found.recon != recon:
        raise NotFoundError("the recon has no such change", value=change, remedy="see its list of changes")
    if revision is not None and found.revision != revision:
        raise ConflictError(
            f"the change is {found.state} since, at revision {found.revision}", remedy="look at it again"
        )
    return found


def shown_change(connection: Any, change: int, done: activating.Activated | None = None) -> ChangeShown:
    """A change as it is answered, with what its activation just made."""
    found = definition_changes.change(connection, change)
    assert found is not None
    return _shown(found, done)


def shown_difference(found: VersionDifference) -> DefinitionDifference:
    """A difference as it is answered."""
    return DefinitionDifference(
        same_meaning=found.same_meaning,
        fields=[DifferenceShown.model_validate(one) for one in found.fields],
        lines=found.lines,
    )


def _activated(connection: Any, recon: str, change: int, person: activating.Person) -> ChangeShown:
    found = insist_change(connection, recon, change)
    return shown_change(connection, change, activating.activate(connection, found, person=person))


def _shown(found: Change, done: activating.Activated | None = None) -> ChangeShown:
    values = {name: getattr(found, name) for name in Change.__slots__ if name != "change_id"}
    return ChangeShown(
        change=found.change_id,
        **values,
        tables=list(done.tables) if done else [],
        tables_later=done.later if done else False,
    )


def _page(connection: Any, cursor: str | None, limit: int, **given: Any) -> ChangePage:
    before = place_of(cursor, whole)
    found = definition_changes.changes(
        connection, before=before[0] if before else None, limit=limit + 1, **given
    )
    return ChangePage(
        items=[_shown(one) for one in found[:limit]], next=next_of(found, limit, lambda one: (one.change_id,))
    )
