"""How long work tells someone how far it is, without knowing who listens."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """A listener. Calls come from the working thread and must return at once."""

    def stage(self, name: str, rows: int | None = None) -> None:
        """A stage begins, with the number of rows it will work through when known."""

    def done(self) -> None:
        """All work is finished."""


class Silent:
    """The listener that does nothing."""

    def stage(self, name: str, rows: int | None = None) -> None:
        """Ignore it."""

    def done(self) -> None:
        """Ignore it."""


SILENT = Silent()
