"""Dramatiq's consumer of Redis, waiting in Redis for a message instead of asking for one again and again.

Its own (`dramatiq.brokers.redis`, 2.2) fetches, sleeps up to its timeout, and fetches again. For doorbells
that are no later than a tenth of a second this took half a processor core on a platform that had nothing
to do; waiting takes next to none, and is not late at all.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from dramatiq.brokers.redis import RedisBroker
    from redis import Redis

BUSY: Final = 0.01
"""Seconds between two looks while the message that was fetched last is being worked on."""


def waiting_broker(line: Callable[[], Redis]) -> type[RedisBroker]:
    """The class of a broker whose consumers wait, each over a line of its own.

    `line` makes one; its answers may be as late as the consumer's timeout. Of queues for delayed messages
    consumers take it that they are empty: nothing here delays a message.
    """
    from dramatiq.brokers.redis import RedisBroker, _RedisConsumer
    from dramatiq.errors import ConnectionClosed
    from redis.exceptions import RedisError

    class Consumer(_RedisConsumer):
        def __init__(self, broker: RedisBroker, queue_name: str, prefetch: int, timeout: int) -> None:
            super().__init__(broker, queue_name, prefetch, timeout=0)  # type: ignore[no-untyped-call]
            self._seconds = timeout / 1000
            self._list = f"{broker.namespace}:{queue_name}"
            self._line = line()

        def __next__(self) -> Any:
            if self.queue_name.endswith(".DQ"):
                time.sleep(self._seconds)
                return None
            if not self.message_cache:
                self._wait()
            return super().__next__()  # type: ignore[no-untyped-call]

        def _wait(self) -> None:
            if self.outstanding_message_count >= self.prefetch:
                time.sleep(BUSY)
                return
            try:
                # From the list to its other end: returns as soon as there is an entry, which any may fetch.
                self._line.brpoplpush(self._list, self._list, self._seconds)
            except RedisError as error:
                raise ConnectionClosed(error) from None  # type: ignore[no-untyped-call]

        def close(self) -> None:
            self._line.close()

    class Broker(RedisBroker):
        @property
        def consumer_class(self) -> type[Consumer]:
            return Consumer

    return Broker
