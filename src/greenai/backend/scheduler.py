"""The scheduler as a process, in any number of copies, one of which leads."""

from __future__ import annotations

import signal
import sys
import threading
import time
from typing import Any

from greenai.backend.engine import addresses
from greenai.embedded.lifeline import watch
from greenai.errors import GreenaiError
from greenai.jobs.anchoring import Anchoring
from greenai.jobs.scheduler import Scheduler
from greenai.pipeline.notifying import Ways
from greenai.settings import Settings, read_settings
from greenai.telemetry import logs

COMPONENT = "scheduler"
SILENT = 30.0
"""Seconds without a look after which the process is unhealthy."""


def main() -> None:
    """Run a scheduler until it is told to stop, or until whoever started it is gone."""
    try:
        settings = read_settings()
        url, redis_url = addresses(settings)
        logs.configure(COMPONENT, level=settings.log_level)
        serve(settings, url, redis_url)
    except GreenaiError as error:
        print(f"{COMPONENT}: {error}", file=sys.stderr)
        raise SystemExit(2) from None


def serve(settings: Settings, url: str, redis_url: str) -> None:
    """Work until SIGTERM or SIGINT."""
    from greenai.jobs.doorbells import Doorbells

    ways = Ways(settings.smtp_url, settings.webhooks, settings.webhook_secret)
    doorbells = Doorbells(redis_url)
    anchoring = Anchoring(settings, logs.event)
    scheduler = Scheduler(url, doorbells, ways=ways, tell=logs.event, anchoring=anchoring)
    ending = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ending.set())
    watch(settings.lifeline)
    endpoint = None
    if settings.metrics_port:
        from greenai.telemetry.endpoint import serve as serve_endpoint

        endpoint = serve_endpoint(
            settings.metrics_port,
            lambda: health(scheduler),
            host=settings.metrics_host,
            component=COMPONENT,
        )
    thread = threading.Thread(target=scheduler.serve, name="greenai-scheduler", daemon=True)
    thread.start()
    logs.event("started")
    while not ending.wait(1.0):
        if not thread.is_alive():
            logs.event("scheduler_ended", level="error")
            raise SystemExit(1)
    logs.event("stopping")
    scheduler.stop()
    thread.join(timeout=60.0)
    doorbells.close()
    if endpoint is not None:
        endpoint.stop()
    logs.event("stopped")


def health(scheduler: Scheduler) -> dict[str, Any]:
    """Whether it looks round, and whether it leads."""
    silent = time.monotonic() - scheduler.beaten_at
    return {"status": "ok" if silent < SILENT else "stuck", "leading": scheduler.leading}


if __name__ == "__main__":
    main()
