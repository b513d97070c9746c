"""Engines that freeze while they publish, or that hang though they live: another goes on soon."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from crashcase import FIRST, SECOND, write_case
from engineroom import (
    assert_undisturbed,
    await_runs,
    caught,
    crew,
    listed,
    now,
    resumed,
    states,
    submit,
    token,
    until,
)
from greenai.store.database import connect

pytestmark = pytest.mark.chaos
ROWS = 1500
WITHIN = 20.0
"""Seconds until the work of one that froze is published by another."""
FREEZING = """
import os, signal
from greenai.backend.engine import main
from greenai.pipeline import publish
real = publish.pass_gate
def pass_gate(*given, **more):
    os.kill(os.getpid(), signal.SIGSTOP)  # in the transaction, and under the lock of the recon
    return real(*given, **more)
publish.pass_gate = pass_gate
main("worker")
"""
HANGING = """
import time
from greenai.backend.engine import main
from greenai.jobs import stage, worker
worker.LEAVING = 1.0
def compare(bench):
    while True:
        time.sleep(0.1)  # the lease is renewed meanwhile
stage.WORK["compare"] = compare
main("diff")
"""


def test_a_publisher_that_freezes_in_its_transaction_holds_up_its_recon_for_20_seconds_at_most(
    folder: Path, redis_url: str, new_database: Callable[[], str]
) -> None:
    url, other = new_database(), new_database()
    case = write_case(folder / "case", ROWS, "recon")
    with crew(url, redis_url, folder) as engines:
        engines.start_all("scheduler")
        engines.start("worker", code=FREEZING)
        engines.ready()
        submit(url, case, FIRST)
        job, _, current = caught(engines, "worker")
        until(lambda: sleeps(url), "it publishes")
        engines.stopped.add("worker")
        frozen_at = now(url)
        engines.start("worker", "worker-2")
        submit(url, case, SECOND)  # of the same recon: it needs the lock too
        assert set(await_runs(url).values()) == {"awaiting_review"}
        assert token(url, job) == current + 1
        assert resumed(url, job, frozen_at) < WITHIN
        with connect(url) as connection:
            (late,) = connection.execute(
                "SELECT extract(epoch FROM min(published_at) - %s)::float8 FROM greenai.publication",
                [frozen_at],
            ).fetchone()  # type: ignore[misc]
        assert late < WITHIN, "it was published, not merely begun"
        engines.release("worker")
        until(
            lambda: any(word in engines.log("worker") for word in ("job_superseded", "job_failed")),
            "its late commit is refused",
        )
    assert_undisturbed(engines, other, [(case, FIRST), (case, SECOND)])


def sleeps(url: str) -> bool:
    """Whether a session of a worker holds the lock of a recon, and its process does nothing any more."""
    with connect(url, autocommit=True) as connection:
        row = connection.execute(
            "SELECT FROM pg_stat_activity a JOIN pg_locks l USING (pid) "
            "WHERE a.application_name LIKE 'greenai job %' AND a.state = 'idle in transaction' "
            "AND a.state_change < clock_timestamp() - interval '0.5 s' "
            "AND l.locktype = 'advisory' AND l.mode = 'ExclusiveLock' AND l.granted "
            "AND a.datname = current_database()"
        ).fetchone()
    return row is not None


def test_an_engine_that_hangs_is_ended_by_itself_and_another_does_its_work(
    folder: Path, redis_url: str, new_database: Callable[[], str]
) -> None:
    url, other = new_database(), new_database()
    case = write_case(folder / "case", ROWS, "recon")
    with crew(url, redis_url, folder) as engines:
        engines.start_all()
        engines.start("diff_engine", code=HANGING, GREENAI_STAGE_LIMIT="3s")
        engines.ready()
        run = submit(url, case, FIRST)
        job, _, _ = caught(engines, "diff_engine")
        until(lambda: engines.processes["diff_engine"].poll() == 1, "it ends")
        assert states(url)[run] == "comparing"
        (line,) = [one for one in listed(url) if one.job == job]
        assert (line.state, line.attempts) == ("waiting", 1)
        assert "took longer than 3 seconds" in str(line.error)
        engines.start("diff_engine")
        assert set(await_runs(url).values()) == {"awaiting_review"}
    assert_undisturbed(engines, other, [(case, FIRST)])
