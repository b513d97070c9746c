"""Sessions of browsers, in Redis: emptied, everybody logs in again, and nothing else is lost.

A session is a random token of 256 bits that only the browser has; Redis has its SHA-256, so that who can
read Redis cannot take a session over. It ends after a while without a request, after an absolute time, at
logout, and when the epoch of its account is raised (new password, disabled). At login a new token is made
whatever the browser sent, so that nobody can make others use a token that he knows.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from greenai.errors import PlatformError

if TYPE_CHECKING:
    from redis import Redis

COOKIE: Final = "greenai_session"
TOKEN_LENGTH: Final = 43
"""Characters of a token: 256 bits in base 64."""


@dataclass(frozen=True, slots=True)
class Session:
    """Whose it is, of which epoch of the account, and the times (seconds since 1970) of its limits."""

    actor_id: int
    epoch: int
    begun: float
    until: float
    idle: float


def begin(redis: Redis, actor_id: int, epoch: int, *, idle: float, absolute: float) -> str:
    """The token of a new session that ends after `idle` seconds without a request, and after `absolute`.

    Raises PlatformError without Redis.
    """
    token = secrets.token_urlsafe(32)
    now = time.time()
    document = {"actor": actor_id, "epoch": epoch, "begun": now, "until": now + absolute, "idle": idle}
    with answered():
        redis.set(_name(token), json.dumps(document), px=_milliseconds(min(idle, absolute)))
    return token


def find(redis: Redis, token: str) -> Session | None:
    """The session of a token, which goes on by that; None when there is none. Raises PlatformError."""
    if len(token) != TOKEN_LENGTH or not token.isascii():
        return None
    name = _name(token)
    with answered():
        found = cast("bytes | None", redis.get(name))
        if found is None:
            return None
        document: dict[str, Any] = json.loads(found)
        session = Session(
            document["actor"], document["epoch"], document["begun"], document["until"], document["idle"]
        )
        left = session.until - time.time()
        if left <= 0:
            redis.delete(name)
            return None
        redis.pexpire(name, _milliseconds(min(session.idle, left)))
    return session


def end(redis: Redis, token: str) -> None:
    """End the session of a token, if there is one. Raises PlatformError without Redis."""
    with answered():
        redis.delete(_name(token))


def csrf_token(token: str) -> str:
    """What requests of a session that change something send beside the cookie.

    It follows from the token but does not tell it, so that pages may know it; another site knows neither.
    """
    return hashlib.sha256(b"greenai csrf\0" + token.encode()).hexdigest()


@contextlib.contextmanager
def answered() -> Iterator[None]:
    """Trouble with Redis as a PlatformError."""
    from redis.exceptions import RedisError

    try:
        yield
    except (RedisError, OSError) as error:
        raise PlatformError(
            f"sessions cannot be reached: {type(error).__name__}", remedy="check that Redis runs; ask again"
        ) from None


def _name(token: str) -> str:
    return f"greenai:session:{hashlib.sha256(token.encode()).hexdigest()}"


def _milliseconds(seconds: float) -> int:
    return max(1, int(seconds * 1000))
