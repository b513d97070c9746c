"""Redis emptied, restarted and hung, PostgreSQL restarted, a full workspace: what was asked for is done."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from crashcase import FIRST, SECOND, open_folder, run, state, told_apart, write_case
from engineroom import Crew, await_runs, crew, left, running, states, submit, undisturbed, until
from greenai.embedded.postgres import embedded_postgres, stop_postgres
from greenai.embedded.redis import embedded_redis, stop_redis
from greenai.pipeline import submission
from greenai.store import jobs
from greenai.store.database import connect
from greenai.store.migrations import migrate

pytestmark = pytest.mark.slow
ROWS = 2000


@pytest.fixture
def folder() -> Iterator[Path]:
    folder = open_folder()
    yield folder
    stop_redis(folder / "redis")
    stop_postgres(folder / "postgres")
    if (folder / "workspace").is_mount():
        subprocess.run(["umount", "--lazy", folder / "workspace"], check=True)
    shutil.rmtree(folder)


@pytest.fixture
def redis_url(folder: Path) -> Iterator[str]:
    with embedded_redis(folder / "redis") as url:
        yield url


def cases_of(folder: Path, count: int) -> list[tuple[Path, str]]:
    return [(write_case(folder / f"case{n}", ROWS, f"recon{n}"), FIRST) for n in range(count)]


def assert_undisturbed(url: str, other: str, cases: list[tuple[Path, str]], engines: Crew) -> None:
    """All is there once, as after runs that nothing disturbed, and the workspace is empty."""
    from engineroom import order

    assert set(states(url).values()) == {"awaiting_review"}
    assert left(engines.workspace) == []
    expected, found = undisturbed(other, cases, order(url), engines.logs), state(url)
    assert found == expected, told_apart(found, expected, expected)


def test_redis_may_be_emptied_while_stages_wait_and_while_they_are_worked_on(
    folder: Path, redis_url: str, new_database: Callable[[], str]
) -> None:
    from redis import Redis

    url, other, redis = new_database(), new_database(), Redis.from_url(redis_url)
    cases = cases_of(folder, 3)
    with crew(url, redis_url, folder) as engines:
        engines.start("scheduler")
        engines.ready()
        for case, day in cases:
            submit(url, case, day)
        until(redis.keys, "doorbells rang, and nobody heard them")
        redis.flushall()
        assert not redis.keys()
        engines.start_all()
        while not set(states(url).values()) <= {"awaiting_review"}:
            redis.flushall()
            assert set(states(url).values()) & {"failed", "cancelled"} == set()
            time.sleep(0.2)
    assert_undisturbed(url, other, cases, engines)
    redis.close()


def test_redis_may_be_away_for_a_while(folder: Path, redis_url: str, new_database: Callable[[], str]) -> None:
    url, other = new_database(), new_database()
    cases = cases_of(folder, 2)
    with crew(url, redis_url, folder) as engines:
        engines.start_all("scheduler")
        engines.ready()
        for case, day in cases:
            submit(url, case, day)
        until(lambda: running(url), "an engine works")
        assert stop_redis(folder / "redis")
        await_runs(url)
        with embedded_redis(folder / "redis") as again:
            assert again == redis_url
            cases.append((cases[0][0], SECOND))
            submit(url, *cases[-1])
            await_runs(url)
        assert all(process.poll() is None for process in engines.processes.values()), "nobody died of it"
    assert_undisturbed(url, other, cases, engines)


def test_a_redis_that_hangs_stops_nobody(
    folder: Path, redis_url: str, new_database: Callable[[], str]
) -> None:
    url, other = new_database(), new_database()
    cases = cases_of(folder, 1)
    server = int((folder / "redis" / "redis" / "redis.pid").read_text(encoding="utf-8"))
    with crew(url, redis_url, folder) as engines:
        engines.start_all("scheduler")
        engines.ready()
        os.kill(server, 19)
        try:
            submit(url, *cases[0])
            await_runs(url, seconds=60)
        finally:
            os.kill(server, 18)
    assert_undisturbed(url, other, cases, engines)


def test_postgresql_may_restart_in_the_middle(
    folder: Path, redis_url: str, new_database: Callable[[], str]
) -> None:
    other, cases = new_database(), cases_of(folder, 2)
    with embedded_postgres(folder / "postgres") as url:
        with connect(url) as connection:
            migrate(connection)
        with crew(url, redis_url, folder) as engines:
            engines.start_all("scheduler")
            engines.ready()
            for case, day in cases:
                submit(url, case, day)
            until(lambda: {one[2] for one in running(url)} & {"compare", "attribute"}, "stages are worked on")
            stop_postgres(folder / "postgres")
            time.sleep(1)
            with embedded_postgres(folder / "postgres") as again:
                assert again == url
                assert set(await_runs(url, each=engines.look).values()) == {"awaiting_review"}
                assert_undisturbed(url, other, cases, engines)


@pytest.mark.skipif(os.geteuid() != 0, reason="mounts a small disk")
def test_a_full_workspace_fails_the_stage_which_can_be_tried_again(
    folder: Path, redis_url: str, new_database: Callable[[], str], tmp_path: Path
) -> None:
    from test_crashes_disk import fill, small_disk

    url, other = new_database(), new_database()
    cases = cases_of(folder, 1)
    workspace = small_disk(folder / "workspace", 4)
    filler = fill(workspace, leave=20_000)
    with crew(url, redis_url, folder) as engines:
        engines.start_all("scheduler")
        engines.ready()
        run_id = submit(url, *cases[0])
        until(lambda: any(one.error for one in listed(url)), "the stage says what is wrong")
        (waiting,) = listed(url)
        assert waiting.state == "waiting"
        assert "No space left" in str(waiting.error)
        assert "free disk space" in str(waiting.remedy)
        assert left(workspace) == ["filler"], "nothing half written stays"
        until(lambda: listed(url)[0].state == "dead", "it is given up after its attempts", seconds=60)
        assert states(url) == {run_id: "failed"}
        filler.unlink()
        with connect(url, autocommit=True) as connection:
            submission.retry(connection, waiting.job)
        assert await_runs(url) == {run_id: "awaiting_review"}
    assert_undisturbed(url, other, cases, engines)


def listed(url: str) -> list[jobs.Job]:
    with connect(url, autocommit=True) as connection:
        return jobs.listed(connection)


def test_what_is_compared_here_differs_where_something_is_lost(
    folder: Path, new_database: Callable[[], str]
) -> None:
    url, other = new_database(), new_database()
    (case, day), *_ = cases_of(folder, 1)
    assert run(case, day, store=url, env={}).returncode == 1
    assert run(case, day, store=other, env={}).returncode == 1
    assert state(url) == state(other)
    with connect(url, autocommit=True) as connection:
        connection.execute("DELETE FROM golden.recon0 WHERE id = (SELECT min(id) FROM golden.recon0)")
    assert state(url) != state(other)
