"""The servers that the platform needs: looked after while it is up, started again when they die."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from greenai.embedded.state import ServerState
from greenai.errors import GreenaiError

PERIOD = 2.0
"""Seconds between two questions whether it answers."""
LONGEST_DELAY = 30.0


@dataclass(slots=True)
class Server:
    """A server: where it is, whether it answers, and how it is started again; one elsewhere is only named."""

    name: str
    place: str
    answers: Callable[[], bool] | None = None
    revive: Callable[[], None] | None = None
    up: bool = True
    restarts: int = 0
    last: str = ""

    def state(self) -> ServerState:
        """How it is now."""
        state = "elsewhere" if self.answers is None else "running" if self.up else "starting"
        return ServerState(self.name, state, self.place, self.restarts, self.last)

    def watched(
        self, stop: threading.Event, say: Callable[[str, str, str], None], *, period: float = PERIOD
    ) -> threading.Thread:
        """A thread that looks after it until `stop` is set; one elsewhere is left to those who run it."""
        thread = threading.Thread(
            target=self._watch, args=(stop, say, period), name=f"greenai {self.name}", daemon=True
        )
        thread.start()
        return thread

    def _watch(self, stop: threading.Event, say: Callable[[str, str, str], None], period: float) -> None:
        if self.answers is None or self.revive is None:
            return
        delay = period
        while not stop.wait(delay):
            try:
                if self.answers():
                    delay, self.up = period, True
                    continue
                if self.up:
                    say(self.name, "ended", "it does not answer")
                self.up = False
                self.revive()
                self.restarts, self.up, delay = self.restarts + 1, True, period
                say(self.name, "started", "again")
            except (GreenaiError, OSError) as error:
                self.up, self.last = False, str(error).partition("\n")[0]
                delay = min(2 * delay, LONGEST_DELAY)
                say(self.name, "failed", f"{self.last}; again in {delay:g} s")
