"""Private folders for spilled data, and the removal of those whose process was killed.

Whose process lives is told by a lock on a file in the folder, which falls with the process. Numbers of
processes would mislead: containers that share a folder count their own, and a number is given again.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
import time
import weakref
from pathlib import Path
from typing import Final

FOLDER: Final = "greenai-engine-"
"""How the folders begin; the sockets of embedded servers are in `greenai-<user>-…`."""
LOCK: Final = ".lock"
"""The file in the folder that is locked while the folder is in use."""
UNLOCKED: Final = 60.0
"""Seconds after its last change in which a folder without that file is left alone: it may be just begun."""


class Scratch:
    """A folder of this process in `parent` (default: the system's), removed by `close` or with the object."""

    def __init__(self, parent: Path | None = None) -> None:
        self.path = Path(tempfile.mkdtemp(prefix=f"{FOLDER}{os.getpid()}-", dir=parent))
        """The folder; nobody else may enter it."""
        handle = -1
        try:
            # The lock is taken before it has its name, so that whoever sees it finds it taken.
            new = self.path / f"{LOCK}.new"
            handle = os.open(new, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            with contextlib.suppress(OSError):  # where nothing can be locked, nobody sweeps either
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            new.rename(self.path / LOCK)
        except BaseException:
            discard(self.path, handle)
            raise
        self._gone = weakref.finalize(self, discard, self.path, handle)

    def close(self) -> None:
        """Remove the folder and what is in it; a second time does nothing."""
        self._gone()


def discard(path: Path, handle: int) -> None:
    """Remove a folder, and only then let go of its lock."""
    shutil.rmtree(path, ignore_errors=True)
    if handle >= 0:
        os.close(handle)


def sweep(parent: Path) -> None:
    """Remove the folders in `parent` that this user's killed processes left: they may hold spilled data."""
    for left in parent.glob(f"{FOLDER}*-*"):
        if not left.name.removeprefix(FOLDER).split("-")[0].isdigit():
            continue
        with contextlib.suppress(OSError):  # somebody else's, in use, or gone already
            found = left.lstat()
            if not left.is_symlink() and left.is_dir() and found.st_uid == os.geteuid():
                remove_unused(left, changed=found.st_mtime)


def remove_unused(left: Path, *, changed: float) -> None:
    """Remove a folder whose lock can be taken, or that has none for a while. Raises OSError for others."""
    try:
        handle = os.open(left / LOCK, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        if abs(time.time() - changed) > UNLOCKED:
            shutil.rmtree(left, ignore_errors=True)
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(left, ignore_errors=True)
    finally:
        os.close(handle)
