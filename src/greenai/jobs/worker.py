"""A worker: takes jobs of one engine, one at a time, until it is told to stop."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from greenai.domain.jobs import STAGES, Claim, Engine
from greenai.domain.runs import Stage
from greenai.errors import GreenaiError, PlatformError, StaleError, SupersededError
from greenai.jobs.failures import failure
from greenai.store import jobs, requests, runs
from greenai.store.database import connect, explained

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[Any]

Handler = Callable[[Claim, Callable[[Callable[[], None]], None]], None]
"""Does a job and commits it; is given what to tell of how it can be interrupted."""
Teller = Callable[..., None]
"""Writes a line of the log: an event and its fields."""
STUCK = 30.0
"""Seconds without a look for work after which an idle worker is not well."""
LEAVING = 15.0
"""Seconds in which work that took too long, and was interrupted, comes to its end."""
LOOK = 2.0
"""Seconds after which a worker looks for work though no doorbell rang."""


def silent(_: str, **__: Any) -> None:
    """Tells nobody."""


@dataclass(slots=True)
class Worker:
    """Takes jobs of `engine` not larger than `largest`, and has the handler of their kind do them."""

    url: str
    engine: Engine
    name: str
    handlers: Mapping[str, Handler]
    largest: int = jobs.ANY_SIZE
    limit: float | None = None
    """Seconds that a job may take; None: any number."""
    tell: Teller = silent
    rung: threading.Event = None  # type: ignore[assignment]
    stopping: threading.Event = None  # type: ignore[assignment]
    working: Claim | None = None
    looked_at: float = field(default_factory=time.monotonic)
    """When it looked for work last (`time.monotonic`)."""
    trouble: str | None = None
    """The class of what keeps it from its work, as long as that lasts."""
    _late: bool = False
    _begun: float = 0.0
    _overdue: Claim | None = None
    _interrupt: Callable[[], None] | None = None

    def __post_init__(self) -> None:
        self.rung = self.rung or threading.Event()
        self.stopping = self.stopping or threading.Event()

    def serve(self) -> None:
        """Work until `stopping` is set; what the store says meanwhile is told, and tried again."""
        while not self.stopping.is_set():
            self.rung.clear()
            try:
                with explained(self.url):
                    while not self.stopping.is_set() and self.once():
                        pass
            except GreenaiError as error:
                self.trouble = type(error).__name__
                self.tell("store_unavailable", level="warning", error=error)
                self.stopping.wait(1.0)
                continue
            self.trouble = None
            self.rung.wait(LOOK)

    def stop(self, grace: float) -> None:
        """Take no more; what is being worked on may finish within `grace` seconds, then it is handed back."""
        self.stopping.set()
        self.rung.set()
        until = time.monotonic() + grace
        while self.working is not None and time.monotonic() < until:
            time.sleep(0.05)
        self._late = True
        if self.working is not None and (interrupt := self._interrupt) is not None:
            interrupt()

    def hand_back(self) -> None:
        """Hand back what could not even be interrupted: whoever takes it has a newer token."""
        if (claim := self.working) is None:
            return
        with connect(self.url, autocommit=True) as connection:
            jobs.back(connection, claim)
        self.tell("job_handed_back", job=claim.job_id, kind=claim.kind, run=claim.run_id)

    def well(self) -> bool:
        """Whether it works, or looks for work; while the store is away it is not."""
        idle = time.monotonic() - self.looked_at
        return self.trouble is None and (self.working is not None or idle < STUCK)

    def overrun(self) -> bool:
        """End a job that takes longer than `limit`: an attempt that failed. To be called now and then.

        Whether the process is of no use any more: the work cannot be interrupted. Raises nothing.
        """
        claim, taken = self.working, time.monotonic() - self._begun
        if self.limit is None or claim is None or taken <= self.limit:
            return False
        if self._overdue is not claim:
            try:
                with explained(self.url):
                    self._failed(claim, too_long(claim, self.limit))
            except GreenaiError as error:  # tried again soon
                self.tell("store_unavailable", level="warning", error=error)
                return False
            self._overdue = claim
            if (interrupt := self._interrupt) is not None:
                interrupt()
        return taken > self.limit + LEAVING and self.working is claim

    def once(self) -> bool:
        """Do one job, if there is one. An error of the job is noted with it, not raised."""
        with connect(self.url, autocommit=True) as connection:
            claim = jobs.claim(connection, self.engine, self.name, largest=self.largest)
            if claim is not None and claim.token > 1:
                jobs.expel(connection)  # who had it before may be frozen, and hold what this one needs
        self.looked_at = time.monotonic()
        if claim is None:
            return False
        self._begun = begun = time.monotonic()
        self.working, self._interrupt = claim, None
        try:
            self.tell(
                "job_begins", job=claim.job_id, kind=claim.kind, run=claim.run_id, attempt=claim.attempt
            )
            self.handlers[claim.kind](claim, self._told)
            seconds = round(time.monotonic() - begun, 3)
            self.tell("job_done", job=claim.job_id, kind=claim.kind, run=claim.run_id, seconds=seconds)
        except SupersededError:
            self.tell("job_superseded", level="warning", job=claim.job_id, kind=claim.kind, run=claim.run_id)
        except StaleError as error:
            self._restarted(claim, error)
        except Exception as error:
            if self._overdue is not claim:  # else that is noted already
                self._failed(claim, error)
        finally:
            self.working, self._interrupt = None, None
        return True

    def _told(self, interrupt: Callable[[], None]) -> None:
        self._interrupt = interrupt
        if self._late:
            interrupt()

    def _restarted(self, claim: Claim, error: StaleError) -> None:
        """What a stage went by has changed: the run goes back to where that matters."""
        names = list(STAGES)
        following = names[names.index(cast("Stage", error.stage)) + 1 :]
        try:
            with connect(self.url, autocommit=True) as connection, connection.transaction():
                words = {"error": error.message, "remedy": error.remedy or "run it again"}
                if not jobs.restart(connection, claim, error.stage, following, **words):
                    give_up(connection, claim.run_id, error.stage, error.message)
        except SupersededError:
            self.tell("job_superseded", level="warning", job=claim.job_id, kind=claim.kind, run=claim.run_id)
            return
        self.tell("run_restarted", run=claim.run_id, job=claim.job_id, kind=error.stage)

    def _failed(self, claim: Claim, error: Exception) -> None:
        """Note an error with the job: it is handed back, tried again later, or given up with its run."""
        found = failure(claim, error)
        with connect(self.url, autocommit=True) as connection, connection.transaction():
            if self.stopping.is_set():
                jobs.back(connection, claim)
                self.tell("job_handed_back", job=claim.job_id, kind=claim.kind, run=claim.run_id)
                return
            if found.delay is not None:
                jobs.again(connection, claim, error=found.error, remedy=found.remedy, delay=found.delay)
            elif jobs.dead(connection, claim, error=found.error, remedy=found.remedy):
                give_up(connection, claim.run_id, claim.kind, found.error)
        level = "error" if found.delay is None else "warning"
        self.tell(
            "job_failed",
            level=level,
            job=claim.job_id,
            kind=claim.kind,
            run=claim.run_id,
            attempt=claim.attempt,
            error=error,
            again_in=found.delay,
        )


def too_long(claim: Claim, limit: float) -> PlatformError:
    """The error of a job that hangs, or that is larger than anybody thought."""
    return PlatformError(
        f"{claim.kind} took longer than {limit:g} seconds",
        remedy="see the log of the engine; where it only needs more time, raise GREENAI_STAGE_LIMIT; then "
        f"`greenai jobs retry {claim.job_id}`",
    )


def give_up(connection: Connection, run_id: int | None, kind: str, error: str) -> None:
    """A run whose stage is dead has failed, until somebody tries the stage again."""
    if run_id is None:
        return
    with contextlib.suppress(KeyError):
        runs.finish_stage(connection, run_id, kind, error=error)  # type: ignore[arg-type]
    requests.fail(connection, run_id, error)


def bury(connection: Connection) -> list[int]:
    """Give up the jobs whose worker died at the last attempt, and their runs; returns their numbers."""
    with connection.transaction():
        buried = jobs.bury(connection)
        for _, run_id, kind, error in buried:
            give_up(connection, run_id, kind, error)
    return [job for job, *_ in buried]
