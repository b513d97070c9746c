"""Which files a run read, by the hash of their content, found while the run goes on."""

from __future__ import annotations

import hashlib
import stat
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from greenai.domain.runs import Input
from greenai.errors import MissingSourceError, UnreadableSourceError

ALGORITHM: Final = "sha256"
BLOCK: Final = 1 << 20
"""Bytes hashed at a time; meanwhile other threads run."""


@dataclass(frozen=True, slots=True)
class _State:
    """What tells that a file is still the one that it was."""

    device: int
    node: int
    size: int
    modified: int
    regular: bool


class Lineage:
    """The files of both sides, each side hashed in a thread of its own."""

    def __init__(self, a: Sequence[Path], b: Sequence[Path]) -> None:
        self._stopped = threading.Event()
        self._sides = [_Side("a", a, self._stopped), _Side("b", b, self._stopped)]
        for side in self._sides:
            side.start()

    def inputs(self) -> tuple[Input, ...]:
        """Wait for the hashes and give the files in the order in which they were read.

        To be called after the run has read them: raises UnreadableSourceError for a file that changed
        since `start`, MissingSourceError for one that is gone.
        """
        for side in self._sides:
            side.join()
        for side in self._sides:
            if side.error is not None:
                raise side.error
            for path, before in side.states.items():
                if _state(path) != before:
                    raise UnreadableSourceError(
                        "the file changed while it was read",
                        source=str(path),
                        remedy="wait until it is complete, then run again",
                    )
        return tuple(one for side in self._sides for one in side.found)

    def stop(self) -> None:
        """Hash no more: the run came to nothing."""
        self._stopped.set()


def start(a: Sequence[str | Path], b: Sequence[str | Path]) -> Lineage:
    """Begin to hash the files of both sides in the background.

    A side without files has no lineage, nor has one that reads from a pipe. Raises
    MissingSourceError for a file that is not there.
    """
    return Lineage([Path(path) for path in a], [Path(path) for path in b])


class _Side(threading.Thread):
    def __init__(self, side: Literal["a", "b"], paths: Sequence[Path], stopped: threading.Event) -> None:
        super().__init__(name=f"greenai-lineage-{side}", daemon=True)
        self._side: Literal["a", "b"] = side
        self._stopped = stopped
        # Taken before anybody reads a row, so that a change at any later moment is seen.
        states = {path: _state(path) for path in paths}
        # What a pipe gives can be read once, and that is not for us.
        self.states = states if all(one.regular for one in states.values()) else {}
        self.found: list[Input] = []
        self.error: Exception | None = None

    def run(self) -> None:
        try:
            for path in self.states:
                hashed = self._hash(path)
                if self._stopped.is_set():
                    return
                location = str(path.absolute())
                self.found.append(Input(self._side, location, hashed, self.states[path].size))
        except OSError as error:
            self.error = _unreadable(path, error)

    def _hash(self, path: Path) -> str:
        digest, block = hashlib.new(ALGORITHM), memoryview(bytearray(BLOCK))
        with path.open("rb", buffering=0) as file:
            while (size := file.readinto(block)) and not self._stopped.is_set():
                digest.update(block[:size])
        return f"{ALGORITHM}:{digest.hexdigest()}"


def _state(path: Path) -> _State:
    try:
        found = path.stat()
    except OSError as error:
        raise _unreadable(path, error) from error
    return _State(found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, stat.S_ISREG(found.st_mode))


def _unreadable(path: Path, error: OSError) -> MissingSourceError | UnreadableSourceError:
    if isinstance(error, FileNotFoundError):
        return MissingSourceError("the file is gone", source=str(path), remedy="run again with all files")
    return UnreadableSourceError(
        f"the file cannot be read: {error.strerror or error}", source=str(path), remedy="check its rights"
    )
