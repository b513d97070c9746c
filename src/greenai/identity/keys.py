"""API keys: by these programs call, as the account that owns the key.

A key is ``gai_`` + prefix + ``_`` + secret. The prefix may be shown; of the secret, 256 random bits, only
the SHA-256 is kept. A key may what its owner may at the moment of the call, within the permissions that it
is limited to; it expires at the latest after a year.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, cast

from greenai.errors import AuthenticationError, ForbiddenError, NotFoundError, UsageError
from greenai.identity.callers import Caller
from greenai.identity.grants import grants_of
from greenai.identity.permissions import PERMISSIONS, Permission
from greenai.store import actors, api_keys, users

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[Any]

SHAPE: Final = re.compile(r"gai_([a-z0-9]{12})_([A-Za-z0-9_-]{43})")
ALPHABET: Final = "abcdefghijklmnopqrstuvwxyz0123456789"
LONGEST: Final = timedelta(days=366)
"""How long a key may last."""
LONGEST_NAME: Final = 100
NOT_BY_KEY: Final[frozenset[Permission]] = frozenset(
    {"keys.own", "keys.manage", "users.manage", "roles.manage"}
)
"""What no key may: a stolen one would make itself another one, or an account."""


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key that was just made; `key` is never shown again."""

    key_id: int
    prefix: str
    expires_at: datetime
    key: str = field(repr=False)


def caller(connection: Connection, given: str) -> Caller:
    """Who calls by a key. Raises AuthenticationError: unknown, expired, revoked, of a disabled account."""
    shape = SHAPE.fullmatch(given)
    found = api_keys.by_prefix(connection, shape[1]) if shape is not None else None
    if shape is None or found is None or not hmac.compare_digest(_hash(shape[2]), found.secret_hash):
        raise AuthenticationError("the API key is unknown", remedy="send: Authorization: Bearer gai_…")
    if found.revoked or found.expired:
        raise AuthenticationError(
            f"the API key {shape[1]} {'was revoked' if found.revoked else 'has expired'}",
            remedy="make another one: POST /api/v1/api-keys",
        )
    account = users.by_id(connection, found.actor_id)
    if account is None or account.disabled:
        raise AuthenticationError("the owner of the API key is disabled", remedy="ask an administrator")
    if found.unnoted:
        api_keys.used(connection, found.key_id)
    return Caller(
        actor_id=account.actor_id,
        name=account.name,
        grants=grants_of(users.roles(connection, account.actor_id)),
        via="key",
        scopes=frozenset(cast("list[Permission]", list(found.permissions))) - NOT_BY_KEY,
        key_id=found.key_id,
        must_change=account.must_change,
    )


def make(
    connection: Connection,
    by: Caller,
    *,
    name: str,
    permissions: Sequence[str],
    expires_at: datetime,
    owner: str | None = None,
) -> NewKey:
    """A new key of the caller; or of `owner`, a program, by who may manage keys.

    Raises ForbiddenError for a key of another person, for permissions that the owner does not have and for
    a caller who is a key himself; UsageError for a name, permissions or a time that make no sense.
    """
    if by.via == "key":
        raise ForbiddenError("a key cannot make keys", remedy="log in and make it there")
    account = users.by_id(connection, by.actor_id) if owner is None else users.by_name(connection, owner)
    if account is None:
        raise NotFoundError("there is no such account", value=owner)
    if account.actor_id != by.actor_id:
        by.insist("keys.manage")
        if account.kind != "program":
            raise ForbiddenError(
                "keys of a person are made by that person alone, for they count as that person",
                remedy="make an account for the program: role service",
            )
    else:
        by.insist("keys.own")
    name = name.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise UsageError(f"a key has a name of 1 to {LONGEST_NAME} characters", column="name")
    now = datetime.now(UTC)
    if expires_at.tzinfo is None or not now < expires_at <= now + LONGEST:
        raise UsageError(
            f"a key expires at a time within {LONGEST.days} days",
            column="expires_at",
            value=expires_at.isoformat(),
        )
    wanted = _limited(permissions, connection, account.actor_id, account.name)
    prefix = "".join(secrets.choice(ALPHABET) for _ in range(12))
    secret = secrets.token_urlsafe(32)
    key_id = api_keys.add(
        connection,
        account.actor_id,
        name=name,
        prefix=prefix,
        secret_hash=_hash(secret),
        permissions=wanted,
        expires_at=expires_at,
        by=by.actor_id,
    )
    after = {
        "key": key_id,
        "name": name,
        "prefix": prefix,
        "permissions": wanted,
        "expires_at": expires_at.isoformat(),
    }
    actors.audit(connection, by.name, "api_key_made", {}, subject=f"user:{account.name}", after=after)
    return NewKey(key_id, prefix, expires_at, f"gai_{prefix}_{secret}")


def _limited(
    permissions: Sequence[str], connection: Connection, actor_id: int, owner: str
) -> list[Permission]:
    wanted = sorted(set(permissions))
    if not wanted:
        raise UsageError("a key is limited to at least one permission", column="permissions")
    unknown = [one for one in wanted if one not in PERMISSIONS]
    if unknown:
        raise UsageError(
            "there is no such permission",
            column="permissions",
            value=unknown[0],
            remedy="see `permissions` in GET /api/v1/me",
        )
    known = cast("list[Permission]", wanted)
    rights = Caller(actor_id, owner, grants_of(users.roles(connection, actor_id)), "session")
    for one in known:
        if one in NOT_BY_KEY or rights.recons(one) == frozenset():
            raise ForbiddenError(
                f"a key of {owner} cannot have the permission {one}",
                column="permissions",
                remedy="leave it out",
            )
    return known


def revoke(connection: Connection, by: Caller, key_id: int) -> None:
    """End a key, one's own or as who may manage keys; one that has ended stays so. Raises NotFoundError."""
    found = api_keys.key(connection, key_id)
    if found is None or (found.actor_id != by.actor_id and not by.may("keys.manage")):
        raise NotFoundError("there is no such key", value=key_id)
    if found.actor_id == by.actor_id and not by.may("keys.manage"):
        by.insist("keys.own")
    if api_keys.revoke(connection, key_id, by=by.actor_id):
        before = {"key": key_id, "name": found.name, "prefix": found.prefix}
        actors.audit(connection, by.name, "api_key_revoked", {}, subject=f"user:{found.owner}", before=before)


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
