"""Runs and servers that are killed, stopped and cut off: the store is as before the run or as after it.

``make crash`` is the long version of the first test.
"""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from crash import Trial, embedded, served, trial
from crashcase import open_folder, quiet, runs_of, start, state, told_apart, write_case
from greenai.embedded.postgres import embedded_postgres, stop_postgres
from greenai.store.database import connect

pytestmark = pytest.mark.slow
ROWS = 4000
GOLDEN, RESULT = "golden.crashed", "greenai.run_result"
"""Tables that a run writes in the middle of publishing, and right before it commits."""


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    folder = open_folder()
    yield folder
    for home in folder.glob("*/home"):
        stop_postgres(home)
    stop_postgres(folder / "postgres")
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def local(folder: Path) -> Trial:
    """A recon in an embedded database."""
    (folder / "embedded").mkdir()
    return trial(folder / "embedded", write_case(folder / "embedded", ROWS), embedded(folder / "embedded"))


@pytest.fixture(scope="module")
def remote(folder: Path) -> Iterator[Trial]:
    """A recon in a database of a server that goes on."""
    (folder / "server").mkdir()
    with embedded_postgres(folder / "postgres") as url:
        yield trial(folder / "server", write_case(folder / "server", ROWS), served(url, "crashed"))


def test_a_run_killed_at_any_moment_left_nothing_or_all(local: Trial, remote: Trial) -> None:
    chance = random.Random(20260130)
    for number in range(10):
        (local, remote)[number % 2].once(chance, publishing=number % 5 > 1, complete=number in (4, 7))
    assert {met.after for one in (local, remote) for met in one.met} <= {False, True}
    assert any(met.where.startswith("publishing") for one in (local, remote) for met in one.met)


def test_the_first_run_of_all_may_be_killed_too(folder: Path) -> None:
    (folder / "first").mkdir()
    one = trial(folder / "first", write_case(folder / "first", ROWS), embedded(folder / "first"), first=True)
    chance = random.Random(7)
    for number in range(2):
        one.once(chance, publishing=False, complete=number == 1)


@contextlib.contextmanager
def publishing(one: Trial, table: str) -> Iterator[tuple[subprocess.Popen[str], psycopg.Connection, str]]:
    """A run that has come as far as a table in its transaction, and waits there; and a look at its server."""
    one.place.restore(one.snapshot)
    with contextlib.ExitStack() as stack:
        process = start(one.case, one.day, store=one.place.store, env=one.env)
        stack.callback(process.kill)
        until = time.monotonic() + 60
        while (url := one.place.url()) is None:  # nobody else uses an embedded one
            assert time.monotonic() < until, "no server was started"
            time.sleep(0.01)
        holder, watch = (stack.enter_context(closing(url)) for _ in range(2))
        holder.autocommit = False
        holder.execute(f"LOCK TABLE {table} IN SHARE MODE".encode())
        while watch.execute("SELECT count(*) FROM pg_locks WHERE NOT granted").fetchone() == (0,):
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < until, "the run has not come to publishing"
            time.sleep(0.01)
        stack.callback(holder.close)
        yield process, watch, url


@contextlib.contextmanager
def closing(url: str) -> Iterator[psycopg.Connection]:
    """A connection that is closed in the end, whatever became of it."""
    connection = psycopg.connect(url, autocommit=True, application_name="watch")
    try:
        yield connection
    finally:
        connection.close()


def backends(watch: psycopg.Connection) -> dict[str, int]:
    """The server's processes for a run's two connections."""
    rows = watch.execute(
        "SELECT pid, xact_start IS NOT NULL FROM pg_stat_activity WHERE application_name = 'greenai' "
        "AND datname = current_database()"
    ).fetchall()
    assert len(rows) == 2
    return {"publishing" if busy else "watching": pid for pid, busy in rows}


def assert_before(one: Trial, error: str | None) -> None:
    """The store is as before; the run is failed, for that reason or by the next sweep; the next completes."""
    with one.place.opened() as url:
        quiet(url)
        found = state(url)
        assert found == one.before, told_apart(found, one.before, one.after)
        if error is not None:
            assert [(run[1], error in str(run[2])) for run in runs_of(url)[1:]] == [("failed", True)]
    one.complete()


def assert_told(process: subprocess.Popen[str], *parts: str) -> None:
    """Exit 2 and one readable message that says what to do."""
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (2, ""), err
    assert err.startswith("greenai: ")
    assert err.count("\n") == 2, err
    assert "\n  → " in err
    assert "Traceback" not in err
    assert "a bug" not in err
    for part in parts:
        assert part in err


@pytest.mark.parametrize("table", [GOLDEN, RESULT])
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_run_stopped_while_it_publishes_is_rolled_back_and_says_so(
    remote: Trial, table: str, number: int, code: int
) -> None:
    with publishing(remote, table) as (process, _, _):
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (code, "", "interrupted\n")
    assert not list(remote.temporary.iterdir())
    assert_before(remote, "interrupted")


@pytest.mark.parametrize("table", [GOLDEN, RESULT])
def test_a_run_killed_while_it_publishes_is_rolled_back(remote: Trial, table: str) -> None:
    with publishing(remote, table) as (process, _, _):
        process.kill()
        process.communicate()
    assert_before(remote, None)


@pytest.mark.parametrize("table", [GOLDEN, RESULT])
def test_a_main_process_of_postgresql_killed_while_a_run_publishes(local: Trial, table: str) -> None:
    assert local.place.home is not None
    with publishing(local, table) as (process, _, _):
        pid = local.place.home / "postgres" / "data" / "postmaster.pid"
        os.kill(int(pid.read_text(encoding="utf-8").split()[0]), signal.SIGKILL)
        assert_told(process, "connection", "was lost", "run it again")
    assert_before(local, None)


@pytest.mark.parametrize("which", ["publishing", "watching"])
def test_a_backend_killed_while_a_run_publishes(local: Trial, which: str) -> None:
    with publishing(local, GOLDEN) as (process, watch, _):
        os.kill(backends(watch)[which], signal.SIGKILL)
        assert_told(process, "connection", "was lost", "run it again")
    assert_before(local, None)


def test_a_server_told_to_stop_while_a_run_publishes(local: Trial) -> None:
    assert local.place.home is not None
    with publishing(local, GOLDEN) as (process, _, _):
        stop_postgres(local.place.home)
        assert_told(process, "connection", "was lost", "run it again")
    assert_before(local, None)


def test_a_publishing_connection_that_is_cut(remote: Trial) -> None:
    with publishing(remote, RESULT) as (process, watch, _):
        watch.execute("SELECT pg_terminate_backend(%s)", [backends(watch)["publishing"]])
        assert_told(process, "connection", "was lost", "run it again")
    assert_before(remote, "was lost")


def test_a_run_goes_on_without_the_connection_that_watches(remote: Trial) -> None:
    with publishing(remote, GOLDEN) as (process, watch, url):
        watch.execute("SELECT pg_terminate_backend(%s)", [backends(watch)["watching"]])
        # Another run of the same recon sees that it lives: it waits for it, and finds nothing new to say.
        other = start(remote.case, remote.day, store=remote.place.store, env=remote.env)
        until = time.monotonic() + 60
        while watch.execute("SELECT count(*) FROM pg_locks WHERE NOT granted").fetchone() != (2,):
            assert other.poll() is None, other.communicate()
            assert time.monotonic() < until
            time.sleep(0.01)
        watch.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'watch' "
            "AND pid <> pg_backend_pid() AND datname = current_database()"
        )
        for one in (process, other):
            out, err = one.communicate(timeout=60)
            assert (one.returncode, err) == (1, ""), out
        assert state(url) == remote.after
        assert [run[1] for run in runs_of(url)] == ["awaiting_review"] * 2


def test_a_run_that_was_taken_for_dead_publishes_nothing(remote: Trial) -> None:
    with publishing(remote, GOLDEN) as (process, watch, url):
        with connect(url, autocommit=True) as other:
            other.execute("UPDATE greenai.run SET state = 'failed', finished_at = now(), error = 'swept' "
                          "WHERE state = 'deciding'")  # fmt: skip
        watch.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'watch' "
            "AND pid <> pg_backend_pid() AND datname = current_database()"
        )
        assert_told(process, "was given up", "run it again")
        assert runs_of(url)[-1][1:] == ("failed", "swept")
    assert_before(remote, "swept")


def test_a_command_that_waited_too_long_is_told_so(remote: Trial) -> None:
    patient, remote.place.store = remote.place.store, remote.place.store + "&options=-clock_timeout%3D300ms"
    try:
        with publishing(remote, GOLDEN) as (process, _, _):
            assert_told(process, "did not wait any longer", "lock_timeout")
    finally:
        remote.place.store = patient
    assert_before(remote, "did not wait any longer")


def test_tests_of_states_can_fail(remote: Trial) -> None:
    remote.place.restore(remote.snapshot)
    with connect(remote.place.store, autocommit=True) as connection:
        assert state(remote.place.store) == remote.before
        connection.execute(
            "UPDATE golden.crashed SET amount = amount + 1 WHERE id = (SELECT min(id) FROM golden.crashed)"
        )
        found = state(remote.place.store)
    assert found not in (remote.before, remote.after)
    assert "golden.crashed: neither" in told_apart(found, remote.before, remote.after)
