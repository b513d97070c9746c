"""Runs commands as whole processes and says what they cost: wall time, processor time, peak memory.

The measuring process must stay small (it imports no data library): on Linux a child's peak memory
starts at what its parent held when it was forked.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

SAMPLE_SECONDS = 0.1
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Limits:
    """When a process is stopped: after `seconds`, or once its tree holds `memory` bytes."""

    seconds: float
    memory: int


@dataclass(frozen=True, slots=True)
class Cost:
    """One run of one command. `stopped` is ``time`` or ``memory`` where a limit ended it."""

    seconds: float
    cpu_seconds: float
    peak_bytes: int
    exit_code: int
    stopped: str | None = None
    complaint: str = ""


def run(command: Sequence[str], *, scratch: Path, limits: Limits) -> Cost:
    """Run `command` once with an emptied `scratch` folder, which takes its output and its temporary files.

    Peak memory is the larger of what the kernel recorded for one process (exact) and of the sampled
    sum over the whole tree (which sees several processes together, ten times a second).
    """
    shutil.rmtree(scratch, ignore_errors=True)
    temporary = scratch / "temporary"
    temporary.mkdir(parents=True)
    log = scratch / "log.txt"
    with log.open("wb") as output:
        started = time.perf_counter()
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            # What a stopped process could not clean up goes with the scratch folder.
            env={**os.environ, "TMPDIR": str(temporary)},
        )
        watch = _Watch(process.pid, limits)
        # Wait without reaping: until the watch has ended, the process id must stay taken.
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        seconds = time.perf_counter() - started
        watch.end()
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    unit = 1 if sys.platform == "darwin" else 1024
    return Cost(
        seconds=seconds,
        cpu_seconds=usage.ru_utime + usage.ru_stime,
        peak_bytes=max(usage.ru_maxrss * unit, watch.peak),
        exit_code=process.returncode,
        stopped=watch.stopped,
        complaint=_last_line(log),
    )


class _Watch:
    """Samples a process tree from a thread and stops it at its limits."""

    def __init__(self, pid: int, limits: Limits) -> None:
        self.peak = 0
        self.stopped: str | None = None
        self._pid = pid
        self._limits = limits
        self._ended = threading.Event()
        self._deadline = time.monotonic() + limits.seconds
        # Should memory run out all the same, the kernel takes the contender, not the machine.
        with contextlib.suppress(OSError):
            Path(f"/proc/{pid}/oom_score_adj").write_text("900")
        self._thread = threading.Thread(target=self._sample, daemon=True)
        self._thread.start()

    def end(self) -> None:
        self._ended.set()
        self._thread.join()

    def _sample(self) -> None:
        while not self._ended.wait(SAMPLE_SECONDS):
            held = sum(_resident(pid) for pid in _tree(self._pid))
            self.peak = max(self.peak, held)
            if held > self._limits.memory:
                self.stopped = "memory"
            elif time.monotonic() > self._deadline:
                self.stopped = "time"
            if self.stopped:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(self._pid, signal.SIGKILL)
                return


def _tree(pid: int) -> list[int]:
    found = [pid]
    for parent in found:
        for listed in Path(f"/proc/{parent}/task").glob("*/children"):
            with contextlib.suppress(OSError):
                found.extend(int(child) for child in listed.read_text().split())
    return found


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
    except (OSError, IndexError, ValueError):
        return 0


def _last_line(log: Path) -> str:
    with log.open("rb") as stream:
        stream.seek(max(0, log.stat().st_size - 4096))
        lines = stream.read().decode(errors="replace").strip().splitlines()
    return lines[-1][:300] if lines else ""
