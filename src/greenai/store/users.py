"""Accounts in the store: people and programs, their passwords, roles, identities and preferences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from psycopg.types.json import Jsonb

from greenai.store.queries import queries
from greenai.store.texts import plain

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[Any]

RoleOf = tuple[str, str | None]
"""A role, and the recon it is for; None: all recons."""


@dataclass(frozen=True, slots=True)
class Account:
    """An account as it is stored. `kind` is person or program, `epoch` the age of its sessions."""

    actor_id: int
    name: str
    kind: str
    display_name: str
    email: str | None
    password_hash: str | None = field(repr=False)
    must_change: bool
    disabled: bool
    failures: int
    locked_until: datetime | None
    last_login_at: datetime | None
    epoch: int
    version: int
    created_at: datetime

    @property
    def active(self) -> bool:
        """Whether it may be used."""
        return not self.disabled


def by_id(connection: Connection, actor_id: int) -> Account | None:
    """The account of an actor."""
    return _account(connection, "by_id", actor=actor_id)


def by_name(connection: Connection, name: str) -> Account | None:
    """The account of a name."""
    return _account(connection, "by_name", name=plain(name))


def by_identity(connection: Connection, issuer: str, subject: str) -> Account | None:
    """The account that an OpenID Connect provider knows by a subject."""
    return _account(connection, "by_identity", issuer=plain(issuer), subject=plain(subject))


def _account(connection: Connection, query: str, **given: object) -> Account | None:
    row = connection.execute(queries("users")[query], given).fetchone()
    return None if row is None else Account(*row)


def page(
    connection: Connection, *, after: int = 0, search: str = "", people: bool = False, limit: int
) -> list[Account]:
    """Accounts by name, those after the one of an actor (0: from the first), whose name or display name
    begins with `search`; `people`: only those of persons, and not disabled."""
    given = {"after": after, "search": plain(search), "people": people, "limit": limit}
    return [Account(*row) for row in connection.execute(queries("users")["page"], given)]


def lock(connection: Connection, actor_id: int) -> None:
    """Let nobody else change an account before this transaction ends."""
    connection.execute(queries("users")["lock"], {"actor": actor_id})


def actor(connection: Connection, name: str) -> tuple[int, str] | None:
    """Number and kind of the actor of a name, with an account or without."""
    return connection.execute(queries("users")["actor"], {"name": plain(name)}).fetchone()


def new_actor(connection: Connection, name: str, kind: str) -> int | None:
    """The number of a new actor; None when the name is taken."""
    row = connection.execute(queries("users")["new_actor"], {"name": plain(name), "kind": kind}).fetchone()
    return None if row is None else int(row[0])


def add(
    connection: Connection,
    actor_id: int,
    *,
    display_name: str,
    email: str | None,
    password_hash: str | None,
    must_change: bool,
) -> bool:
    """Give an actor an account; False when it has one."""
    given = {
        "actor": actor_id,
        "display": plain(display_name),
        "email": None if email is None else plain(email),
        "hash": password_hash,
        "must_change": must_change,
    }
    return connection.execute(queries("users")["add"], given).fetchone() is not None


def change(
    connection: Connection,
    actor_id: int,
    *,
    display_name: str,
    email: str | None,
    disabled: bool,
    version: int | None,
) -> int | None:
    """Write what administrators edit; the new version, or None when `version` is not the present one."""
    given = {
        "actor": actor_id,
        "display": plain(display_name),
        "email": None if email is None else plain(email),
        "disabled": disabled,
        "version": version,
    }
    row = connection.execute(queries("users")["change"], given).fetchone()
    return None if row is None else int(row[0])


def set_password(connection: Connection, actor_id: int, password_hash: str, *, must_change: bool) -> int:
    """A new password; the epoch of the sessions that may follow."""
    given = {"actor": actor_id, "hash": password_hash, "must_change": must_change}
    row = connection.execute(queries("users")["password"], given).fetchone()
    assert row is not None
    return int(row[0])


def rehash(connection: Connection, actor_id: int, password_hash: str) -> None:
    """The same password, hashed anew."""
    connection.execute(queries("users")["rehash"], {"actor": actor_id, "hash": password_hash})


def failed(connection: Connection, actor_id: int, *, most: int, period: timedelta) -> bool:
    """Count a failed login; whether it was the one that locks the account for a `period`."""
    given = {"actor": actor_id, "most": most, "period": period}
    row = connection.execute(queries("users")["failed"], given).fetchone()
    return row is not None and bool(row[0])


def logged_in(connection: Connection, actor_id: int) -> None:
    """Note a good login."""
    connection.execute(queries("users")["logged_in"], {"actor": actor_id})


def unlock(connection: Connection, actor_id: int) -> None:
    """End a lock."""
    connection.execute(queries("users")["unlock"], {"actor": actor_id})


def locked(connection: Connection, actor_id: int) -> bool:
    """Whether an account is locked at this moment."""
    row = connection.execute(queries("users")["locked"], {"actor": actor_id}).fetchone()
    return row is not None and bool(row[0])


def end_sessions(connection: Connection, actor_id: int) -> None:
    """Let no session that was begun before go on."""
    connection.execute(queries("users")["end_sessions"], {"actor": actor_id})


def roles(connection: Connection, actor_id: int) -> list[RoleOf]:
    """The roles of an account."""
    return list(connection.execute(queries("users")["roles"], {"actor": actor_id}))


def roles_of(connection: Connection, actors: Sequence[int]) -> dict[int, list[RoleOf]]:
    """The roles of several accounts."""
    found: dict[int, list[RoleOf]] = {one: [] for one in actors}
    for actor_id, role, recon in connection.execute(queries("users")["roles_of"], {"actors": list(actors)}):
        found[actor_id].append((role, recon))
    return found


def set_roles(connection: Connection, actor_id: int, granted: Sequence[RoleOf], *, by: int) -> int:
    """Replace the roles of an account; its new version. The recons are known ones."""
    connection.execute(queries("users")["no_roles"], {"actor": actor_id})
    for role, recon in granted:
        given = {"actor": actor_id, "role": role, "recon": recon, "by": by}
        assert connection.execute(queries("users")["grant"], given).fetchone() is not None
    row = connection.execute(queries("users")["raised"], {"actor": actor_id}).fetchone()
    assert row is not None
    return int(row[0])


def lock_administrators(connection: Connection) -> None:
    """Let nobody else take roles from administrators, or disable them, before this transaction ends.

    Before any other lock of an account, so that two who do this do not wait for each other.
    """
    connection.execute(queries("users")["lock_administrators"])


def administrators(connection: Connection) -> frozenset[int]:
    """Who can administrate the platform."""
    return frozenset(row[0] for row in connection.execute(queries("users")["administrators"]))


def known_recons(connection: Connection, names: Sequence[str]) -> frozenset[str]:
    """Those of these recons that there are."""
    given = {"names": [plain(name) for name in names]}
    return frozenset(row[0] for row in connection.execute(queries("users")["recons"], given))


def link(connection: Connection, actor_id: int, issuer: str, subject: str) -> bool:
    """Let an account log in by a provider; False when somebody does so already."""
    given = {"actor": actor_id, "issuer": plain(issuer), "subject": plain(subject)}
    return connection.execute(queries("users")["link"], given).fetchone() is not None


def unlink(connection: Connection, actor_id: int, issuer: str, subject: str) -> bool:
    """Let an account no longer log in by a provider; False when it did not."""
    given = {"actor": actor_id, "issuer": plain(issuer), "subject": plain(subject)}
    return connection.execute(queries("users")["unlink"], given).fetchone() is not None


def identities(connection: Connection, actor_id: int) -> list[tuple[str, str]]:
    """Issuer and subject of all that an account may log in by."""
    return list(connection.execute(queries("users")["identities"], {"actor": actor_id}))


def preferences(connection: Connection, actor_id: int) -> tuple[dict[str, Any], int]:
    """How somebody wants the workstation, and the version of it; empty and 0 when nothing was said."""
    row = connection.execute(queries("users")["preferences"], {"actor": actor_id}).fetchone()
    return ({}, 0) if row is None else (dict(row[0]), int(row[1]))


def prefer(
    connection: Connection, actor_id: int, document: Mapping[str, Any], version: int | None
) -> int | None:
    """Write it; the new version, or None when `version` is not the present one."""
    given = {"actor": actor_id, "document": Jsonb(dict(document)), "version": version}
    row = connection.execute(queries("users")["prefer"], given).fetchone()
    return None if row is None else int(row[0])
