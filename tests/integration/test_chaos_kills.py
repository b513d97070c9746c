"""Engines that are killed in the middle of their work: it is taken over, and nothing is lost or doubled.

``make chaos`` is the long version.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from crashcase import FIRST, write_case
from engineroom import (
    PROGRAMS,
    assert_undisturbed,
    await_runs,
    caught,
    crew,
    now,
    resumed,
    submit,
    token,
)

pytestmark = pytest.mark.chaos
ROWS = 1500
WITHIN = 20.0
"""Seconds until the stage of an engine that was killed is worked on again."""


def test_of_five_runs_each_loses_another_engine_and_all_end_as_if_nothing_had_been(
    folder: Path, redis_url: str, new_database: Callable[[], str]
) -> None:
    url, other = new_database(), new_database()
    cases = [(write_case(folder / f"case{n}", ROWS, f"recon{n}"), FIRST) for n in range(5)]
    with crew(url, redis_url, folder) as engines:
        engines.start_all("scheduler")
        engines.ready()
        for case, day in cases:
            submit(url, case, day)
        killed: dict[int, tuple[int, datetime]] = {}
        hit: set[int] = set()
        for title in PROGRAMS.values():
            job, run, current = caught(engines, title, hit)
            engines.kill(title)
            killed[job] = (current, now(url))
            hit.add(run)
            engines.look()
        assert len(killed) == 5
        assert set(await_runs(url).values()) == {"awaiting_review"}
        for job, (current, _) in killed.items():
            assert token(url, job) == current + 1
        waited = {job: resumed(url, job, since) for job, (_, since) in killed.items()}
        assert max(waited.values()) < WITHIN, waited
        assert max(waited.values()) > 1, "none was killed in the middle of its work"
    assert_undisturbed(engines, other, cases)
