"""Many reviewers at once: no error, no lost update, no decision whose maker is its checker."""

from __future__ import annotations

from pathlib import Path

from benchmarks.lists import bff
from benchmarks.reviewers import deciding, filled, lost, reviewed, reviewers, warmed, written

USERS, SECONDS, BREAKS = 40, 10, 600


def test_forty_reviewers_at_once_lose_nothing_and_nobody_decides_alone(
    postgres_url: str, redis_server: str, tmp_path: Path
) -> None:
    breaks = filled(postgres_url, tmp_path, BREAKS)
    keys = reviewers(postgres_url, USERS)
    with bff(postgres_url, redis_server) as address, deciding(postgres_url):
        warmed(address, keys, breaks)
        outcome = reviewed(address, keys, breaks, seconds=SECONDS)
    page = written(USERS, outcome, lost(postgres_url, outcome))
    assert outcome.unexpected == [], page
    assert lost(postgres_url, outcome) == [], page
    # Something happened: else nothing is shown by it.
    assert len(outcome.made) >= 10, page
    assert len(outcome.approved) >= 3, page
