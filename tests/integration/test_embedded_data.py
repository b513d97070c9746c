"""The data of the embedded PostgreSQL: moved, copied, of another version, without room."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from embeddedserver import (
    ask,
    await_end,
    main_process,
    socket_folder,
    tell,
)

from greenai.embedded import cluster as cluster_module
from greenai.embedded.binaries import binaries, shipped
from greenai.embedded.postgres import embedded_postgres, stop_postgres
from greenai.engines.duckdb import DuckDBEngine
from greenai.errors import StoreError

pytestmark = pytest.mark.slow
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="takes another user's place")


@pytest.fixture
def small_disk(home: Path) -> Iterator[Path]:
    """A file system of 100 MB; a new database with its log takes about 50."""
    home.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=100m", "none", home], check=False)
    if mounted.returncode:
        pytest.skip("may not mount")
    yield home
    stop_postgres(home)
    subprocess.run(["umount", "--lazy", home], check=True)


def test_a_home_that_was_moved_works_where_it_is_now(home: Path) -> None:
    with embedded_postgres(home) as url:
        tell(url, "CREATE TABLE t (n int)")
    stop_postgres(home)
    moved = home.with_name("moved")
    home.rename(moved)
    with embedded_postgres(moved) as url:
        assert ask(url, "SELECT count(*) FROM t") == 0
        assert "moved" in url
        moved.rename(home)
        with embedded_postgres(home) as again:
            assert ask(again, "SELECT count(*) FROM t") == 0
    assert not moved.exists()
    with embedded_postgres(home):
        pass  # the one that started it did not find it any more
    await_end(home)


def test_a_copy_of_a_home_has_a_server_of_its_own(home: Path) -> None:
    copy = home.with_name("copy")
    with embedded_postgres(home) as url:
        tell(url, "CREATE TABLE t (n int); CHECKPOINT")
        subprocess.run(["cp", "-a", home, copy], check=True)
        try:
            with embedded_postgres(copy) as other:
                tell(other, "INSERT INTO t VALUES (1)")
                assert main_process(copy) != main_process(home)
                assert ask(url, "SELECT count(*) FROM t") == 0
            await_end(copy)
            assert ask(url, "SELECT count(*) FROM t") == 0
        finally:
            stop_postgres(copy)


@pytest.mark.parametrize("name", ["long" * 40, "a, b 'c' \"d\" $(touch x) \\ é"])
def test_a_home_whose_path_no_socket_can_have_gets_its_socket_elsewhere(home: Path, name: str) -> None:
    odd = home / name
    with embedded_postgres(odd) as url:
        tell(url, "CREATE TABLE t (n int)")
        sockets = socket_folder(url)
        assert not sockets.is_relative_to(home)
        assert sockets.stat().st_mode & 0o777 == 0o700
        # An engine removes folders that killed ones left, not those of servers.
        DuckDBEngine(temporary=sockets.parent).close()
        tell(url, "INSERT INTO t SELECT WHERE false")
    stop_postgres(odd)
    moved = home / (name + "2")
    odd.rename(moved)
    with embedded_postgres(moved) as url:
        assert ask(url, "SELECT count(*) FROM t") == 0
        second = socket_folder(url)
    stop_postgres(moved)
    for folder in (sockets, second):
        folder.rmdir()


@pytest.mark.skipif(not Path("/dev/null").exists(), reason="no /dev/null")
def test_a_home_that_cannot_be_made_is_explained() -> None:
    with (
        pytest.raises(StoreError, match="cannot use its folder") as caught,
        embedded_postgres(Path("/dev/null/home")),
    ):
        pass
    assert "GREENAI_HOME" in (caught.value.remedy or "")


def test_data_of_a_version_without_programs_is_explained(home: Path) -> None:
    with embedded_postgres(home):
        pass
    stop_postgres(home)
    (home / "postgres" / "data" / "PG_VERSION").write_text("12\n", encoding="utf-8")
    with pytest.raises(StoreError, match="no programs of PostgreSQL 12") as caught, embedded_postgres(home):
        pass
    assert "pg_dump" in (caught.value.remedy or "")


@pytest.mark.skipif(len(shipped()) < 2, reason="the wheel has one version")
def test_data_of_an_older_version_is_served_by_the_programs_of_that(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = min(one.major for one in shipped())
    with monkeypatch.context() as before:
        before.setattr(cluster_module, "binaries", lambda major=None: binaries(major or older))
        with embedded_postgres(home) as url:
            tell(url, "CREATE TABLE t (n int)")
        stop_postgres(home)
    with embedded_postgres(home) as url:
        assert ask(url, "SHOW server_version").startswith(f"{older}.")
        assert ask(url, "SELECT count(*) FROM t") == 0


def test_data_without_its_version_is_not_overwritten(home: Path) -> None:
    with embedded_postgres(home):
        pass
    stop_postgres(home)
    (home / "postgres" / "data" / "PG_VERSION").unlink()
    with pytest.raises(StoreError, match="damaged"), embedded_postgres(home):
        pass


@as_root
def test_a_full_disk_is_explained_and_a_later_start_with_room_works(small_disk: Path) -> None:
    filler = small_disk / "filler"
    filler.write_bytes(bytes(80_000_000))
    with pytest.raises(StoreError) as caught, embedded_postgres(small_disk):
        pass
    assert "the disk is full" in (caught.value.remedy or ""), str(caught.value)
    filler.unlink()
    with embedded_postgres(small_disk) as url:
        tell(url, "CREATE TABLE t (n int)")
    stop_postgres(small_disk)
    with contextlib.suppress(OSError), filler.open("wb") as file:
        while True:
            file.write(bytes(1_000_000))
            file.flush()
    with pytest.raises(StoreError) as caught, embedded_postgres(small_disk):
        pass
    assert "the disk is full" in (caught.value.remedy or ""), str(caught.value)
    filler.unlink()
    with embedded_postgres(small_disk) as url:
        assert ask(url, "SELECT count(*) FROM t") == 0


def test_a_log_that_grew_is_put_aside(home: Path) -> None:
    with embedded_postgres(home):
        pass
    stop_postgres(home)
    log = home / "postgres" / "server.log"
    with log.open("ab") as file:
        file.truncate(5_000_001)
    with embedded_postgres(home):
        pass
    assert log.stat().st_size < 100_000
    assert log.with_suffix(".log.1").stat().st_size == 5_000_001


def test_a_socket_file_that_was_removed_is_made_again(home: Path) -> None:
    with embedded_postgres(home) as url:
        (socket_folder(url) / ".s.PGSQL.5432").unlink()
        with embedded_postgres(home) as again:
            assert ask(again, "SELECT 1") == 1
