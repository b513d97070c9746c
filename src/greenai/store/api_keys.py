"""API keys in the store: what is known of them but the secret."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from greenai.store.queries import queries
from greenai.store.texts import plain

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[Any]


@dataclass(frozen=True, slots=True)
class FoundKey:
    """A key as a request that sends it needs it; `unnoted`: its use is to be noted."""

    key_id: int
    actor_id: int
    secret_hash: bytes = field(repr=False)
    expired: bool
    revoked: bool
    unnoted: bool
    permissions: Sequence[str]


@dataclass(frozen=True, slots=True)
class KeyLine:
    """A key as it is listed."""

    key_id: int
    actor_id: int
    owner: str
    name: str
    prefix: str
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None
    permissions: Sequence[str]


def by_prefix(connection: Connection, prefix: str) -> FoundKey | None:
    """The key of a prefix, whatever its state."""
    row = connection.execute(queries("api_keys")["by_prefix"], {"prefix": plain(prefix)}).fetchone()
    return None if row is None else FoundKey(*row)


def used(connection: Connection, key_id: int) -> None:
    """Note that a key was used; waits for nobody."""
    connection.execute(queries("api_keys")["used"], {"key": key_id})


def add(
    connection: Connection,
    actor_id: int,
    *,
    name: str,
    prefix: str,
    secret_hash: bytes,
    permissions: Sequence[str],
    expires_at: datetime,
    by: int,
) -> int:
    """A new key of an account; its number."""
    given = {
        "actor": actor_id,
        "name": plain(name),
        "prefix": prefix,
        "hash": secret_hash,
        "by": by,
        "expires": expires_at,
    }
    row = connection.execute(queries("api_keys")["add"], given).fetchone()
    assert row is not None
    limits = {"key": row[0], "permissions": list(permissions)}
    connection.execute(queries("api_keys")["limit"], limits)
    return int(row[0])


def keys(
    connection: Connection, actor_id: int | None = None, *, before: int | None = None, limit: int
) -> list[KeyLine]:
    """Keys of an account or of all, the newest first, those made before one."""
    given = {"actor": actor_id, "key": None, "before": before, "limit": limit}
    return [KeyLine(*row) for row in connection.execute(queries("api_keys")["keys"], given)]


def key(connection: Connection, key_id: int) -> KeyLine | None:
    """One key."""
    given = {"actor": None, "key": key_id, "before": None, "limit": 1}
    row = connection.execute(queries("api_keys")["keys"], given).fetchone()
    return None if row is None else KeyLine(*row)


def revoke(connection: Connection, key_id: int, *, by: int) -> bool:
    """End a key; False when it had ended."""
    given = {"key": key_id, "by": by}
    return connection.execute(queries("api_keys")["revoke"], given).fetchone() is not None
