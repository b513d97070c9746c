"""Signing in by an OpenID Connect provider."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response
from fastapi.responses import RedirectResponse

from greenai.bff import cookies
from greenai.bff.deps import PlatformDep, UnitDep
from greenai.bff.router import new_router
from greenai.errors import NotFoundError
from greenai.identity import oidc
from greenai.identity.provider import Provider
from greenai.identity.sessions import COOKIE
from greenai.settings import Settings

router = new_router("identity")
PATH = "/api/v1/oidc"
Text = Annotated[str | None, Query(max_length=4000)]


@router.get(
    "/oidc/login",
    status_code=303,
    response_class=RedirectResponse,
    summary="Go to the provider to sign in",
)
def depart_to_provider(
    request: Request, platform: PlatformDep, back_to: Annotated[str, Query(max_length=2000)] = "/"
) -> Response:
    """The browser comes back to /oidc/callback, and from there to `back_to`, a path of ours."""
    departure = oidc.depart(platform.redis, provider_of(request, platform.settings), back_to=back_to)
    response = RedirectResponse(departure.url, 303)
    response.set_cookie(
        oidc.COOKIE,
        departure.cookie,
        max_age=oidc.LONGEST,
        path=PATH,
        secure=platform.settings.secure,
        httponly=True,
        samesite="lax",
    )
    return response


@router.get(
    "/oidc/callback",
    status_code=303,
    response_class=RedirectResponse,
    summary="Come back from the provider",
)
def return_from_provider(
    request: Request,
    unit: UnitDep,
    platform: PlatformDep,
    code: Text = None,
    state: Text = None,
    iss: Text = None,
    error: Text = None,
) -> Response:
    """Begins a session, kept in a cookie as after signing in by name and password."""
    settings = platform.settings
    entered, back_to = oidc.arrive(
        unit.connection,
        platform.redis,
        provider_of(request, settings),
        code=code,
        state=state,
        issuer=iss,
        error=error,
        browser=request.cookies.get(oidc.COOKIE),
        cookie=request.cookies.get(COOKIE),
    )
    response = RedirectResponse(back_to, 303)
    cookies.give(response, entered, settings)
    response.delete_cookie(oidc.COOKIE, path=PATH, secure=settings.secure, httponly=True, samesite="lax")
    return response


def provider_of(request: Request, settings: Settings) -> Provider:
    """The provider, which a process remembers with what it published. Raises NotFoundError: none is set."""
    if settings.oidc_issuer is None or settings.oidc_client_id is None:
        raise NotFoundError(
            "nobody signs in by a provider here",
            remedy="set GREENAI_OIDC_ISSUER and GREENAI_OIDC_CLIENT_ID, or sign in by name and password",
        )
    found: Provider | None = getattr(request.app.state, "openid_provider", None)
    if found is None:
        found = request.app.state.openid_provider = Provider(settings)
    return found
