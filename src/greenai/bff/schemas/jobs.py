"""Jobs in responses."""

from __future__ import annotations

from datetime import date

from greenai.bff.schemas.common import Answer, Moment
from greenai.domain.jobs import Engine, JobState


class JobListed(Answer):
    """A piece of work of an engine; a dead one was given up, until somebody tries it again."""

    job: int
    engine: Engine
    kind: str
    run: int | None
    recon: str | None
    business_date: date | None
    state: JobState
    urgency: int
    size: int
    attempts: int
    most_attempts: int
    worker: str | None
    created_at: Moment
    started_at: Moment | None
    finished_at: Moment | None
    ready_at: Moment
    error: str | None
    remedy: str | None


class JobPage(Answer):
    """Jobs, the last first."""

    items: list[JobListed]
    next: str | None


class QueueShown(Answer):
    """How many jobs of an engine are in a state."""

    engine: str
    state: str
    jobs: int


class Queues(Answer):
    """What waits, goes on, or was given up."""

    items: list[QueueShown]
