"""Live progress of runs: one look at all that are watched, however many watch and nobody holds a connection.

Where runs are comes from PostgreSQL, how far a stage is from Redis while it answers.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from starlette.concurrency import run_in_threadpool

from greenai.domain.jobs import STAGES
from greenai.domain.runs import FINISHED
from greenai.errors import TooOftenError
from greenai.jobs.cache import Cache
from greenai.store import run_pages
from greenai.telemetry import logs

if TYPE_CHECKING:
    from greenai.bff.platform import Platform
    from greenai.store.run_pages import Progressing

EVERY: Final = 0.5
"""Seconds between two looks."""
HEARTBEAT: Final = 15.0
"""Seconds after which a comment is sent where nothing happened: proxies let go of silent connections."""
LONGEST: Final = 900.0
"""Seconds after which a stream ends: who still may watch comes back by itself."""
MOST: Final = 1000
"""Streams of one process at once."""
GONE: Final = {"state": "gone"}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Where a run is: the event's id, its JSON, and whether the run has ended."""

    event_id: str
    data: str
    ended: bool


@dataclass(slots=True)
class Live:
    """What is known of the runs that somebody watches; lives in the event loop of one process."""

    platform: Platform
    _watchers: dict[int, int] = field(default_factory=dict)
    _known: dict[int, Snapshot] = field(default_factory=dict)
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    _task: asyncio.Task[None] | None = None
    _cache: Cache | None = None

    async def events(self, run_id: int, last_id: str | None) -> AsyncIterator[bytes]:
        """The stream of a run as server-sent events, until it has ended."""
        begun, sent = time.monotonic(), last_id
        yield b"retry: 2000\n\n"
        with self._watching(run_id):
            while time.monotonic() - begun < LONGEST:
                found = await self._next(run_id, sent)
                if found is None:
                    yield b": still here\n\n"
                    continue
                kind = "end" if found.ended else "progress"
                yield f"id: {found.event_id}\nevent: {kind}\ndata: {found.data}\n\n".encode()
                sent = found.event_id
                if found.ended:
                    return

    @contextlib.contextmanager
    def _watching(self, run_id: int) -> Any:
        self._watchers[run_id] = self._watchers.get(run_id, 0) + 1
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._look())
        try:
            yield
        finally:
            self._watchers[run_id] -= 1
            if not self._watchers[run_id]:
                del self._watchers[run_id]
                self._known.pop(run_id, None)

    async def _next(self, run_id: int, sent: str | None) -> Snapshot | None:
        """What is new since an event; None where nothing is for `HEARTBEAT` seconds."""

        def new() -> bool:
            known = self._known.get(run_id)
            return known is not None and (known.event_id != sent or known.ended)

        async with self._changed:
            try:
                await asyncio.wait_for(self._changed.wait_for(new), HEARTBEAT)
            except TimeoutError:
                return None
            return self._known[run_id]

    async def _look(self) -> None:
        while self._watchers:
            try:
                found = await run_in_threadpool(self._seen, list(self._watchers))
            except Exception as error:  # the database is away: what is known stays, and is asked for again
                logs.event("progress_unknown", level="warning", error=error)
                found = {}
            async with self._changed:
                self._known.update({run: one for run, one in found.items() if run in self._watchers})
                self._changed.notify_all()
            await asyncio.sleep(EVERY)

    def _seen(self, runs: list[int]) -> dict[int, Snapshot]:
        """All runs by one query; in a thread."""
        if self._cache is None:
            assert self.platform.settings.redis_url is not None
            self._cache = Cache(self.platform.settings.redis_url)
        with self.platform.pool.connection() as connection:
            standing = {one.run: one for one in run_pages.standing(connection, runs)}
        return {
            run: snapshot(standing[run], self._cache.get(run, "progress"))
            if run in standing
            else _made({"run": run, **GONE}, True)  # it said what an earlier run had said, and was forgotten
            for run in runs
        }

    def insist_room(self) -> None:
        """Raise TooOftenError when too many watch."""
        if sum(self._watchers.values()) >= MOST:
            raise TooOftenError(5)


def snapshot(standing: Progressing, told: dict[str, Any] | None) -> Snapshot:
    """Where a run is; what an engine told is left out where it is about another stage."""
    working = [stage for stage, (_, state) in STAGES.items() if state == standing.state]
    progress = None
    if told is not None and told.get("stage") in working:
        progress = {name: told.get(name) for name in ("stage", "step", "rows", "share")}
    return _made(
        {
            "run": standing.run,
            "state": standing.state,
            "error": standing.error,
            "requested_at": _plain(standing.requested_at),
            "finished_at": _plain(standing.finished_at),
            "stages": standing.stages,
            "progress": progress,
        },
        standing.state in FINISHED,
    )


def _made(document: dict[str, Any], ended: bool) -> Snapshot:
    data = json.dumps(document, separators=(",", ":"), default=str)
    return Snapshot(hashlib.sha256(data.encode()).hexdigest()[:16], data, ended)


def _plain(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
