"""What a process of the platform may take of the machine: its share of the memory."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

PLATFORM: Final = 0.7
"""Of the memory, what all engines together may fill with tables; the rest is for PostgreSQL."""
LEAST: Final = 512_000_000
"""Bytes with which an engine gets along: it spills what does not fit."""
LIMITS: Final = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))
"""Where a container's limit stands, in the second and the first version of control groups."""


def memory_share(engines: int, total: int | None = None) -> str:
    """The memory limit of each of so many engines, as GREENAI_MEMORY takes it."""
    share = int((machine_memory() if total is None else total) * PLATFORM / max(1, engines))
    return f"{max(LEAST, share) // 1_000_000}MB"


def machine_memory() -> int:
    """Bytes that there are for all: the machine's, or the container's where that is less."""
    found = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")]
    for path in LIMITS:
        with suppress(OSError, ValueError):  # "max": no limit
            found.append(int(path.read_text(encoding="ascii")))
    return min(found)
