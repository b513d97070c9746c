"""Connections in the store: what was proposed, who approved it, where it leads to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from greenai.store.queries import queries
from greenai.store.texts import plain

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[Any]

Standing = Literal["proposed", "approved", "suspended"]
Decision = Literal["approved", "rejected", "withdrawn"]


@dataclass(frozen=True, slots=True)
class ConnectionLine:
    """A connection as it holds; where nothing is approved yet, nothing is known of it but its name."""

    name: str
    kind: str | None
    folder: str | None
    description: str | None
    version: int | None
    state: Standing
    proposed_version: int | None


@dataclass(frozen=True, slots=True)
class ConnectionVersion:
    """What was proposed for a connection, and what became of it."""

    version: int
    kind: str
    folder: str
    description: str
    state: str
    proposed_by: str
    proposed_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    comment: str | None


def locked(connection: Connection, name: str, *, create: bool = False) -> int | None:
    """The number of a connection, which nobody else changes until the transaction ends; None for no such."""
    if create:
        connection.execute(queries("connections")["name"], {"name": name})
    row = connection.execute(queries("connections")["locked"], {"name": name}).fetchone()
    return None if row is None else int(row[0])


def propose(
    connection: Connection, connection_id: int, *, kind: str, folder: str, description: str, actor_id: int
) -> int:
    """Note another version that somebody else is to decide about; returns its number."""
    given = {
        "connection": connection_id,
        "kind": kind,
        "folder": plain(folder),
        "description": plain(description),
        "actor": actor_id,
    }
    row = connection.execute(queries("connections")["propose"], given).fetchone()
    assert row is not None
    return int(row[0])


def decide(
    connection: Connection,
    connection_id: int,
    version: int,
    state: Decision,
    *,
    actor_id: int,
    comment: str | None,
) -> bool:
    """Decide about a proposed version; False where it is not proposed any more.

    The database refuses who proposed it, unless it is withdrawn (psycopg's CheckViolation).
    """
    given = {
        "connection": connection_id,
        "version": version,
        "state": state,
        "actor": actor_id,
        "comment": None if comment is None else plain(comment),
    }
    return connection.execute(queries("connections")["decide"], given).fetchone() is not None


def suspend(connection: Connection, connection_id: int, *, actor_id: int) -> bool:
    """Let nothing be read through a connection; False where that is so already."""
    given = {"connection": connection_id, "actor": actor_id}
    return connection.execute(queries("connections")["suspend"], given).fetchone() is not None


def resume(connection: Connection, connection_id: int) -> None:
    """Let a connection be used again."""
    connection.execute(queries("connections")["resume"], {"connection": connection_id})


def folder_of(connection: Connection, name: str) -> str | None:
    """Where a connection leads to; None where it is not approved, or suspended."""
    row = connection.execute(queries("connections")["folder"], {"name": name}).fetchone()
    return None if row is None else str(row[0])


def listed(
    connection: Connection, *, name: str | None = None, after: str | None = None, limit: int = 100
) -> list[ConnectionLine]:
    """Connections by name, those after one."""
    given = {"name": name, "after": after, "limit": limit}
    return [ConnectionLine(*row) for row in connection.execute(queries("connections")["list"], given)]


def versions(connection: Connection, name: str) -> list[ConnectionVersion]:
    """All that was proposed for a connection, the last first."""
    rows = connection.execute(queries("connections")["versions"], {"name": name})
    return [ConnectionVersion(*row) for row in rows]
