"""What the store knows of runs: `runs`, `show` and `rejected`."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from greenai.api.stores import bring_up_to_date
from greenai.domain.runs import Rejected, RunLine, StoredRun
from greenai.errors import StoreError, UsageError
from greenai.settings import EMBEDDED, Settings, read_settings, store_url

if TYPE_CHECKING:
    import psycopg


def runs(
    recon: str | None = None,
    *,
    limit: int = 20,
    store: str | None = None,
    settings: Settings | None = None,
) -> list[RunLine]:
    """The newest runs in the store, the last first, of one recon or of all.

    `store` is a PostgreSQL URL (default: the environment's, else the embedded database). Raises
    UsageError for a recon that the store does not know, StoreError when nothing is stored yet.
    """
    from greenai.store import reading

    if limit < 1:
        raise UsageError("the limit is a number of 1 or more", value=limit)
    with stored(store, settings) as connection:
        return reading.runs(connection, recon, limit=limit)


def show(run: int, *, store: str | None = None, settings: Settings | None = None) -> StoredRun:
    """A run as it stands today; a superseded one as it stood when it was published.

    Raises UsageError when there is no such run, StoreError when nothing is stored yet.
    """
    from greenai.store import reading

    with stored(store, settings) as connection:
        return reading.run(connection, run)


def rejected(
    run: int, *, limit: int | None = None, store: str | None = None, settings: Settings | None = None
) -> Rejected:
    """What a run kept out: unreadable rows, and breaks by which the gate or a person rejected records.

    `limit` bounds each of the two lists. Raises UsageError when there is no such run, StoreError when
    nothing is stored yet.
    """
    from greenai.store import reading

    if limit is not None and limit < 1:
        raise UsageError("the limit is a number of 1 or more", value=limit)
    with stored(store, settings) as connection:
        return reading.rejected(connection, run, limit=limit)


@contextlib.contextmanager
def stored(store: str | None, settings: Settings | None) -> Iterator[psycopg.Connection[Any]]:
    """A connection to a store that has tables, brought up to date. Nothing is created for reading.

    Raises StoreError when nothing is stored yet.
    """
    import psycopg

    from greenai.embedded.opening import opened_store
    from greenai.store.database import connect, describe
    from greenai.store.migrations import applied

    settings = settings or read_settings()
    where = store_url(store, settings)
    if where == EMBEDDED and settings.home is not None and not (settings.home / "postgres").exists():
        raise nothing(str(settings.home))
    with opened_store(where, settings.home) as url, connect(url) as connection:
        if applied(connection) is None:
            raise nothing(describe(url))
        bring_up_to_date(connection, url, own=where == EMBEDDED)
        connection.rollback()
        # Several queries tell of one run: all of them see the same state.
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        yield connection


def nothing(place: str) -> StoreError:
    """The error that says that a store is empty."""
    return StoreError(
        f"nothing is stored in {place} yet",
        remedy="run a definition first: greenai run recon.yaml; or name another store: --store",
    )
