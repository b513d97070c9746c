"""Saved views in the store: one's own, and those that others share."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from psycopg.types.json import Jsonb

from greenai.domain.work import SavedView
from greenai.errors import ConflictError, ForbiddenError, NotFoundError
from greenai.store.queries import queries
from greenai.store.texts import plain

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[Any]


def views(
    connection: Connection,
    actor_id: int,
    *,
    recons: Collection[str] | None,
    recon: str | None = None,
    after: int = 0,
    limit: int = 100,
) -> list[SavedView]:
    """What somebody sees: own and shared views of `recons` (None: all), the first made first."""
    return _views(connection, actor_id, recons, recon=recon, view=None, after=after, limit=limit)


def view(connection: Connection, actor_id: int, view_id: int, *, recons: Collection[str] | None) -> SavedView:
    """One of them. Raises NotFoundError, of another's own view too."""
    found = _views(connection, actor_id, recons, recon=None, view=view_id, after=0, limit=1)
    if not found:
        raise NotFoundError("there is no such view", value=view_id, remedy="see GET /api/v1/views")
    return found[0]


def add(
    connection: Connection,
    actor_id: int,
    recon_id: int,
    *,
    name: str,
    document: Mapping[str, Any],
    shared: bool,
) -> int:
    """Save a view; returns its number. Raises ConflictError where its owner has one of the name."""
    given = {
        "actor": actor_id,
        "recon": recon_id,
        "name": plain(name),
        "document": Jsonb(document),
        "shared": shared,
    }
    row = connection.execute(queries("views")["add"], given).fetchone()
    if row is None:
        raise _taken(name)
    return int(row[0])


def change(
    connection: Connection,
    held: SavedView,
    actor_id: int,
    *,
    version: int,
    name: str,
    document: Mapping[str, Any],
    shared: bool,
) -> None:
    """Change a view of one's own.

    Raises ForbiddenError for another's; ConflictError when `version` is not the present one, or another
    view of the recon has the name.
    """
    given = {
        "view": held.view_id,
        "actor": actor_id,
        "version": version,
        "name": plain(name),
        "document": Jsonb(document),
        "shared": shared,
    }
    if connection.execute(queries("views")["taken"], given).fetchone() is not None:
        raise _taken(name)
    if connection.execute(queries("views")["change"], given).fetchone() is None:
        if held.version != version:
            raise ConflictError(
                f"the view is at version {held.version} by now", remedy="read it again, then change it"
            )
        raise _of_another(held)


def remove(connection: Connection, held: SavedView, actor_id: int) -> None:
    """Remove a view of one's own. Raises ForbiddenError for another's."""
    given = {"view": held.view_id, "actor": actor_id}
    if connection.execute(queries("views")["remove"], given).fetchone() is None:
        raise _of_another(held)


def _taken(name: str) -> ConflictError:
    return ConflictError("you have a view of this name", value=name, remedy="change it, or take another name")


def _of_another(held: SavedView) -> ForbiddenError:
    return ForbiddenError(f"the view is {held.owner}'s", remedy="save a copy of your own")


def _views(
    connection: Connection,
    actor_id: int,
    recons: Collection[str] | None,
    *,
    recon: str | None,
    view: int | None,
    after: int,
    limit: int,
) -> list[SavedView]:
    given = {
        "actor": actor_id,
        "recons": None if recons is None else sorted(recons),
        "recon": recon,
        "view": view,
        "after": after,
        "limit": limit,
    }
    return [SavedView(*row) for row in connection.execute(queries("views")["views"], given)]
