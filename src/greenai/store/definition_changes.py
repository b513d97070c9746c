"""Recons and versions through the platform: who wrote them, what is proposed, who approved it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal

from greenai.store.queries import queries
from greenai.store.texts import plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    import psycopg

    Connection = psycopg.Connection[Any]

ChangeState = Literal["proposed", "approved", "activated", "rejected", "withdrawn"]


@dataclass(frozen=True, slots=True)
class ReconLine:
    """A recon in a list. `held` tells whether anything is activated for the date that was asked for."""

    recon_id: int
    name: str
    created_at: datetime
    latest_version: int | None
    latest_document: str | None
    held: bool
    effective_version: int | None
    """None of a `held` one: it is retired."""
    waiting: int
    """Changes that wait for a checker, or for being activated."""
    run: int | None
    run_date: date | None
    run_state: str | None
    schedule: str | None


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version of a recon's definition."""

    version: int
    fingerprint: str
    saved_at: datetime
    key_version: int | None
    authors: tuple[str, ...]
    comment: str | None
    effective_from: tuple[date, ...]
    waiting: int
    runs: int


@dataclass(frozen=True, slots=True)
class Change:
    """A change of what holds, with who proposed, decided and activated it."""

    change_id: int
    recon: str
    version: int | None
    effective_from: date
    state: ChangeState
    revision: int
    comment: str
    proposed_by: str
    proposed_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    decision: str | None
    activated_by: str | None
    activated_at: datetime | None


def recons(
    connection: Connection,
    day: date,
    *,
    name: str | None = None,
    only: Iterable[str] | None = None,
    search: str | None = None,
    after: str | None = None,
    limit: int = 100,
) -> list[ReconLine]:
    """Recons by name, those after one; `only` some of them, `search` is part of the name."""
    given = {
        "day": day,
        "name": name and plain(name),
        "only": None if only is None else list(only),
        "search": search and plain(search),
        "after": after and plain(after),
        "limit": limit,
    }
    return [ReconLine(*row) for row in connection.execute(queries("definition_changes")["recons"], given)]


def recon_id(connection: Connection, name: str) -> int | None:
    """The number of a recon; None for no such."""
    row = connection.execute("SELECT recon_id FROM greenai.recon WHERE name = %s", [plain(name)]).fetchone()
    return None if row is None else int(row[0])


def written(connection: Connection, recon: int, version: int, *, actor_id: int, comment: str) -> None:
    """Note who saved a version."""
    given = {"recon": recon, "version": version, "actor": actor_id, "comment": plain(comment)}
    connection.execute(queries("definition_changes")["author"], given)


def versions(
    connection: Connection,
    recon: int,
    *,
    version: int | None = None,
    before: int | None = None,
    limit: int = 100,
) -> list[VersionLine]:
    """Versions of a recon, the last first."""
    given = {"recon": recon, "version": version, "before": before, "limit": limit}
    return [
        VersionLine(*(*head, tuple(authors), comment, tuple(dates), waiting, runs))
        for *head, authors, comment, dates, waiting, runs in connection.execute(
            queries("definition_changes")["versions"], given
        )
    ]


def document(connection: Connection, recon: int, version: int) -> str | None:
    """The YAML of a version; None for no such."""
    given = {"recon": recon, "version": version}
    row = connection.execute(queries("definition_changes")["document"], given).fetchone()
    return None if row is None else str(row[0])


def propose(
    connection: Connection,
    recon: int,
    version: int | None,
    effective_from: date,
    *,
    actor_id: int,
    comment: str,
) -> int | None:
    """Propose what is to hold from a business date on; None where that waits for a decision already."""
    given = {
        "recon": recon,
        "version": version,
        "from": effective_from,
        "comment": plain(comment),
        "actor": actor_id,
    }
    row = connection.execute(queries("definition_changes")["propose"], given).fetchone()
    return None if row is None else int(row[0])


def change(connection: Connection, change_id: int, *, lock: bool = False) -> Change | None:
    """One change; None for no such. With `lock` nobody else changes it until the transaction ends."""
    if lock:
        connection.execute(queries("definition_changes")["locked"], {"change": change_id})
    found = changes(connection, change_id=change_id, limit=1)
    return found[0] if found else None


def decide(
    connection: Connection,
    change_id: int,
    state: Literal["approved", "rejected", "withdrawn"],
    *,
    actor_id: int,
    comment: str,
) -> bool:
    """Decide about a change; False where it is not to be decided any more.

    The database refuses who proposed it or wrote its version (psycopg's CheckViolation), unless it is
    withdrawn.
    """
    given = {"change": change_id, "state": state, "actor": actor_id, "comment": plain(comment)}
    return connection.execute(queries("definition_changes")["decide"], given).fetchone() is not None


def activate(connection: Connection, change_id: int, *, actor_id: int) -> bool:
    """Let an approved change hold; False where it is not approved."""
    given = {"change": change_id, "actor": actor_id}
    return connection.execute(queries("definition_changes")["activate"], given).fetchone() is not None


def changes(
    connection: Connection,
    *,
    recon: str | None = None,
    only: Iterable[str] | None = None,
    change_id: int | None = None,
    state: ChangeState | None = None,
    before: int | None = None,
    limit: int = 100,
) -> list[Change]:
    """Changes, the last first."""
    given = {
        "recon": recon,
        "only": None if only is None else list(only),
        "change": change_id,
        "state": state,
        "before": before,
        "limit": limit,
    }
    return [Change(*row) for row in connection.execute(queries("definition_changes")["changes"], given)]


def made_breaks(connection: Connection, recon: int, actor_id: int) -> frozenset[tuple[str, str | None, str]]:
    """Kind, field and reason of breaks that are not passed, and about which somebody proposed something."""
    given = {"recon": recon, "actor": actor_id}
    return frozenset(connection.execute(queries("definition_changes")["made"], given).fetchall())


def read_by_any(connection: Connection, text: str) -> bool:
    """Whether a definition that holds, or is proposed to, has a text in it."""
    given = {"text": plain(text)}
    return connection.execute(queries("definition_changes")["reading"], given).fetchone() is not None
