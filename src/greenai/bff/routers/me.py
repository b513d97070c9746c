"""Who is signed in: rights, password, preferences."""

from __future__ import annotations

import json
from typing import Any, Final

from fastapi import Request, Response

from greenai.bff import cookies
from greenai.bff.deps import CallerDep, PlatformDep, Reading, UnitDep, Writing
from greenai.bff.router import new_router
from greenai.bff.schemas.me import Me, NewPassword, Preferences, PreferencesChange
from greenai.bff.schemas.users import GivenRole
from greenai.bff.turns import in_turn
from greenai.errors import AuthenticationError, ConflictError, ForbiddenError, UsageError
from greenai.identity import login
from greenai.identity.callers import Caller
from greenai.identity.permissions import PERMISSIONS
from greenai.identity.sessions import COOKIE
from greenai.store import users
from greenai.store.users import Account

router = new_router("identity")
LARGEST: Final = 64_000
"""Characters of somebody's preferences."""


@router.get("/me", summary="Who is signed in")
def me(caller: CallerDep, connection: Reading) -> Me:
    """Name, roles and what they allow."""
    account = users.by_id(connection, caller.actor_id)
    if account is None:
        raise AuthenticationError("the account is gone")
    return described(caller, account)


@router.put("/me/password", summary="Change one's own password", dependencies=[in_turn()])
def change_password(
    given: NewPassword,
    request: Request,
    response: Response,
    caller: CallerDep,
    unit: UnitDep,
    platform: PlatformDep,
) -> Me:
    """All sessions end, and this browser gets a new one."""
    cookie = request.cookies.get(COOKIE)
    if caller.via != "session" or cookie is None:
        raise ForbiddenError(
            "a key cannot change the password of its owner", remedy="sign in and do it there"
        )
    entered = login.change_password(
        unit.connection,
        platform.redis,
        platform.settings,
        actor_id=caller.actor_id,
        old=given.old,
        new=given.new,
        address=request.client.host if request.client is not None else "local",
        cookie=cookie,
    )
    cookies.give(response, entered, platform.settings)
    changed = Caller(caller.actor_id, caller.name, caller.grants, "session", csrf=entered.csrf)
    return described(changed, entered.account)


@router.get("/me/preferences", summary="How one wants the workstation")
def preferences(caller: CallerDep, connection: Reading) -> Preferences:
    """Theme, columns, shortcuts and the like."""
    document, version = users.preferences(connection, caller.actor_id)
    return Preferences(document=document, version=version)


@router.put("/me/preferences", summary="Say how one wants the workstation")
def prefer(given: PreferencesChange, caller: CallerDep, connection: Writing) -> Preferences:
    """Replace the whole document; 409 when `version` is no longer the present one."""
    storable(given.document)
    version = users.prefer(connection, caller.actor_id, given.document, given.version)
    if version is None:
        raise ConflictError("they were changed meanwhile, in another window", remedy="read them again")
    return Preferences(document=given.document, version=version)


def storable(document: dict[str, Any]) -> None:
    """Raise UsageError for a document that is too large, or that PostgreSQL has no JSON for."""
    try:
        text = json.dumps(document, ensure_ascii=False, allow_nan=False)
        text.encode()
    except ValueError:  # numbers without end, halves of characters
        text = "\\u0000"
    if "\\u0000" in text:
        raise UsageError("the document holds a number or a character that no JSON has", column="document")
    if len(text) > LARGEST:
        raise UsageError(f"preferences have up to {LARGEST:,} characters", column="document")


def described(caller: Caller, account: Account) -> Me:
    """Who is signed in, as a document."""
    held = {permission: caller.recons(permission) for permission in PERMISSIONS}
    return Me(
        name=account.name,
        display_name=account.display_name,
        email=account.email,
        via=caller.via,
        csrf=caller.csrf,
        must_change=caller.must_change,
        roles=[
            GivenRole(role=one.role, recons=None if one.recons is None else sorted(one.recons))
            for one in caller.grants
        ],
        permissions={
            name: None if recons is None else sorted(recons)
            for name, recons in held.items()
            if recons is None or (recons and caller.may(name)) or recons
        },
    )
