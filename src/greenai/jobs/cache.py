"""The cache in Redis: how far runs are, and their summaries; emptied, it costs a look into PostgreSQL."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final

from greenai.domain.progress import Progress

if TYPE_CHECKING:
    from redis import Redis

KEPT: Final = 3600
"""Seconds after which an entry that nobody renews is gone."""
EVERY: Final = 0.5
"""Seconds between two entries about one stage."""


class Cache:
    """Entries by run. Nothing here fails: without Redis nothing is written, and nothing is known."""

    def __init__(self, url: str) -> None:
        from redis import Redis
        from redis.backoff import NoBackoff
        from redis.retry import Retry

        self._redis: Redis = Redis.from_url(
            url, socket_timeout=1.0, socket_connect_timeout=1.0, retry=Retry(NoBackoff(), 1)
        )

    def put(self, run_id: int, what: str, document: dict[str, Any]) -> None:
        """Write an entry: ``progress`` or ``summary``."""
        with unfailing():
            self._redis.set(f"greenai:run:{run_id}:{what}", json.dumps(document), ex=KEPT)

    def get(self, run_id: int, what: str) -> dict[str, Any] | None:
        """An entry; None when there is none."""
        with unfailing():
            found = self._redis.get(f"greenai:run:{run_id}:{what}")
            return None if found is None else dict(json.loads(found))
        return None

    def close(self) -> None:
        """Let go of the connections."""
        with unfailing():
            self._redis.close()


class Told(Progress):
    """Progress of a stage that is written into the cache, from time to time."""

    def __init__(self, cache: Cache, run_id: int, stage: str) -> None:
        self._cache, self._run_id, self._stage = cache, run_id, stage
        self._begun = time.time()
        self._step = ""
        self._rows: int | None = None
        self._share: Callable[[], float] | None = None

    def done(self) -> None:
        """Nothing more comes."""
        self._share = None

    def watch(self, share: Callable[[], float]) -> None:
        """Learn how far the running statement is, when asked."""
        self._share = share

    def stage(self, name: str, rows: int | None = None) -> None:
        """Note the step that begins."""
        self._step, self._rows = name, rows
        self.tell()

    def tell(self) -> None:
        """Write where the stage is now."""
        share = self._share() if self._share is not None else -1.0
        self._cache.put(
            self._run_id,
            "progress",
            {
                "stage": self._stage,
                "step": self._step,
                "rows": self._rows,
                "share": share if share >= 0 else None,
                "since": self._begun,
                "at": time.time(),
            },
        )


@contextlib.contextmanager
def telling(told: Told) -> Iterator[None]:
    """Write where a stage is every half a second, from a thread of its own."""
    ended = threading.Event()

    def tell() -> None:
        while not ended.wait(EVERY):
            told.tell()

    thread = threading.Thread(target=tell, name="greenai-progress", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


@contextlib.contextmanager
def unfailing() -> Iterator[None]:
    """Whatever Redis says is no trouble."""
    from redis.exceptions import RedisError

    with contextlib.suppress(RedisError, OSError, ValueError):
        yield
