"""Engines in this process: what is queued is worked off by one worker of each engine in turn."""

from __future__ import annotations

from pathlib import Path

from greenai.domain.jobs import ENGINES, STAGES
from greenai.engines.duckdb import DuckDBEngine
from greenai.jobs import stage
from greenai.jobs.worker import Handler, Worker
from greenai.store.database import connect
from greenai.store.requests import Request, requested


def place(url: str, workspace: Path) -> stage.Place:
    """Where stages work."""
    return stage.Place(url, workspace, DuckDBEngine)


def handlers(here: stage.Place) -> dict[str, Handler]:
    """A handler for every stage."""

    def work(claim, told):  # type: ignore[no-untyped-def]
        stage.work(here, claim, interruptible=told)

    return dict.fromkeys(STAGES, work)


def workers(url: str, workspace: Path) -> list[Worker]:
    """One worker of each engine."""
    known = handlers(place(url, workspace))
    return [Worker(url, engine, f"{engine}-1", known) for engine in ENGINES]


def work_off(url: str, workspace: Path) -> int:
    """Work until nothing waits; returns how many jobs were done or failed."""
    crew, count = workers(url, workspace), 0
    while any(busy := [worker.once() for worker in crew]):
        count += sum(busy)
    return count


def run_state(url: str, run_id: int) -> Request:
    """What is known of a run that was asked for."""
    with connect(url) as connection:
        found = requested(connection, run_id)
    assert found is not None
    return found
