"""``greenai schedule``, ``backfill``, ``notices`` and ``cancel`` as a user meets them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from face import greenai
from greenai.store.database import connect

DEFINITION = """
recon: trades
sources: {a: {location: "a_{business_date}.csv"}, b: {location: "b_{business_date}.csv"}}
key: [id]
"""
SCHEDULE = 'schedule: {cron: "0 6 * * 1-5", timezone: Europe/London, notify: ops@example.com}\n'


@pytest.fixture
def recon(tmp_path: Path) -> str:
    path = tmp_path / "recon.yaml"
    path.write_text(DEFINITION + SCHEDULE, encoding="utf-8")
    return str(path)


def schedules(url: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = greenai("schedule", "list", "--store", url, "--format", "json").document[
        "schedules"
    ]
    return found


def test_a_schedule_is_added_listed_paused_resumed_and_removed(postgres_url: str, recon: str) -> None:
    store = ("--store", postgres_url)
    assert "no recon runs by itself" in greenai("schedule", "list", *store).out
    assert greenai("schedule", "add", recon, *store).out == "registered\n"
    assert greenai("schedule", "add", recon, *store).out == "is registered already\n"
    (line,) = schedules(postgres_url)
    assert (line["recon"], line["state"], line["version"]) == ("trades", "active", 1)
    assert line["folder"] == str(Path(recon).parent.resolve())
    assert line["next_at"] > line["registered_at"]
    assert "Europe/London" in greenai("schedule", "list", *store).out
    assert greenai("schedule", "pause", "trades", *store).out == "trades: paused\n"
    assert schedules(postgres_url)[0]["next_at"] is None
    assert greenai("schedule", "resume", "trades", *store).out == "trades: resumed\n"
    assert greenai("schedule", "remove", "trades", *store).out == "trades: removed\n"
    assert schedules(postgres_url) == []
    greenai("schedule", "pause", "trades", *store).trouble("no such recon runs by itself", "schedule add")


def test_a_definition_without_a_schedule_is_refused(postgres_url: str, tmp_path: Path) -> None:
    path = tmp_path / "recon.yaml"
    path.write_text(DEFINITION, encoding="utf-8")
    greenai("schedule", "add", str(path), "--store", postgres_url).trouble("nothing of when it runs", "cron")
    greenai("schedule", "add", str(path), "--store", "none").trouble("stands in a store")


def test_past_dates_are_asked_for_and_said(postgres_url: str, recon: str) -> None:
    store = ("--store", postgres_url)
    dates = ("--from", "2026-01-02", "--to", "2026-01-06")
    greenai("backfill", "trades", *dates, *store).trouble("no such recon runs by itself")
    greenai("schedule", "add", recon, *store)
    said = "3 business dates asked for: 2026-01-02 to 2026-01-06\n"
    assert greenai("backfill", "trades", *dates, *store).out == said
    again = greenai("backfill", "trades", *dates, *store).out
    assert again == "0 business dates asked for\n3 wait for their files already: 2026-01-02 to 2026-01-06\n"
    greenai("backfill", "trades", "--from", "2026-01-06", "--to", "2026-01-02", *store).trouble(
        "past business"
    )
    greenai("backfill", "trades", "--from", "2026-13-06", "--to", "2026-01-02", *store).trouble("--from")


def test_notices_are_listed_and_a_dead_one_tried_again(postgres_url: str, recon: str) -> None:
    store = ("--store", postgres_url)
    assert "nobody was told anything" in greenai("notices", *store).out
    greenai("schedule", "add", recon, *store)
    greenai("backfill", "trades", "--from", "2026-01-02", "--to", "2026-01-02", *store)
    with connect(postgres_url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO greenai.notice (due_id, event, target, payload, state, attempts, error) "
            "SELECT due_id, 'failed', 'ops@example.com', '{}', 'dead', 8, 'no such user' FROM greenai.due"
        )
    assert "no such user" in greenai("notices", *store).out
    (line,) = greenai("notices", "list", "--state", "dead", *store, "--format", "json").document["notices"]
    assert (line["recon"], line["business_date"], line["attempts"]) == ("trades", "2026-01-02", 8)
    assert (
        greenai("notices", "retry", str(line["notice"]), *store).out
        == f"notice {line['notice']} waits again\n"
    )
    greenai("notices", "retry", str(line["notice"]), *store).trouble("no such notice is dead")
    assert greenai("notices", "--recon", "others", *store, "--format", "json").document == {"notices": []}


def test_a_run_is_cancelled_once(postgres_url: str, recon: str) -> None:
    store = ("--store", postgres_url)
    run = greenai("submit", recon, "--business-date", "2026-01-02", *store, "--format", "json").document[
        "run"
    ]
    assert greenai("cancel", str(run), *store).out == f"run {run} cancelled\n"
    greenai("cancel", str(run), *store).trouble("no such run is going on")
    with connect(postgres_url) as connection:
        states = "SELECT r.state, j.state FROM greenai.run r JOIN greenai.job j USING (run_id)"
        assert connection.execute(states).fetchall() == [("cancelled", "cancelled")]
