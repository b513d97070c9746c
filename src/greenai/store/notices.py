"""Notices in the store: what somebody is to be told, claimed by one sender at a time, and the log of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from psycopg.types.json import Jsonb

from greenai.domain.schedules import Notice, NoticeLine, NoticeState
from greenai.errors import UsageError
from greenai.store.queries import queries
from greenai.store.texts import plain

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[Any]

LEASE: Final = timedelta(minutes=5)
"""After this somebody else tries: longer than an attempt, which has its deadline (a minute), and before it
the look for the name of the host and for one of its addresses that answers."""


def add(
    connection: Connection, due_id: int, event: str, targets: Sequence[str], payload: Mapping[str, Any]
) -> None:
    """Write a notice for every target that has none of the event yet. `payload` is JSON."""
    given = {"due": due_id, "event": event, "targets": list(targets), "payload": Jsonb(payload)}
    connection.execute(queries("notices")["add"], given)


def claim(connection: Connection) -> Notice | None:
    """The notice that has waited longest, ours for `LEASE`; None where none waits. To be committed."""
    row = connection.execute(queries("notices")["claim"], {"lease": LEASE}).fetchone()
    return None if row is None else Notice(*row)


def sent(connection: Connection, notice: Notice) -> None:
    """Note that a notice was sent, unless somebody else has taken it over."""
    given = {"notice": notice.notice_id, "attempt": notice.attempt}
    connection.execute(queries("notices")["sent"], given)


def failed(connection: Connection, notice: Notice, error: str, again: timedelta | None) -> None:
    """Note that an attempt failed; the next one is `again` later, or there is none: the notice is dead."""
    given = {
        "notice": notice.notice_id,
        "attempt": notice.attempt,
        "error": plain(error),
        "again": again,
    }
    connection.execute(queries("notices")["failed"], given)


def retry(connection: Connection, notice_id: int) -> None:
    """Try a dead notice again. Raises UsageError when there is no such."""
    if connection.execute(queries("notices")["retry"], {"notice": notice_id}).fetchone() is None:
        raise UsageError(
            "no such notice is dead", value=notice_id, remedy="see `greenai notices --state dead`"
        )


def log(
    connection: Connection, *, recon: str | None = None, state: NoticeState | None = None, limit: int = 50
) -> list[NoticeLine]:
    """What was told to whom, and what waits, the last first."""
    given = {"recon": recon, "state": state, "limit": limit}
    return [NoticeLine(*row) for row in connection.execute(queries("notices")["log"], given)]
