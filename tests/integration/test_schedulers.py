"""Schedulers as processes: two at once, killed in the middle, stopped, without a Redis."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from embeddedserver import ENVIRONMENT
from postoffice import hook, mail_office

from greenai.definition.loading import loads
from greenai.pipeline.registering import register
from greenai.store.database import connect

NO_REDIS = "redis://127.0.0.1:1/0"
"""Nobody listens there: a doorbell that cannot ring is no reason not to submit."""
DEFINITION = """
recon: trades
sources: {a: {location: "a_{business_date}.csv"}, b: {location: "b_{business_date}.csv"}}
key: [id]
schedule: {cron: "*/5 * * * *", calendar: every_day, overdue: 1h, notify: ["webhook:OPS", ops@example.com]}
"""
DAYS = 12


@contextlib.contextmanager
def scheduler(url: str, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    """A scheduler as a process of its own; killed at the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "greenai.backend.scheduler"],
        env={
            **ENVIRONMENT,
            "GREENAI_DATABASE_URL": url,
            "GREENAI_REDIS_URL": NO_REDIS,
            "HOME": "/tmp",
            **more,
        },
        stderr=subprocess.PIPE,
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGCONT)
        process.kill()
        process.wait()
        assert process.stderr is not None
        process.stderr.close()


def told(process: subprocess.Popen[bytes], event: str) -> bool:
    """Read the log of a process until an event; False where it ends before."""
    assert process.stderr is not None
    for line in process.stderr:
        assert line.startswith(b"{"), line
        if json.loads(line)["event"] == event:
            return True
    return False


def drained(process: subprocess.Popen[bytes]) -> None:
    """Read its log in the background, so that it never waits for a reader."""
    assert process.stderr is not None
    stream = process.stderr

    def read() -> None:
        with contextlib.suppress(ValueError, OSError):
            for _ in stream:
                pass

    threading.Thread(target=read, daemon=True).start()


def until(holds: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.1)
    return holds()


def ask(url: str, sql: str) -> list[tuple[Any, ...]]:
    with connect(url, autocommit=True) as connection:
        found: list[tuple[Any, ...]] = connection.execute(sql.encode()).fetchall()
        return found


@pytest.fixture
def url(postgres_url: str, tmp_path: Path) -> str:
    """A store with a recon that has been due for some days, whose files are all there."""
    now = datetime.now(UTC)
    for number in range(DAYS + 3):
        for side in "ab":
            name = f"{side}_{(now - timedelta(days=number)).date()}.csv"
            (tmp_path / name).write_text("id,amount\n1,2.50\n", encoding="utf-8")
    with connect(postgres_url, autocommit=True) as connection:
        register(connection, loads(DEFINITION, source="test"), folder=tmp_path, actor="ann")
        connection.execute(
            "UPDATE greenai.schedule_version SET registered_at = registered_at - interval '60 days'"
        )
        connection.execute("UPDATE greenai.schedule SET seen_until = now() - %s", [timedelta(days=DAYS)])
    return postgres_url


def all_submitted(url: str) -> bool:
    ((dues, waiting),) = ask(
        url, "SELECT count(*), count(*) FILTER (WHERE state <> 'submitted') FROM greenai.due"
    )
    return dues >= DAYS and waiting == 0


def once(url: str) -> None:
    """Everything happened once."""
    dates = ask(url, "SELECT business_date, count(*) FROM greenai.run GROUP BY 1")
    due = ask(url, "SELECT business_date, count(*) FROM greenai.due GROUP BY 1")
    # A firing of today may have come meanwhile: as many runs as were due, and for every older date one.
    assert sorted(dates) == sorted(due)
    assert [number for day, number in dates if day < max(day for day, _ in dates)] == [1] * (len(dates) - 1)
    ((runs,),) = ask(url, "SELECT count(*) FROM greenai.run")
    assert ask(url, "SELECT count(*), count(DISTINCT run_id) FROM greenai.job") == [(runs, runs)]
    assert ask(url, "SELECT count(*) FROM greenai.due WHERE run_id IS NULL") == [(0,)]


def test_two_schedulers_have_one_effect_and_the_second_takes_over(url: str) -> None:
    with scheduler(url) as first:
        assert told(first, "leading")
        drained(first)
        with scheduler(url) as second:
            assert told(second, "started")
            first.kill()
            assert told(second, "leading")
            drained(second)
            assert until(lambda: all_submitted(url), 40)
            second.terminate()
            assert second.wait(timeout=40) == 0
    once(url)


@pytest.mark.slow
def test_killed_at_any_moment_nothing_is_lost_or_doubled(url: str) -> None:
    chance = random.Random(11)
    with hook() as ops, mail_office() as office:
        ways = {
            "GREENAI_WEBHOOK_URL_OPS": ops.url,
            "GREENAI_SMTP_URL": f"smtp://127.0.0.1:{office.port}?from=a@b",
        }
        for _ in range(4):
            with scheduler(url, **ways) as process:
                assert told(process, "leading")
                drained(process)
                time.sleep(chance.uniform(0, 6.5))
        with scheduler(url, **ways) as process:
            drained(process)
            assert until(lambda: all_submitted(url), 40)
            overdue = DAYS - 2  # those of the last two days may not be overdue yet

            def all_told() -> bool:
                return len({one["notice"] for one in ops.documents}) >= overdue and len(office.got) >= overdue

            ask_again = "UPDATE greenai.notice SET next_at = now() WHERE state = 'waiting' RETURNING 1"
            ask(url, ask_again)  # what a killed one had claimed is tried again now, not in two minutes
            assert until(all_told, 40)
            assert until(lambda: ask(url, "SELECT 1 FROM greenai.notice WHERE state <> 'sent'") == [], 20)
        once(url)
        # Sent and killed before that was noted: the same message again, by the same number.
        numbers = {headers["X-Greenai-Delivery"] for headers, _ in ops.got}
        bodies = {json.dumps(one, sort_keys=True) for one in ops.documents}
        assert len(numbers) == len(bodies)
        assert len(ops.got) - len(numbers) <= 4
        notices = ask(url, "SELECT count(*) FROM greenai.notice WHERE target = 'webhook:OPS'")
        assert notices == [(len(numbers),)]
        assert len({mail["Message-ID"] for _, _, _, mail in office.got}) == len(numbers)


@pytest.mark.slow
def test_one_that_is_stopped_loses_the_lead(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with scheduler(url) as first:
        assert told(first, "leading")
        drained(first)
        with scheduler(url) as second:
            os.kill(first.pid, signal.SIGSTOP)
            begun = time.monotonic()
            assert told(second, "leading")
            assert time.monotonic() - begun < 30
            drained(second)
            os.kill(first.pid, signal.SIGCONT)
            assert until(lambda: all_submitted(url), 40)
    once(url)


def test_a_lost_database_connection_is_made_again(url: str) -> None:
    with scheduler(url) as process:
        assert told(process, "leading")
        ask(
            url,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
        assert told(process, "leading")
        drained(process)
        assert until(lambda: all_submitted(url), 40)
    once(url)


def test_metrics_are_served_where_the_settings_say(url: str) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    listening = {"GREENAI_METRICS_PORT": str(port), "GREENAI_METRICS_HOST": "127.0.0.3"}
    with scheduler(url, **listening) as process:
        assert told(process, "leading")
        drained(process)
        with urllib.request.urlopen(f"http://127.0.0.3:{port}/health", timeout=10) as answer:
            assert json.load(answer)["component"] == "scheduler"
        with pytest.raises(OSError, match="refused"):
            socket.create_connection(("127.0.0.1", port), 5).close()


def test_without_a_database_it_says_what_is_missing() -> None:
    found = subprocess.run(
        [sys.executable, "-m", "greenai.backend.scheduler"], env={**ENVIRONMENT, "HOME": "/tmp"},
        capture_output=True, check=False, timeout=60,
    )  # fmt: skip
    assert found.returncode == 2
    assert b"GREENAI_DATABASE_URL" in found.stderr
    assert b"Traceback" not in found.stderr
