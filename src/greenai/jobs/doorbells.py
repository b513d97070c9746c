"""Doorbells: a message through Redis that tells an engine to look for work, and nothing else.

Dramatiq delivers them. A ring may be lost, doubled or late: what is to be done stands in PostgreSQL, and
an engine looks there from time to time anyway.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from typing import TYPE_CHECKING, Final

from greenai.domain.jobs import Engine

if TYPE_CHECKING:
    import dramatiq
    from dramatiq.brokers.redis import RedisBroker

NAMESPACE: Final = "greenai"
PATIENCE: Final = 1.0
"""Seconds to wait for a Redis that does not answer: a doorbell is not worth more."""
ACTOR: Final = "ring"
WAITING: Final = 1000
"""Milliseconds that a listener waits for a ring in one go: how late it may notice that it is to stop."""


class Doorbells:
    """The doorbells of all engines; to ring one never fails, for it may be lost anyway."""

    def __init__(self, url: str) -> None:
        self._broker = broker(url)

    def ring(self, engine: Engine) -> bool:
        """Tell an engine to look for work; False when Redis does not answer."""
        import dramatiq
        from dramatiq.errors import BrokerConnectionError
        from redis.exceptions import RedisError

        message: dramatiq.Message[None] = dramatiq.Message(
            queue_name=engine, actor_name=ACTOR, args=(), kwargs={}, options={}
        )
        try:
            self._broker.declare_queue(engine)
            self._broker.enqueue(message)
        except (RedisError, BrokerConnectionError, OSError):
            return False
        return True

    def close(self) -> None:
        """Let go of the connections."""
        with contextlib.suppress(Exception):
            self._broker.close()


class Listener:
    """Hears the doorbell of one engine; `rung` is set when it rang."""

    def __init__(self, url: str, engine: Engine, rung: threading.Event) -> None:
        import dramatiq

        self._broker = broker(url)

        def hear() -> None:
            rung.set()

        dramatiq.actor(actor_name=ACTOR, queue_name=engine, broker=self._broker)(hear)
        self._worker = dramatiq.Worker(
            self._broker, queues={engine}, worker_timeout=WAITING, worker_threads=1
        )
        # One message at a time, not two for each thread: the rest is for other copies of the engine.
        self._worker.queue_prefetch = 1

    def start(self) -> None:
        """Begin to listen, in threads of its own."""
        self._worker.start()

    def stop(self) -> None:
        """Listen no more."""
        with contextlib.suppress(Exception):
            self._worker.stop(timeout=2_000)
        with contextlib.suppress(Exception):
            self._broker.close()


def broker(url: str) -> RedisBroker:
    """Dramatiq on a Redis, without what it does for messages that matter: time limits, retries, results."""
    from redis import Redis
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    from greenai.jobs.waiting import waiting_broker

    # It tells of every lost connection; that Redis may be gone is nothing unusual here.
    logging.getLogger("dramatiq").setLevel(logging.CRITICAL)

    def line(patience: float = PATIENCE) -> Redis:
        return Redis.from_url(
            url,
            socket_timeout=patience,
            socket_connect_timeout=PATIENCE,
            # Once more, for a connection that broke since it was used last.
            retry=Retry(NoBackoff(), 1),
        )

    return waiting_broker(lambda: line(WAITING / 1000 + PATIENCE))(
        client=line(),
        middleware=[],
        namespace=NAMESPACE,
        # A doorbell is not worth keeping: what a dead process took is dropped within a minute.
        maintenance_chance=10_000,
        heartbeat_timeout=30_000,
        dead_message_ttl=60_000,
    )
