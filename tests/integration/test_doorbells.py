"""Doorbells are heard at once, by one who waits and asks for next to nothing meanwhile."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

from redis import Redis

from greenai.jobs.doorbells import Doorbells, Listener
from greenai.store import jobs
from greenai.store.database import connect

ROUNDS = 9
AT_ONCE = 0.1
"""Seconds: a listener that polls as often as engines once did would be late by half of that on average."""


@contextmanager
def listening(url: str) -> Iterator[threading.Event]:
    """What is set when the doorbell of the comparison rings."""
    rung = threading.Event()
    listener = Listener(url, "diff", rung)
    listener.start()
    try:
        yield rung
    finally:
        listener.stop()


def heard(rung: threading.Event, ring: Callable[[], object]) -> float:
    """Seconds from a ring until it is heard."""
    rung.clear()
    begun = time.monotonic()
    ring()
    assert rung.wait(10), "nobody heard it"
    return time.monotonic() - begun


def test_a_ring_is_heard_at_once(redis_url: str) -> None:
    with closing(Doorbells(redis_url)) as doorbells, listening(redis_url) as rung:
        heard(rung, lambda: doorbells.ring("diff"))
        late = statistics.median(heard(rung, lambda: doorbells.ring("diff")) for _ in range(ROUNDS))
    assert late < AT_ONCE


def test_who_waits_for_a_ring_asks_for_next_to_nothing(redis_url: str) -> None:
    with closing(Redis.from_url(redis_url)) as redis, listening(redis_url):
        time.sleep(1.5)
        before, begun = redis.info("stats")["total_commands_processed"], time.monotonic()
        time.sleep(4.0)
        asked = redis.info("stats")["total_commands_processed"] - before
        # Redis counts what a script calls, too: two commands of the listener are five to it.
        assert asked / (time.monotonic() - begun) < 10


def test_a_ring_is_heard_after_redis_was_emptied(redis_url: str) -> None:
    with closing(Doorbells(redis_url)) as doorbells, listening(redis_url) as rung:
        with closing(Redis.from_url(redis_url)) as redis:
            redis.flushall()
        assert heard(rung, lambda: doorbells.ring("diff")) < 5


def test_of_two_listeners_each_ring_wakes_one_at_least_and_none_is_left(redis_url: str) -> None:
    with (
        closing(Doorbells(redis_url)) as doorbells,
        closing(Redis.from_url(redis_url)) as redis,
        listening(redis_url) as one,
        listening(redis_url) as other,
    ):
        for _ in range(ROUNDS):
            one.clear(), other.clear()
            doorbells.ring("diff")
            until = time.monotonic() + 10
            while not (one.is_set() or other.is_set()):
                assert time.monotonic() < until, "nobody heard it"
                time.sleep(0.005)
        until = time.monotonic() + 10
        while redis.llen("greenai:diff"):
            assert time.monotonic() < until, "a ring is left"
            time.sleep(0.05)


def test_the_outbox_tells_that_something_is_in_it(postgres_url: str) -> None:
    with connect(postgres_url, autocommit=True) as waiting, connect(postgres_url, autocommit=True) as asking:
        waiting.execute("LISTEN greenai_outbox")
        jobs.add(asking, "worker", "decide", payload={"proposal": 1})
        told = list(waiting.notifies(timeout=10, stop_after=1))
    assert [one.channel for one in told] == ["greenai_outbox"]
