"""Which process is meant: a number alone may be another's by now, so its start time belongs to it."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Identity:
    """One process, for ever: its number and when it started, in the words of this system."""

    pid: int
    started: str


def identity(pid: int) -> Identity | None:
    """Who has this number now; None when nobody has, or only one that ended and was not waited for."""
    if Path("/proc/self/stat").exists():
        try:
            # The name in brackets may hold blanks and brackets.
            told = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
        except OSError:
            return None
        return None if told[0] in {b"Z", b"X"} else Identity(pid, f"{boot()}:{int(told[19])}")
    command = ["ps", "-o", "stat=,lstart=", "-p", str(pid)]
    said = subprocess.run(command, env={"LC_ALL": "C"}, capture_output=True, text=True, check=False).stdout
    state, _, started = said.strip().partition(" ")
    return None if not state or state.startswith("Z") else Identity(pid, started.strip())


@cache
def boot() -> str:
    """Since when the system counts: ticks are counted anew after a restart of the machine."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return ""


def living(process: Identity | None) -> bool:
    """Whether this very process runs."""
    return process is not None and identity(process.pid) == process


def end_all(processes: Sequence[Identity], *, grace: float) -> list[Identity]:
    """End processes of which this one is not the parent; those that had to be killed after `grace` seconds.

    The last is told first.
    """
    for process in reversed(processes):
        tell(process, signal.SIGTERM)
    until = time.monotonic() + grace
    while any(map(living, processes)) and time.monotonic() < until:
        time.sleep(0.02)
    killed = [process for process in processes if living(process)]
    for process in killed:
        tell(process, signal.SIGKILL)
    while any(map(living, killed)) and time.monotonic() < until + 10:
        time.sleep(0.02)
    return killed


def tell(process: Identity, number: signal.Signals) -> None:
    """Send a signal to this very process, and to no other."""
    if living(process):
        with suppress(ProcessLookupError):
            os.kill(process.pid, number)
