"""How much work waits, counted by engine and state, again and again, by a thread of its own."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import Any

from greenai.errors import GreenaiError

Queues = dict[str, dict[str, int]]
"""Jobs that are not done, by engine and state: ``{"diff": {"waiting": 2, "running": 1}}``."""


def queues(connection: Any) -> Queues | None:
    """What the database says now; None where it has no queue."""
    from greenai.store.queries import queries as sql

    row = connection.execute("SELECT to_regclass('greenai.job') IS NOT NULL").fetchone()
    if row is None or not row[0]:
        return None
    found: Queues = {}
    for engine, state, count in connection.execute(sql("jobs")["depth"]):
        found.setdefault(engine, {})[state] = int(count)
    return found


class QueueWatch:
    """The newest counts of a database; a database that is away is asked again."""

    def __init__(self, url: str, *, period: float = 1.0) -> None:
        self.latest: Queues | None = None
        self._url = url
        self._period = period
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name="greenai queues", daemon=True)

    def __enter__(self) -> QueueWatch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join(timeout=5)

    def _run(self) -> None:
        import psycopg

        from greenai.store.database import connect

        while not self._end.is_set():
            with suppress(GreenaiError, psycopg.Error), connect(self._url, autocommit=True) as connection:
                while True:
                    self.latest = queues(connection)
                    if self._end.wait(self._period):
                        return
            self.latest = None
            self._end.wait(self._period)
