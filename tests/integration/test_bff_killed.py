"""A process of the BFF that is killed: what was answered stands, what was not is done by asking again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from bffdesk import PASSWORD, free_port
from proposaldesk import DAY, Bench, opened, sides

from greenai.bff.main import PREFIX
from greenai.identity.accounts import add
from greenai.identity.callers import Grant
from greenai.store.database import connect

WRITERS = 6


@dataclass
class Server:
    """gunicorn as it is in production, on one port whichever process listens there."""

    url: str
    redis_url: str
    port: int
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Listen, and answer."""
        env = os.environ | {
            "GREENAI_DATABASE_URL": self.url,
            "GREENAI_REDIS_URL": self.redis_url,
            "GREENAI_BFF_PORT": str(self.port),
            "GREENAI_RATE_LIMIT": "0",
            "GREENAI_LOG_LEVEL": "error",
        }
        command = [sys.executable, "-m", "gunicorn", "-c", "python:greenai.bff.gunicorn_conf"]
        self.process = subprocess.Popen(
            [*command, "greenai.bff.main:create_app()"], env=env, start_new_session=True
        )
        until = time.monotonic() + 90
        while True:
            try:
                if httpx.get(f"http://127.0.0.1:{self.port}/ready", trust_env=False).status_code == 200:
                    return
            except httpx.HTTPError:
                assert self.process.poll() is None, "the BFF did not start"
            assert time.monotonic() < until, "the BFF does not answer"
            time.sleep(0.1)

    def kill(self) -> None:
        """End all its processes at once, without a word."""
        if self.process is None:
            return
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=30)
        self.process = None
        until = time.monotonic() + 30
        while listening(self.port):
            assert time.monotonic() < until
            time.sleep(0.02)

    def client(self, name: str) -> httpx.Client:
        """Somebody, signed in."""
        made = httpx.Client(base_url=f"http://127.0.0.1:{self.port}{PREFIX}", timeout=60, trust_env=False)
        answer = made.post("/login", json={"name": name, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        made.headers["x-csrf-token"] = answer.json()["csrf"]
        return made


def listening(port: int) -> bool:
    """Whether anybody listens there."""
    with socket.socket() as found:
        return found.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def bench(postgres_url: str, tmp_path: Path) -> Bench:
    (tmp_path / "files").mkdir()
    bench = opened(tmp_path / "files", postgres_url)
    bench.desk.run(DAY, *sides(600))
    with connect(postgres_url) as connection:
        for name, role in (("ann", "analyst"), ("bob", "manager")):
            grants: list[Any] = [Grant(role, None)]  # type: ignore[arg-type]
            add(connection, "test", name=name, password=PASSWORD, grants=grants, must_change=False)
    return bench


@pytest.fixture
def server(postgres_url: str, redis_server: str, bench: Bench) -> Iterator[Server]:
    made = Server(postgres_url, redis_server, free_port())
    made.start()
    yield made
    made.kill()


def test_workers_end_with_their_master_and_leave_the_port_to_the_next_one(server: Server) -> None:
    master = server.process
    assert master is not None
    try:
        master.kill()
        master.wait(timeout=30)
        until = time.monotonic() + 30
        while listening(server.port):
            assert time.monotonic() < until, "a worker serves on without its master"
            time.sleep(0.05)
        server.start()
    finally:
        with suppress(ProcessLookupError):
            os.killpg(master.pid, signal.SIGKILL)


def test_no_write_that_was_answered_is_lost_and_asking_again_does_it_once(
    server: Server, bench: Bench
) -> None:
    ann, breaks = server.client("ann"), bench.ids()
    answered: dict[str, int] = {}
    asked: set[str] = set()
    stop = threading.Event()

    def write(writer: int) -> None:
        number = 0
        while not stop.is_set():
            body = f"{writer}.{number}"
            asked.add(body)
            try:
                answered[body] = said(ann, breaks[writer], body).status_code
            except httpx.HTTPError:
                return
            number += 1

    with ThreadPoolExecutor(WRITERS) as pool:
        for writer in range(WRITERS):
            pool.submit(write, writer)
        until = time.monotonic() + 60
        while len(answered) < 60 and time.monotonic() < until:
            time.sleep(0.05)
        server.kill()
        stop.set()
    assert len(answered) >= 60
    assert set(answered.values()) == {201}
    there = bodies(bench)
    assert len(there) == len(set(there))
    assert set(answered) <= set(there) <= asked

    server.start()
    missing = asked - set(answered)
    assert missing
    for body in missing:
        answer = said(ann, breaks[int(body.partition(".")[0])], body)
        assert answer.status_code == 201, answer.text
        # What was done before the kill, but not answered, is not done again.
        assert ("idempotency-replayed" in answer.headers) == (body in there)
    assert sorted(bodies(bench)) == sorted(asked)


def said(client: httpx.Client, break_id: str, body: str) -> httpx.Response:
    """A comment, under a key of its own."""
    path = f"/recons/trades/breaks/{break_id}/comments"
    return client.post(path, json={"body": body}, headers={"idempotency-key": body})


def bodies(bench: Bench) -> list[str]:
    """All comments."""
    return [one for (one,) in bench.ask("SELECT body FROM greenai.break_comment")]


def test_a_bulk_decision_whose_server_is_killed_is_completed_once(server: Server, bench: Bench) -> None:
    wish = {"kind": "override", "resolution": "take_b", "selection": {"filter": {"field": ["amount"]}}}
    # While the list is frozen: the whole proposal is there or nothing of it.
    killed_while(server, "ann", "/recons/trades/proposals", wish, "propose", after=0.05)
    assert bench.ask("SELECT count(*) FROM greenai.proposal")[0][0] in {0, 1}
    server.start()
    made = asked_again(server, "ann", "/recons/trades/proposals", wish, "propose")
    assert (made["items"], made["state"]) == (600, "proposed")
    assert bench.ask("SELECT count(*) FROM greenai.proposal") == [(1,)]

    path = f"/recons/trades/proposals/{made['proposal']}/approve"
    for after in (0.0, 0.02, 0.08):
        killed_while(server, "bob", path, {"version": 1}, "approve", after=after)
        server.start()
    approved = asked_again(server, "bob", path, {"version": 1}, "approve")
    assert approved["state"] == "approved"
    assert bench.ask("SELECT count(*) FROM greenai.proposal_approval") == [(1,)]

    # Killed once more while the worker is at it: it does not need the server.
    worker = bench.worker(chunk=50)
    with ThreadPoolExecutor(1) as pool:
        working = pool.submit(worker.once)
        until = time.monotonic() + 60
        while decided(bench) == 0 and time.monotonic() < until:
            time.sleep(0.01)
        server.kill()
        working.result(timeout=120)
    server.start()
    bench.work_off()
    done = server.client("ann").get(f"/recons/trades/proposals/{made['proposal']}").json()
    assert (done["state"], done["decided"], done["fallen"]) == ("applied", 600, 0)
    assert decided(bench) == 600
    twice = "SELECT break_id FROM greenai.decision WHERE maker_id IS NOT NULL GROUP BY 1 HAVING count(*) > 1"
    assert bench.ask(twice) == []
    assert bench.ask("SELECT count(*) FROM greenai.decision WHERE maker_id = actor_id") == [(0,)]
    assert len(bench.desk.golden()) == 600


def killed_while(
    server: Server, name: str, path: str, body: dict[str, Any], key: str, *, after: float
) -> None:
    """Ask, and kill the server so many seconds later."""
    client = server.client(name)

    def ask() -> None:
        try:
            answer = client.post(path, json=body, headers={"idempotency-key": key})
            assert answer.status_code < 300, answer.text
        except httpx.HTTPError:
            return

    with ThreadPoolExecutor(1) as pool:
        asking = pool.submit(ask)
        time.sleep(after)
        server.kill()
        asking.result(timeout=60)


def asked_again(server: Server, name: str, path: str, body: dict[str, Any], key: str) -> Any:
    """The answer to the same request under the same key."""
    answer = server.client(name).post(path, json=body, headers={"idempotency-key": key})
    assert answer.status_code in {200, 201}, answer.text
    return answer.json()


def decided(bench: Bench) -> int:
    """Decisions that follow a proposal."""
    return int(bench.ask("SELECT count(*) FROM greenai.decision WHERE maker_id IS NOT NULL")[0][0])
