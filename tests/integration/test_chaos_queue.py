"""Many schedulers, engines and doorbells at once have one effect."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from crashcase import FIRST, write_case
from engineroom import (
    assert_undisturbed,
    await_runs,
    crew,
    listed,
    submit,
)
from greenai.domain.jobs import ENGINES
from greenai.jobs.doorbells import Doorbells

pytestmark = pytest.mark.chaos


def test_two_schedulers_three_diff_engines_and_every_doorbell_five_times_have_one_effect(
    folder: Path, redis_url: str, new_database: Callable[[], str]
) -> None:
    url, other, bells = new_database(), new_database(), Doorbells(redis_url)
    cases = [(write_case(folder / f"case{n}", 300, f"recon{n}"), FIRST) for n in range(6)]
    with crew(url, redis_url, folder) as engines:
        engines.start_all()
        engines.start("diff_engine", "diff_engine-2", "diff_engine-3")
        engines.start("scheduler", "scheduler-1", "scheduler-2")
        engines.ready()
        for case, day in cases:
            submit(url, case, day)

        rung = 0.0

        def ring() -> None:
            nonlocal rung
            if time.monotonic() - rung > 1:
                rung = time.monotonic()
                assert all(bells.ring(engine) for engine in ENGINES * 5)

        assert set(await_runs(url, each=ring).values()) == {"awaiting_review"}
        done = sorted(
            line.partition('"job": ')[2].partition(",")[0]
            for title in ("diff_engine", "diff_engine-2", "diff_engine-3")
            for line in engines.log(title).splitlines()
            if '"job_done"' in line
        )
        assert len(done) == len(set(done)) == len(cases)
        assert {(one.state, one.attempts) for one in listed(url)} == {("done", 1)}
        assert len(listed(url)) == 5 * len(cases)
    bells.close()
    assert_undisturbed(engines, other, cases)
