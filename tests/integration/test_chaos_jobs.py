"""Runs that are huge, and runs that kill their engine, stop no others."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from crashcase import FIRST, open_folder, write_case
from engineroom import (
    await_runs,
    caught,
    crew,
    listed,
    spans,
    states,
    submit,
    until,
)
from greenai.embedded.redis import embedded_redis
from greenai.store.database import connect

pytestmark = pytest.mark.slow
SLEEPING = """
import time
from greenai.backend.engine import main
from greenai.jobs import stage
real = stage.WORK["compare"]
def compare(bench):
    while bench.request.recon == "huge":
        time.sleep(0.1)
    return real(bench)
stage.WORK["compare"] = compare
main("diff")
"""
"""A difference engine that never comes to an end with one recon."""
DYING = """
import os
from greenai.backend.engine import main
from greenai.jobs import stage
real = stage.WORK["ingest"]
def ingest(bench):
    if bench.request.recon == "poison":
        os._exit(137)
    return real(bench)
stage.WORK["ingest"] = ingest
main("ingest")
"""
"""An ingestion engine that one recon ends, as the system does when memory is short."""


@pytest.fixture
def folder() -> Iterator[Path]:
    folder = open_folder()
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def redis_url(folder: Path) -> Iterator[str]:
    with embedded_redis(folder / "home") as url:
        yield url


def test_while_a_huge_run_goes_on_small_ones_take_no_longer_than_thrice_their_time(
    folder: Path, redis_url: str, new_database: Callable[[], str]
) -> None:
    url = new_database()
    small = [(write_case(folder / f"case{n}", 100, f"recon{n}")) for n in range(20)]
    huge = write_case(folder / "huge", 20_000, "huge")
    limit = str(100_000)
    with crew(url, redis_url, folder) as engines:
        engines.start_all("scheduler")
        engines.start("diff_engine", code=SLEEPING)
        engines.start("diff_engine", "diff_engine-2", GREENAI_LARGEST_JOB=limit)
        engines.ready()
        idle = [submit(url, case, FIRST) for case in small[:10]]
        await_runs(url)
        endless = submit(url, huge, FIRST)
        caught(engines, "diff_engine")
        busy = [submit(url, case, FIRST) for case in small[10:]]
        until(lambda: {states(url)[run] for run in busy} == {"awaiting_review"}, "small ones end")
        assert states(url)[endless] == "comparing"
        engines.kill("diff_engine")
    taken = spans(url)
    assert all(taken[b] <= 3 * taken[a] for a, b in zip(idle, busy, strict=True)), taken


def test_a_job_that_kills_its_process_is_given_up_after_its_attempts_and_stops_nothing_else(
    folder: Path, redis_url: str, new_database: Callable[[], str]
) -> None:
    url = new_database()
    poison = submit(url, write_case(folder / "poison", 300, "poison"), FIRST)
    with connect(url, autocommit=True) as connection:
        connection.execute("UPDATE greenai.job SET most_attempts = 2")  # five take more than a minute
    with crew(url, redis_url, folder) as engines:
        engines.start_all("scheduler")
        engines.start("ingest_engine", code=DYING)
        engines.ready()
        until(lambda: engines.processes["ingest_engine"].poll() == 137, "it dies of it")
        engines.look()
        healthy = submit(url, write_case(folder / "healthy", 300, "healthy"), FIRST)
        begun = time.monotonic()
        until(lambda: states(url)[healthy] == "awaiting_review", "the other run ends")
        assert time.monotonic() - begun < 14, "it did not wait for the lease of the dead one"
        found = await_runs(url, each=engines.look)
        assert found == {poison: "failed", healthy: "awaiting_review"}
        (dead,) = listed(url, "dead")
        assert (dead.run, dead.attempts) == (poison, 2)
        assert dead.error == "its process ended in the middle, 2 times"
        assert f"greenai jobs retry {dead.job}" in str(dead.remedy)
        assert "ingest" in str(dead.remedy)
