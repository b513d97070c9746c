"""Workers that hold a claim no more: what they hold in the server is taken from them, and so is hung work."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from jobshop import run_state
from storeshop import FIRST, Shop, open_shop

from greenai.domain.jobs import Claim
from greenai.embedded.rights import GROUP, limited
from greenai.engines.duckdb import DuckDBEngine
from greenai.jobs.worker import Worker
from greenai.store import jobs, requests
from greenai.store.database import connect, named


@pytest.fixture
def shop(postgres_url: str, engine: DuckDBEngine) -> Iterator[Shop]:
    with open_shop(postgres_url, engine) as opened:
        yield opened


@pytest.fixture
def run(shop: Shop) -> int:
    """A run that was asked for, and its first job."""
    number = requests.request(
        shop.connection, shop.saved.recon_id, 1, FIRST, folder="/", causes=True, urgency=0, actor="ann"
    )
    jobs.add(shop.connection, "ingest", "ingest", run_id=number)
    return number


def claimed(shop: Shop, name: str = "one") -> Claim:
    found = jobs.claim(shop.connection, "ingest", name)
    assert found is not None
    return found


def asleep(url: str, claim: Claim) -> psycopg.Connection[Any]:
    """A worker's connection in the middle of a transaction in which it holds a lock."""
    connection = connect(named(url, jobs.session(claim)))
    connection.execute("SELECT pg_advisory_xact_lock(77)")
    return connection


def ended(connection: psycopg.Connection[Any]) -> bool:
    try:
        connection.execute("SELECT 1")
    except psycopg.OperationalError:
        return True
    return False


def later(shop: Shop, what: str) -> None:
    shop.connection.execute(f"UPDATE greenai.job SET {what} = {what} - interval '1 minute'".encode())


def taken_over(shop: Shop, claim: Claim) -> None:
    later(shop, "lease_until")
    assert claimed(shop, "two").token == claim.token + 1


def unheard(shop: Shop, _: Claim) -> None:
    later(shop, "lease_until")


def cancelled(shop: Shop, claim: Claim) -> None:
    jobs.cancel(shop.connection, claim.run_id or 0)
    later(shop, "finished_at")


def given_up(shop: Shop, claim: Claim) -> None:
    assert jobs.dead(shop.connection, claim, error="poison", remedy=None)
    later(shop, "finished_at")


@pytest.mark.parametrize("happening", [taken_over, unheard, cancelled, given_up])
def test_who_sleeps_in_a_transaction_without_a_claim_loses_its_locks(
    shop: Shop, run: int, postgres_url: str, happening: Callable[[Shop, Claim], None]
) -> None:
    claim = claimed(shop)
    with asleep(postgres_url, claim) as sleeper, connect(postgres_url) as waiting:
        assert jobs.expel(shop.connection) == [], "the claim is its own"
        happening(shop, claim)
        assert jobs.expel(shop.connection) == [claim.job_id]
        waiting.execute("SET lock_timeout = '5s'")
        waiting.execute("SELECT pg_advisory_xact_lock(77)")
        assert ended(sleeper)
    assert jobs.expel(shop.connection) == []


def test_those_who_work_with_few_rights_end_each_other_s_sessions(
    shop: Shop, run: int, postgres_url: str
) -> None:
    served, why = limited(postgres_url, own=False)
    assert why is None
    claim = claimed(shop)
    with asleep(served, claim) as sleeper, connect(served, autocommit=True) as other:
        assert jobs.expel(other) == []
        unheard(shop, claim)
        assert jobs.expel(other) == [claim.job_id]
        assert other.execute("SELECT current_user").fetchone() == (GROUP,), "it has few rights still"
        assert ended(sleeper)


def test_who_was_cancelled_a_moment_ago_ends_by_itself(shop: Shop, run: int, postgres_url: str) -> None:
    claim = claimed(shop)
    with asleep(postgres_url, claim) as sleeper:
        jobs.cancel(shop.connection, run)
        assert jobs.expel(shop.connection) == []
        assert not ended(sleeper)


@pytest.mark.parametrize("name", ["greenai", "greenai job 1", "greenai job x/1", "psql greenai job 1/0"])
def test_sessions_of_others_are_left_alone(shop: Shop, run: int, postgres_url: str, name: str) -> None:
    taken_over(shop, claimed(shop))
    with connect(named(postgres_url, name)) as other:
        other.execute("SELECT 1")
        assert jobs.expel(shop.connection) == []
        assert not ended(other)


def test_a_session_outside_a_transaction_holds_nothing_and_stays(
    shop: Shop, run: int, postgres_url: str
) -> None:
    claim = claimed(shop)
    taken_over(shop, claim)
    with connect(named(postgres_url, jobs.session(claim)), autocommit=True) as idle:
        assert jobs.expel(shop.connection) == []
        assert not ended(idle)


class Hanging:
    """A handler that does not come to an end until it is let go."""

    def __init__(self, *, heeds: bool) -> None:
        self.begun, self.going, self.heeds = threading.Event(), threading.Event(), heeds

    def __call__(self, _: Claim, told: Callable[[Callable[[], None]], None]) -> None:
        told(self.going.set if self.heeds else lambda: None)
        self.begun.set()
        assert self.going.wait(30)
        raise RuntimeError("interrupted")


def hung(url: str, handler: Hanging) -> tuple[Worker, threading.Thread]:
    """A worker that has worked for longer than it may."""
    worker = Worker(url, "ingest", "one", {"ingest": handler}, limit=60.0)
    thread = threading.Thread(target=worker.once)
    thread.start()
    assert handler.begun.wait(20)
    assert not worker.overrun()
    worker.limit = 0.0
    return worker, thread


def test_work_that_takes_too_long_is_interrupted_and_was_an_attempt(
    shop: Shop, run: int, postgres_url: str
) -> None:
    worker, thread = hung(postgres_url, Hanging(heeds=True))
    assert not worker.overrun(), "it has time to end"
    thread.join(20)
    assert not thread.is_alive()
    assert not worker.overrun()
    (job,) = jobs.listed(shop.connection)
    assert (job.state, job.attempts, job.worker) == ("waiting", 1, None)
    assert "took longer than" in (job.error or "")
    assert "GREENAI_STAGE_LIMIT" in (job.remedy or "")


def test_work_that_cannot_be_interrupted_is_another_s_and_its_process_of_no_use(
    shop: Shop, run: int, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    handler = Hanging(heeds=False)
    worker, thread = hung(postgres_url, handler)
    assert not worker.overrun()
    shop.connection.execute("UPDATE greenai.job SET ready_at = clock_timestamp()")
    another = claimed(shop, "two")
    monkeypatch.setattr("greenai.jobs.worker.LEAVING", -1.0)
    assert worker.overrun(), "it is to be ended"
    handler.going.set()
    thread.join(20)
    (job,) = jobs.listed(shop.connection)
    assert (job.state, job.worker, job.attempts) == ("running", "two", another.attempt)


def test_work_that_always_takes_too_long_is_given_up_with_its_run(
    shop: Shop, run: int, postgres_url: str
) -> None:
    shop.connection.execute("UPDATE greenai.job SET most_attempts = 1")
    worker, thread = hung(postgres_url, Hanging(heeds=True))
    worker.overrun()
    thread.join(20)
    (job,) = jobs.listed(shop.connection)
    assert job.state == "dead"
    found = run_state(postgres_url, run)
    assert found.state == "failed"
    assert "took longer than" in (found.error or "")


def test_a_session_for_which_the_server_works_is_left_to_its_end(
    shop: Shop, run: int, postgres_url: str
) -> None:
    claim = claimed(shop)
    with asleep(postgres_url, claim) as slow:
        working = threading.Thread(target=slow.execute, args=("SELECT pg_sleep(2)",))
        working.start()
        threading.Event().wait(0.5)
        unheard(shop, claim)
        assert jobs.expel(shop.connection) == []
        working.join()
        assert jobs.expel(shop.connection) == [claim.job_id]
        assert ended(slow)


def test_the_relay_takes_doorbells_and_leaves_other_topics_to_their_senders(shop: Shop, run: int) -> None:
    shop.connection.execute("INSERT INTO greenai.outbox (topic) VALUES ('mail')")
    assert jobs.sent(shop.connection, "ring") == [{"engine": "ingest"}]
    assert jobs.sent(shop.connection, "ring") == []
    assert jobs.sent(shop.connection, "mail") == [{}]
