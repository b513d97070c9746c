"""Runs as pages for people: lists, what happened to one, two beside each other."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from greenai.domain.breaks import Reject
from greenai.domain.runs import RunLine, State
from greenai.store.queries import queries
from greenai.store.reading import NOW

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[Any]


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that happened to a run; `stage`, `actor` and `attempt` where it has them."""

    at: datetime
    kind: str
    stage: str | None
    actor: str | None
    attempt: int | None
    message: str | None
    remedy: str | None


@dataclass(frozen=True, slots=True)
class StageJob:
    """A job of a run: what an engine did or does."""

    job: int
    engine: str
    kind: str
    state: str
    attempts: int
    most_attempts: int
    worker: str | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    error: str | None
    remedy: str | None


@dataclass(frozen=True, slots=True)
class Progressing:
    """Where a run is: its state and its stages so far, as JSON."""

    run: int
    state: State
    error: str | None
    requested_at: datetime
    finished_at: datetime | None
    stages: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Beside:
    """What became of the breaks of one run in another: of those in both, how many changed and in what."""

    new: int
    gone: int
    same: int
    other_values: int
    other_reason: int
    other_decision: int


def page(
    connection: Connection,
    *,
    recon: str | None = None,
    only: Collection[str] | None = None,
    state: str | None = None,
    first: date | None = None,
    last: date | None = None,
    before: int | None = None,
    limit: int = 100,
) -> list[RunLine]:
    """Runs, the newest first, those before one; of one recon, or `only` of some."""
    given = {
        "recon": recon,
        "only": None if only is None else list(only),
        "state": state,
        "from": first,
        "to": last,
        "before": before,
        "limit": limit,
    }
    return [RunLine(*row) for row in connection.execute(queries("run_pages")["page"], given)]


def place(connection: Connection, run_id: int) -> tuple[str, date, State, str | None] | None:
    """Recon, business date, state and error of a run; None for no such."""
    if not 0 < run_id <= NOW:
        return None
    return connection.execute(queries("run_pages")["place"], {"run": run_id}).fetchone()


def standing(connection: Connection, runs: Iterable[int]) -> list[Progressing]:
    """Where some runs are; those that are not there any more are left out."""
    rows = connection.execute(queries("run_pages")["standing"], {"runs": list(runs)})
    return [Progressing(*(*head, tuple(stages))) for *head, stages in rows]


def events(connection: Connection, run_id: int, *, limit: int = 1000) -> list[Happened]:
    """What happened to a run, in order."""
    given = {"run": run_id, "limit": limit}
    return [Happened(*row) for row in connection.execute(queries("run_pages")["events"], given)]


def jobs(connection: Connection, run_id: int) -> list[StageJob]:
    """What the engines did and do for a run; jobs that were deleted since are not told."""
    rows = connection.execute(queries("run_pages")["jobs"], {"run": run_id})
    return [StageJob(*row) for row in rows]


def beside(connection: Connection, run_a: int, run_b: int) -> Beside | None:
    """The breaks of a published run beside those of another of its recon; None where one is not published."""
    found = []
    for run_id in (run_a, run_b):
        row = connection.execute(queries("run_pages")["known"], {"run": run_id}).fetchone()
        if row is None:
            return None
        recon_id, day, publication, superseded = row
        found.append((recon_id, day, publication if superseded else NOW))
    (recon_id, day_a, known_a), (_, day_b, known_b) = found
    given = {"recon": recon_id, "day_a": day_a, "known_a": known_a, "day_b": day_b, "known_b": known_b}
    counted = connection.execute(queries("run_pages")["beside"], given).fetchone()
    assert counted is not None
    return Beside(*counted)


def rejected_rows(
    connection: Connection, run_id: int, *, after: int = -1, limit: int = 100
) -> list[tuple[int, Reject]]:
    """Rows that a run could not read with their ordinals, those after one."""
    given = {"run": run_id, "after": after, "limit": limit}
    rows = connection.execute(queries("run_pages")["rejected_rows"], given)
    return [(ordinal, Reject(*row)) for ordinal, *row in rows]
