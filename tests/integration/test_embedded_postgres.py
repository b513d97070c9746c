"""The embedded PostgreSQL, with real processes that are really killed."""

from __future__ import annotations

import contextlib
import os
import pwd
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from greenai.embedded import cluster as cluster_module
from greenai.embedded import process as process_module
from greenai.embedded.account import server_account
from greenai.embedded.binaries import binaries, shipped
from greenai.embedded.postgres import embedded_postgres, ensure_postgres, running_url, stop_postgres
from greenai.errors import StoreError
from greenai.store.database import connect

ROOT = Path(__file__).parents[2]
PACKAGES = Path(psycopg.__file__).parents[1]
ENVIRONMENT = {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{PACKAGES}", "PATH": os.defpath}
pytestmark = pytest.mark.slow
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="takes another user's place")


def ask(url: str, sql: str) -> Any:
    """The first value of a query."""
    with connect(url, autocommit=True) as connection:
        row = connection.execute(sql.encode()).fetchone()
        return row and row[0]


def tell(url: str, sql: str) -> None:
    """Run and commit a statement."""
    with connect(url, autocommit=True) as connection:
        connection.execute(sql.encode())


def socket_folder(url: str) -> Path:
    """Where the socket is, from the URL."""
    return Path(url.partition("host=")[2].partition("&")[0])


def main_process(home: Path) -> int:
    """The process that the server wrote down."""
    return int((home / "postgres" / "data" / "postmaster.pid").read_text(encoding="utf-8").split()[0])


def processes(home: Path) -> list[int]:
    """All processes that work in the data of `home`."""
    found = []
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if entry.name.isdigit() and (entry / "cwd").samefile(home / "postgres" / "data"):
                found.append(int(entry.name))
    return found


def await_end(home: Path) -> None:
    """Wait until the server has stopped."""
    until = time.monotonic() + 30
    while processes(home):
        assert time.monotonic() < until, "the server still runs"
        time.sleep(0.02)


def command(home: Path, code: str, *, python: str = sys.executable, **options: Any) -> subprocess.Popen[str]:
    """Another process that runs `code` with the embedded database: ``url`` is there, output is a pipe."""
    script = (
        "import sys, time\nfrom pathlib import Path\n"
        "from greenai.embedded.postgres import embedded_postgres\n"
        "from greenai.store.database import connect\n"
        f"with embedded_postgres(Path({str(home)!r})) as url:\n"
    ) + "\n".join("    " + line for line in code.splitlines())
    return subprocess.Popen(
        [python, "-c", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        env=ENVIRONMENT,
        cwd="/",
        **options,
    )


STAY = "connect(url).close()\nprint('in', flush=True)\nsys.stdin.readline()"


def test_it_starts_when_needed_and_stops_when_the_last_one_leaves(home: Path) -> None:
    assert running_url(home) is None
    assert not home.exists(), "looking makes nothing"
    with embedded_postgres(home) as url:
        tell(url, "CREATE TABLE t (n int)")
        pid = main_process(home)
        with embedded_postgres(home) as second:
            assert second == url
        assert running_url(home) == url, "the first one is still there"
        assert main_process(home) == pid
    await_end(home)
    with embedded_postgres(home) as url:
        assert ask(url, "SELECT count(*) FROM t") == 0


def test_nothing_that_is_committed_may_be_lost_and_nobody_else_may_listen(home: Path) -> None:
    with embedded_postgres(home) as url:
        settings = {
            name: ask(url, f"SHOW {name}")
            for name in ("fsync", "synchronous_commit", "full_page_writes", "data_checksums")
        }
        assert set(settings.values()) == {"on"}
        assert ask(url, "SHOW listen_addresses") == ""
        assert ask(url, "SHOW wal_level") == "minimal"
        assert ask(url, "SHOW server_encoding") == "UTF8"
        assert (
            ask(url, "SELECT string_agg(x, '' ORDER BY x) FROM (VALUES ('a'), ('B'), ('ä')) v (x)") == "Baä"
        )
    assert (home / "postgres").stat().st_mode & 0o777 == 0o700


def test_commands_at_once_share_one_server_that_the_last_one_stops(home: Path) -> None:
    others = [command(home, STAY) for _ in range(4)]
    for other in others:
        assert other.stdout is not None
        assert other.stdout.readline() == "in\n"
    log = (home / "postgres" / "server.log").read_text(encoding="utf-8")
    assert log.count("starting PostgreSQL") == 1
    for other in others[:3]:
        other.communicate("\n", timeout=30)
    time.sleep(0.2)
    assert running_url(home) is not None
    others[3].communicate("\n", timeout=30)
    await_end(home)
    assert [other.returncode for other in others] == [0] * 4


def test_commands_that_come_while_others_leave_always_find_a_server(home: Path) -> None:
    quick = "for _ in range(1):\n    connect(url).close()"
    for _ in range(4):
        others = [command(home, quick) for _ in range(3)]
        for other in others:
            other.communicate(timeout=60)
            assert other.returncode == 0
    await_end(home)


def test_a_command_that_was_killed_keeps_nothing_running_after_the_next(home: Path) -> None:
    other = command(home, STAY)
    assert other.stdout is not None
    other.stdout.readline()
    other.kill()
    other.communicate()
    assert running_url(home) is not None
    with embedded_postgres(home):
        pass
    await_end(home)


def test_it_can_be_kept_until_it_is_stopped(home: Path) -> None:
    url = ensure_postgres(home)
    pid = main_process(home)
    with embedded_postgres(home) as same:
        assert same == url
    time.sleep(0.2)
    assert main_process(home) == pid
    assert ensure_postgres(home) == url
    assert stop_postgres(home)
    assert not processes(home)
    assert not stop_postgres(home)
    assert running_url(home) is None


def test_a_killed_server_recovers_what_was_committed_and_only_that(home: Path) -> None:
    with embedded_postgres(home) as url:
        tell(url, "CREATE TABLE t AS SELECT generate_series(1, 10000) AS n")
        with contextlib.suppress(psycopg.Error), connect(url) as half:
            half.execute("DELETE FROM t")
            os.kill(main_process(home), signal.SIGKILL)
            with embedded_postgres(home) as again:
                assert ask(again, "SELECT count(*) FROM t") == 10000
    await_end(home)


def test_all_its_processes_killed_at_once_is_survived(home: Path) -> None:
    for round_ in range(3):
        with embedded_postgres(home) as url:
            tell(url, f"CREATE TABLE t{round_} AS SELECT generate_series(1, 1000) AS n")
            for pid in processes(home):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
    with embedded_postgres(home) as url:
        assert ask(url, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == 3


def kill_a_backend(home: Path, url: str) -> None:
    """Kill the process behind a connection; the server has noticed when this returns."""
    with contextlib.suppress(psycopg.Error), connect(url) as doomed:
        os.kill(doomed.info.backend_pid, signal.SIGKILL)
        doomed.execute("SELECT 1")
    until = time.monotonic() + 10
    while "was terminated by signal 9" not in (home / "postgres" / "server.log").read_text(encoding="utf-8"):
        assert time.monotonic() < until
        time.sleep(0.001)


def test_a_killed_backend_makes_the_others_wait_not_fail(home: Path) -> None:
    with embedded_postgres(home) as url:
        kill_a_backend(home, url)
        assert ask(url, "SELECT 1") == 1


def test_a_server_that_hangs_while_it_stops_does_not_hang_the_next_command(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process_module, "STUBBORN", 1)
    with embedded_postgres(home) as url:
        tell(url, "CREATE TABLE t (n int)")
        pid = main_process(home)
        for part in processes(home):
            with contextlib.suppress(ProcessLookupError):
                if part != pid:
                    os.kill(part, signal.SIGSTOP)  # the main process waits for them in vain
    with embedded_postgres(home) as url:
        assert main_process(home) != pid
        assert ask(url, "SELECT count(*) FROM t") == 0


def test_a_server_that_stops_while_it_recovers_is_followed_by_one_that_works(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process_module, "STUBBORN", 1)
    for _ in range(3):
        with embedded_postgres(home) as url:
            kill_a_backend(home, url)
    with embedded_postgres(home) as url:
        assert ask(url, "SELECT 1") == 1


def test_a_command_killed_at_any_moment_of_the_first_start_leaves_a_home_that_starts(home: Path) -> None:
    chance = random.Random(7)
    for _ in range(8):
        other = command(home, "pass")
        time.sleep(chance.uniform(0.05, 1.2))
        other.kill()
        other.communicate()
        if chance.random() < 0.5:
            with embedded_postgres(home) as url:
                assert ask(url, "SELECT current_database()") == "greenai"
            stop_postgres(home)
            shutil.rmtree(home)
    with embedded_postgres(home) as url:
        assert ask(url, "SELECT 1") == 1


def test_a_process_number_that_another_program_got_is_no_server(home: Path) -> None:
    with embedded_postgres(home):
        server = processes(home)
        written = (home / "postgres" / "data" / "postmaster.pid").read_text(encoding="utf-8")
        first = str(main_process(home))
        for pid in server:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        await_end(home)
    identity = server_account(home).identity
    with subprocess.Popen(["sleep", "60"], cwd="/", **identity) as stranger:
        try:
            stale = written.replace(first, str(stranger.pid), 1)
            (home / "postgres" / "data" / "postmaster.pid").write_text(stale, encoding="utf-8")
            with embedded_postgres(home) as url:
                assert ask(url, "SELECT 1") == 1
            stop_postgres(home)
            assert stranger.poll() is None, "the stranger was left alone"
        finally:
            stranger.kill()


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
    stop_postgres(odd)
    moved = home / (name + "2")
    odd.rename(moved)
    with embedded_postgres(moved) as url:
        assert ask(url, "SELECT count(*) FROM t") == 0
        second = socket_folder(url)
    stop_postgres(moved)
    for folder in (sockets, second):
        folder.rmdir()


def test_a_socket_folder_that_somebody_else_made_is_not_used(home: Path) -> None:
    odd = home / ("long" * 40)
    odd.mkdir(parents=True)
    cluster = cluster_module.Cluster(odd / "postgres", server_account(odd))
    cluster.socket_folder.symlink_to(home)
    try:
        with pytest.raises(StoreError, match="belongs to somebody else"), embedded_postgres(odd):
            pass
    finally:
        cluster.socket_folder.unlink()


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


@as_root
def test_root_has_another_user_run_it_and_opens_no_folder_for_that(home: Path) -> None:
    with embedded_postgres(home):
        assert Path(f"/proc/{main_process(home)}").stat().st_uid != 0
    stop_postgres(home)
    closed = home.with_name("closed")
    closed.mkdir(mode=0o700)
    with (
        pytest.raises(StoreError, match="does not run as root") as caught,
        embedded_postgres(closed / "home"),
    ):
        pass
    assert "ordinary user" in (caught.value.remedy or "")
    assert closed.stat().st_mode & 0o777 == 0o700


def python_of(entry: pwd.struct_passwd) -> str:
    """A Python with our packages that this user can run; ours may be in a folder of root's own."""
    test = [
        "-c",
        f"import sys; assert sys.version_info[:2] == {sys.version_info[:2]}; import psycopg, greenai",
    ]
    for python in (sys.executable, "/usr/bin/python3"):
        with contextlib.suppress(OSError):
            identity = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": ()}
            done = subprocess.run([python, *test], cwd="/", env=ENVIRONMENT, check=False, **identity)
            if done.returncode == 0:
                return python
    pytest.skip("no Python that another user can run")


@as_root
def test_an_ordinary_user_runs_it_and_no_other_can_connect(home: Path) -> None:
    ann, eve = (pwd.getpwnam(name) for name in ("daemon", "bin"))
    python = python_of(ann)
    home.mkdir()
    os.chown(home, ann.pw_uid, ann.pw_gid)
    own = command(home, STAY, python=python, user=ann.pw_uid, group=ann.pw_gid, extra_groups=())
    assert own.stdout is not None
    assert own.stdout.readline() == "in\n"
    assert Path(f"/proc/{main_process(home)}").stat().st_uid == ann.pw_uid
    url = running_url(home)
    assert url is not None
    assert ask(url, "SELECT current_user") == "greenai", "root may do everything anyway"
    # Even one who gets as far as the socket is not who he says he is.
    for folder in (home / "postgres", home / "postgres" / "socket"):
        folder.chmod(0o755)
    (home / "postgres" / "socket" / ".s.PGSQL.5432").chmod(0o777)
    attempt = (
        "import sys, psycopg\ntry:\n psycopg.connect(sys.argv[1])\nexcept psycopg.Error as e:\n print(e)"
    )
    said = subprocess.run(
        [python, "-c", attempt, url],
        env=ENVIRONMENT,
        user=eve.pw_uid,
        group=eve.pw_gid,
        extra_groups=(),
        cwd="/",
        capture_output=True,
        encoding="utf-8",
        check=True,
    ).stdout
    assert "Peer authentication failed" in said
    own.communicate("\n", timeout=30)
    await_end(home)


def test_the_socket_is_the_only_way_in(home: Path) -> None:
    with embedded_postgres(home):
        tcp = subprocess.run(["cat", "/proc/net/tcp"], capture_output=True, encoding="utf-8", check=False)
        if tcp.returncode:
            pytest.skip("no /proc")
        inodes = {line.split()[9] for line in tcp.stdout.splitlines()[1:]}
        for pid in processes(home):
            for handle in Path(f"/proc/{pid}/fd").iterdir():
                with contextlib.suppress(OSError):
                    assert str(handle.readlink()).removeprefix("socket:[").rstrip("]") not in inodes


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


def test_settings_of_another_server_in_the_environment_are_not_ours(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"PGPORT": "1", "PGDATA": "/nowhere", "PGHOST": "nowhere", "PGUSER": "nobody"}.items():
        monkeypatch.setenv(name, value)
    with embedded_postgres(home) as url:
        assert ask(url, "SELECT 1") == 1
