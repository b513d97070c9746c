"""Who wants to know of a schedule is told, once, and tried again while it cannot be reached."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from jobshop import work_off
from postoffice import hook, mail_office
from scheduledesk import NOW, THURSDAY, Desk

from greenai.errors import UsageError
from greenai.pipeline import arrivals, due_runs
from greenai.pipeline.notifying import PAUSES, Ways, deliver
from greenai.store import notices
from greenai.store.database import connect


@pytest.fixture
def desk(postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setattr(arrivals, "SETTLED", 0.0)
    with connect(postgres_url, autocommit=True) as connection:
        yield Desk(postgres_url, tmp_path, connection)


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
