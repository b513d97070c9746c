"""Connections: places of sources that definitions name, each approved by an administrator."""

from __future__ import annotations

from pathlib import Path as Folder
from typing import Annotated, Any

from fastapi import Path

from greenai.bff.deps import CallerDep, PlatformDep, Reading, Writing, requires
from greenai.bff.paging import Cursor, Limit, next_of, place_of, word
from greenai.bff.platform import Platform
from greenai.bff.router import new_router
from greenai.bff.schemas.connections import (
    ConnectionDecide,
    ConnectionListed,
    ConnectionPage,
    ConnectionPropose,
    ConnectionShown,
    ConnectionVersionShown,
)
from greenai.definition.named_locations import UPLOADS
from greenai.errors import NotFoundError, UsageError
from greenai.identity.callers import Caller
from greenai.pipeline import connections as process
from greenai.store import connections

router = new_router("connections")
Name = Annotated[
    str,
    Path(pattern="^[a-z][a-z0-9_-]{0,62}$", description="Name of the connection.", examples=["front_office"]),
]
Version = Annotated[int, Path(ge=1, le=2**31 - 1, description="Number of the version.")]
UPLOAD_AREA = ConnectionListed(
    name=UPLOADS,
    kind="uploads",
    folder=None,
    description="Uploaded files: connection://uploads/ID/name",
    version=None,
    state="approved",
    proposed_version=None,
)


@router.get("/connections", summary="Connections", dependencies=[requires("recons.read")])
def list_connections(
    connection: Reading, caller: CallerDep, cursor: Cursor = None, limit: Limit = 100
) -> ConnectionPage:
    """The connections by name; the first page begins with the area of uploads, which is always there."""
    after = place_of(cursor, word)
    found = connections.listed(connection, after=after[0] if after else None, limit=limit + 1)
    items = [_listed(one, caller) for one in found[:limit]]
    first = [UPLOAD_AREA] if after is None else []
    return ConnectionPage(items=[*first, *items], next=next_of(found, limit, lambda one: (one.name,)))


@router.get("/connections/{name}", summary="A connection", dependencies=[requires("connections.propose")])
def get_connection(name: Name, connection: Reading, caller: CallerDep) -> ConnectionShown:
    """A connection with all that was proposed for it."""
    return _shown(connection, name, caller)


@router.post(
    "/connections/{name}/versions",
    status_code=201,
    summary="Propose a connection",
    dependencies=[requires("connections.propose")],
)
def propose_connection(
    name: Name, asked: ConnectionPropose, connection: Writing, caller: CallerDep, platform: PlatformDep
) -> ConnectionShown:
    """Propose where a connection leads to, a new one or one that is there; another person approves it."""
    if name == UPLOADS:
        raise UsageError(f"{UPLOADS!r} is the area of uploads", column="name", remedy="name it otherwise")
    process.propose(
        connection,
        name,
        asked.folder,
        description=asked.description,
        forbidden=own_folders(platform),
        actor=caller.name,
        actor_id=caller.actor_id,
    )
    return _shown(connection, name, caller)


@router.post(
    "/connections/{name}/versions/{version}/approval",
    summary="Approve a connection",
    dependencies=[requires("connections.approve")],
)
def approve_connection(
    name: Name, version: Version, asked: ConnectionDecide, connection: Writing, caller: CallerDep
) -> ConnectionShown:
    """Approve what another person proposed: it holds from the next run on."""
    return _decided(connection, name, version, "approved", asked, caller)


@router.post(
    "/connections/{name}/versions/{version}/rejection",
    summary="Reject a connection",
    dependencies=[requires("connections.approve")],
)
def reject_connection(
    name: Name, version: Version, asked: ConnectionDecide, connection: Writing, caller: CallerDep
) -> ConnectionShown:
    """Refuse what another person proposed."""
    return _decided(connection, name, version, "rejected", asked, caller)


@router.post(
    "/connections/{name}/versions/{version}/withdrawal",
    summary="Withdraw a connection",
    dependencies=[requires("connections.propose")],
)
def withdraw_connection(
    name: Name, version: Version, asked: ConnectionDecide, connection: Writing, caller: CallerDep
) -> ConnectionShown:
    """Take back what one has proposed."""
    return _decided(connection, name, version, "withdrawn", asked, caller)


@router.post(
    "/connections/{name}/suspension",
    summary="Suspend a connection",
    dependencies=[requires("connections.approve")],
)
def suspend_connection(name: Name, connection: Writing, caller: CallerDep) -> ConnectionShown:
    """Let nothing be read through it, at once."""
    process.suspend(connection, name, actor=caller.name, actor_id=caller.actor_id)
    return _shown(connection, name, caller)


@router.delete(
    "/connections/{name}/suspension",
    summary="Resume a connection",
    dependencies=[requires("connections.approve")],
)
def resume_connection(name: Name, connection: Writing, caller: CallerDep) -> ConnectionShown:
    """Let it be used again; another person than suspended it."""
    process.resume(connection, name, actor=caller.name)
    return _shown(connection, name, caller)


def own_folders(platform: Platform) -> tuple[Folder, ...]:
    """Folders that no connection leads to: greenai's own."""
    settings = platform.settings
    return tuple(one for one in (settings.home, settings.workspace) if one is not None)


def _decided(
    connection: Any, name: str, version: int, what: Any, asked: ConnectionDecide, caller: Caller
) -> ConnectionShown:
    process.decide(
        connection,
        name,
        version,
        what,
        comment=asked.comment,
        actor=caller.name,
        actor_id=caller.actor_id,
    )
    return _shown(connection, name, caller)


def _listed(line: connections.ConnectionLine, caller: Caller) -> ConnectionListed:
    values = {name: getattr(line, name) for name in ConnectionListed.model_fields}
    if not caller.may("connections.propose"):
        values["folder"] = None
    return ConnectionListed(**values)


def _shown(connection: Any, name: str, caller: Caller) -> ConnectionShown:
    found = connections.listed(connection, name=name, limit=1)
    if not found:
        raise NotFoundError("there is no such connection", value=name, remedy="GET /connections lists them")
    return ConnectionShown(
        **dict(_listed(found[0], caller)),
        versions=[
            ConnectionVersionShown.model_validate(one) for one in connections.versions(connection, name)
        ],
    )
