"""Locks on files: they fall when their holder dies, however it dies."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from greenai.embedded.account import Account


class Lock:
    """One lock on one file; a handle of its own, so that even one process can meet itself."""

    def __init__(self, path: Path, account: Account) -> None:
        self.handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        account.own(path)

    def take(self, *, shared: bool = False, wait: bool = True) -> bool:
        """Take it, alone or with others; False when somebody has it and `wait` is off."""
        how = (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB)
        try:
            fcntl.flock(self.handle, how)
        except BlockingIOError:
            return False
        return True

    def close(self) -> None:
        """Let go of it here; a process that inherited the handle still holds it."""
        if self.handle >= 0:
            os.close(self.handle)
            self.handle = -1


@contextmanager
def locked(path: Path, account: Account) -> Iterator[None]:
    """Hold a lock alone for a while."""
    lock = Lock(path, account)
    try:
        lock.take()
        yield
    finally:
        lock.close()
