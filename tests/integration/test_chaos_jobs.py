"""Runs that are huge, and runs that kill their engine, stop no others."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest

from crashcase import FIRST, write_case
from engineroom import (
    PROGRAMS,
    await_runs,
    caught,
    crew,
    listed,
    spans,
    states,
    submit,
    until,
)
from greenai.domain.jobs import STAGES
from greenai.domain.runs import Stage
from greenai.store.database import connect

pytestmark = pytest.mark.chaos
HOLDING = """
import sys, time
from pathlib import Path
from greenai.backend.engine import main
from greenai.jobs import stage
def held(name, work):
    def slowly(bench, *more):
        while bench.request.recon == "huge" and not Path({folder!r}, name).exists():
            time.sleep(0.05)
        return work(bench, *more)
    return slowly
for name, work in stage.WORK.items():
    stage.WORK[name] = held(name, work)
stage.decide = held("decide", stage.decide)
main({engine!r})
"""
"""An engine whose work at one recon takes until somebody writes a file of the stage's name."""
LANES = {"ingest": "ingest", "compare": "diff", "attribute": "attribution", "decide": "worker"}
"""Stages that take long for long runs, and their engines."""
AT_ONCE = 4
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


def test_while_a_huge_run_goes_on_small_ones_take_no_longer_than_thrice_their_time(
    folder: Path, redis_url: str, new_database: Callable[[], str]
) -> None:
    url = new_database()
    cases = iter([write_case(folder / f"case{n}", 100, f"recon{n}") for n in range(AT_ONCE * 6)])
    huge = write_case(folder / "huge", 20_000, "huge")
    with crew(url, redis_url, folder) as engines:
        engines.start_all("scheduler")
        for engine in LANES.values():
            name = PROGRAMS[engine]
            engines.start(name, code=HOLDING.format(folder=str(folder), engine=engine))
            engines.start(name, f"{name}-2", GREENAI_LARGEST_JOB="100000")
        engines.ready()

        def small() -> list[int]:
            asked = [submit(url, next(cases), FIRST) for _ in range(AT_ONCE)]
            until(
                lambda: {states(url)[run] for run in asked} == {"awaiting_review"},
                "small ones end",
                seconds=300,
            )
            return asked

        small()  # what each process does for the first time takes longer
        idle = small()
        endless = submit(url, huge, FIRST)
        busy = []
        for stage, engine in LANES.items():
            assert caught(engines, PROGRAMS[engine])[1] == endless
            busy += small()
            assert states(url)[endless] == STAGES[cast("Stage", stage)][1], "it is still at that stage"
            (folder / stage).touch()
        assert await_runs(url)[endless] == "awaiting_review"
    taken = spans(url)
    slowest = max(taken[run] for run in idle)
    assert all(taken[run] <= 3 * slowest for run in busy), (slowest, [taken[run] for run in busy])


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
