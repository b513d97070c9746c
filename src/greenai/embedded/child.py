"""One process under supervision: started, looked after, restarted with more and more patience."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from greenai.embedded.account import Account
from greenai.embedded.identity import Identity, identity
from greenai.embedded.logs import GROWN, begin_log, cut_log, log_since, log_size, open_log
from greenai.embedded.state import ProcessState, now

SHORTEST, LONGEST_DELAY = 1.0, 30.0
"""Seconds before a restart: the first time, and at most; each time it is doubled."""
HEALTHY = 60.0
"""Seconds of life after which a process counts as healthy: the next restart is a first one again."""


@dataclass(frozen=True, slots=True)
class Program:
    """What is to run: a name, a command, and how many processes of it.

    `last` is added to the environment of the last of several.
    """

    name: str
    command: tuple[str, ...]
    copies: int = 1
    last: Mapping[str, str] = field(default_factory=dict)
    port: int = 0
    """The port it listens on by its own settings; 0: for metrics alone, the one it is given."""

    def environment(self, number: int) -> Mapping[str, str]:
        """What the copy of that number has in its environment beside what all have."""
        return self.last if number == self.copies > 1 else {}


@dataclass(slots=True)
class Child:
    """One process of a program, and the next one after it died."""

    name: str
    number: int
    command: tuple[str, ...]
    log: Path
    environment: Mapping[str, str]
    account: Account
    port: int = 0
    restarts: int = 0
    last: str = ""
    said: str = ""
    """Its last words in the log before it ended; they are not ours, and may tell of data."""
    since: datetime = field(default_factory=now)
    _process: subprocess.Popen[bytes] | None = None
    _identity: Identity | None = None
    _began: float = 0.0
    _delay: float = 0.0
    _due: float = 0.0
    _said_from: int = 0
    _told: bool = False

    @property
    def title(self) -> str:
        """How it is called: ``worker-1``."""
        return f"{self.name}-{self.number}"

    @property
    def running(self) -> bool:
        """Whether there is a process that was not seen to end."""
        return self._process is not None

    @property
    def pid(self) -> int | None:
        """Its number."""
        return self._process.pid if self._process else None

    def state(self, *, stopping: bool = False) -> ProcessState:
        """How it is now."""
        going = "stopping" if stopping else "running"
        resting = "ended" if stopping else "waiting"
        return ProcessState(
            name=self.name,
            number=self.number,
            state=going if self._process else resting,
            process=self._identity,
            since=self.since,
            restarts=self.restarts,
            last=f"{self.last}: {self.said}" if self.said else self.last,
            log=str(self.log),
            port=self.port,
        )

    def start(self, lifeline: int) -> None:
        """Start it; it inherits the reading end of `lifeline`. One that cannot start has ended at once."""
        self._began, self.since, self._told = time.monotonic(), now(), False
        try:
            self._said_from = begin_log(self.log)
            handle = open_log(self.log)
        except OSError as error:
            self._rest(f"its log {self.log} cannot be written: {error.strerror}")
            return
        try:
            self.account.own(self.log)
            self._process = subprocess.Popen(
                self.command,
                env={**self.environment, "GREENAI_LIFELINE": str(lifeline)},
                stdin=subprocess.DEVNULL,
                stdout=handle,
                stderr=handle,
                pass_fds=[lifeline],
                umask=0o077,  # snapshots hold all rows of both sides
                start_new_session=True,  # Ctrl-C at the keyboard is the supervisor's to handle
            )
            self._identity = identity(self._process.pid)
        except OSError as error:
            self._rest(f"{self.command[0]} cannot be started: {error.strerror}")
        finally:
            os.close(handle)

    def ended(self) -> str | None:
        """How it ended, once, as soon as it did; a restart is due after a while."""
        if self._process is not None and self._process.poll() is not None:
            code = self._process.returncode
            self._rest(how(code), last_words(log_since(self.log, self._said_from)) if code else "")
        if self._process is None and not self._told:
            self._told = True
            return self.last
        return None

    def due(self) -> bool:
        """Whether it is time to start it again."""
        return self._process is None and time.monotonic() >= self._due

    @property
    def delay(self) -> float:
        """Seconds that it waits, or last waited, for its restart."""
        return self._delay

    def ask_to_end(self) -> None:
        """Ask it to finish its work or hand it back, and end."""
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it, and what it started, by force."""
        if self._process is not None and self._process.poll() is None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def cut_log(self) -> bool:
        """Put its log aside while it runs, if it grew too long; whether it had. Raises OSError."""
        size = log_size(self.log)
        try:
            return cut_log(self.log, grown=GROWN)
        finally:
            if log_size(self.log) < size:
                self._said_from = 0

    def _rest(self, how_it_ended: str, said: str = "") -> None:
        lived = time.monotonic() - self._began
        self._delay = SHORTEST if lived >= HEALTHY or not self._delay else min(2 * self._delay, LONGEST_DELAY)
        self._due = time.monotonic() + self._delay
        self._process = self._identity = None
        self.last, self.said, self.since = how_it_ended, said, now()


def last_words(log: str) -> str:
    """The last line of a log, shortened; of a line of JSON what it says went wrong."""
    line = log.strip().rpartition("\n")[2]
    try:
        told = json.loads(line)
        line = " ".join(str(told[name]) for name in ("event", "error_class", "remedy") if told.get(name))
    except (ValueError, TypeError, AttributeError, KeyError):
        pass
    return line[:200]


def how(code: int) -> str:
    """An exit code in words."""
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"killed by signal {-code}"
