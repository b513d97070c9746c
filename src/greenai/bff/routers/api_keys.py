"""API keys: made, listed, revoked."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query

from greenai.bff.deps import CallerDep, Reading, UnitDep, Writing, requires
from greenai.bff.numbered import cursor_of, number_of
from greenai.bff.router import new_router
from greenai.bff.schemas.api_keys import ApiKey, ApiKeys, MadeApiKey, NewApiKey
from greenai.identity import accounts, keys
from greenai.store import api_keys
from greenai.store.api_keys import KeyLine

router = new_router("identity")
KEY_OF = "key"
Limit = Annotated[int, Query(ge=1, le=500)]
Cursor = Annotated[str | None, Query(max_length=100)]
MOST = 2**31 - 1


@router.get("/api-keys", summary="One's own API keys", dependencies=[requires("keys.own")])
def list_keys(caller: CallerDep, connection: Reading, cursor: Cursor = None, limit: Limit = 100) -> ApiKeys:
    """The newest first."""
    return page(connection, caller.actor_id, cursor, limit)


@router.get("/users/{user}/api-keys", summary="API keys of an account", dependencies=[requires("users.read")])
def list_keys_of(
    user: Annotated[str, Path(max_length=100)], connection: Reading, cursor: Cursor = None, limit: Limit = 100
) -> ApiKeys:
    """The newest first."""
    return page(connection, accounts.found(connection, user).actor_id, cursor, limit)


@router.post("/api-keys", status_code=201, summary="Make an API key", dependencies=[requires("keys.own")])
def make_key(given: NewApiKey, caller: CallerDep, unit: UnitDep) -> MadeApiKey:
    """One's own, or of a program by who may manage keys. The answer holds the key this once, and is
    therefore not kept for an Idempotency-Key."""
    with unit.connection.transaction():
        made = keys.make(
            unit.connection,
            caller,
            name=given.name,
            permissions=given.permissions,
            expires_at=given.expires_at,
            owner=given.owner,
        )
    return MadeApiKey(id=made.key_id, prefix=made.prefix, expires_at=made.expires_at, key=made.key)


@router.delete(
    "/api-keys/{key}", status_code=204, summary="Revoke an API key", dependencies=[requires("keys.own")]
)
def revoke_key(key: Annotated[int, Path(ge=1, le=MOST)], caller: CallerDep, connection: Writing) -> None:
    """One's own, or any by who may manage keys; from now on it is refused."""
    keys.revoke(connection, caller, key)


def page(connection: Reading, actor_id: int, cursor: str | None, limit: int) -> ApiKeys:
    """A page of the keys of an account."""
    before = min(number_of(KEY_OF, cursor, MOST), MOST)
    found = api_keys.keys(connection, actor_id, before=before, limit=limit + 1)
    return ApiKeys(
        items=[documented(one) for one in found[:limit]],
        next=cursor_of(KEY_OF, found[limit - 1].key_id) if len(found) > limit else None,
    )


def documented(one: KeyLine) -> ApiKey:
    """A key as a document."""
    return ApiKey(
        id=one.key_id,
        owner=one.owner,
        name=one.name,
        prefix=one.prefix,
        permissions=list(one.permissions),
        created_at=one.created_at,
        expires_at=one.expires_at,
        last_used_at=one.last_used_at,
        revoked_at=one.revoked_at,
    )
