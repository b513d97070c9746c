"""Who asks, by the cookie of a session or by an API key."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Any, Final

from greenai.errors import AuthenticationError, ForbiddenError
from greenai.identity import keys, sessions
from greenai.identity.callers import Caller
from greenai.identity.grants import grants_of
from greenai.identity.sessions import COOKIE
from greenai.store import users

if TYPE_CHECKING:
    import psycopg
    from redis import Redis

    Connection = psycopg.Connection[Any]

__all__ = ["COOKIE", "authenticate"]

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing; all others of a session need its CSRF token."""


def authenticate(
    connection: Connection,
    redis: Redis,
    *,
    cookie: str | None,
    bearer: str | None,
    csrf: str | None,
    method: str,
) -> Caller:
    """Who asks. `cookie` is the value of the session cookie, `bearer` what follows ``Bearer``, `csrf` the
    value of the header ``X-CSRF-Token``.

    A key comes before a cookie: browsers never send one by themselves. Rights are read anew each time, so
    what is taken away is gone at once. The connection may write: the use of a key is noted.
    Raises AuthenticationError: neither
    is given, unknown, ended, of an account that is disabled; ForbiddenError: the CSRF token is missing or
    another's.
    """
    if bearer is not None:
        return keys.caller(connection, bearer)
    if not cookie:
        raise AuthenticationError(
            "nobody is logged in", remedy="log in: POST /api/v1/login, or send an API key"
        )
    session = sessions.find(redis, cookie)
    account = users.by_id(connection, session.actor_id) if session is not None else None
    if session is None or account is None or not account.active or account.epoch != session.epoch:
        raise AuthenticationError("the session has ended", remedy="log in again")
    token = sessions.csrf_token(cookie)
    if method.upper() not in SAFE and not hmac.compare_digest(token.encode(), (csrf or "").encode()):
        raise ForbiddenError(
            "the CSRF token is missing or not of this session",
            remedy="send the value of `csrf` in GET /api/v1/me as header X-CSRF-Token",
        )
    return Caller(
        actor_id=account.actor_id,
        name=account.name,
        grants=grants_of(users.roles(connection, account.actor_id)),
        via="session",
        csrf=token,
        must_change=account.must_change,
    )
