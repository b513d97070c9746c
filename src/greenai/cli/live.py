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
    more = f": {event.detail}" if event.detail else ""
    return f"{datetime.now():%H:%M:%S} {event.name} {event.what}{more}"


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
        if self._supervisor is not None and self._supervisor.state().state == "stopping":
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
        from greenai.api.platform import document
        from greenai.reports.platform import render_platform
        from greenai.reports.text import fit, visible

        size = shutil.get_terminal_size((100, 24))
        width = max(20, size.columns - 1)  # writing into the last column makes some terminals wrap
        colour = self._settings.colour is not False
        counts = self._queues.latest if self._queues else None
        text = render_platform(document(supervisor.state(), counts), width=width, colour=colour)
        lines = [*text.splitlines(), "", *(fit(visible(event), width) for event in self._events)]
        room = max(1, size.lines - 1)
        if len(lines) > room:  # what scrolled away could not be drawn over
            lines = lines[:room]
        back = f"\x1b[{self._drawn}F\x1b[J" if self._drawn else ""
        self._drawn = len(lines)
        data = (back + "\n".join(lines) + "\n").encode(sys.stdout.encoding or "utf-8", "replace")
        try:
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
        except OSError:
            supervisor.stop()  # the terminal is gone, and with it the one who asked for this
