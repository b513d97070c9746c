"""Whether the files of a run are there, and whole: none has changed for some seconds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from greenai.errors import MissingSourceError
from greenai.sources.locations import resolve

if TYPE_CHECKING:
    from greenai.definition.model import Definition

SETTLED: Final = 5.0
"""Seconds for which no file may have changed: whoever writes one is done with it."""
_REMOTE: Final = re.compile(r"(?!file://)[A-Za-z][A-Za-z0-9+.-]+://", re.IGNORECASE)

Look = tuple[tuple[str, int, int], ...]
"""Path, size and time of the last change of every file."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What is to be seen of the files of a run: how they look, and the locations that name none."""

    look: Look
    missing: tuple[str, ...]

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(size for _, size, _ in self.look)


@dataclass(slots=True)
class Arrivals:
    """Remembers since when the files of each run look as they do. Moments are seconds of a steady clock."""

    seen: dict[int, tuple[Look, float]] = field(default_factory=dict)

    def whole(self, due_id: int, sight: Sight, now: float) -> bool:
        """Whether all files are there and none has changed for `SETTLED` seconds."""
        if sight.missing:
            self.forget(due_id)
            return False
        look, since = self.seen.get(due_id, (None, now))
        if look != sight.look:
            since = now
        self.seen[due_id] = (sight.look, since)
        # With files elsewhere alone there is nothing to look at.
        return not sight.look or now - since >= SETTLED

    def forget(self, due_id: int) -> None:
        """Remember nothing of a run any more."""
        self.seen.pop(due_id, None)


def sight(definition: Definition, folder: Path, variables: Mapping[str, str]) -> Sight:
    """Look at the files of both sides. What is elsewhere (``s3://``) is taken to be there: reading tells."""
    found: list[tuple[str, int, int]] = []
    missing = []
    for source in (definition.sources.a, definition.sources.b):
        for location in source.location:
            if _REMOTE.match(location):
                continue
            try:
                for path in resolve([location], folder, variables):
                    now = path.stat()
                    found.append((str(path), now.st_size, now.st_mtime_ns))
            except (MissingSourceError, OSError):  # also a file that goes away meanwhile
                missing.append(location)
    return Sight(tuple(found), tuple(missing))
