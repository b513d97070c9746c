"""Figures of dashboards in Redis, with what computes them behind it: emptied or away, it costs time only."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from greenai.jobs.cache import unfailing

if TYPE_CHECKING:
    from redis import Redis

FRESH: Final = 30.0
"""Seconds for which nobody computes figures anew."""
KEPT: Final = 3600
"""Seconds after which figures that nobody asked for are gone."""
COMPUTING: Final = 30
"""Seconds for which one who computes keeps others from it."""
WAITING: Final = 2.0
"""Seconds that others wait for the first figures, before they compute them too."""
AWAY: Final = 5.0
"""Seconds for which a Redis that did not answer is not asked."""
Document = dict[str, Any]


@cache
def shared(redis: Redis) -> Figures:
    """The figures in a Redis, one for a process: all of it know when it is away."""
    return Figures(redis)


class Figures:
    """Figures of recons by name, shared by all processes; older ones are told while one computes newer."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._away_until = 0.0

    def get(self, recon_id: int, what: str, compute: Callable[[], Document]) -> Document:
        """The figures of a recon; `compute` makes them, as JSON, where there are none that are fresh."""
        name = f"greenai:figures:{recon_id}:{what}"
        held = self._read(name)
        if held is not None and time.time() - held[0] < FRESH:
            return held[1]
        alone = self._begin(name)
        if not alone and held is not None:
            return held[1]
        until = time.monotonic() + WAITING
        while not alone and time.monotonic() < until:
            time.sleep(0.05)
            if (held := self._read(name)) is not None:
                return held[1]
            alone = self._begin(name)
        try:
            found = compute()
            self._write(name, found)
        finally:
            if alone:
                self._end(name)
        return found

    def _reached(self) -> bool:
        return time.monotonic() >= self._away_until

    def _read(self, name: str) -> tuple[float, Document] | None:
        if not self._reached():
            return None
        with unfailing():
            kept = self._redis.get(name)
            if kept is None:
                return None
            return _entry(kept)
        self._away_until = time.monotonic() + AWAY
        return None

    def _begin(self, name: str) -> bool:
        """Whether this one is to compute; with a Redis that is away everybody does."""
        if not self._reached():
            return True
        with unfailing():
            return bool(self._redis.set(f"{name}:computing", 1, nx=True, ex=COMPUTING))
        self._away_until = time.monotonic() + AWAY
        return True

    def _write(self, name: str, figures: Document) -> None:
        if self._reached():
            with unfailing():
                entry = json.dumps({"kept_at": time.time(), "figures": figures})
                self._redis.set(name, entry, ex=KEPT)

    def _end(self, name: str) -> None:
        if self._reached():
            with unfailing():
                self._redis.delete(f"{name}:computing")


def _entry(kept: Any) -> tuple[float, Document] | None:
    """What was kept, None for what is none of ours."""
    try:
        entry = json.loads(kept)
        return float(entry["kept_at"]), dict(entry["figures"])
    except (ValueError, KeyError, TypeError):
        return None
