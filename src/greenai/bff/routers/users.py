"""Accounts of people and programs."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query

from greenai.bff.deps import CallerDep, PlatformDep, Reading, UnitDep, Writing, requires
from greenai.bff.numbered import cursor_of, number_of
from greenai.bff.router import new_router
from greenai.bff.schemas.users import (
    GivenRole,
    NewUser,
    People,
    Person,
    ProviderIdentities,
    ProviderIdentity,
    RolesChange,
    SetPassword,
    User,
    UserChange,
    Users,
)
from greenai.bff.turns import in_turn
from greenai.errors import ForbiddenError
from greenai.identity import accounts, throttling
from greenai.identity.callers import Grant
from greenai.identity.grants import grants_of
from greenai.store import users
from greenai.store.users import Account, RoleOf

router = new_router("identity")
Name = Annotated[str, Path(max_length=100, examples=["ann"])]
Limit = Annotated[int, Query(ge=1, le=500)]
Cursor = Annotated[str | None, Query(max_length=100)]
Search = Annotated[str, Query(max_length=100, description="How a name or a display name begins.")]


@router.get("/users", summary="Accounts", dependencies=[requires("users.read")])
def list_users(connection: Reading, cursor: Cursor = None, limit: Limit = 100, search: Search = "") -> Users:
    """By name."""
    after = number_of("user", cursor, 0)
    found = users.page(connection, after=after, search=search, limit=limit + 1)
    roles = users.roles_of(connection, [one.actor_id for one in found])
    return Users(
        items=[documented(one, roles[one.actor_id]) for one in found[:limit]],
        next=cursor_of("user", found[limit - 1].actor_id) if len(found) > limit else None,
    )


@router.get("/people", summary="Whom to assign work to", dependencies=[requires("breaks.comment")])
def list_people(
    connection: Reading, cursor: Cursor = None, limit: Limit = 100, search: Search = ""
) -> People:
    """Persons who can sign in, by name; nothing else of them."""
    after = number_of("person", cursor, 0)
    found = users.page(connection, after=after, search=search, people=True, limit=limit + 1)
    return People(
        items=[Person(name=one.name, display_name=one.display_name) for one in found[:limit]],
        next=cursor_of("person", found[limit - 1].actor_id) if len(found) > limit else None,
    )


@router.post(
    "/users", status_code=201, summary="Make an account", dependencies=[in_turn(), requires("users.manage")]
)
def add_user(given: NewUser, caller: CallerDep, unit: UnitDep) -> User:
    """A person or a program; with roles only by who may manage them. Under no Idempotency-Key: of a request
    with a password nothing is kept; a second one is refused, for the name is taken."""
    if given.roles:
        caller.insist("roles.manage")
    with unit.connection.transaction():
        account = accounts.add(
            unit.connection,
            caller.name,
            name=given.name,
            kind=given.kind,
            display_name=given.display_name,
            email=given.email,
            password=given.password,
            grants=wanted(given.roles),
        )
        return documented(account, users.roles(unit.connection, account.actor_id))


@router.get("/users/{user}", summary="An account", dependencies=[requires("users.read")])
def get_user(user: Name, connection: Reading) -> User:
    """With its roles."""
    account = accounts.found(connection, user)
    return documented(account, users.roles(connection, account.actor_id))


@router.patch(
    "/users/{user}", summary="Change or disable an account", dependencies=[requires("users.manage")]
)
def change_user(user: Name, given: UserChange, caller: CallerDep, connection: Writing) -> User:
    """Disabling ends all its sessions, and its keys are refused; 409 for the last administrator."""
    account = accounts.change(
        connection,
        caller,
        user,
        display_name=given.display_name,
        email=given.email,
        disabled=given.disabled,
        version=given.version,
    )
    return documented(account, users.roles(connection, account.actor_id))


@router.put("/users/{user}/roles", summary="Give an account roles", dependencies=[requires("roles.manage")])
def give_roles(user: Name, given: RolesChange, caller: CallerDep, connection: Writing) -> User:
    """All that it is to have. Nobody changes his own."""
    account = accounts.give_roles(connection, caller, user, wanted(given.roles), version=given.version)
    return documented(account, users.roles(connection, account.actor_id))


@router.put(
    "/users/{user}/password",
    status_code=204,
    summary="Set a password that is to be changed",
    dependencies=[in_turn(), requires("users.manage")],
)
def set_password(user: Name, given: SetPassword, caller: CallerDep, unit: UnitDep) -> None:
    """All sessions of the account end, and a lock. It allows nothing before its owner has changed it."""
    if user == caller.name:
        raise ForbiddenError("one's own password is changed elsewhere", remedy="PUT /api/v1/me/password")
    with unit.connection.transaction():
        accounts.set_password(unit.connection, caller.name, user, given.password)


@router.post(
    "/users/{user}/unlock", status_code=204, summary="End a lock", dependencies=[requires("users.manage")]
)
def unlock_user(user: Name, caller: CallerDep, connection: Writing, platform: PlatformDep) -> None:
    """Let somebody who failed too often sign in again."""
    accounts.unlock(connection, caller.name, user)
    throttling.forget(platform.redis, user)


@router.post(
    "/users/{user}/logout",
    status_code=204,
    summary="End all sessions of an account",
    dependencies=[requires("users.manage")],
)
def end_sessions(user: Name, caller: CallerDep, connection: Writing) -> None:
    """It may sign in again."""
    accounts.end_sessions(connection, caller.name, user)


@router.get(
    "/users/{user}/identities",
    summary="As whom providers know an account",
    dependencies=[requires("users.read")],
)
def list_identities(user: Name, connection: Reading) -> ProviderIdentities:
    """Issuer and subject of OpenID Connect."""
    account = accounts.found(connection, user)
    found = users.identities(connection, account.actor_id)
    return ProviderIdentities(items=[ProviderIdentity(issuer=one, subject=subject) for one, subject in found])


@router.post(
    "/users/{user}/identities",
    status_code=204,
    summary="Let an account sign in by a provider",
    dependencies=[requires("users.manage")],
)
def link_identity(user: Name, given: ProviderIdentity, caller: CallerDep, connection: Writing) -> None:
    """By issuer and subject, never by e-mail. Nobody links himself."""
    accounts.link(connection, caller, user, given.issuer, given.subject)


@router.delete(
    "/users/{user}/identities",
    status_code=204,
    summary="Let an account no longer sign in by a provider",
    dependencies=[requires("users.manage")],
)
def unlink_identity(
    user: Name,
    issuer: Annotated[str, Query(max_length=500)],
    subject: Annotated[str, Query(max_length=255)],
    caller: CallerDep,
    connection: Writing,
) -> None:
    """All its sessions end."""
    accounts.unlink(connection, caller.name, user, issuer, subject)


def wanted(given: list[GivenRole]) -> list[Grant]:
    """Roles of a request as grants."""
    return [Grant(one.role, None if one.recons is None else frozenset(one.recons)) for one in given]


def documented(account: Account, roles: list[RoleOf]) -> User:
    """An account as a document."""
    return User(
        name=account.name,
        kind=account.kind,
        display_name=account.display_name,
        email=account.email,
        disabled=account.disabled,
        locked_until=account.locked_until,
        must_change=account.must_change,
        has_password=account.password_hash is not None,
        last_login_at=account.last_login_at,
        created_at=account.created_at,
        roles=[
            GivenRole(role=one.role, recons=None if one.recons is None else sorted(one.recons))
            for one in grants_of(roles)
        ],
        version=account.version,
    )
