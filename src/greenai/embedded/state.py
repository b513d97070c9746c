"""What a supervisor writes down about itself, so that `status` and `down` find it and its processes."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from greenai.embedded.account import home_account
from greenai.embedded.identity import Identity, living
from greenai.embedded.locks import Lock

FORM = 1
"""The version of the file's form."""


@dataclass(frozen=True, slots=True)
class ProcessState:
    """One process: ``running``, ``waiting`` (to be started again), ``stopping`` or ``ended``."""

    name: str
    number: int
    state: str
    process: Identity | None
    since: datetime
    restarts: int
    last: str
    """How it ended the last time; empty while it never did."""
    log: str
    port: int


@dataclass(frozen=True, slots=True)
class ServerState:
    """A server that the platform uses: ``running``, ``starting`` or ``elsewhere`` (somebody else runs it)."""

    name: str
    state: str
    place: str
    restarts: int
    last: str = ""


@dataclass(frozen=True, slots=True)
class PlatformState:
    """What runs in a home: ``starting``, ``running``, ``stopping`` or ``stopped``."""

    state: str
    supervisor: Identity
    since: datetime
    copies: dict[str, int]
    servers: list[ServerState] = field(default_factory=list)
    processes: list[ProcessState] = field(default_factory=list)
    address: str | None = None
    """Where browsers find the workstation."""

    def as_dict(self) -> dict[str, Any]:
        """For JSON; times are ISO 8601."""
        document = asdict(self)
        document["since"] = self.since.isoformat()
        for line, process in zip(document["processes"], self.processes, strict=True):
            line["since"] = process.since.isoformat()
        return document

    @classmethod
    def from_dict(cls, given: dict[str, Any]) -> PlatformState:
        """The opposite of `as_dict`. Raises KeyError, TypeError or ValueError for anything else."""
        processes = [
            ProcessState(
                **{
                    **line,
                    "since": datetime.fromisoformat(line["since"]),
                    "process": line["process"] and Identity(**line["process"]),
                }
            )
            for line in given["processes"]
        ]
        return cls(
            state=str(given["state"]),
            supervisor=Identity(**given["supervisor"]),
            since=datetime.fromisoformat(given["since"]),
            copies=dict(given["copies"]),
            servers=[ServerState(**line) for line in given["servers"]],
            processes=processes,
            address=given.get("address"),
        )


def folder(home: Path) -> Path:
    """Where the supervisor of `home` keeps what it knows."""
    return home / "platform"


def lock_file(home: Path) -> Path:
    """The file that the one supervisor of `home` holds a lock on."""
    return folder(home) / "supervisor.lock"


def write_state(home: Path, state: PlatformState) -> None:
    """Write the state down, whole or not at all."""
    path = folder(home) / "state.json"
    new = path.with_name("state.json.new")
    new.unlink(missing_ok=True)
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with open(handle, "w", encoding="utf-8") as file:  # noqa: PTH123 - a handle
        json.dump({"form": FORM, **state.as_dict()}, file, indent=1)
        file.write("\n")
    home_account(home).own(new)
    new.replace(path)


def read_state(home: Path) -> PlatformState | None:
    """What the last supervisor of `home` wrote; None when there is nothing, or nothing readable."""
    try:
        document = json.loads((folder(home) / "state.json").read_text(encoding="utf-8"))
        return PlatformState.from_dict(document)
    except (OSError, KeyError, TypeError, ValueError):
        return None


def supervised(home: Path) -> bool:
    """Whether a supervisor is at work in `home`; nothing is made."""
    if not lock_file(home).exists():
        return False
    lock = Lock(lock_file(home), home_account(home))
    try:
        return not lock.take(wait=False)
    finally:
        lock.close()


def left_over(home: Path) -> list[Identity]:
    """Processes of an earlier supervisor of `home` that still run."""
    state = read_state(home)
    found = [line.process for line in state.processes] if state else []
    return [process for process in found if process is not None and living(process)]


def now() -> datetime:
    """This moment, as it is written down."""
    return datetime.now(UTC).replace(microsecond=0)
