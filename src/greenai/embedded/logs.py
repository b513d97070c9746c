"""Log files of servers and processes: put aside when they are long, and looked at afterwards."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

LONGEST = 5_000_000
"""Bytes of log after which a start begins a new one."""
GROWN = 50_000_000
"""Bytes of log after which it is put aside though who writes it goes on."""
KEPT = 5
"""How many older logs stay: ``x.log.1`` is the last, ``x.log.5`` the oldest."""


def begin_log(path: Path, *, longest: int = LONGEST, kept: int = KEPT) -> int:
    """Where in the log the next start will write; a long log is put aside first."""
    size = log_size(path)
    if size <= longest:
        return size
    shift(path, kept)
    path.replace(path.with_name(f"{path.name}.1"))
    return 0


def shift(path: Path, kept: int = KEPT) -> None:
    """Make room for another older log; the oldest one goes."""
    for number in range(kept, 1, -1):
        older = path.with_name(f"{path.name}.{number - 1}")
        if older.exists():
            older.replace(path.with_name(f"{path.name}.{number}"))


def cut_log(path: Path, *, grown: int = GROWN, kept: int = KEPT) -> bool:
    """Put a log that grew too long aside while somebody writes it; whether it had.

    It is copied and emptied: who writes goes on at its new end (`open_log`). Lines that are written between
    the end of the copy and the emptying, some microseconds, are lost. Raises OSError, also for a link.
    """
    if log_size(path) <= grown:
        return False
    handle = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
    with os.fdopen(handle, "r+b") as log:
        fresh = path.with_name(f"{path.name}.new")
        fresh.unlink(missing_ok=True)
        copy = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            with os.fdopen(copy, "wb") as older:
                shutil.copyfileobj(log, older, 1 << 20)
                older.flush()
                shutil.copyfileobj(log, older, 1 << 20)  # what came meanwhile
                log.truncate(0)
        except OSError:  # the disk is full: an old log is worth less than what goes on
            fresh.unlink(missing_ok=True)
            log.truncate(0)
            raise
    shift(path, kept)
    fresh.replace(path.with_name(f"{path.name}.1"))
    return True


def log_size(path: Path) -> int:
    """How much is in the log; nothing when it is not there."""
    try:
        return path.lstat().st_size
    except FileNotFoundError:
        return 0


def log_since(path: Path, place: int) -> str:
    """What was said since the log was so long."""
    try:
        with path.open("rb") as file:
            file.seek(place)
            return file.read().decode("utf-8", "replace")
    except OSError:
        return ""


def open_log(path: Path) -> int:
    """A handle to write at the end of a log with, for a process that inherits it. It follows no link."""
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
