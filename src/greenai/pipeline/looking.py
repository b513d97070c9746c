"""Looks at files in threads of their own: a folder that does not answer holds up nobody but itself."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from greenai.errors import GreenaiError
from greenai.pipeline.arrivals import Sight, sight

if TYPE_CHECKING:
    from greenai.definition.model import Definition

AT_ONCE: Final = 32
"""Folders that are looked at at once; so many that do not answer, and nobody else is looked at."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What was seen, or why nothing was; `at` is when the look began (`time.monotonic`)."""

    seen: Sight | GreenaiError
    at: float


FORGOTTEN: Final = 3600.0
"""Seconds after which nobody will ask any more for what was seen: what was looked for does not wait."""

Look = Callable[[int, "Definition", Path, Mapping[str, str]], Looked | None]
"""Of a due run (its number, definition, folder and variables) what was seen since it was asked last."""


def at_once(_: int, definition: Definition, folder: Path, variables: Mapping[str, str]) -> Looked:
    """Look now, however long it takes."""
    at = time.monotonic()
    try:
        return Looked(sight(definition, folder, variables), at)
    except GreenaiError as error:
        return Looked(error, at)


@dataclass(slots=True)
class Lookers:
    """Look at what is asked for, one thread for each folder; may be asked by one thread.

    The threads are no reason for a process to stay: one that waits for a folder for ever ends with it.
    """

    _lock: threading.Lock = field(default_factory=threading.Lock)
    _asked: dict[Path, dict[int, Callable[[], Looked]]] = field(default_factory=dict)
    _busy: set[Path] = field(default_factory=set)
    _found: dict[int, Looked] = field(default_factory=dict)

    def look(
        self, due_id: int, definition: Definition, folder: Path, variables: Mapping[str, str]
    ) -> Looked | None:
        """What was seen since this was asked last, None where nothing was; and look again."""
        with self._lock:
            found = self._found.pop(due_id, None)
            while self._found and next(iter(self._found.values())).at < time.monotonic() - FORGOTTEN:
                del self._found[next(iter(self._found))]
            self._asked.setdefault(folder, {})[due_id] = lambda: at_once(
                due_id, definition, folder, variables
            )
            if folder not in self._busy and len(self._busy) < AT_ONCE:
                self._busy.add(folder)
                name = f"greenai-look-{due_id}"
                threading.Thread(target=self._work, args=(folder,), name=name, daemon=True).start()
        return found

    def _work(self, folder: Path) -> None:
        while True:
            with self._lock:
                asked = self._asked.get(folder)
                if not asked:
                    self._asked.pop(folder, None)
                    self._busy.discard(folder)
                    return
                due_id = next(iter(asked))
                look = asked.pop(due_id)
            found: Looked | None = None
            try:
                found = look()
            finally:
                with self._lock:
                    if found is not None:
                        self._found[due_id] = found
                    else:  # a bug: what comes next is looked at by another thread
                        self._busy.discard(folder)
