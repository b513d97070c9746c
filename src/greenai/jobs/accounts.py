"""What the scheduler that leads counts for everybody, and what it clears away once an hour."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from greenai.errors import GreenaiError
from greenai.store import accounts
from greenai.store.reading import oldest_days
from greenai.telemetry.metrics import OLDEST_BREAK_DAYS, QUEUE_DEPTH, REVIEW_BACKLOG, RUNS

if TYPE_CHECKING:
    import psycopg

    from greenai.store.accounts import Standing

    Connection = psycopg.Connection[Any]

COUNTING: Final = 5.0
"""Seconds between two counts of runs."""
LOOKING: Final = 15.0
"""Seconds between two looks at what waits for people."""
FORGETTING: Final = 3600.0
"""Seconds between two times that old rows are deleted."""


class Accounts:
    """The counts of one that leads; what ended while nobody led is counted by the next who does."""

    def __init__(self, connection: Connection, tell: Callable[..., None]) -> None:
        self._connection = connection
        self._tell = tell
        self._known: dict[str, Standing] = {}
        self._next = dict.fromkeys((self.count, self.look, self.forget), 0.0)

    def keep(self) -> None:
        """Do what it is time for. The connection must be autocommit."""
        for work, pause in ((self.count, COUNTING), (self.look, LOOKING), (self.forget, FORGETTING)):
            if time.monotonic() >= self._next[work]:
                work()
                self._next[work] = time.monotonic() + pause

    def count(self) -> None:
        """Count the runs that ended, each end once."""
        for recon, state in accounts.counted(self._connection):
            RUNS.labels(recon, state).inc()

    def look(self) -> None:
        """See what waits for people: of a recon only when something was published about it."""
        for one in accounts.published(self._connection):
            if self._known.get(one.recon) == one:
                continue
            REVIEW_BACKLOG.labels(one.recon).set(accounts.backlog(self._connection, one.recon_id))
            try:
                days = oldest_days(self._connection, one.run_id)
            except GreenaiError as error:  # a definition that this program cannot read
                self._tell("age_unknown", level="warning", recon=one.recon, error=error)
                days = None
            OLDEST_BREAK_DAYS.labels(one.recon).set(days or 0)
            self._known[one.recon] = one

    def forget(self) -> None:
        """Delete what nobody needs any more."""
        for name, rows in accounts.forget(self._connection):
            self._tell("forgotten", what=name, rows=rows)


def close() -> None:
    """Say nothing more of what only one that leads knows; what was counted stays counted."""
    for gauge in (QUEUE_DEPTH, REVIEW_BACKLOG, OLDEST_BREAK_DAYS):
        gauge.clear()
