"""An engine as a process: settings, telemetry, one worker, the doorbell, and a graceful stop."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from greenai.domain.jobs import Engine
from greenai.embedded.lifeline import watch
from greenai.errors import GreenaiError, UsageError
from greenai.jobs.worker import Handler, Worker
from greenai.settings import Settings, read_settings
from greenai.store.jobs import ANY_SIZE
from greenai.telemetry import logs

if TYPE_CHECKING:
    from greenai.jobs.cache import Cache
    from greenai.jobs.doorbells import Doorbells, Listener
    from greenai.jobs.stage import Place, Worked

SWEEPING = 60.0
"""Seconds between two looks at what the workspace keeps."""
GRACE = 15.0
"""Seconds that a job may take to its end after SIGTERM, before it is handed back."""


def main(engine: Engine, handlers: Mapping[str, Handler] | None = None) -> None:
    """Run one engine until it is told to stop; `handlers` do its jobs (default: stages of runs)."""
    component = f"{engine}_engine" if engine in ("ingest", "diff", "attribution") else engine
    os.umask(0o077)  # snapshots hold all rows of both sides
    try:
        settings = read_settings()
        url, redis_url = addresses(settings)
        logs.configure(component, level=settings.log_level)
        serve(engine, component, settings, url, redis_url, handlers)
    except GreenaiError as error:
        print(f"{component}: {error}", file=sys.stderr)
        raise SystemExit(2) from None


def addresses(settings: Settings) -> tuple[str, str]:
    """Database and Redis of the platform. Raises UsageError where the environment names none."""
    if settings.database_url is None or settings.redis_url is None:
        raise UsageError(
            "an engine needs a database and a Redis",
            remedy="set GREENAI_DATABASE_URL and GREENAI_REDIS_URL, or let `greenai up` start it",
        )
    return settings.database_url, settings.redis_url


def serve(
    engine: Engine,
    component: str,
    settings: Settings,
    url: str,
    redis_url: str,
    handlers: Mapping[str, Handler] | None,
) -> None:
    """Work until SIGTERM, SIGINT, or until whoever started the process is gone."""
    from greenai.jobs.cache import Cache
    from greenai.jobs.doorbells import Doorbells, Listener

    rung, ending = threading.Event(), threading.Event()
    if handlers is None:
        handlers = stage_handlers(place_of(settings, url), Cache(redis_url), Doorbells(redis_url))
    worker = Worker(
        url,
        engine,
        f"{component}@{socket.gethostname()}:{os.getpid()}",
        handlers,
        largest=settings.largest_job or ANY_SIZE,
        limit=settings.stage_limit,
        tell=logs.event,
        rung=rung,
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ending.set())
    watch(settings.lifeline)
    listener = Listener(redis_url, engine, rung)
    listener.start()
    endpoint = opened_endpoint(settings, worker, component)
    thread = threading.Thread(target=worker.serve, name="greenai-worker", daemon=True)
    thread.start()
    logs.event("started", pid=os.getpid())
    swept_at = 0.0
    while not ending.wait(1.0):
        if engine == "worker" and time.monotonic() - swept_at > SWEEPING:
            swept_at = time.monotonic()
            sweep(settings, url)
        if not thread.is_alive():
            logs.event("worker_ended", level="error")
            raise SystemExit(1)
        if worker.overrun():
            # What hangs would also keep the interpreter from its end; whoever started this starts another.
            logs.event("stuck", level="error")
            os._exit(1)
    logs.event("stopping")
    stop(worker, listener, thread)
    if endpoint is not None:
        endpoint.stop()
    logs.event("stopped")


def sweep(settings: Settings, url: str) -> None:
    """Remove what is kept for a while only; a store that does not answer is asked again later."""
    from greenai.jobs.retention import swept
    from greenai.pipeline.uploading import forget
    from greenai.store import idempotency
    from greenai.store.database import connect, explained

    assert settings.workspace is not None
    with suppress(GreenaiError), explained(url), connect(url, autocommit=True) as connection:
        idempotency.forget(connection)
        if runs := swept(connection, settings.workspace):
            logs.event("workspace_swept", runs=runs)
        if uploads := forget(connection, settings.workspace):
            logs.event("uploads_forgotten", uploads=uploads)


def stop(worker: Worker, listener: Listener, thread: threading.Thread) -> None:
    """Finish or hand back."""
    worker.stop(GRACE)
    thread.join(timeout=5.0)
    if thread.is_alive():
        with suppress(GreenaiError):
            worker.hand_back()
    listener.stop()


def opened_endpoint(settings: Settings, worker: Worker, component: str) -> Any:
    """Health and metrics, where a port is set."""
    if not settings.metrics_port:
        return None
    from greenai.telemetry.endpoint import serve as serve_endpoint

    def health() -> dict[str, Any]:
        claim = worker.working
        return {
            "status": "ok" if worker.well() else "stuck",
            "trouble": worker.trouble,
            "working_on": None if claim is None else claim.job_id,
        }

    return serve_endpoint(settings.metrics_port, health, host=settings.metrics_host, component=component)


def place_of(settings: Settings, url: str) -> Place:
    """Where stages work, by the settings."""
    from greenai.engines.duckdb import DuckDBEngine
    from greenai.jobs.stage import Place

    assert settings.workspace is not None
    settings.workspace.mkdir(parents=True, exist_ok=True)

    def open_engine() -> DuckDBEngine:
        return DuckDBEngine(memory=settings.memory, threads=settings.threads, temporary=settings.temporary)

    return Place(url, settings.workspace, open_engine)


def counted(worked: Worked, stage: str) -> None:
    """Count what a stage came to; runs are counted by the scheduler that leads, which sees all ends."""
    from greenai.telemetry import metrics

    recon, ended = worked.request.recon, worked.ended
    if stage == "ingest":
        for side, rows in ended.counts.items():
            metrics.ROWS.labels(recon, side).inc(rows)
    elif stage == "decide" and ended.repeated is None:
        for decision, breaks in ended.counts.items():
            metrics.BREAKS.labels(recon, decision).inc(breaks)


def stage_handlers(place: Place, cache: Cache, doorbells: Doorbells) -> dict[str, Handler]:
    """Handlers of the stages of runs, and of small jobs."""
    from greenai.domain.jobs import STAGES, after
    from greenai.jobs.cache import Told, telling
    from greenai.jobs.deciding import decide_proposal
    from greenai.jobs.stage import work
    from greenai.pipeline.approving import JOB
    from greenai.telemetry import metrics

    def handle(claim: Any, told: Any) -> None:
        begun = time.perf_counter()
        progress = Told(cache, claim.run_id, claim.kind)
        with logs.bound(run=claim.run_id, stage=claim.kind), telling(progress):
            worked = work(place, claim, interruptible=told, progress=progress)
        if (following := after(claim.kind)) is not None:
            # The outbox rings too; whoever is first wakes the next engine.
            doorbells.ring(STAGES[following][0])
        metrics.STAGE_SECONDS.labels(claim.kind).observe(time.perf_counter() - begun)
        counted(worked, claim.kind)
        if worked.ended.summary is not None and worked.ended.repeated is None:
            cache.put(claim.run_id, "summary", worked.ended.summary.as_dict())
        logs.event(
            "stage_done",
            run=claim.run_id,
            stage=claim.kind,
            recon=worked.request.recon,
            rows_in=worked.ended.rows_in,
            rows_out=worked.ended.rows_out,
        )

    def decide(claim: Any, told: Any) -> None:
        proposal, request = (claim.payload.get(name) for name in ("proposal", "request"))
        # What the audit says of it names the request by which it was approved.
        with logs.bound(proposal=proposal, **({} if request is None else {"request": request})):
            breaks = decide_proposal(place.url, place.open_engine, claim, interruptible=told)
        logs.event("proposal_decided", proposal=proposal, breaks=breaks)

    return {**dict.fromkeys(STAGES, handle), JOB: decide}
