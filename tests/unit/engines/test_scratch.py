"""Folders for spilled data: kept while somebody uses them, whatever the number of the process."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import time
from pathlib import Path

from greenai.engines.duckdb import DuckDBEngine
from greenai.engines.scratch import LOCK, UNLOCKED, Scratch, sweep

NOBODY = 2**22 + 1
"""A number that no process has: more than the system gives."""


def left_behind(parent: Path, number: int, name: str, *, lock: bool = True) -> Path:
    """A folder as a killed process leaves it."""
    folder = parent / f"greenai-engine-{number}-{name}"
    (folder / "spilled").mkdir(parents=True)
    if lock:
        (folder / LOCK).touch(mode=0o600)
    return folder


def test_the_folder_of_a_killed_process_is_swept_by_the_next_engine(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys; from pathlib import Path; from greenai.engines.scratch import Scratch\n"
        "kept = Scratch(Path(sys.argv[1])); os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    assert len(list(tmp_path.iterdir())) == 1
    with DuckDBEngine(temporary=tmp_path) as engine:
        assert list(tmp_path.iterdir()) == [engine.folder]
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_use_is_kept_though_no_process_here_has_its_number(tmp_path: Path) -> None:
    folder = left_behind(tmp_path, NOBODY, "container")
    with (folder / LOCK).open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        sweep(tmp_path)
        assert (folder / "spilled").is_dir()
    sweep(tmp_path)
    assert not folder.exists()


def test_a_folder_nobody_uses_goes_though_a_process_has_its_number_again(tmp_path: Path) -> None:
    folder = left_behind(tmp_path, os.getpid(), "reused")
    with DuckDBEngine(temporary=tmp_path) as first, DuckDBEngine(temporary=tmp_path) as second:
        assert not folder.exists()
        assert first.folder.is_dir()
        assert second.folder.is_dir()


def test_a_folder_without_a_lock_is_kept_for_a_minute(tmp_path: Path) -> None:
    fresh = left_behind(tmp_path, NOBODY, "fresh", lock=False)
    old = left_behind(tmp_path, os.getpid(), "old", lock=False)
    then = time.time() - UNLOCKED - 1
    os.utime(old, (then, then))
    sweep(tmp_path)
    assert fresh.is_dir()
    assert not old.exists()


def test_what_only_looks_like_such_a_folder_is_left_alone(tmp_path: Path) -> None:
    elsewhere = left_behind(tmp_path / "elsewhere", NOBODY, "x")
    (tmp_path / f"greenai-engine-{NOBODY}-link").symlink_to(elsewhere)
    (tmp_path / "greenai-engine-notes-x").mkdir()
    (tmp_path / "greenai-engine-notes-x" / LOCK).touch()
    # A private folder of an embedded server has the number of a user in its place, not of a process.
    (tmp_path / f"greenai-{NOBODY}-0123456789ab").mkdir()
    before = sorted(tmp_path.rglob("*"))
    sweep(tmp_path)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_folder_goes_with_what_holds_it(tmp_path: Path) -> None:
    kept = Scratch(tmp_path)
    assert kept.path.stat().st_mode & 0o777 == 0o700
    kept.close()
    kept.close()
    assert list(tmp_path.iterdir()) == []
