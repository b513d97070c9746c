"""Engines as real processes over a database, a Redis and a workspace, seen from outside."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import psycopg

from crashcase import State, quiet, state, told_apart
from greenai.definition.loading import load
from greenai.domain.jobs import ENGINES, STAGES, JobState
from greenai.engines.duckdb import DuckDBEngine
from greenai.jobs import stage
from greenai.jobs.worker import Worker
from greenai.pipeline import submission
from greenai.store import jobs
from greenai.store.database import connect

PROGRAMS = {
    "ingest": "ingest_engine",
    "diff": "diff_engine",
    "attribution": "attribution_engine",
    "discriminator": "discriminator",
    "worker": "worker",
}
"""The module of each engine."""
ENDED = ("awaiting_review", "completed", "failed", "cancelled")


@dataclass
class Crew:
    """Processes of the platform. `look` starts those again that died, as the supervisor does."""

    url: str
    redis_url: str
    workspace: Path
    logs: Path
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    commands: dict[str, tuple[Sequence[str], dict[str, str]]] = field(default_factory=dict)
    stopped: set[str] = field(default_factory=set)
    """Those that are held by SIGSTOP."""

    def start(self, name: str, *copies: str, code: str | None = None, **more: str) -> None:
        """Start a program (``diff_engine``), or one copy for each name in `copies`; `code` runs instead."""
        command = ["-c", code] if code is not None else ["-m", f"greenai.backend.{name}"]
        for title in copies or (name,):
            if title in self.processes:
                self.kill(title)
            self.commands[title] = ([sys.executable, *command], more)
            self._start(title)

    def start_all(self, *more: str) -> None:
        """One of each engine, and what else is named."""
        for name in (*PROGRAMS.values(), *more):
            self.start(name)

    def _start(self, title: str) -> None:
        command, more = self.commands[title]
        given = {name: value for name, value in os.environ.items() if not name.startswith("GREENAI_")}
        self.logs.mkdir(exist_ok=True)
        with (self.logs / f"{title}.log").open("ab") as log:
            self.processes[title] = subprocess.Popen(
                command,
                env={
                    **given,
                    "GREENAI_DATABASE_URL": self.url,
                    "GREENAI_REDIS_URL": self.redis_url,
                    "GREENAI_WORKSPACE": str(self.workspace),
                    "GREENAI_THREADS": "1",
                    **more,
                },
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def ready(self, *titles: str) -> None:
        """Wait until processes have begun to look for work: all, or those that are named."""
        for title in titles or tuple(self.processes):
            until(lambda title=title: '"started"' in self.log(title), f"{title} started")  # type: ignore[misc]

    def log(self, title: str) -> str:
        """What a process has logged."""
        return (self.logs / f"{title}.log").read_text(encoding="utf-8")

    def look(self) -> None:
        """Start again what died."""
        for title, process in self.processes.items():
            if process.poll() is not None:
                self._start(title)

    def title(self, worker: str | None) -> str | None:
        """Which process a worker of that name is (``diff_engine@host:123``)."""
        pid = (worker or "").rpartition(":")[2]
        found = [title for title, one in self.processes.items() if str(one.pid) == pid]
        return found[0] if found else None

    def kill(self, title: str) -> None:
        """SIGKILL one, and wait for its end."""
        self.processes[title].kill()
        self.processes[title].wait()
        self.stopped.discard(title)

    def hold(self, title: str) -> None:
        """SIGSTOP one."""
        self.processes[title].send_signal(signal.SIGSTOP)
        self.stopped.add(title)

    def release(self, title: str) -> None:
        """SIGCONT one."""
        self.processes[title].send_signal(signal.SIGCONT)
        self.stopped.discard(title)

    def end(self) -> None:
        """Stop them all gracefully; what does not listen is killed."""
        for title in list(self.stopped):
            self.release(title)
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            try:
                process.wait(timeout=40)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextlib.contextmanager
def crew(url: str, redis_url: str, folder: Path) -> Iterator[Crew]:
    """A crew that has no processes yet; they end with the block. Workspace and logs are in `folder`."""
    made = Crew(url, redis_url, folder / "workspace", folder / "logs")
    made.workspace.mkdir(exist_ok=True)
    try:
        yield made
    finally:
        made.end()


def until(what: Callable[[], object], told: str, *, seconds: float = 60, pause: float = 0.02) -> None:
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, f"in {seconds} s it did not happen: {told}"
        time.sleep(pause)


def submit(url: str, case: Path, day: str, *, urgency: int = 0) -> int:
    """Ask for a run."""
    read = load(case)
    with connect(url, autocommit=True) as connection:
        return submission.submit(
            connection,
            read.definition,
            base=read.folder,
            business_date=date.fromisoformat(day),
            urgency=urgency,
            requested_by="ann",
        )


def states(url: str) -> dict[int, str]:
    """The state of every run."""
    with connect(url, autocommit=True) as connection:
        return dict(connection.execute("SELECT run_id, state FROM greenai.run ORDER BY 1").fetchall())


def await_runs(url: str, *, seconds: float = 60, each: Callable[[], object] = lambda: None) -> dict[int, str]:
    """Wait until every run has ended; how each did. `each` is called meanwhile."""
    end = time.monotonic() + seconds
    while not set((found := states(url)).values()) <= set(ENDED):
        each()
        assert time.monotonic() < end, f"in {seconds} s not all ended: {found}, {told_jobs(url)}"
        time.sleep(0.05)
    return found


def told_jobs(url: str) -> list[str]:
    """Jobs that are not done, for messages."""
    return [
        f"{one.kind} of run {one.run}: {one.state}, attempt {one.attempts}, {one.worker}, {one.error}"
        for one in listed(url)
        if one.state not in ("done", "cancelled")
    ]


def listed(url: str, state: JobState | None = None) -> list[jobs.Job]:
    """Jobs, the newest first."""
    with connect(url, autocommit=True) as connection:
        return jobs.listed(connection, state=state, limit=1000)


def spans(url: str) -> dict[int, float]:
    """Seconds from the submission of each run to its end, of those that have ended."""
    with connect(url, autocommit=True) as connection:
        rows = connection.execute(
            "SELECT run_id, extract(epoch FROM r.finished_at - j.created_at)::float8 "
            "FROM greenai.run r JOIN greenai.job j USING (run_id) "
            "WHERE j.kind = 'ingest' AND r.finished_at IS NOT NULL"
        ).fetchall()
    return dict(rows)


def running(url: str, known: psycopg.Connection[Any] | None = None) -> list[tuple[int, int, str, int, str]]:
    """Jobs that somebody works on: number, run, kind, token, worker."""
    with contextlib.nullcontext(known) if known else connect(url, autocommit=True) as connection:
        return connection.execute(
            "SELECT job_id, run_id, kind, token, worker FROM greenai.job WHERE state = 'running' "
            "AND lease_until > clock_timestamp()"
        ).fetchall()


def caught(engines: Crew, title: str, others: Collection[int] = ()) -> tuple[int, int, int]:
    """Wait until a process works on a job of a run that is none of `others`; job, run and token."""
    end = time.monotonic() + 60
    with connect(engines.url, autocommit=True) as connection:
        while time.monotonic() < end:
            for job, run, _, current, worker in running(engines.url, connection):
                if engines.title(worker) == title and run not in others:
                    return job, run, current
            time.sleep(0.001)
    raise AssertionError(f"{title} did not work in a minute: {told_jobs(engines.url)}")


def token(url: str, job_id: int) -> int:
    """The token of a job: greater for every claim."""
    with connect(url, autocommit=True) as connection:
        row = connection.execute("SELECT token FROM greenai.job WHERE job_id = %s", [job_id]).fetchone()
    assert row is not None
    return int(row[0])


def now(url: str) -> datetime:
    """The time by the server's clock."""
    with connect(url, autocommit=True) as connection:
        row = connection.execute("SELECT clock_timestamp()").fetchone()
    assert row is not None
    return row[0]  # type: ignore[no-any-return]


def resumed(url: str, job_id: int, since: datetime) -> float:
    """Seconds from a time until the last claim of a job."""
    with connect(url, autocommit=True) as connection:
        row = connection.execute("SELECT started_at FROM greenai.job WHERE job_id = %s", [job_id]).fetchone()
    assert row is not None
    return float((row[0] - since).total_seconds())


def order(url: str) -> list[int]:
    """Runs in the order in which they were published."""
    with connect(url, autocommit=True) as connection:
        rows = connection.execute("SELECT run_id FROM greenai.publication ORDER BY publication_id").fetchall()
    return [run for (run,) in rows]


def undisturbed(url: str, cases: Sequence[tuple[Path, str]], published: Sequence[int], folder: Path) -> State:
    """The state of an empty database after the same runs, published in that order by one process.

    Runs are asked for in the order of `cases`, so that they have the same numbers as elsewhere.
    """
    places = {run: place for place, run in enumerate(published)}
    for number, (case, day) in enumerate(cases, start=1):
        assert submit(url, case, day, urgency=len(places) - places[number]) == number
    here = stage.Place(url, folder / "undisturbed", DuckDBEngine)
    handlers = dict.fromkeys(STAGES, lambda claim, told: stage.work(here, claim, interruptible=told) and None)
    workers = [Worker(url, engine, f"{engine}-1", handlers) for engine in ENGINES]
    while sum(worker.once() for worker in workers):
        pass
    shutil.rmtree(folder / "undisturbed", ignore_errors=True)
    assert order(url) == list(published), (order(url), published)
    return written(url)


def written(url: str) -> State:
    """What publishing wrote: all but who asked for what, which nobody does who runs it himself."""
    asked = ("greenai.actor", "greenai.audit_event", "greenai.audit_link")
    return {name: found for name, found in state(url).items() if name not in asked}


def left(workspace: Path) -> list[str]:
    """The files that are in a workspace."""
    return sorted(str(path.relative_to(workspace)) for path in workspace.rglob("*") if path.is_file())


def assert_undisturbed(engines: Crew, other: str, cases: Sequence[tuple[Path, str]]) -> None:
    """All is there once, as after runs that nothing disturbed, and the workspace is empty.

    `cases` are the recons that were asked for, in that order; `other` is an empty database.
    """
    quiet(engines.url)
    assert set(states(engines.url).values()) == {"awaiting_review"}, states(engines.url)
    assert left(engines.workspace) == []
    expected = undisturbed(other, cases, order(engines.url), engines.logs)
    found = written(engines.url)
    assert found == expected, told_apart(found, expected, expected)
