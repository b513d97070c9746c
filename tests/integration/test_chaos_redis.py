"""Redis emptied, away for a while, and hung: what was asked for is done."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from crashcase import FIRST, SECOND, open_folder, write_case
from engineroom import (
    assert_undisturbed,
    await_runs,
    crew,
    running,
    states,
    submit,
    until,
)
from greenai.embedded.redis import embedded_redis, stop_redis

pytestmark = pytest.mark.chaos
ROWS = 1000


@pytest.fixture
def folder() -> Iterator[Path]:
    folder = open_folder()
    yield folder
    stop_redis(folder / "redis")
    shutil.rmtree(folder)


@pytest.fixture
def redis_url(folder: Path) -> Iterator[str]:
    with embedded_redis(folder / "redis") as url:
        yield url


def cases_of(folder: Path, count: int) -> list[tuple[Path, str]]:
    return [(write_case(folder / f"case{n}", ROWS, f"recon{n}"), FIRST) for n in range(count)]


def test_redis_may_be_emptied_while_stages_wait_and_while_they_are_worked_on(
    folder: Path, redis_url: str, new_database: Callable[[], str]
) -> None:
    from redis import Redis

    url, other, redis = new_database(), new_database(), Redis.from_url(redis_url)
    cases = cases_of(folder, 2)
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
    assert_undisturbed(engines, other, cases)
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
    assert_undisturbed(engines, other, cases)


def test_a_redis_that_hangs_stops_nobody(
    folder: Path, redis_url: str, new_database: Callable[[], str]
) -> None:
    url, other = new_database(), new_database()
    cases = cases_of(folder, 1)
    server = int((folder / "redis" / "redis" / "redis.pid").read_text(encoding="utf-8"))
    with crew(url, redis_url, folder) as engines:
        engines.start_all("scheduler")
        engines.ready()
        os.kill(server, signal.SIGSTOP)
        try:
            submit(url, *cases[0])
            await_runs(url, seconds=60)
        finally:
            os.kill(server, signal.SIGCONT)
    assert_undisturbed(engines, other, cases)
