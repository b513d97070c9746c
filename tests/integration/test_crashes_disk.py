"""Disks that are full while a run spills, while it is compared and while it is published."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from crash import embedded
from crashcase import FIRST, SECOND, open_folder, run, state, write_case
from greenai.embedded.postgres import stop_postgres
from greenai.store.database import connect

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.geteuid() != 0, reason="mounts small disks")]
ROWS = 40_000


@pytest.fixture
def folder() -> Iterator[Path]:
    folder = open_folder()
    yield folder
    stop_postgres(folder / "home")
    for mounted in folder.iterdir():
        if mounted.is_mount():
            subprocess.run(["umount", "--lazy", mounted], check=True)
    shutil.rmtree(folder)


def small_disk(path: Path, megabytes: int) -> Path:
    """A file system of its own."""
    path.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "none", str(path)]
    if subprocess.run(command, check=False).returncode:
        pytest.skip("may not mount")
    return path


def fill(path: Path, *, leave: int) -> Path:
    """Fill a disk up to some bytes."""
    filler = path / "filler"
    with contextlib.suppress(OSError), filler.open("wb") as file:
        space = shutil.disk_usage(path).free - leave
        for _ in range(space >> 16):
            file.write(bytes(1 << 16))
    return filler


def test_a_disk_that_is_full_while_spilling_is_told_and_changes_nothing(folder: Path) -> None:
    case, place = write_case(folder, ROWS), embedded(folder)
    assert run(case, FIRST, store="embedded", env=place.env).returncode == 1
    with place.opened() as url:
        before = state(url)
    temporary = small_disk(folder / "temporary", 2)
    env = {**place.env, "GREENAI_TEMP": str(temporary), "GREENAI_MEMORY": "24MB", "GREENAI_THREADS": "2"}
    done = run(case, SECOND, store="embedded", env=env)
    assert (done.returncode, done.stdout) == (2, ""), done
    assert "a bug" not in done.stderr
    assert "disk space in the temporary folder" in done.stderr, done.stderr
    assert not list(temporary.iterdir())
    with place.opened() as url:
        assert state(url) == before
    done = run(case, SECOND, store="embedded", env=place.env)
    assert (done.returncode, done.stderr) == (1, "")


@pytest.mark.parametrize("room", [200_000, 3_000_000, 6_000_000])
def test_a_disk_that_is_full_while_publishing_is_told_and_changes_nothing(folder: Path, room: int) -> None:
    case, place = write_case(folder, ROWS), embedded(folder)
    home = small_disk(folder / "home", 200)
    assert run(case, FIRST, store="embedded", env=place.env).returncode == 1
    with place.opened() as url:
        before = state(url)
    stop_postgres(home)
    filler = fill(home, leave=room)
    done = run(case, SECOND, store="embedded", env=place.env)
    assert_full(done)
    filler.unlink()
    with place.opened() as url:
        assert state(url) == before
    done = run(case, SECOND, store="embedded", env=place.env)
    assert (done.returncode, done.stderr) == (1, "")


def test_a_log_of_transactions_that_has_no_room_stops_the_server_and_loses_nothing(folder: Path) -> None:
    case, place = write_case(folder, ROWS), embedded(folder)
    assert run(case, FIRST, store="embedded", env=place.env).returncode == 1
    with place.opened() as url, connect(url) as connection:
        before = state(url)
        row = connection.execute("SELECT pg_walfile_name(pg_current_wal_lsn())").fetchone()
        assert row is not None
        current = row[0]
    stop_postgres(folder / "home")
    log, disk = folder / "home" / "postgres" / "data" / "pg_wal", small_disk(folder / "log", 48)
    for segment in log.iterdir():
        if segment.is_file() and segment.name > current:
            segment.unlink()  # prepared, and not yet used
    subprocess.run(["cp", "-a", f"{log}/.", str(disk)], check=True)
    subprocess.run(["chown", f"--reference={log}", str(disk)], check=True)
    disk.chmod(0o700)
    shutil.rmtree(log)
    log.symlink_to(disk)
    filler = fill(disk, leave=0)
    assert_full(run(case, SECOND, store="embedded", env=place.env))
    log_of_server = (folder / "home" / "postgres" / "server.log").read_text(encoding="utf-8")
    assert "PANIC" in log_of_server or "could not write" in log_of_server
    filler.unlink()
    with place.opened() as url:
        assert state(url) == before
    done = run(case, SECOND, store="embedded", env=place.env)
    assert (done.returncode, done.stderr) == (1, "")


def assert_full(done: subprocess.CompletedProcess[str]) -> None:
    """Exit 2 and a message that the disk of the embedded database is full."""
    assert (done.returncode, done.stdout) == (2, ""), done
    assert "a bug" not in done.stderr
    assert "No space left on device" in done.stderr, done.stderr
    assert "make room there, or set GREENAI_HOME" in done.stderr, done.stderr
