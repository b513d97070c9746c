"""PostgreSQL restarted, and a full workspace: what was asked for is done, or can be tried again."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from test_crashes_disk import fill, small_disk

from crashcase import FIRST, open_folder, run, write_case
from engineroom import (
    assert_undisturbed,
    await_runs,
    crew,
    left,
    listed,
    running,
    states,
    submit,
    until,
    written,
)
from greenai.embedded.postgres import embedded_postgres, stop_postgres
from greenai.embedded.redis import embedded_redis, stop_redis
from greenai.pipeline import submission
from greenai.store.database import connect
from greenai.store.migrations import migrate

pytestmark = pytest.mark.chaos
ROWS = 1000


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
                engines.end()
                assert_undisturbed(engines, other, cases)


@pytest.mark.skipif(os.geteuid() != 0, reason="mounts a small disk")
def test_a_full_workspace_fails_the_stage_which_can_be_tried_again(
    folder: Path, redis_url: str, new_database: Callable[[], str]
) -> None:
    url, other = new_database(), new_database()
    cases = [(write_case(folder / "case", 5 * ROWS), FIRST)]
    workspace = small_disk(folder / "workspace", 4)
    filler = fill(workspace, leave=0)
    run_id = submit(url, *cases[0])
    with connect(url, autocommit=True) as connection:
        connection.execute("UPDATE greenai.job SET most_attempts = 2")
    with crew(url, redis_url, folder) as engines:
        engines.start_all("scheduler")
        engines.ready()
        until(lambda: any(one.error for one in listed(url)), "the stage says what is wrong")
        (waiting,) = listed(url)
        assert waiting.state == "waiting", waiting
        assert "No space left" in str(waiting.error)
        assert "free disk space" in str(waiting.remedy)
        assert left(workspace) == ["filler"], "nothing half written stays"
        until(lambda: listed(url)[0].state == "dead", "it is given up after its attempts", seconds=60)
        assert states(url) == {run_id: "failed"}
        filler.unlink()
        with connect(url, autocommit=True) as connection:
            submission.retry(connection, waiting.job, requested_by="ann")
        assert await_runs(url) == {run_id: "awaiting_review"}
    assert_undisturbed(engines, other, cases)


def test_what_is_compared_here_differs_where_something_is_lost(
    folder: Path, new_database: Callable[[], str]
) -> None:
    url, other = new_database(), new_database()
    (case, day), *_ = cases_of(folder, 1)
    assert run(case, day, store=url, env={}).returncode == 1
    assert run(case, day, store=other, env={}).returncode == 1
    assert written(url) == written(other)
    with connect(url, autocommit=True) as connection:
        connection.execute("DELETE FROM golden.recon0 WHERE id = (SELECT min(id) FROM golden.recon0)")
    assert written(url) != written(other)
