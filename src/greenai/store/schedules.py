"""Schedules in the store: registrations, what is due, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal

from psycopg.types.json import Jsonb

from greenai.domain.schedules import Due, Registration, Running, Scheduled, ScheduleState
from greenai.errors import UsageError
from greenai.store.actors import person
from greenai.store.queries import queries
from greenai.store.texts import plain

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[Any]

NO_LONGER = "the recon does not run by itself any more"


def register(
    connection: Connection, recon_id: int, version: int, *, folder: str, timing: Mapping[str, Any], actor: str
) -> bool:
    """Let a recon run by itself; whether that says anything else than before. `timing` is JSON.

    Of two at once the second waits: the recon's row is locked by `definitions.register`.
    """
    person(connection, actor)
    connection.execute(queries("schedules")["enable"], {"recon": recon_id})
    given = {
        "recon": recon_id,
        "version": version,
        "folder": plain(folder),
        "timing": Jsonb(timing),
        "actor": plain(actor),
    }
    return connection.execute(queries("schedules")["register"], given).fetchone() is not None


def change(connection: Connection, recon: str, state: ScheduleState) -> None:
    """Pause, resume or remove a schedule; paused or removed, nothing is waited for any more.

    Raises UsageError for a recon that has none.
    """
    given = {"name": plain(recon), "state": state}
    row = connection.execute(queries("schedules")["change"], given).fetchone()
    if row is None:
        raise not_scheduled(connection, recon)
    if state != "active":
        connection.execute(queries("schedules")["waiting_of"], {"recon": row[0], "error": NO_LONGER})


def schedules(connection: Connection) -> list[Scheduled]:
    """The recons that run by themselves, by name."""
    return [
        Scheduled(recon_id, name, state, seen, version, Registration(at, folder, timing, document))
        for recon_id, name, state, seen, at, version, folder, timing, document in connection.execute(
            queries("schedules")["schedules"]
        )
    ]


def scheduled(connection: Connection, recon: str) -> Scheduled:
    """The schedule of a recon. Raises UsageError where it has none."""
    for one in schedules(connection):
        if one.recon == recon:
            return one
    raise not_scheduled(connection, recon)


def not_scheduled(connection: Connection, recon: str) -> UsageError:
    """The error for a recon that does not run by itself."""
    names = ", ".join(one.recon for one in schedules(connection))
    return UsageError(
        "no such recon runs by itself",
        value=recon,
        remedy=f"name one of {names}" if names else "register one: greenai schedule add recon.yaml",
    )


def running(connection: Connection) -> list[Running]:
    """The schedules that are not paused."""
    return [Running(*row) for row in connection.execute(queries("schedules")["running"])]


def registrations(connection: Connection, recon_id: int) -> list[Registration]:
    """All registrations of a recon, the first one first."""
    rows = connection.execute(queries("schedules")["registrations"], {"recon": recon_id})
    return [Registration(*row) for row in rows]


def now(connection: Connection) -> datetime:
    """The time by the server's clock, so that all schedulers have one."""
    row = connection.execute(queries("schedules")["now"]).fetchone()
    assert row is not None
    found: datetime = row[0]
    return found


def hold(connection: Connection, recon_id: int) -> datetime | None:
    """Keep others from a schedule until the transaction ends; returns up to when all that was due is known.

    None where it does not run now.
    """
    row = connection.execute(queries("schedules")["hold"], {"recon": recon_id}).fetchone()
    return None if row is None else row[0]


def add_due(
    connection: Connection,
    recon_id: int,
    registered_at: datetime,
    kind: Literal["cron", "backfill"],
    business_date: date,
    due_at: datetime,
) -> bool:
    """Note a run that is to be; False where it is known, or an earlier one of its date still waits."""
    given = {
        "recon": recon_id,
        "registered": registered_at,
        "kind": kind,
        "day": business_date,
        "at": due_at,
    }
    return connection.execute(queries("schedules")["due"], given).fetchone() is not None


def seen(connection: Connection, recon_id: int, until: datetime) -> None:
    """Note that all that was due up to a moment is known."""
    connection.execute(queries("schedules")["seen"], {"recon": recon_id, "until": until})


def first_due(connection: Connection, recon_id: int, first: date, last: date) -> dict[date, datetime]:
    """When the dates in between were due first, as far as they were."""
    given = {"recon": recon_id, "first": first, "last": last}
    return dict(connection.execute(queries("schedules")["first_due"], given).fetchall())


def open_dues(connection: Connection, *, waiting: bool) -> list[Due]:
    """All of which more can become, the earliest first; with `waiting` those alone that wait for files."""
    return [
        Due(*(*fields, tuple(told)))
        for *fields, told in connection.execute(queries("schedules")["open"], {"waiting": waiting})
    ]


def take(connection: Connection, due_id: int) -> bool:
    """Keep others from one that waits until the transaction ends; False where it does not wait any more."""
    return connection.execute(queries("schedules")["take"], {"due": due_id}).fetchone() is not None


def submitted(connection: Connection, due_id: int, run_id: int) -> None:
    """Note the run that became of it."""
    connection.execute(queries("schedules")["submitted"], {"due": due_id, "run": run_id})


def missed(connection: Connection, due_id: int) -> bool:
    """Note that its files are late; False where that is known, or they came."""
    return connection.execute(queries("schedules")["missed"], {"due": due_id}).fetchone() is not None


def skip(connection: Connection, due_id: int, why: str) -> bool:
    """Note that nothing will come of it; False where something did."""
    given = {"due": due_id, "error": plain(why)}
    return connection.execute(queries("schedules")["skip"], given).fetchone() is not None


def close(connection: Connection, due_id: int) -> None:
    """Note that nothing more can become of it."""
    connection.execute(queries("schedules")["close"], {"due": due_id})
