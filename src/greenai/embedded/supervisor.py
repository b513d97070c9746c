"""The supervisor: starts the processes of the platform, restarts what dies, and stops them all.

One supervisor for a home: it holds a lock that falls with it. Its processes hold its lifeline. What it
does is written to ``<home>/platform/state.json`` and told to whoever listens.
"""

from __future__ import annotations

import os
import queue
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import FrameType

from greenai.embedded.account import home_account
from greenai.embedded.child import Child, Program
from greenai.embedded.identity import Identity, end_all, identity
from greenai.embedded.lifeline import GRACE
from greenai.embedded.locks import Lock
from greenai.embedded.logs import GROWN
from greenai.embedded.server_folder import private_folder
from greenai.embedded.servers import Server
from greenai.embedded.state import PlatformState, folder, left_over, lock_file, now, write_state
from greenai.errors import PlatformError

PULSE = 0.2
"""Seconds between two looks at the processes."""
MEASURING = 30.0
"""Seconds between two looks at how long their logs are."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: to whom, what, more about it; and the words of a process, not ours."""

    name: str
    what: str
    detail: str = ""
    said: str = ""


Listener = Callable[[Event], None]


class AlreadyUpError(PlatformError):
    """Another supervisor is at work in the same home."""


class Supervisor:
    """Processes of programs, and the servers that they need, for as long as `run` is not told to stop."""

    def __init__(self, home: Path, *, told: Listener, grace: float = GRACE) -> None:
        self.home = home
        self.account = home_account(home)
        self.servers: list[Server] = []
        self.children: list[Child] = []
        self._told = told
        self._grace = grace
        self._stop = threading.Event()
        self._asked = 0
        self._phase = "starting"
        self._since: datetime = now()
        self._me: Identity | None = identity(os.getpid())
        self._copies: dict[str, int] = {}
        self.address: str | None = None
        """Where browsers find the workstation; None when it is not served."""
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._written: PlatformState | None = None
        self._measured_at = 0.0

    def state(self) -> PlatformState:
        """How everything is now."""
        assert self._me is not None
        stopping = self._phase in {"stopping", "stopped"}
        return PlatformState(
            state=self._phase,
            supervisor=self._me,
            since=self._since,
            copies=self._copies,
            address=self.address,
            servers=[server.state() for server in self.servers],
            processes=[child.state(stopping=stopping) for child in self.children],
        )

    def plan(self, programs: Sequence[Program]) -> None:
        """Write down what is to run, for those who look before it does."""
        self._copies = {program.name: program.copies for program in programs}
        self.note()

    def finish(self) -> None:
        """Nothing runs any more: write that down."""
        self._phase = "stopped"
        self.note()

    def stop(self) -> None:
        """Stop soon; told a second time, without waiting for work that is going on."""
        self._asked += 1
        self._stop.set()

    def run(
        self,
        programs: Sequence[Program],
        environment: Mapping[str, str],
        *,
        first_port: int = 0,
        each: Callable[[], None] | None = None,
    ) -> None:
        """Start everything and look after it until `stop`; then end everything, the last one first.

        `first_port`, when it is not 0, is GREENAI_METRICS_PORT of the first process; each next one has
        the next. `each` is called about five times a second.
        """
        self.plan(programs)
        logs = self.home / "logs"
        private_folder(logs, self.account)
        for program in programs:
            for number in range(1, program.copies + 1):
                port = first_port + len(self.children) if first_port else 0
                self.children.append(
                    Child(
                        program.name,
                        number,
                        program.command,
                        logs / f"{program.name}-{number}.log",
                        {
                            **environment,
                            **program.environment(number),
                            "GREENAI_METRICS_PORT": str(port),
                        },
                        self.account,
                        program.port or port,
                    )
                )
        reading, writing = os.pipe()
        watchers = [server.watched(self._stop, self._say) for server in self.servers]
        try:
            self._phase = "running"
            for child in self.children:
                if not self._stop.is_set():
                    self._start(child, reading)
            while not self._stop.is_set():
                self._look(reading)
                if each is not None:
                    each()
                self._stop.wait(PULSE)
        finally:
            self._stop.set()
            self._end()
            until = time.monotonic() + self._grace
            for watcher in watchers:  # one may be starting its server, which takes up to minutes
                watcher.join(max(0.0, until - time.monotonic()))
            os.close(writing)
            os.close(reading)

    def note(self) -> None:
        """Write down how everything is, when it changed, and tell what happened."""
        while True:
            try:
                self._told(self._events.get_nowait())
            except queue.Empty:
                break
        state = self.state()
        if state != self._written:
            with suppress(OSError):  # a full disk is no reason to stop what works
                write_state(self.home, state)
                self._written = state

    def _say(self, name: str, what: str, detail: str = "", said: str = "") -> None:
        self._events.put(Event(name, what, detail, said))

    def _start(self, child: Child, lifeline: int) -> None:
        child.start(lifeline)
        if child.running:
            self._say(child.title, "started", f"process {child.pid}")

    def _look(self, lifeline: int) -> None:
        for child in self.children:
            ended = child.ended()
            if ended is not None:
                self._say(child.title, "ended", f"{ended}; again in {child.delay:g} s", child.said)
            if child.due():
                child.restarts += 1
                self._start(child, lifeline)
        if time.monotonic() - self._measured_at > MEASURING:
            self._measured_at = time.monotonic()
            self._cut()
        self.note()

    def _cut(self) -> None:
        for child in self.children:
            try:
                if child.cut_log():
                    self._say(child.title, "log put aside", f"it was longer than {GROWN:,} bytes")
            except OSError as error:
                self._say(child.title, "log cannot be put aside", error.strerror or str(error))

    def _end(self) -> None:
        self._phase = "stopping"
        running = [child for child in self.children if child.running]
        for child in reversed(running):
            child.ask_to_end()
        self.note()
        until = time.monotonic() + self._grace
        while running and time.monotonic() < until and self._asked < 2:
            for child in list(running):
                ended = child.ended()
                if ended is not None:
                    self._say(child.title, "stopped", ended, child.said)
                    running.remove(child)
            self.note()
            time.sleep(0.02)
        for child in reversed(running):
            child.kill()
            self._say(child.title, "killed", "it did not end in time")
            child.ended()
        self.note()


@contextmanager
def supervising(home: Path, *, told: Listener, grace: float = GRACE) -> Iterator[Supervisor]:
    """The one supervisor of `home`; what an earlier one left running is ended first.

    SIGINT, SIGTERM and SIGHUP stop it while it runs; before and after, they interrupt as ever. Raises
    AlreadyUpError when there is one at work, PlatformError when the folder cannot be used.
    """
    try:
        home.mkdir(parents=True, exist_ok=True)
        account = home_account(home)
        private_folder(folder(home), account)
        lock = Lock(lock_file(home), account)
    except OSError as error:
        raise PlatformError(
            f"the platform cannot use its folder: {error.strerror or error}",
            source=str(error.filename or folder(home)),
            remedy="set GREENAI_HOME to a folder that you may write to",
        ) from error
    try:
        if not lock.take(wait=False):
            raise AlreadyUpError("the platform is up already", source=str(home), remedy="see greenai status")
        left = left_over(home)
        if left:
            told(Event("supervisor", "ending", f"{len(left)} processes that an earlier one left"))
            end_all(left, grace=grace)
        supervisor = Supervisor(home, told=told, grace=grace)
        supervisor.note()
        try:
            yield supervisor
        finally:
            supervisor.finish()
    finally:
        lock.close()


@contextmanager
def signals(supervisor: Supervisor) -> Iterator[None]:
    """SIGINT, SIGTERM and SIGHUP stop the supervisor instead of interrupting, inside the block.

    A SIGHUP that is ignored (``nohup``) stays ignored.
    """

    def heard(number: int, frame: FrameType | None) -> None:
        del number, frame
        supervisor.stop()

    numbers = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
        numbers.append(signal.SIGHUP)
    before = {number: signal.signal(number, heard) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
