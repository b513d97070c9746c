"""Progress on a terminal: one live line that appears for long work only and leaves nothing behind.

::

    ✓ read a 1.2 s  ⠹ compare 10,000,000 rows  ━━━━╸      45 %  5.21 M rows/s  0:03, about 0:04 left
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self, TextIO

from greenai.reports.canvas import bar
from greenai.reports.text import cells, fit, visible
from greenai.reports.words import rate, seconds

_QUIET = 0.3
_INTERVAL = 0.1
_LEAST_SHARE = 0.03
_LEAST_TIME = 1.0
_BAR = 10
_COLUMNS = 80
_SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"


class LiveProgress:
    """A `Progress` that draws on `stream` while the work runs, and erases its line at the end.

    Silent when `stream` is no terminal, and for work that ends within 0.3 seconds. `share` tells how
    much of the present query is done, 0 to 1, or -1 when unknown; it is asked from another thread, and
    its errors count as unknown. Use it as a context manager, so that an error or an interruption
    leaves a clean line. No colour and no cursor movement but the carriage return: any terminal will do.
    """

    def __init__(self, stream: TextIO, *, share: Callable[[], float] | None = None) -> None:
        self._stream = stream
        self._share = share
        self._finished: list[tuple[str, float]] = []
        self._stage: Stage | None = None
        self._lock = threading.Lock()
        self._end = threading.Event()
        self._thread: threading.Thread | None = None
        self._drawn = 0
        self._frame = 0

    def watch(self, share: Callable[[], float]) -> None:
        """Ask `share` from now on."""
        self._share = share

    def stage(self, name: str, rows: int | None = None) -> None:
        """A stage begins; the one before it is done."""
        now = time.monotonic()
        with self._lock:
            if self._stage is not None:
                self._finished.append((self._stage.name, now - self._stage.began))
            self._stage = Stage(visible(name), rows, now)
        if self._thread is None and not self._end.is_set() and _is_terminal(self._stream):
            self._thread = threading.Thread(target=self._run, name="greenai progress", daemon=True)
            self._thread.start()

    def done(self) -> None:
        """All work is finished: stop drawing and erase the line. May be called more than once."""
        self._end.set()
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.join()
        self._erase()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.done()

    def _run(self) -> None:
        wait = _QUIET
        while not self._end.wait(wait):
            wait = _INTERVAL
            if not self._draw():
                return

    def _draw(self) -> bool:
        """Draw one frame; False when the stream is gone, which must not disturb the work."""
        share = self._asked()
        # The last column stays free: writing there makes some terminals wrap.
        width = _columns(self._stream) - 1
        with self._lock:
            if self._stage is None:
                return True
            self._frame += 1
            now = time.monotonic()
            line = line_of(self._stage, self._finished, share=share, now=now, width=width, frame=self._frame)
        return self._write(fit(line, width))

    def _asked(self) -> float:
        if self._share is None:
            return -1.0
        try:
            return float(self._share())
        except Exception:  # whatever a progress display fails at, the work goes on
            return -1.0

    def _write(self, line: str) -> bool:
        length = cells(line)
        try:
            self._stream.write("\r" + line + " " * max(0, self._drawn - length))
            self._stream.flush()
        except (OSError, ValueError):
            return False
        self._drawn = length
        return True

    def _erase(self) -> None:
        if not self._drawn:
            return
        try:
            # Two more columns: a terminal echoes ^C after the line.
            space = min(self._drawn + 2, _columns(self._stream))
            self._stream.write("\r" + " " * space + "\r")
            self._stream.flush()
        except (OSError, ValueError):
            pass
        self._drawn = 0


class Stage:
    """The stage that is going on, and since when its present query runs."""

    def __init__(self, name: str, rows: int | None, began: float) -> None:
        self.name = name
        self.rows = rows
        self.began = began
        self._query_began = began
        self._last = 0.0

    def left(self, share: float, now: float) -> float | None:
        """Seconds the present query will still take; None while that would be a guess."""
        if share < self._last:
            # A stage may consist of several queries: the next one starts from nothing.
            self._query_began = now
        self._last = max(share, 0.0)
        elapsed = now - self._query_began
        if share < _LEAST_SHARE or elapsed < _LEAST_TIME:
            return None
        return elapsed * (1 - min(share, 1.0)) / share

    def rate(self, share: float, now: float) -> float | None:
        """Rows per second of the present query; None while that would be a guess."""
        elapsed = now - self._query_began
        if not self.rows or share < _LEAST_SHARE or elapsed <= 0:
            return None
        return self.rows * min(share, 1.0) / elapsed


def line_of(
    stage: Stage, finished: list[tuple[str, float]], *, share: float, now: float, width: int, frame: int
) -> str:
    """One frame: what is done, what is going on, how far and how fast; the oldest is left out first."""
    left = stage.left(share, now)
    parts = [f"{_SPINNER[frame % len(_SPINNER)]} {stage.name}"]
    if stage.rows is not None:
        parts[0] += f" {stage.rows:,} rows"
    if 0 <= share <= 1:
        parts.append(f"{bar(round(share * 1_000), 1_000, _BAR):<{_BAR}} {share:4.0%}".replace("%", " %"))
        per_second = stage.rate(share, now)
        if per_second is not None:
            parts.append(rate(per_second))
    parts.append(clock(now - stage.began) + (f", about {clock(left)} left" if left is not None else ""))
    line = "  ".join(parts)
    for name, took in reversed(finished):
        before = f"✓ {name} {seconds(took)}"
        if cells(before) + 2 + cells(line) > width:
            break
        line = f"{before}  {line}"
    return line


def clock(duration: float) -> str:
    """A duration as ``0:07`` or ``1:02:03``."""
    minutes, second = divmod(round(duration), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{second:02}" if hours else f"{minutes}:{second:02}"


def _columns(stream: TextIO) -> int:
    """The width of the very terminal that is drawn on; standard output may be a file meanwhile."""
    try:
        return os.get_terminal_size(stream.fileno()).columns or _COLUMNS
    except (OSError, ValueError, AttributeError):
        return _COLUMNS


def _is_terminal(stream: TextIO) -> bool:
    try:
        return stream.isatty()
    except (AttributeError, ValueError):
        return False
