"""Schedules on a real server: what is due is noted once, and submitted when its files are there."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from scheduledesk import DEFINITION, NOW, THURSDAY, Desk

from greenai.definition.loading import loads
from greenai.errors import UsageError
from greenai.pipeline import arrivals, due_runs, looking
from greenai.pipeline.registering import backfill, register
from greenai.pipeline.submission import submit
from greenai.store import schedules
from greenai.store.database import connect


@pytest.fixture
def desk(postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setattr(arrivals, "SETTLED", 0.0)
    with connect(postgres_url, autocommit=True) as connection:
        yield Desk(postgres_url, tmp_path, connection)


def test_what_is_due_is_noted_once_and_runs_when_its_files_are_there(desk: Desk) -> None:
    assert desk.register()
    desk.back_to(NOW - timedelta(hours=12))
    assert desk.look(NOW - timedelta(hours=5, minutes=50)) == ["due"]
    assert desk.dues() == [(THURSDAY, "waiting")]
    desk.write(THURSDAY, "a")
    assert desk.look(NOW - timedelta(hours=5, minutes=49)) == []
    desk.write(THURSDAY)
    assert desk.look(NOW - timedelta(hours=5, minutes=48)) == ["submitted"]
    assert desk.look(NOW - timedelta(hours=5, minutes=47)) == []
    runs = desk.ask(
        "SELECT r.business_date, r.state, q.folder, a.name, j.state FROM greenai.run r "
        "JOIN greenai.run_request q USING (run_id) JOIN greenai.actor a USING (actor_id) "
        "JOIN greenai.job j USING (run_id)"
    )
    assert runs == [(THURSDAY, "queued", str(desk.folder.resolve()), "scheduler", "waiting")]


def test_files_that_still_change_are_waited_for(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrivals, "SETTLED", 0.2)
    desk.register()
    desk.back_to(NOW - timedelta(hours=12))
    desk.write(THURSDAY)
    assert desk.look() == ["due", "overdue"]
    with (desk.folder / f"a_{THURSDAY}.csv").open("a", encoding="utf-8") as more:
        more.write("2,3.50\n")
    threading.Event().wait(0.15)
    assert desk.look() == [], "changed meanwhile"
    threading.Event().wait(0.25)
    assert desk.look() == ["submitted"]


def test_a_scheduler_that_stood_still_makes_up_for_a_month(desk: Desk) -> None:
    desk.register()
    desk.back_to(NOW - timedelta(days=200))
    desk.look()
    days = [day for day, _ in desk.dues()]
    assert days[0] == date(2026, 10, 20)
    assert days[-1] == THURSDAY
    assert len(days) == len(set(days)) == 23


def test_of_several_times_of_one_date_the_earlier_one_waits_for_all(desk: Desk) -> None:
    desk.register("*/10 6-8 * * 1-5")
    desk.back_to(NOW - timedelta(hours=12))
    assert desk.look(NOW - timedelta(hours=4)) == ["due", "missed_file", "overdue"]
    assert desk.dues() == [(THURSDAY, "missed")]


def test_schedulers_at_once_have_one_effect(desk: Desk) -> None:
    desk.register("*/5 * * * *")
    desk.back_to(NOW - timedelta(days=20))
    for number in range(1, 23):
        desk.write((NOW - timedelta(days=number)).date())
    ready = threading.Barrier(4)
    trouble: list[BaseException] = []

    def scheduler() -> None:
        try:
            with connect(desk.url, autocommit=True) as connection:
                mine = Desk(desk.url, desk.folder, connection)
                ready.wait()
                for _ in range(3):
                    mine.look()
        except BaseException as error:
            trouble.append(error)

    threads = [threading.Thread(target=scheduler) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert trouble == []
    runs = desk.ask("SELECT business_date, count(*) FROM greenai.run GROUP BY 1 ORDER BY 1")
    assert len(runs) == 15
    assert {number for _, number in runs} == {1}
    assert desk.ask("SELECT count(*) FROM greenai.job") == [(15,)]
    assert desk.ask("SELECT count(*), count(DISTINCT (due_id, event, target)) FROM greenai.notice") == [
        (30, 30)
    ]


def test_a_submission_that_fails_leaves_nothing_and_is_told(desk: Desk) -> None:
    desk.register()
    desk.back_to(NOW - timedelta(hours=12))
    desk.write(THURSDAY)

    def refused(*args: Any, **options: Any) -> int:
        submit(*args, **options)
        raise UsageError("the disk is full", remedy="make room")

    early = NOW - timedelta(hours=5)
    list(due_runs.note_due(desk.connection, desk.watch, early))
    found = list(due_runs.submit_arrived(desk.connection, desk.watch, early, refused))
    assert [one.what for one in found] == ["skipped"]
    assert desk.ask("SELECT count(*) FROM greenai.run") == [(0,)]
    assert desk.ask("SELECT state, error FROM greenai.due") == [
        ("skipped", "the disk is full\n  → make room")
    ]
    assert desk.ask("SELECT DISTINCT event FROM greenai.notice") == [("failed",)]


def test_paused_nothing_is_due_and_nothing_waits(desk: Desk) -> None:
    desk.register()
    desk.back_to(NOW - timedelta(hours=12))
    assert desk.look(NOW - timedelta(hours=5, minutes=45)) == ["due"]
    schedules.change(desk.connection, "trades", "paused")
    assert desk.dues() == [(THURSDAY, "skipped")]
    desk.write(THURSDAY)
    assert desk.look() == []
    schedules.change(desk.connection, "trades", "active")
    assert desk.look() == [], "what was due while it was paused never was"


def test_a_removed_schedule_is_unknown_and_can_be_registered_again(desk: Desk) -> None:
    desk.register()
    schedules.change(desk.connection, "trades", "removed")
    assert schedules.schedules(desk.connection) == []
    with pytest.raises(UsageError, match="no such recon runs by itself"):
        schedules.change(desk.connection, "trades", "paused")
    assert not desk.register(), "it says what it said"
    assert [one.state for one in schedules.schedules(desk.connection)] == ["active"]


def test_the_same_registered_again_is_no_other_registration(desk: Desk) -> None:
    assert [desk.register(), desk.register(), desk.register(more=", timezone: Asia/Tokyo")] == [
        True,
        False,
        True,
    ]
    assert desk.ask("SELECT count(*), count(DISTINCT version) FROM greenai.schedule_version") == [(2, 1)]


def test_a_backfill_asks_for_each_business_date_once(desk: Desk) -> None:
    desk.register()
    first, last = date(2026, 11, 12), date(2026, 11, 17)
    asked, waiting = backfill(desk.connection, "trades", first, last, today=NOW.date())
    assert [day.day for day in asked] == [12, 13, 16, 17]
    assert waiting == []
    again = backfill(desk.connection, "trades", first, last, today=NOW.date())
    assert again == ([], asked)
    for day in asked:
        desk.write(day)
    at = datetime.now(UTC)
    assert desk.look(at) == ["submitted"] * 4
    asked, _ = backfill(desk.connection, "trades", first, last, today=NOW.date())
    assert len(asked) == 4, "what ran may be asked for again"


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2026, 11, 17), date(2026, 11, 12)),
        (date(2026, 11, 17), date(2026, 11, 21)),
        (date(2026, 11, 14), date(2026, 11, 15)),
        (date(1990, 1, 1), date(2026, 11, 17)),
    ],
)
def test_dates_that_make_no_sense_are_refused(desk: Desk, first: date, last: date) -> None:
    desk.register()
    with pytest.raises(UsageError):
        backfill(desk.connection, "trades", first, last, today=NOW.date())
    assert desk.dues() == []


def test_an_old_date_runs_under_the_definition_of_its_time(desk: Desk) -> None:
    desk.register()
    desk.back_to(NOW - timedelta(days=8))
    definition = loads(
        DEFINITION.format(cron="0 6 * * 1-5", more="").replace("key: [id]", "key: [id]\nmax_rejects: 0.5"),
        source="test",
    )
    register(desk.connection, definition, folder=desk.folder, actor="ann")
    desk.connection.execute(
        "UPDATE greenai.schedule_version SET registered_at = '2026-11-18 12:00Z' WHERE version = 2"
    )
    days = [date(2026, 11, 16), date(2026, 11, 17), date(2026, 11, 18), THURSDAY]
    for day in days:
        desk.write(day)
    # The date of the 17th was due on the 18th at six, before the other definition came.
    backfill(desk.connection, "trades", days[0], days[-1], today=NOW.date())
    desk.look(NOW)
    desk.look(NOW)
    versions = desk.ask(
        "SELECT business_date, version FROM greenai.run WHERE business_date >= '2026-11-16' ORDER BY 1"
    )
    assert versions == [(days[0], 1), (days[1], 1), (days[2], 2), (days[3], 2)]
    backfill(desk.connection, "trades", days[0], days[0], today=NOW.date(), latest=True)
    desk.look(NOW)
    latest = desk.ask("SELECT version FROM greenai.run WHERE business_date = '2026-11-16' ORDER BY run_id")
    assert latest == [(1,), (2,)]
    assert len(desk.watch.plans) == 2
    desk.connection.execute("UPDATE greenai.due SET closed_at = now()")
    desk.look(NOW)
    assert len(desk.watch.plans) == 1, "the one that stands"


def test_a_folder_that_does_not_answer_holds_up_nobody_else_and_is_told_of(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.register()
    desk.back_to(NOW - timedelta(hours=12))
    answering = threading.Event()
    seen = arrivals.sight

    def hanging(*given: Any) -> arrivals.Sight:
        answering.wait(30)
        return seen(*given)

    monkeypatch.setattr(looking, "sight", hanging)
    desk.watch.look = looking.Lookers().look
    early = NOW - timedelta(hours=5, minutes=45)
    assert desk.look(early) == ["due"]
    begun = time.monotonic()
    for _ in range(3):
        assert desk.look(early) == []
    assert time.monotonic() - begun < 5
    monkeypatch.setattr(due_runs, "UNANSWERED", 0.0)
    assert desk.look(NOW - timedelta(hours=5)) == ["missed_file"]
    desk.write(THURSDAY)
    answering.set()
    monkeypatch.setattr(due_runs, "LOOKING_AGAIN", 0.0)
    for _ in range(100):
        if desk.look(NOW - timedelta(hours=5)) == ["submitted"]:
            break
        time.sleep(0.05)
    assert desk.dues() == [(THURSDAY, "submitted")]
    size = sum((desk.folder / f"{side}_{THURSDAY}.csv").stat().st_size for side in "ab")
    assert desk.ask("SELECT size FROM greenai.job") == [(size,)]
