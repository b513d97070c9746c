"""The only reader of the environment. Read once when a process starts, and handed down."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from greenai.errors import UsageError

MOST_THREADS = 1024
"""More threads than any one machine has cores for: surely a slip of the keyboard."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment says. Options given on the command line come before it."""

    memory: str | None = None
    """``GREENAI_MEMORY``: memory limit of the table engine, e.g. ``2GB``."""
    threads: int | None = None
    """``GREENAI_THREADS``: threads of the table engine."""
    temporary: Path | None = None
    """``GREENAI_TEMP``: folder to spill to; the system's temporary folder by default."""
    colour: bool | None = None
    """``NO_COLOR`` set: False. ``FORCE_COLOR`` set: True. Else None: colour on terminals."""


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings from the environment. Raises UsageError for a value that makes no sense."""
    env = os.environ if environment is None else environment
    memory = env.get("GREENAI_MEMORY")
    threads = env.get("GREENAI_THREADS")
    temporary = env.get("GREENAI_TEMP")
    if temporary is not None and not Path(temporary).is_dir():
        raise UsageError(
            "GREENAI_TEMP is not a folder", value=temporary, remedy="create it or unset GREENAI_TEMP"
        )
    colour = False if env.get("NO_COLOR") else True if env.get("FORCE_COLOR") else None
    return Settings(
        memory=memory_size(memory, "GREENAI_MEMORY") if memory else None,
        threads=thread_count(threads, "GREENAI_THREADS") if threads is not None else None,
        temporary=Path(temporary) if temporary else None,
        colour=colour,
    )


def thread_count(given: int | str, name: str) -> int:
    """A number of threads, up to `MOST_THREADS`. Raises UsageError that calls it `name`."""
    text = str(given)
    if not re.fullmatch(r"[0-9]{1,4}", text) or not 1 <= int(text) <= MOST_THREADS:
        raise UsageError(
            f"{name} is not a whole number from 1 to {MOST_THREADS:,}", value=given, remedy="e.g. 4"
        )
    return int(text)


def memory_size(text: str, name: str) -> str:
    """A size the engine understands. Raises UsageError that calls it `name`."""
    if not re.fullmatch(r"\d+(\.\d+)?\s*([KMGT]i?)?B", text.strip(), re.IGNORECASE):
        raise UsageError(f"{name} is not a size", value=text, remedy="write it as 500MB or 2GB")
    return text.strip()
