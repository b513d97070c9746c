"""Jobs: pieces of work for engines, claimed by one worker at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal

from greenai.domain.runs import Stage, State

Engine = Literal["ingest", "diff", "attribution", "discriminator", "worker"]
ENGINES: Final[tuple[Engine, ...]] = ("ingest", "diff", "attribution", "discriminator", "worker")
JobState = Literal["waiting", "running", "done", "dead", "cancelled"]

STAGES: Final[Mapping[Stage, tuple[Engine, State]]] = {
    "ingest": ("ingest", "ingesting"),
    "compare": ("diff", "comparing"),
    "attribute": ("attribution", "attributing"),
    "discriminate": ("discriminator", "discriminating"),
    "decide": ("worker", "deciding"),
}
"""The stages of a run in order: which engine does one, and what the run is called meanwhile."""


def after(stage: Stage) -> Stage | None:
    """The stage that follows; None after the last."""
    names = list(STAGES)
    place = names.index(stage) + 1
    return names[place] if place < len(names) else None


@dataclass(frozen=True, slots=True)
class Claim:
    """A job that a worker holds. It may write only while `token` is the job's."""

    job_id: int
    engine: Engine
    kind: str
    run_id: int | None
    payload: Mapping[str, Any]
    token: int
    attempt: int
    most_attempts: int
    size: int
    urgency: int

    @property
    def last(self) -> bool:
        """Whether no attempt is left after this one."""
        return self.attempt >= self.most_attempts


@dataclass(frozen=True, slots=True)
class Job:
    """A job as it is listed."""

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
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    ready_at: datetime
    error: str | None
    remedy: str | None

    def as_dict(self) -> dict[str, Any]:
        """The document of a job; times in ISO 8601."""
        values = {name: getattr(self, name) for name in self.__slots__}
        return {
            name: value.isoformat() if isinstance(value, date | datetime) else value
            for name, value in values.items()
        }
