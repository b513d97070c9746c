"""Engines for what people wait for: few at once, each of bounded memory."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from greenai.errors import TooOftenError

if TYPE_CHECKING:
    from greenai.engines.duckdb import DuckDBEngine
    from greenai.settings import Settings

AT_ONCE: Final = 2
"""Engines of one process at once: they take memory and processor time."""
MEMORY: Final = "512MB"
PATIENCE: Final = 2.0
"""Seconds that somebody waits for one."""
_free = threading.BoundedSemaphore(AT_ONCE)


@contextlib.contextmanager
def opened_engine(settings: Settings) -> Iterator[DuckDBEngine]:
    """An engine of bounded memory, one of `AT_ONCE`. Raises TooOftenError when all are in use."""
    from greenai.api.opening import open_engine

    if not _free.acquire(timeout=PATIENCE):
        raise TooOftenError(5)
    try:
        with open_engine(replace(settings, memory=MEMORY), None, None) as engine:
            yield engine
    finally:
        _free.release()
