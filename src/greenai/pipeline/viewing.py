"""Saved views: kept, shared by those who may, changed by their owners, and noted in the audit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from greenai.domain.work import SavedView
from greenai.store import views
from greenai.store.actors import audit
from greenai.store.naming import recon_number

if TYPE_CHECKING:
    import psycopg

    from greenai.identity.callers import Caller

    Connection = psycopg.Connection[Any]


def save(
    connection: Connection,
    caller: Caller,
    recon: str,
    *,
    name: str,
    document: Mapping[str, Any],
    shared: bool,
) -> SavedView:
    """Save a view of a recon that the caller may read. To be committed.

    Raises ForbiddenError for a recon that the caller may not read, or where it may not share; ConflictError
    where it has a view of the name.
    """
    caller.insist("breaks.read", recon)
    if shared:
        caller.insist("views.share", recon)
    recon_id = recon_number(connection, recon)
    number = views.add(connection, caller.actor_id, recon_id, name=name, document=document, shared=shared)
    made = find(connection, caller, number)
    audit(connection, caller.name, "save_view", {"view": number}, recon_id=recon_id, after=told(made))
    return made


def find(connection: Connection, caller: Caller, view_id: int) -> SavedView:
    """A view that the caller may see. Raises NotFoundError."""
    return views.view(connection, caller.actor_id, view_id, recons=caller.recons("breaks.read"))


def change(
    connection: Connection,
    caller: Caller,
    view_id: int,
    *,
    version: int,
    name: str,
    document: Mapping[str, Any],
    shared: bool,
) -> SavedView:
    """Change a view of the caller's. Raises NotFoundError, ForbiddenError, ConflictError."""
    before = find(connection, caller, view_id)
    if shared and not before.shared:
        caller.insist("views.share", before.recon)
    views.change(
        connection, before, caller.actor_id, version=version, name=name, document=document, shared=shared
    )
    after = find(connection, caller, view_id)
    audit(
        connection,
        caller.name,
        "change_view",
        {"view": view_id},
        recon_id=recon_number(connection, before.recon),
        before=told(before),
        after=told(after),
    )
    return after


def remove(connection: Connection, caller: Caller, view_id: int) -> None:
    """Remove a view of the caller's. Raises NotFoundError, ForbiddenError."""
    before = find(connection, caller, view_id)
    views.remove(connection, before, caller.actor_id)
    audit(
        connection,
        caller.name,
        "remove_view",
        {"view": view_id},
        recon_id=recon_number(connection, before.recon),
        before=told(before),
    )


def told(view: SavedView) -> dict[str, Any]:
    """A view as the audit has it."""
    return {
        "name": view.name,
        "document": dict(view.document),
        "shared": view.shared,
        "version": view.version,
    }
