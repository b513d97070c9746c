"""Log files of servers and processes: put aside when they are long, and looked at afterwards."""

from __future__ import annotations

import os
from pathlib import Path

LONGEST = 5_000_000
"""Bytes of log after which a start begins a new one."""
KEPT = 5
"""How many older logs stay: ``x.log.1`` is the last, ``x.log.5`` the oldest."""


def begin_log(path: Path, *, longest: int = LONGEST, kept: int = KEPT) -> int:
    """Where in the log the next start will write; a long log is put aside first."""
    size = log_size(path)
    if size <= longest:
        return size
    for number in range(kept, 1, -1):
        older = path.with_name(f"{path.name}.{number - 1}")
        if older.exists():
            older.replace(path.with_name(f"{path.name}.{number}"))
    path.replace(path.with_name(f"{path.name}.1"))
    return 0


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
