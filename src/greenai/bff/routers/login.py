"""Signing in by name and password, and out."""

from __future__ import annotations

from urllib.parse import urlsplit

from fastapi import Request, Response

from greenai.bff import cookies
from greenai.bff.deps import CallerDep, PlatformDep, UnitDep
from greenai.bff.router import new_router
from greenai.bff.routers.me import described
from greenai.bff.schemas.me import Login, Me, WaysIn
from greenai.bff.turns import in_turn
from greenai.errors import ForbiddenError, UsageError
from greenai.identity import login as logins
from greenai.identity.callers import Caller
from greenai.identity.grants import grants_of
from greenai.identity.sessions import COOKIE
from greenai.settings import Settings
from greenai.store import users

router = new_router("identity")


@router.get("/login", summary="How one may sign in")
def ways_in(platform: PlatformDep) -> WaysIn:
    """Tell the login page what to offer."""
    return WaysIn(oidc=platform.settings.oidc_issuer is not None)


@router.post("/login", summary="Sign in by name and password", dependencies=[in_turn()])
def log_in(given: Login, request: Request, response: Response, unit: UnitDep, platform: PlatformDep) -> Me:
    """Begin a session, kept in a cookie; the CSRF token is in the answer and in a cookie of its own.

    All refusals read alike. After some failures the account is locked for a while.
    """
    same_origin(request, platform.settings)
    entered = logins.log_in(
        unit.connection,
        platform.redis,
        platform.settings,
        name=given.name,
        password=given.password,
        address=address_of(request),
        cookie=request.cookies.get(COOKIE),
    )
    cookies.give(response, entered, platform.settings)
    return me_of(entered, unit)


@router.post("/logout", status_code=204, summary="Sign out")
def log_out(
    request: Request, response: Response, caller: CallerDep, unit: UnitDep, platform: PlatformDep
) -> None:
    """End this session."""
    cookie = request.cookies.get(COOKIE)
    if caller.via != "session" or cookie is None:
        raise UsageError("an API key has no session", remedy="revoke it: DELETE /api/v1/api-keys/{key}")
    logins.log_out(unit.connection, platform.redis, name=caller.name, cookie=cookie)
    cookies.take(response, platform.settings)


def me_of(entered: logins.Entered, unit: UnitDep) -> Me:
    """Who has just signed in."""
    account = entered.account
    caller = Caller(
        account.actor_id,
        account.name,
        grants_of(users.roles(unit.connection, account.actor_id)),
        "session",
        csrf=entered.csrf,
        must_change=account.must_change,
    )
    return described(caller, account)


def same_origin(request: Request, settings: Settings) -> None:
    """Raise ForbiddenError for a browser that comes from a page of somebody else.

    There is no session yet whose CSRF token could be asked for: else another site could sign a visitor in
    as somebody whose doings it can see.
    """
    origin = request.headers.get("origin")
    if request.headers.get("sec-fetch-site") in {"cross-site", "same-site"}:
        raise ForbiddenError("a page of another site asks", remedy="sign in on greenai's own page")
    if origin is None:
        return
    ours = {request.headers.get("host", "").lower()}
    if settings.public_url is not None:
        ours.add(urlsplit(settings.public_url).netloc.lower())
    if urlsplit(origin).netloc.lower() not in ours:
        raise ForbiddenError(
            "a page of another site asks",
            remedy="sign in on greenai's own page; behind a proxy set GREENAI_PUBLIC_URL",
        )


def address_of(request: Request) -> str:
    """Where a request comes from, as the server that listens knows it."""
    return request.client.host if request.client is not None else "local"
