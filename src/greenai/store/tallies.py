"""Tallies: how the breaks of runs were decided when they were published, counted once and kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from greenai.store.queries import queries

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[Any]


@dataclass(frozen=True, slots=True)
class Untallied:
    """A published run that was not counted; `latest`: nothing was published about its recon since."""

    run_id: int
    recon_id: int
    business_date: date
    publication_id: int
    latest: bool


def untallied(connection: Connection, *, limit: int = 10) -> list[Untallied]:
    """Published runs that were not counted, the newest first."""
    return [Untallied(*row) for row in connection.execute(queries("tallies")["untallied"], {"limit": limit})]


def tally(connection: Connection, one: Untallied) -> bool:
    """Count the breaks of a run; False where somebody else does. To be committed."""
    given = {
        "run": one.run_id,
        "recon": one.recon_id,
        "day": one.business_date,
        "publication": one.publication_id,
    }
    if connection.execute(queries("tallies")["take"], given).fetchone() is None:
        return False
    connection.execute(queries("tallies")["now" if one.latest else "then"], given)
    return True
