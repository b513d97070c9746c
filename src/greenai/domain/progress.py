"""How long work tells someone how far it is, without knowing who listens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol


class Progress(Protocol):
    """A listener. Calls come from the working thread and must return at once."""

    def watch(self, share: Callable[[], float]) -> None:
        """Ask `share` how much of the present query is done: 0 to 1, or -1 when unknown."""

    def stage(self, name: str, rows: int | None = None) -> None:
        """A stage begins, with the number of rows it will work through when known."""

    def done(self) -> None:
        """All work is finished."""


class Silent:
    """The listener that does nothing."""

    def watch(self, share: Callable[[], float]) -> None:
        """Ignore it."""

    def stage(self, name: str, rows: int | None = None) -> None:
        """Ignore it."""

    def done(self) -> None:
        """Ignore it."""


SILENT = Silent()
