"""Whole processes are measured with their children, and stopped at their limits."""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.measure import Limits, run

GENEROUS = Limits(seconds=60, memory=10**12)
HOLD = "data = bytearray({size}); import time; time.sleep({seconds})"


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_a_process_tells_its_time_memory_and_exit_code(tmp_path: Path) -> None:
    code = HOLD.format(size=120_000_000, seconds=0.3) + "; raise SystemExit(3)"
    cost = run(python(code), scratch=tmp_path / "s", limits=GENEROUS)
    assert (cost.exit_code, cost.stopped) == (3, None)
    assert 0.3 < cost.seconds < 10
    # A child begins with the peak of the process that made it, so there is no upper bound here.
    assert cost.peak_bytes > 120e6


def test_the_memory_of_children_adds_up(tmp_path: Path) -> None:
    child = HOLD.format(size=60_000_000, seconds=1)
    code = (
        "import subprocess, sys\n"
        f"children = [subprocess.Popen([sys.executable, '-c', {child!r}]) for _ in range(3)]\n"
        "[child.wait() for child in children]"
    )
    assert run(python(code), scratch=tmp_path / "s", limits=GENEROUS).peak_bytes > 180e6


def test_a_process_that_takes_too_long_is_stopped(tmp_path: Path) -> None:
    cost = run(python("import time; time.sleep(60)"), scratch=tmp_path / "s", limits=Limits(0.5, 10**12))
    assert cost.stopped == "time"
    assert cost.seconds < 10


def test_a_process_that_takes_too_much_memory_is_stopped(tmp_path: Path) -> None:
    code = HOLD.format(size=200_000_000, seconds=60)
    cost = run(python(code), scratch=tmp_path / "s", limits=Limits(60, 100_000_000))
    assert cost.stopped == "memory"
    assert cost.seconds < 30


def test_what_a_process_says_last_is_kept(tmp_path: Path) -> None:
    cost = run(
        python("print('one'); raise SystemExit('the reason')"), scratch=tmp_path / "s", limits=GENEROUS
    )
    assert cost.complaint == "the reason"
