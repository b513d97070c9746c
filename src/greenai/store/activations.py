"""Which version of a definition holds on a business date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from greenai.store.queries import queries

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[Any]


@dataclass(frozen=True, slots=True)
class Effective:
    """What holds on a business date: a version and its YAML, or nothing, where the recon is retired."""

    version: int | None
    document: str | None
    change_id: int


def effective(connection: Connection, recon_id: int, day: date) -> Effective | None:
    """What holds on a business date; None where nothing was activated for it."""
    given = {"recon": recon_id, "day": day}
    row = connection.execute(queries("definition_changes")["effective"], given).fetchone()
    return None if row is None else Effective(*row)


def ever(connection: Connection, recon_id: int) -> bool:
    """Whether any version was activated, so that activations say what runs, and not registrations."""
    row = connection.execute(queries("definition_changes")["ever"], {"recon": recon_id}).fetchone()
    return row is not None and bool(row[0])
