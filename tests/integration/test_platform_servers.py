"""A server of the platform is looked after: asked, started again, and not given up."""

from __future__ import annotations

import subprocess
import sys
import threading
import time

import pytest

from greenai.embedded.platform import redis_place
from greenai.embedded.servers import Server
from greenai.errors import PlatformError


def watched(server: Server, enough: int) -> list[tuple[str, str, str]]:
    """What is told of a server until so many things were."""
    told: list[tuple[str, str, str]] = []
    stop = threading.Event()
    thread = server.watched(stop, lambda *words: told.append(words), period=0.01)
    until = time.monotonic() + 10
    while len(told) < enough and time.monotonic() < until:
        time.sleep(0.005)
    stop.set()
    thread.join(timeout=10)
    assert not thread.is_alive()
    return told


def test_one_that_dies_is_started_again() -> None:
    up = [True]
    server = Server("x", "here", lambda: up[0], lambda: up.__setitem__(0, True))
    assert server.state().state == "running"
    up[0] = False
    assert watched(server, 2) == [("x", "ended", "it does not answer"), ("x", "started", "again")]
    assert server.state().restarts == 1
    assert server.state().state == "running"


def test_one_that_does_not_start_is_tried_again_and_its_reason_told() -> None:
    tries = []

    def revive() -> None:
        tries.append(time.monotonic())
        if len(tries) < 3:
            raise PlatformError("no room", remedy="make room")

    server = Server("x", "here", lambda: False, revive)
    told = watched(server, 4)
    assert [what for _, what, _ in told] == ["ended", "failed", "failed", "started"]
    assert told[1][2] == "no room; again in 0.02 s"
    assert told[2][2] == "no room; again in 0.04 s"


def test_one_elsewhere_is_left_to_those_who_run_it() -> None:
    server = Server("x", "there")
    assert server.state().state == "elsewhere"
    stop = threading.Event()
    thread = server.watched(stop, lambda *_: None)
    thread.join(timeout=5)
    assert not thread.is_alive()


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("redis://ann:secret@db:6379/0?x=secret", "redis://db:6379/0"),
        ("rediss://:p@ss@db/1", "rediss://db/1"),
        ("unix:///run/redis.sock?db=0", "unix:///run/redis.sock"),
    ],
)
def test_the_place_of_a_redis_tells_no_secret(url: str, place: str) -> None:
    assert redis_place(url) == place


def test_what_looks_after_the_platform_is_light() -> None:
    code = (
        "import sys\n"
        "import greenai.cli.up, greenai.cli.status, greenai.cli.down, greenai.cli.live\n"
        "import greenai.embedded.platform, greenai.embedded.migrated, greenai.embedded.queues\n"
        "import greenai.embedded.postgres, greenai.embedded.redis, greenai.reports.platform\n"
        "import greenai.store.database, greenai.store.migrations, greenai.store.queries\n"
        "print(*{name.partition('.')[0] for name in sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert {"duckdb", "ibis", "pyarrow", "pydantic", "sqlglot", "numpy"}.isdisjoint(done.stdout.split())
