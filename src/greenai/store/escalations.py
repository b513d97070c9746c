"""Overdue breaks in the store: which nobody was told of, and what was told to whom."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from psycopg.types.json import Jsonb

from greenai.domain.work import Escalation
from greenai.store.queries import queries

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[Any]

LAST: Final = 2**63 - 1
"""A number after those of all escalations."""


@dataclass(frozen=True, slots=True)
class Overdue:
    """A policy by which breaks are overdue: its recon, and its version and place there."""

    recon_id: int
    recon: str
    version: int
    ordinal: int


def overdue(connection: Connection, now: datetime) -> list[Overdue]:
    """Policies by which open breaks are overdue that nobody was told of."""
    return [Overdue(*row) for row in connection.execute(queries("escalations")["overdue"], {"now": now})]


def add(connection: Connection, found: Overdue, now: datetime) -> tuple[int, int]:
    """Note that those are told of; returns the number of the escalation and of how many breaks it is.

    Others who look at the same time wait, and find none.
    """
    given = {"recon": found.recon_id, "version": found.version, "ordinal": found.ordinal, "now": now}
    row = connection.execute(queries("escalations")["add"], given).fetchone()
    assert row is not None
    number = int(row[0])
    items = connection.execute(queries("escalations")["add_items"], {**given, "escalation": number})
    return number, items.rowcount


def told(connection: Connection, found: Overdue, escalation_id: int) -> tuple[int, datetime, date | None]:
    """Of how many breaks an escalation is, since when the first one was due, and the date of the recon."""
    given = {"recon": found.recon_id, "escalation": escalation_id}
    row = connection.execute(queries("escalations")["told"], given).fetchone()
    assert row is not None
    return int(row[0]), row[1], row[2]


def targets(connection: Connection, found: Overdue) -> list[str]:
    """Where those are reached who are to be told: e-mail addresses, and ``webhook:NAME``."""
    given = {"recon": found.recon_id, "version": found.version, "ordinal": found.ordinal}
    return [target for (target,) in connection.execute(queries("escalations")["targets"], given)]


def notify(connection: Connection, escalation_id: int, to: Sequence[str], payload: Mapping[str, Any]) -> None:
    """Write a notice for every target. `payload` is JSON."""
    given = {"escalation": escalation_id, "targets": list(to), "payload": Jsonb(dict(payload))}
    connection.execute(queries("escalations")["notify"], given)


def escalations(
    connection: Connection,
    *,
    recons: Collection[str] | None,
    actor_id: int | None = None,
    before: int = LAST,
    limit: int = 100,
) -> list[Escalation]:
    """What was told about `recons` (None: all), the last first; if given, to somebody or their groups."""
    given = {
        "recons": None if recons is None else sorted(recons),
        "actor": actor_id,
        "before": before,
        "limit": limit,
    }
    return [Escalation(*row) for row in connection.execute(queries("escalations")["escalations"], given)]
