"""One JSON line per event, with the run, stage, recon and request it belongs to.

::

    configure("diff_engine")
    with bound(run=12, recon="fx_trades", stage="compare"):
        event("stage_done", rows=200_000, seconds=1.4)

    {"time": "2026-03-01T06:00:00.125Z", "level": "info", "component": "diff_engine", "pid": 71,
     "event": "stage_done", "run": 12, "recon": "fx_trades", "stage": "compare",
     "rows": 200000, "seconds": 1.4}

Python's own logging lies underneath, so that libraries' warnings become lines too. Secrets and values of
anybody's data are in no line: `plain` says how. Errors are logged as class and place (``error=`` takes one).
"""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Any, TextIO

from greenai.errors import UsageError
from greenai.telemetry.plain import moment, plain_error, plain_field, scrubbed, spoken

LEVELS = MappingProxyType(
    {"debug": 10, "info": 20, "warning": 30, "error": 40, "critical": 50},
)
"""What `configure` and `event` take as a level, in any case."""

_OWN = "greenai"
_FIELDS = "greenai_fields"
_HEAD = ("time", "level", "component", "pid", "event", "logger")

_context: ContextVar[Mapping[str, object]] = ContextVar("greenai_log_context", default=MappingProxyType({}))
_logger = logging.getLogger(_OWN)
_logger.addHandler(logging.NullHandler())  # a library says nothing until a process configures it


def configure(component: str, *, level: str = "INFO", stream: TextIO | None = None) -> None:
    """Send all logs of this process to `stream` (standard error) as JSON lines; the last call counts.

    greenai's events are written from `level` on, other libraries' from WARNING on. Errors that nobody
    catches and Python's warnings become lines too, instead of text that may repeat a value.
    Raises UsageError for a level that there is not.
    """
    if level.lower() not in LEVELS:
        raise UsageError(
            "there is no such log level",
            value=level,
            remedy="set GREENAI_LOG_LEVEL to debug, info, warning, error or critical",
        )
    lowest = LEVELS[level.lower()]
    handler = _Lines(stream if stream is not None else sys.stderr)
    handler.setFormatter(_JsonLine(component))
    handler.addFilter(lambda record: record.levelno >= (lowest if _is_own(record) else max(lowest, 30)))
    root = logging.getLogger()
    for other in root.handlers[:]:
        root.removeHandler(other)
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    _logger.setLevel(lowest)
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread
    sys.unraisablehook = _unraisable
    warnings.showwarning = _warned


def component() -> str:
    """The name that this process was configured under; ``greenai`` before that."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler.formatter, _JsonLine):
            return handler.formatter.component
    return _OWN


def event(name: str, /, level: str = "info", **fields: object) -> None:
    """Log one event. `name` is fixed words, never put together; what varies stands in `fields`.

    A field takes a number, a name, a time, a path or a list of these; an exception under the name ``error``
    becomes its class, place and trace. Never raises, not even for a level that there is not (it is info).
    """
    number = LEVELS.get(level.lower(), logging.INFO) if isinstance(level, str) else logging.INFO
    if _logger.isEnabledFor(number):
        _logger.log(number, "%s", name, extra={_FIELDS: {**_context.get(), **fields}})


@contextmanager
def bound(**ids: object) -> Iterator[None]:
    """Add ``run=``, ``recon=``, ``stage=``, ``request=`` or other ids to every event inside.

    It holds for this thread or task; a thread started inside begins without.
    """
    held = _context.set(MappingProxyType({**_context.get(), **ids}))
    try:
        yield
    finally:
        _context.reset(held)


def bound_ids() -> Mapping[str, object]:
    """The ids that `bound` added here: what else is written about this request or run may name them too."""
    return _context.get()


class _Lines(logging.StreamHandler[TextIO]):
    """Writes lines. What cannot be written (a closed or full stream) is lost: a log never stops the work."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 (its name in logging)
        """Stay silent: the standard handler would print the record with its arguments."""


class _JsonLine(logging.Formatter):
    """A record as one line of JSON in ASCII, so that no text of a field can begin a second line."""

    def __init__(self, component: str) -> None:
        super().__init__()
        self.component = component

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": moment(datetime.fromtimestamp(record.created, UTC)),
            "level": record.levelname.lower(),
            "component": self.component,
            "pid": os.getpid(),
        }
        fields = getattr(record, _FIELDS, None)
        if record.name == _OWN and isinstance(fields, dict):
            name = record.args[0] if isinstance(record.args, tuple) and record.args else ""
            line["event"] = scrubbed(name) if isinstance(name, str) else f"[{type(name).__name__}]"
        else:
            line |= _foreign(record)
            fields = dict(_context.get())
        for key, value in fields.items():
            if key == "error" and isinstance(value, BaseException):
                line |= plain_error(value)
            else:
                line[f"{key}_" if key in _HEAD else key] = plain_field(key, value)
        if record.exc_info and record.exc_info[1] is not None:
            line |= plain_error(record.exc_info[1])
        return json.dumps(line, allow_nan=False)


def _foreign(record: logging.LogRecord) -> dict[str, Any]:
    """What is said of a record that is no event of ours: where it comes from, and its fixed words."""
    said: dict[str, Any] = {"event": "log", "logger": record.name}
    words = spoken(record.msg, record.pathname, record.funcName or "", sys._getframe())
    if words is not None:
        said["words"] = words
    return {**said, "at": f"{record.filename}:{record.lineno} {record.funcName}"}


def _is_own(record: logging.LogRecord) -> bool:
    return record.name == _OWN or record.name.startswith(f"{_OWN}.")


def _uncaught(_kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
    event("uncaught_error", level="critical", error=error)


def _uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_type is not SystemExit:
        thread = args.thread.name if args.thread is not None else None
        event("uncaught_error", level="critical", thread=thread, error=args.exc_value)


def _unraisable(args: sys.UnraisableHookArgs) -> None:
    event("unraisable_error", level="error", error=args.exc_value)


def _warned(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """A warning of Python as a line: its class and where it arose; its words may hold anything."""
    del message, file, line
    event(
        "python_warning",
        level="warning",
        warning=category.__name__,
        at=f"{Path(filename).name}:{lineno}",
    )
