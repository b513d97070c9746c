"""A stage of a run as a job: taken from the shelf, worked on, put on the shelf, committed under its token."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from greenai.domain.jobs import STAGES, Claim, after
from greenai.domain.progress import SILENT, Progress
from greenai.domain.runs import Stage
from greenai.engines.duckdb import DuckDBEngine
from greenai.errors import GreenaiError, LostHandoverError, StaleError, SupersededError
from greenai.jobs.lease import Lease
from greenai.pipeline import shelf
from greenai.pipeline.reconcile import Reconciled
from greenai.pipeline.stages import WORK, Bench, Ended, Told, decide
from greenai.store import jobs, requests, runs
from greenai.store.database import connect, explained, named
from greenai.store.requests import Request

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[Any]

RUNS = "runs"
"""The folder of the workspace that has a folder for each run."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where stages work: the store, the shelf's root, and how an engine is opened."""

    url: str
    workspace: Path
    open_engine: Callable[[], DuckDBEngine]


@dataclass(frozen=True, slots=True)
class Worked:
    """A stage that was committed: the run, rows in and out, and the run that it repeats."""

    request: Request
    ended: Ended


def work(
    place: Place,
    claim: Claim,
    *,
    interruptible: Callable[[Callable[[], None]], None] = lambda _: None,
    progress: Progress = SILENT,
) -> Worked:
    """Do a claimed stage and commit it. `interruptible` is told how to stop the work from another thread.

    Raises SupersededError when the claim was lost meanwhile, and what the stage raises; then nothing of
    it counts.
    """
    assert claim.run_id is not None
    name = cast("Stage", claim.kind)
    # Jobs of a run that went back a stage are new ones: their tokens begin anew.
    folder = f"{RUNS}/{claim.run_id}/{claim.kind}-{claim.job_id}-{claim.token}"
    # Should this process freeze, others can tell which sessions of the server are its.
    place = replace(place, url=named(place.url, jobs.session(claim)))
    try:
        with contextlib.ExitStack() as stack:
            stack.enter_context(explained(place.url))
            connection = stack.enter_context(connect(place.url, autocommit=True))
            request = begun(connection, claim, name)
            engine = stack.enter_context(place.open_engine())
            lease = stack.enter_context(Lease(place.url, claim, engine.abandon))
            interruptible(engine.abandon)
            progress.watch(engine.progress)
            try:
                ended = done(place, connection, engine, claim, request, lease, folder, progress)
            except Exception:
                if lease.lost:
                    raise lost(claim) from None
                raise
            return Worked(request, ended)
    except BaseException:
        # A commit may have happened though its answer was lost: then the next stage needs the folder.
        if uncommitted(place.url, claim):
            shutil.rmtree(place.workspace / folder, ignore_errors=True)
        raise


def uncommitted(url: str, claim: Claim) -> bool:
    """Whether it is sure that a claim's work was not committed; retention sees to what is left in doubt."""
    try:
        with explained(url), connect(url, autocommit=True) as connection:
            return not jobs.committed(connection, claim)
    except GreenaiError:
        return False


def begun(connection: Connection, claim: Claim, name: Stage) -> Request:
    """What the run is about; note that the stage begins."""
    assert claim.run_id is not None
    request = requests.requested(connection, claim.run_id)
    if request is None:
        raise lost(claim)
    with connection.transaction():
        jobs.held(connection, claim)
        requests.enter(connection, request.run_id, STAGES[name][1])
        runs.begin_stage(connection, request.run_id, name)
    return request


def done(
    place: Place,
    connection: Connection,
    engine: DuckDBEngine,
    claim: Claim,
    request: Request,
    lease: Lease,
    folder: str,
    progress: Progress,
) -> Ended:
    """Work, hand over, and commit."""
    given = claim.payload.get("before")
    before = None if given is None else shelf.Handover.from_dict(given)
    value = None if before is None else taken(engine, place.workspace, before)
    bench = Bench(engine, connection, place.url, request, value, progress)
    if claim.kind == "decide":
        return decided(place, bench, claim, lease)
    name = cast("Stage", claim.kind)
    ended = WORK[name](bench)
    handover = shelf.put(engine, ended.value, place.workspace, folder, before)
    following = after(name)
    assert following is not None
    lease.end()
    with connection.transaction():
        jobs.done(connection, claim, {"handover": handover.as_dict()})
        runs.finish_stage(connection, request.run_id, name, rows_in=ended.rows_in, rows_out=ended.rows_out)
        requests.enter(connection, request.run_id, STAGES[following][1])
        jobs.add(
            connection,
            STAGES[following][0],
            following,
            run_id=request.run_id,
            payload={"before": handover.as_dict()},
            urgency=claim.urgency,
            size=max(claim.size, ended.size),
        )
    tidied(place.workspace, folder)
    return ended


def taken(engine: DuckDBEngine, workspace: Path, before: shelf.Handover) -> object:
    """What the stage before handed over. Raises StaleError where it is gone: then it is to be found again."""
    try:
        return shelf.take(engine, workspace, before)
    except LostHandoverError as error:
        stage = Path(before.folder).name.partition("-")[0]
        raise StaleError(f"{error.source}: {error.message}", stage=stage) from error


def decided(place: Place, bench: Bench, claim: Claim, lease: Lease) -> Ended:
    """The last stage: what it publishes and that it is done are one transaction."""
    run_id = bench.request.run_id

    def fence(publishing: Connection, gated: Reconciled, repeated: int | None) -> None:
        lease.end()
        jobs.done(publishing, claim)
        rows_in, rows_out = cast("Told", bench.before).outcome.summary.breaks, gated.summary.breaks
        runs.finish_stage(publishing, run_id, "decide", rows_in=rows_in, rows_out=rows_out)
        if repeated is not None:
            why = f"it says the same as run {repeated}: nothing was written"
            requests.cancel(publishing, run_id, why)

    ended = decide(bench, fence)
    shutil.rmtree(place.workspace / RUNS / str(run_id), ignore_errors=True)
    return ended


def tidied(workspace: Path, folder: str) -> None:
    """Remove what other attempts at a stage left behind: this one was committed."""
    kept = workspace / folder
    stem = kept.name.partition("-")[0]
    for other in kept.parent.glob(f"{stem}-*"):
        if other != kept:
            shutil.rmtree(other, ignore_errors=True)


def lost(claim: Claim) -> SupersededError:
    """The error of a claim that is another's."""
    return SupersededError(
        f"job {claim.job_id} was taken over or cancelled",
        remedy="nothing is to be done: its result is not used",
    )
