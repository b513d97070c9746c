"""How often somebody may call, counted in Redis; without Redis nobody is refused."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING, Final

from greenai.errors import TooOftenError

if TYPE_CHECKING:
    from redis import Redis

WINDOW: Final = 10
"""Seconds of a window; within one a caller may use its share of the minute."""


def count_call(redis: Redis, actor_id: int, per_minute: int) -> None:
    """Count one call. Raises TooOftenError above `per_minute` (0: no limit)."""
    if not per_minute:
        return
    from redis.exceptions import RedisError

    now = time.time()
    window = int(now // WINDOW)
    name = f"greenai:calls:{actor_id}:{window}"
    count = 0
    with contextlib.suppress(RedisError):
        count = int(redis.incr(name))
        if count == 1:
            redis.expire(name, 2 * WINDOW)
    if count > per_minute * WINDOW / 60:
        raise TooOftenError(max(1, round((window + 1) * WINDOW - now)))
