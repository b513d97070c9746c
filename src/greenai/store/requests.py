"""Runs that were asked for and that engines work on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from greenai.domain.runs import State
from greenai.store.actors import asker
from greenai.store.queries import queries
from greenai.store.texts import plain

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[Any]


@dataclass(frozen=True, slots=True)
class Request:
    """A run that was asked for. `folder` is where relative locations start, `document` the YAML."""

    run_id: int
    recon_id: int
    recon: str
    version: int
    document: str
    business_date: date
    folder: str
    causes: bool
    urgency: int
    state: State
    error: str | None


def request(
    connection: Connection,
    recon_id: int,
    version: int,
    business_date: date,
    *,
    folder: str,
    causes: bool,
    urgency: int,
    actor: str,
) -> int:
    """Record a run that waits for an engine; returns its number. Raises UsageError for nobody."""
    asker(connection, actor)
    row = connection.execute(
        queries("requests")["request"],
        {
            "recon": recon_id,
            "version": version,
            "day": business_date,
            "folder": folder,
            "causes": causes,
            "urgency": urgency,
            "actor": plain(actor),
        },
    ).fetchone()
    assert row is not None
    return int(row[0])


def requested(connection: Connection, run_id: int) -> Request | None:
    """What was asked for with a run; None for a run of the command line, or none."""
    row = connection.execute(queries("requests")["requested"], {"run": run_id}).fetchone()
    return None if row is None else Request(*row)


def standing(connection: Connection, run_id: int) -> tuple[State, str | None] | None:
    """State and error of a run that was asked for; None for a run of the command line, or none."""
    return connection.execute(queries("requests")["standing"], {"run": run_id}).fetchone()


def kept(connection: Connection, runs: list[int], age: timedelta) -> set[int]:
    """Of some runs those that somebody works on, or may try again: they failed not longer than `age` ago."""
    given = {"runs": runs, "age": age}
    return {run for (run,) in connection.execute(queries("requests")["kept"], given)}


def enter(connection: Connection, run_id: int, state: State) -> None:
    """Note what a run is doing: also one that had failed, and whose job is tried again."""
    connection.execute(queries("requests")["enter"], {"run": run_id, "state": state})


def fail(connection: Connection, run_id: int, error: str) -> None:
    """Note that a run came to nothing, until somebody tries again."""
    connection.execute(queries("requests")["end"], {"run": run_id, "state": "failed", "error": plain(error)})


def cancel(connection: Connection, run_id: int, why: str) -> bool:
    """Note that nobody is to work on a run any more, also when it failed; False when it had ended else."""
    given = {"run": run_id, "error": plain(why)}
    return connection.execute(queries("requests")["cancel"], given).fetchone() is not None


def requester(connection: Connection, run_id: int) -> str | None:
    """Who asked for a run; None for a run of the command line, or none."""
    row = connection.execute(queries("requests")["requester"], {"run": run_id}).fetchone()
    return None if row is None else str(row[0])
