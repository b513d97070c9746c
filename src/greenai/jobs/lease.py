"""The lease of a claim: renewed while the work goes on, so that others know that its worker lives."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Any

from greenai.domain.jobs import Claim
from greenai.errors import StoreError
from greenai.store import jobs
from greenai.store.database import connect

if TYPE_CHECKING:
    import psycopg

EVERY = jobs.LEASE / 3
"""Seconds between renewals."""


class Lease:
    """Renews a claim in a thread of its own; `on_lost` is called once when the claim is another's.

    A database that does not answer for a while costs nothing: the lease may run out, but the claim is
    lost only when somebody else took it.
    """

    def __init__(self, url: str, claim: Claim, on_lost: Callable[[], None]) -> None:
        self._url = url
        self._claim = claim
        self._on_lost = on_lost
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="greenai-lease", daemon=True)
        self.lost = False
        """Whether the job was taken over, or cancelled."""

    def __enter__(self) -> Lease:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    def end(self) -> None:
        """Renew no more; to be called before the transaction that ends the job."""
        self._ended.set()
        self._thread.join()

    def _keep(self) -> None:
        import psycopg

        connection: psycopg.Connection[Any] | None = None

        while not self._ended.wait(EVERY):
            try:
                connection = connection or connect(self._url, autocommit=True)
                if not jobs.renew(connection, self._claim):
                    self.lost = True
                    self._on_lost()
                    break
            except (psycopg.OperationalError, StoreError):
                close(connection)
                connection = None
        close(connection)


def close(connection: psycopg.Connection[Any] | None) -> None:
    """Close a connection that may be broken."""
    if connection is not None:
        with contextlib.suppress(Exception):
            connection.close()
