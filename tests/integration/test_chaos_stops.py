"""Engines that are stopped past their lease and come back: their late commits are refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from crashcase import FIRST, write_case
from engineroom import (
    assert_undisturbed,
    await_runs,
    caught,
    crew,
    states,
    submit,
    token,
    until,
)
from greenai.store.database import connect

pytestmark = pytest.mark.chaos
ROWS = 1500


def test_engines_that_are_stopped_past_their_lease_change_nothing_when_they_come_back(
    folder: Path, redis_url: str, new_database: Callable[[], str]
) -> None:
    url, other = new_database(), new_database()
    cases = [(write_case(folder / f"case{n}", ROWS, f"recon{n}"), FIRST) for n in range(2)]
    held: dict[str, tuple[int, int]] = {}
    with crew(url, redis_url, folder) as engines:
        engines.start_all()
        engines.ready()
        for case, day in cases:
            submit(url, case, day)
        hit: set[int] = set()
        for title in ("diff_engine", "worker"):
            job, run, current = caught(engines, title, hit)
            engines.hold(title)
            assert token(url, job) == current
            assert states(url)[run] != "awaiting_review", "it was stopped before it was done"
            held[title] = (job, current)
            hit.add(run)
            engines.start(title, f"{title}-2")
        for job, current in held.values():
            until(lambda job=job, current=current: token(url, job) > current, "another takes over")
        engines.release("worker")  # it may hold the recon's lock, for which the other one waits
        assert set(await_runs(url).values()) == {"awaiting_review"}
        engines.release("diff_engine")
        for title in held:
            until(
                lambda title=title: any(
                    word in engines.log(title) for word in ("job_superseded", "job_failed")
                ),
                f"the late commit of {title} is refused",
            )
        with connect(url) as connection:
            assert connection.execute("SELECT count(*) FROM greenai.publication").fetchone() == (2,)
    assert_undisturbed(engines, other, cases)
