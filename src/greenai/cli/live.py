"""The platform while it is up: a table that is drawn again and again, or a line for each event."""

from __future__ import annotations

import shutil
import sys
import time
from collections import deque
from contextlib import ExitStack
from datetime import datetime
from typing import TYPE_CHECKING, Self

from greenai.cli.show import say
from greenai.reports.text import fit, visible

if TYPE_CHECKING:
    from types import TracebackType

    from greenai.embedded.queues import QueueWatch
    from greenai.embedded.supervisor import Event, Supervisor
    from greenai.settings import Settings

PERIOD = 1.0
"""Seconds between two frames."""
EVENTS = 5
"""How many of the last events stand below the table."""


def plain(event: Event) -> None:
    """One line on standard output."""
    say(sentence(event))


def sentence(event: Event) -> str:
    """An event with its time: ``07:30:02 worker-1 ended: exit code 1; again in 1 s``."""
    more = "".join(f": {part}" for part in (event.detail, event.said) if part)
    return visible(f"{datetime.now():%H:%M:%S} {event.name} {event.what}{more}")


class Live:
    """The table of processes and queues on standard output, which is a terminal; afterwards it stays."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._events: deque[str] = deque(maxlen=EVENTS)
        self._stack = ExitStack()
        self._queues: QueueWatch | None = None
        self._drawn = 0
        self._next = 0.0
        self._phase = ""
        self._supervisor: Supervisor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def tell(self, event: Event) -> None:
        """Note an event; it is drawn with the next frame, and at once where there are no more frames."""
        self._events.append(sentence(event))
        if self._supervisor is None:
            self._show(list(self._events))
        elif self._supervisor.state().state == "stopping":
            self._draw(self._supervisor)

    def watch_queues(self, url: str) -> None:
        """Count jobs in this database from now on."""
        from greenai.embedded.queues import QueueWatch

        self._queues = self._stack.enter_context(QueueWatch(url))

    def each(self, supervisor: Supervisor) -> None:
        """Draw a frame when it is time for one."""
        self._supervisor = supervisor
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + PERIOD
            self._draw(supervisor)

    def _draw(self, supervisor: Supervisor) -> None:
        from greenai.embedded.platform import document
        from greenai.reports.platform import render_platform

        colour = self._settings.colour is not False
        counts = self._queues.latest if self._queues else None
        text = render_platform(document(supervisor.state(), counts), width=self._size()[0], colour=colour)
        if not self._show([*text.splitlines(), "", *self._events]):
            supervisor.stop()  # the terminal is gone, and with it the one who asked for this

    def _show(self, lines: list[str]) -> bool:
        """Draw lines over the last ones; False when the terminal is gone."""
        width, height = self._size()
        # Lines with colours are cut already; what scrolls away could not be drawn over.
        lines = [line if "\x1b" in line else fit(line, width) for line in lines[:height]]
        back = f"\x1b[{self._drawn}F\x1b[J" if self._drawn else ""
        self._drawn = len(lines)
        data = (back + "\n".join(lines) + "\n").encode(sys.stdout.encoding or "utf-8", "replace")
        try:
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
        except OSError:
            return False
        return True

    def _size(self) -> tuple[int, int]:
        """Room for text: the last column stays free, for writing there makes some terminals wrap."""
        size = shutil.get_terminal_size((100, 24))
        return max(20, size.columns - 1), max(1, size.lines - 1)
