"""The cookies of a session: one that scripts cannot read, one that they can, for the CSRF token."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from greenai.identity.sessions import COOKIE

if TYPE_CHECKING:
    from fastapi import Response

    from greenai.identity.login import Entered
    from greenai.settings import Settings

CSRF_COOKIE: Final = "greenai_csrf"
"""Pages send its value as X-CSRF-Token: only our own pages can read it."""


def give(response: Response, entered: Entered, settings: Settings) -> None:
    """Let the browser keep the session, for as long as it can last."""
    age = round(settings.session_hours * 3600)
    response.set_cookie(
        COOKIE, entered.token, max_age=age, path="/", secure=settings.secure, httponly=True, samesite="lax"
    )
    response.set_cookie(
        CSRF_COOKIE,
        entered.csrf,
        max_age=age,
        path="/",
        secure=settings.secure,
        httponly=False,
        samesite="lax",
    )


def take(response: Response, settings: Settings) -> None:
    """Let the browser forget it."""
    for name, hidden in ((COOKIE, True), (CSRF_COOKIE, False)):
        response.delete_cookie(name, path="/", secure=settings.secure, httponly=hidden, samesite="lax")
