"""Who runs the embedded PostgreSQL, and who can reach it."""

from __future__ import annotations

import contextlib
import os
import pwd
import subprocess
import sys
from pathlib import Path

import pytest
from embeddedserver import (
    ENVIRONMENT,
    STAY,
    ask,
    await_end,
    command,
    main_process,
    processes,
)

from greenai.embedded import cluster as cluster_module
from greenai.embedded.account import server_account
from greenai.embedded.postgres import embedded_postgres, running_url, stop_postgres
from greenai.errors import StoreError

pytestmark = pytest.mark.slow
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="takes another user's place")


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


def test_settings_of_another_server_in_the_environment_are_not_ours(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"PGPORT": "1", "PGDATA": "/nowhere", "PGHOST": "nowhere", "PGUSER": "nobody"}.items():
        monkeypatch.setenv(name, value)
    with embedded_postgres(home) as url:
        assert ask(url, "SELECT 1") == 1
