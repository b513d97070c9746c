"""One deadline for a whole conversation: sockets time each step, and a byte now and then is a step."""

from __future__ import annotations

import contextlib
import socket
import threading
from types import TracebackType
from typing import Final

LONGEST: Final = 60.0
"""Seconds from the connection to the end of the conversation."""


class Deadline:
    """Ends the connections made through it after so many seconds; a context manager."""

    def __init__(self, seconds: float = LONGEST) -> None:
        self.seconds = seconds
        self.passed = False
        """Whether it was too long."""
        self._lines: list[socket.socket] = []
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def __enter__(self) -> Deadline:
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        for line in self._lines:
            line.close()

    def connect(self, host: str, port: int, timeout: float) -> socket.socket:
        """A connection. Raises OSError; also when the time was up meanwhile."""
        made = socket.create_connection((host, port), timeout)
        # Shutting down a copy shuts down the connection, also when TLS has taken the first one over.
        self._lines.append(made.dup())
        if self.passed:
            made.close()
            raise TimeoutError("timed out")
        return made

    def why(self, error: Exception) -> str:
        """What to say of an error, in one line."""
        if self.passed:
            return f"it took longer than {self.seconds:g} s"
        return " ".join(str(error).split()) or type(error).__name__

    def _end(self) -> None:
        self.passed = True
        for line in self._lines:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
