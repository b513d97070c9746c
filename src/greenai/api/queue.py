"""Runs through the platform: `submit`, `follow`, `jobs`, `retry`, `cancel`."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from greenai.api.account import asking
from greenai.api.opening import business_day
from greenai.api.rules import changing
from greenai.api.stored import stored
from greenai.api.stores import migrated_store
from greenai.domain.jobs import STAGES, Job, JobState
from greenai.domain.runs import FINISHED, State
from greenai.errors import UsageError
from greenai.settings import NONE, Settings, read_settings, store_url

LOOK = 0.1
"""Seconds between two looks at a run that is followed."""


def submit(
    definition: str | Path,
    *,
    business_date: str | date | None = None,
    urgency: int = 0,
    causes: bool = True,
    requested_by: str | None = None,
    store: str | None = None,
    settings: Settings | None = None,
) -> int:
    """Ask the engines of the platform for a run; returns its number, at once.

    Of runs that wait the more urgent go first. Raises GreenaiError for a definition that cannot be used;
    what is wrong with its sources is told by the run.
    """
    from greenai.definition.loading import load
    from greenai.pipeline.submission import submit as ask
    from greenai.store.database import connect

    read = load(Path(definition))
    settings = settings or read_settings()
    target = store_url(store, settings)
    if target == NONE:
        raise UsageError(
            "engines work on what the store knows", remedy="leave out --store none, or `greenai run`"
        )
    day = business_day(business_date)
    with migrated_store(target, settings.home) as url, connect(url, autocommit=True) as connection:
        return ask(
            connection,
            read.definition,
            base=read.folder,
            business_date=date.fromisoformat(day) if day else date.today(),
            urgency=urgency,
            causes=causes,
            requested_by=asking(requested_by),
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a run is: its state, its error, and what its engine tells of the stage it works on, if any."""

    state: State
    error: str | None
    progress: Mapping[str, Any] | None = None


def follow(run: int, *, store: str | None = None, settings: Settings | None = None) -> Iterator[Standing]:
    """Where a run that was asked for is, whenever that changes, until it has ended.

    How far a stage is comes from Redis, while it answers; all else is what PostgreSQL says. Raises
    UsageError for a run that nobody asked the engines for.
    """
    from greenai.jobs.cache import Cache
    from greenai.store import requests

    settings = settings or read_settings()
    url = redis_url(settings)
    cache = None if url is None else Cache(url)
    last = None
    with stored(store, settings) as connection:
        while True:
            found = requests.standing(connection, run)
            connection.rollback()
            if found is None:
                raise UsageError("no engine was asked for this run", value=run, remedy="see `greenai runs`")
            told = None if cache is None else cache.get(run, "progress")
            state, error = found
            standing = Standing(state, error, told if current(told, state) else None)
            if standing != last:
                last = standing
                yield standing
            if state in FINISHED:
                return
            time.sleep(LOOK)


def current(told: Mapping[str, Any] | None, state: State) -> bool:
    """Whether what an engine told is about the stage that a run is in."""
    stage = None if told is None else told.get("stage")
    return any(name == stage and entered == state for name, (_, entered) in STAGES.items())


def redis_url(settings: Settings) -> str | None:
    """Where Redis is, if anywhere: the environment's, else that of the platform of this home."""
    if settings.redis_url is not None or settings.home is None:
        return settings.redis_url
    from greenai.embedded.redis import running_redis

    return running_redis(settings.home)


def jobs(
    *,
    state: JobState | None = None,
    run: int | None = None,
    job: int | None = None,
    limit: int = 20,
    store: str | None = None,
    settings: Settings | None = None,
) -> list[Job]:
    """What engines work on, did or gave up, the last first."""
    from greenai.store.jobs import listed

    with stored(store, settings) as connection:
        return listed(connection, state=state, run_id=run, job_id=job, limit=limit)


def retry(
    job: int, *, requested_by: str | None = None, store: str | None = None, settings: Settings | None = None
) -> None:
    """Try a dead job again, and the run with it. Raises UsageError when there is no such dead job."""
    from greenai.pipeline.submission import retry as again

    with changing(store, settings) as connection:
        again(connection, job, requested_by=asking(requested_by))
        connection.commit()


def cancel(
    run: int, *, requested_by: str | None = None, store: str | None = None, settings: Settings | None = None
) -> None:
    """Let nobody work on a run any more. Raises UsageError for a run that has ended or is not there."""
    from greenai.pipeline.submission import cancel as stop

    with changing(store, settings) as connection:
        stop(connection, run, requested_by=asking(requested_by))
        connection.commit()
