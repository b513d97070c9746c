"""Settings of gunicorn, all from the environment as `greenai.settings` reads it."""

from __future__ import annotations

import os
import shutil
import tempfile
from typing import Any, Final

from greenai.settings import read_settings
from greenai.telemetry import logs

_settings = read_settings()
logs.configure("bff", level=_settings.log_level)

bind: Final = f"{_settings.bff_host}:{_settings.bff_port}"
workers: Final = _settings.bff_workers
worker_class: Final = "greenai.bff.worker.BffWorker"
worker_tmp_dir: Final = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: PTH112 (as gunicorn reads it)
"""Heartbeats on a disk that is busy look like a hung worker."""
graceful_timeout: Final = 20
timeout: Final = 60
"""A worker whose event loop says nothing for so long is replaced; long answers do not block it."""
keepalive: Final = 5
accesslog: Final = None
"""Requests are logged as JSON lines by the application."""
logconfig_dict: Final[dict[str, Any]] = {
    "version": 1,
    "disable_existing_loggers": False,
    "root": {},
    "loggers": {"gunicorn.error": {"level": "WARNING", "handlers": [], "propagate": True}},
}
"""What gunicorn says goes where our own lines go."""
proc_name: Final = "greenai-bff"

if workers > 1:
    # prometheus-client reads this when it is imported; the folder is this server's alone.
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="greenai-metrics-")


_workers_lifeline, _held = os.pipe()
"""What workers read, and what their master alone holds: see `greenai.embedded.lifeline`."""


def on_starting(_server: Any) -> None:
    """End with the supervisor, however it ended."""
    from greenai.embedded.lifeline import watch

    watch(_settings.lifeline)


def post_fork(_server: Any, _worker: Any) -> None:
    """End with the master, however it ended: uvicorn would serve on, and keep the port from the next one."""
    from greenai.embedded.lifeline import watch

    os.close(_held)
    watch(_workers_lifeline)


def child_exit(_server: Any, worker: Any) -> None:
    """Forget the gauges of a process that is gone."""
    if workers > 1:
        from prometheus_client.multiprocess import mark_process_dead

        mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def on_exit(_server: Any) -> None:
    """Remove the shared metrics."""
    if workers > 1:
        shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)
