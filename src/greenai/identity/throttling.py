"""How often one may try to log in: for an account, and from an address; counted in Redis.

It slows guessing down; what stops it, and outlives Redis, is the lock of the account in PostgreSQL.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final, cast

from greenai.errors import TooOftenError
from greenai.identity.sessions import answered

if TYPE_CHECKING:
    from redis import Redis

WINDOW: Final = 300
"""Seconds within which attempts are counted."""
OF_ACCOUNT: Final = 20
FROM_ADDRESS: Final = 300
"""More than of an account: behind one address may be a whole office."""


def count_attempt(redis: Redis, name: str, address: str) -> None:
    """Count an attempt to log in. Raises TooOftenError above the limits, PlatformError without Redis."""
    for what, most in ((f"address:{address}", FROM_ADDRESS), (f"account:{name.casefold()}", OF_ACCOUNT)):
        entry = _entry(what)
        with answered():
            # The first one begins the window; both at once, so that no counter stays for good.
            pipe = redis.pipeline(transaction=True)
            pipe.set(entry, 0, ex=WINDOW, nx=True)
            pipe.incr(entry)
            pipe.ttl(entry)
            _, count, left = cast("tuple[object, int, int]", tuple(pipe.execute()))
        if count > most:
            raise TooOftenError(max(1, left), "too many attempts to log in")


def forget(redis: Redis, name: str) -> None:
    """Count the attempts of an account from none: somebody logged in, or an administrator unlocked it."""
    with answered():
        redis.delete(_entry(f"account:{name.casefold()}"))


def _entry(what: str) -> str:
    """Names and addresses are not written as they are: whatever was typed may be there, a password too."""
    return f"greenai:attempts:{hashlib.sha256(what.encode('utf-8', 'backslashreplace')).hexdigest()}"
