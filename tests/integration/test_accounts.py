"""What the scheduler that leads counts for everybody, and what it clears away."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from storeshop import FIRST, One, Shop, open_shop

from greenai.engines.duckdb import DuckDBEngine
from greenai.jobs import accounts as books
from greenai.jobs.accounts import Accounts
from greenai.jobs.doorbells import Doorbells
from greenai.jobs.scheduler import Scheduler
from greenai.pipeline.notifying import Ways
from greenai.store import accounts, jobs, requests
from greenai.store.accounts import DUES_KEPT, JOBS_KEPT
from greenai.store.queries import queries
from greenai.telemetry.metrics import REGISTRY

DAY = timedelta(days=1)


@pytest.fixture
def shop(postgres_url: str, engine: DuckDBEngine) -> Iterator[Shop]:
    with open_shop(postgres_url, engine) as opened:
        yield opened
    books.close()


def value(metric: str, **labels: str) -> float | None:
    return REGISTRY.get_sample_value(metric, labels)


def silent(_: str, **__: Any) -> None:
    pass


def asked(shop: Shop, name: str = "ingest") -> int:
    """A run that was asked for, with a job."""
    run = requests.request(
        shop.connection, shop.saved.recon_id, 1, FIRST, folder="/", causes=True, urgency=0, actor="ann"
    )
    jobs.add(shop.connection, "ingest", name, run_id=run)
    return run


def test_every_end_of_a_run_is_counted_once(shop: Shop) -> None:
    def counted() -> list[float]:
        return [
            value("greenai_runs_total", recon="trades", state=state) or 0
            for state in ("completed", "failed", "cancelled")
        ]

    before = counted()
    shop.publish(FIRST, [])  # while nobody leads
    Accounts(shop.connection, silent).count()
    leading = Accounts(shop.connection, silent)  # the next who leads
    failing, cancelled = asked(shop), asked(shop)
    shop.publish(FIRST + DAY, [])
    requests.fail(shop.connection, failing, "no such file")
    requests.cancel(shop.connection, cancelled, "cancelled by ann")
    for _ in range(3):
        leading.count()
    requests.enter(shop.connection, failing, "queued")
    requests.fail(shop.connection, failing, "no such file")
    leading.count()
    assert [now - then for now, then in zip(counted(), before, strict=True)] == [2, 2, 1]


def test_what_waits_for_people_is_known_from_the_store(shop: Shop) -> None:
    shop.publish(FIRST, [One("k1"), One("k2", decision="passed", reason="FORMAT")])
    leading = Accounts(shop.connection, silent)
    leading.keep()
    assert value("greenai_review_backlog", recon="trades") == 1
    assert value("greenai_oldest_break_days", recon="trades") == 0
    shop.publish(FIRST + 3 * DAY, [One("k1"), One("k3")])
    leading.look()
    assert value("greenai_review_backlog", recon="trades") == 2
    assert value("greenai_oldest_break_days", recon="trades") == 3
    shop.publish(FIRST + 4 * DAY, [])
    leading.look()
    assert value("greenai_review_backlog", recon="trades") == 0
    assert value("greenai_oldest_break_days", recon="trades") == 0


def test_who_leads_no_more_says_nothing_of_queues(shop: Shop, postgres_url: str) -> None:
    asked(shop)
    scheduler = Scheduler(postgres_url, Doorbells("redis://127.0.0.1:1/0"), ways=Ways(), tell=silent)
    thread = threading.Thread(target=scheduler.serve)
    thread.start()
    waiting = threading.Event()
    for _ in range(100):
        if value("greenai_queue_depth", queue="ingest") == 1:
            break
        waiting.wait(0.1)
    assert value("greenai_queue_depth", queue="ingest") == 1
    scheduler.stop()
    thread.join(30)
    assert value("greenai_queue_depth", queue="ingest") is None


def test_the_queue_is_counted_without_reading_what_is_done(shop: Shop) -> None:
    shop.connection.execute(
        "INSERT INTO greenai.job (engine, kind, state, finished_at) "
        "SELECT 'worker', 'x', 'done', now() FROM generate_series(1, 20000)"
    )
    asked(shop)
    shop.connection.execute("ANALYZE greenai.job")
    plan = "\n".join(
        line for (line,) in shop.connection.execute("EXPLAIN " + queries("jobs")["depth"]).fetchall()
    )
    assert "Seq Scan" not in plan, plan
    assert jobs.depth(shop.connection) == {("ingest", "waiting"): 1}


def test_what_is_long_over_is_forgotten_and_nothing_else(shop: Shop) -> None:
    ask = shop.connection.execute
    old, going_on = asked(shop), asked(shop)
    recent = asked(shop)
    ask("UPDATE greenai.job SET state = 'done', finished_at = now() - %s", [JOBS_KEPT + DAY])
    jobs.add(shop.connection, "diff", "compare", run_id=going_on)
    ask("UPDATE greenai.job SET finished_at = now() - %s WHERE run_id = %s", [JOBS_KEPT - DAY, recent])
    ask("INSERT INTO greenai.schedule VALUES (%s, 'active', now())", [shop.saved.recon_id])
    ask(
        "INSERT INTO greenai.schedule_version SELECT %s, '2026-01-01', 1, '/', '{}', actor_id "
        "FROM greenai.actor LIMIT 1",
        [shop.saved.recon_id],
    )
    for number, (age, state) in enumerate(
        [(DUES_KEPT + DAY, "sent"), (DUES_KEPT - DAY, "sent"), (DUES_KEPT + DAY, "waiting")]
    ):
        (due,) = ask(
            "INSERT INTO greenai.due "
            "(recon_id, registered_at, kind, business_date, due_at, state, closed_at) "
            "VALUES (%s, '2026-01-01', 'cron', %s, %s, 'submitted', now() - %s) RETURNING due_id",
            [shop.saved.recon_id, FIRST, FIRST + number * DAY, age],
        ).fetchone()
        ask(
            "INSERT INTO greenai.notice (due_id, event, target, payload, state, created_at, sent_at) "
            "VALUES (%(due)s, 'failed', 'a@b', '{}', %(state)s, now() - %(age)s, "
            "CASE %(state)s WHEN 'sent' THEN now() - %(age)s END)",
            {"due": due, "state": state, "age": age},
        )
    assert dict(accounts.forget(shop.connection)) == {"old_jobs": 1, "old_notices": 1, "old_dues": 1}
    assert dict(accounts.forget(shop.connection)) == {}
    left = ask("SELECT run_id, kind FROM greenai.job ORDER BY job_id").fetchall()
    assert left == [(going_on, "ingest"), (recent, "ingest"), (going_on, "compare")]
    assert old not in {run for run, _ in left}
    assert ask("SELECT count(*) FROM greenai.due").fetchone() == (2,)
