"""Schedules on a real server: what is due is noted once, submitted when its files are there, and told."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from jobshop import work_off
from postoffice import hook, mail_office

from greenai.definition.loading import loads
from greenai.errors import UsageError
from greenai.pipeline import arrivals, due_runs, looking
from greenai.pipeline.notifying import PAUSES, Ways, deliver
from greenai.pipeline.registering import backfill, register
from greenai.pipeline.submission import submit
from greenai.store import notices, schedules
from greenai.store.database import connect

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
"""A Friday."""
THURSDAY = date(2026, 11, 19)
DEFINITION = """
recon: trades
sources: {{a: {{location: "a_{{business_date}}.csv"}}, b: {{location: "b_{{business_date}}.csv"}}}}
key: [id]
fields: {{id: {{type: string}}, amount: {{type: "decimal(18,2)"}}}}
schedule: {{cron: "{cron}", notify: {{to: [ops@example.com, "webhook:OPS"],
            events: [missed_file, overdue, failed, review_needed, completed]}}, overdue: 2h{more}}}
"""


@dataclass
class Desk:
    """A scheduled recon, and a scheduler that looks when it is told to."""

    url: str
    folder: Path
    connection: Any
    watch: due_runs.Watch = field(default_factory=due_runs.Watch)

    def register(self, cron: str = "0 6 * * 1-5", more: str = "") -> bool:
        definition = loads(DEFINITION.format(cron=cron, more=more), source="test")
        return register(self.connection, definition, folder=self.folder, actor="ann")

    def back_to(self, moment: datetime) -> None:
        """As if it had been registered long ago and nobody had looked since a moment."""
        self.connection.execute("UPDATE greenai.schedule SET seen_until = %s", [moment])
        self.connection.execute(
            "ALTER TABLE greenai.due DISABLE TRIGGER ALL; UPDATE greenai.schedule_version "
            "SET registered_at = '2026-01-01'; ALTER TABLE greenai.due ENABLE TRIGGER ALL"
        )

    def look(self, at: datetime = NOW) -> list[str]:
        return [
            one.what
            for part in (
                due_runs.note_due(self.connection, self.watch, at),
                due_runs.submit_arrived(self.connection, self.watch, at, submit),
                due_runs.tell_ends(self.connection, self.watch, at),
            )
            for one in part
        ]

    def write(self, day: date, sides: str = "ab") -> None:
        for side in sides:
            (self.folder / f"{side}_{day}.csv").write_text("id,amount\n1,2.50\n", encoding="utf-8")

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = self.connection.execute(sql).fetchall()
        return found

    def dues(self) -> list[tuple[Any, ...]]:
        return self.ask("SELECT business_date, state FROM greenai.due ORDER BY business_date, due_id")


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


def test_late_files_are_told_once_and_still_run_when_they_come(desk: Desk) -> None:
    desk.register()
    desk.back_to(NOW - timedelta(hours=12))
    assert desk.look(NOW - timedelta(hours=5, minutes=45)) == ["due"]
    assert desk.look(NOW - timedelta(hours=5, minutes=29)) == ["missed_file"]
    assert desk.look(NOW - timedelta(hours=5, minutes=28)) == []
    told = desk.ask("SELECT event, target, payload -> 'missing' FROM greenai.notice ORDER BY target")
    missing = ["a_{business_date}.csv", "b_{business_date}.csv"]
    assert told == [("missed_file", "ops@example.com", missing), ("missed_file", "webhook:OPS", missing)]
    desk.watch = due_runs.Watch()  # another scheduler takes over
    desk.write(THURSDAY)
    assert desk.look(NOW - timedelta(hours=5)) == ["submitted"]


def test_who_wants_to_know_is_told_of_each_end_once(desk: Desk) -> None:
    desk.register()
    desk.back_to(NOW - timedelta(hours=12))
    desk.write(THURSDAY)
    early = NOW - timedelta(hours=5)
    assert desk.look(early) == ["due", "submitted"]
    assert desk.look(NOW) == ["overdue"]
    for state, event in (
        ("failed", "failed"),
        ("awaiting_review", "review_needed"),
        ("completed", "completed"),
    ):
        desk.connection.execute(
            "UPDATE greenai.run SET state = %s, error = 'no such file', finished_at = now()", [state]
        )
        assert desk.look() == [event]
        assert desk.look() == []
    assert desk.ask("SELECT count(*), count(DISTINCT event) FROM greenai.notice") == [(8, 4)]
    assert desk.ask("SELECT closed_at IS NOT NULL FROM greenai.due") == [(True,)]


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


def test_notices_are_claimed_by_one_and_tried_again_when_the_sender_dies(desk: Desk) -> None:
    desk.register()
    desk.back_to(NOW - timedelta(hours=12))
    desk.look()
    with connect(desk.url, autocommit=True) as other:
        claimed = [notices.claim(desk.connection), notices.claim(other), notices.claim(desk.connection)]
    first, second = claimed[0], claimed[1]
    assert first is not None
    assert second is not None
    assert first.notice_id != second.notice_id
    desk.connection.execute(
        "UPDATE greenai.notice SET next_at = '2020-01-01' WHERE notice_id = %s", [first.notice_id]
    )
    late = notices.claim(desk.connection)
    assert late is not None
    assert (late.notice_id, late.attempt) == (first.notice_id, 2)
    notices.failed(desk.connection, first, "late answer of the first", timedelta(hours=1))
    notices.sent(desk.connection, first)
    states = [one.state for one in notices.log(desk.connection) if one.notice_id == first.notice_id]
    assert states == ["waiting"], "it is another's now"
    notices.sent(desk.connection, late)
    notices.failed(desk.connection, late, "cannot undo it", None)
    line = next(one for one in notices.log(desk.connection) if one.notice_id == first.notice_id)
    assert (line.state, line.attempts, line.error) == ("sent", 2, None)


def test_a_run_is_worked_off_and_its_end_is_told(desk: Desk) -> None:
    desk.register()
    desk.back_to(NOW - timedelta(hours=12))
    desk.write(THURSDAY)
    assert desk.look(NOW - timedelta(hours=5)) == ["due", "submitted"]
    assert work_off(desk.url, desk.folder / "workspace") == 5
    assert desk.look(NOW - timedelta(hours=5)) == ["completed"]
    with hook() as ops, mail_office() as office:
        ways = Ways(f"smtp://127.0.0.1:{office.port}?from=greenai@bank.example", {"OPS": ops.url}, "s3cret")
        assert [deliver(desk.connection, ways) is None for _ in range(3)] == [False, False, True]
    (document,) = ops.documents
    run = desk.ask("SELECT run_id FROM greenai.run")[0][0]
    told = tuple(document[name] for name in ("event", "recon", "business_date", "run", "state"))
    assert told == ("completed", "trades", "2026-11-19", run, "completed")
    ((_, receivers, _, mail),) = office.got
    assert receivers == ["ops@example.com"]
    assert mail["Subject"] == "[greenai] trades 2026-11-19: completed"
    assert f"greenai show {run}" in str(mail.get_payload())
    assert {one.state for one in notices.log(desk.connection)} == {"sent"}


def test_who_cannot_be_reached_is_tried_for_a_day_and_then_again_when_asked(desk: Desk) -> None:
    desk.register()
    desk.back_to(NOW - timedelta(hours=12))
    desk.look(NOW - timedelta(hours=5))  # late
    desk.connection.execute("DELETE FROM greenai.notice WHERE target = 'ops@example.com'")
    with hook() as ops:
        ops.answers = [500]
        ways = Ways(webhooks={"OPS": ops.url})
        waits = []
        for _ in PAUSES:
            assert deliver(desk.connection, ways) is not None
            assert deliver(desk.connection, ways) is None, "not before its time"
            ((wait,),) = desk.ask(
                "SELECT next_at - clock_timestamp() FROM greenai.notice WHERE state = 'waiting'"
            )
            waits.append(wait)
            desk.connection.execute("UPDATE greenai.notice SET next_at = now()")
        assert deliver(desk.connection, ways) is not None
        (line,) = notices.log(desk.connection, state="dead")
        assert line.attempts == len(ops.got) == 8
        assert "answers 500" in (line.error or "")
        assert all(
            timedelta(0) < pause - wait < timedelta(seconds=30)
            for pause, wait in zip(PAUSES, waits, strict=True)
        )
        assert timedelta(hours=20) < sum(waits, timedelta()) < timedelta(hours=48)
        ops.answers = [200]
        notices.retry(desk.connection, line.notice_id)
        assert deliver(desk.connection, ways) is not None
        assert notices.log(desk.connection)[0].state == "sent"
        assert len({headers["X-Greenai-Delivery"] for headers, _ in ops.got}) == 1
    with pytest.raises(UsageError, match="no such notice is dead"):
        notices.retry(desk.connection, line.notice_id)


def test_a_notice_at_which_a_sender_stumbles_dies_like_others(desk: Desk) -> None:
    desk.register()
    desk.back_to(NOW - timedelta(hours=12))
    desk.look(NOW - timedelta(hours=5))  # late
    desk.connection.execute("DELETE FROM greenai.notice WHERE target = 'webhook:OPS'")
    desk.connection.execute("UPDATE greenai.notice SET target = 'a..b@[1'")
    with mail_office() as office:
        ways = Ways(f"smtp://127.0.0.1:{office.port}?from=a@b")
        for _ in range(len(PAUSES) + 1):
            assert deliver(desk.connection, ways) is not None
            desk.connection.execute("UPDATE greenai.notice SET next_at = now()")
    (line,) = notices.log(desk.connection)
    assert (line.state, line.attempts) == ("dead", 8)
    assert line.error


def test_ways_that_are_not_set_are_told_in_the_log(desk: Desk) -> None:
    desk.register()
    desk.back_to(NOW - timedelta(hours=12))
    desk.look(NOW - timedelta(hours=5))
    for _ in range(2):
        deliver(desk.connection, Ways())
    errors = {one.target: one.error for one in notices.log(desk.connection)}
    assert "GREENAI_SMTP_URL" in (errors["ops@example.com"] or "")
    assert "GREENAI_WEBHOOK_URL_OPS" in (errors["webhook:OPS"] or "")


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
