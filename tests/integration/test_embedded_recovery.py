"""The embedded PostgreSQL and commands that use it, really killed."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import subprocess
import time
from pathlib import Path

import psycopg
import pytest
from embeddedserver import (
    STAY,
    ask,
    await_end,
    command,
    main_process,
    processes,
    tell,
)

from greenai.embedded import process as process_module
from greenai.embedded.account import server_account
from greenai.embedded.postgres import embedded_postgres, running_url, stop_postgres
from greenai.store.database import connect

pytestmark = pytest.mark.slow


def kill_a_backend(home: Path, url: str) -> None:
    """Kill the process behind a connection; the server has noticed when this returns."""
    with contextlib.suppress(psycopg.Error), connect(url) as doomed:
        os.kill(doomed.info.backend_pid, signal.SIGKILL)
        doomed.execute("SELECT 1")
    until = time.monotonic() + 10
    while "was terminated by signal 9" not in (home / "postgres" / "server.log").read_text(encoding="utf-8"):
        assert time.monotonic() < until
        time.sleep(0.001)


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
