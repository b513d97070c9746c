"""What the platform counts of its runs, and what it forgets of its past."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from greenai.store.queries import queries

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[Any]

JOBS_KEPT: Final = timedelta(days=30)
"""A month of jobs shows what was slow or failed; what came of a run is kept with the run, for good."""
DUES_KEPT: Final = timedelta(days=90)
"""A quarter of what was due and who was told; far more than the 31 days that a scheduler makes up for."""
AT_ONCE: Final = 10_000
"""Rows of one transaction, so that none is long."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The run of a recon's latest date, and the last publication about it."""

    recon_id: int
    recon: str
    run_id: int
    publication_id: int


def counted(connection: Connection) -> list[tuple[str, str]]:
    """Recon and state of each run that ended, of engines and of the command line; each end is told once.

    One that is tried again can come to several ends. The connection must be autocommit.
    """
    found: list[tuple[str, str]] = []
    while rows := connection.execute(queries("accounts")["count"], {"limit": AT_ONCE}).fetchall():
        found += rows
    return found


def published(connection: Connection) -> list[Standing]:
    """Every recon that published something."""
    return [Standing(*row) for row in connection.execute(queries("accounts")["published"])]


def backlog(connection: Connection, recon_id: int) -> int:
    """How many breaks of a recon's latest date wait for a person."""
    row = connection.execute(queries("accounts")["backlog"], {"recon": recon_id}).fetchone()
    assert row is not None
    return int(row[0])


def forget(connection: Connection) -> Iterator[tuple[str, int]]:
    """Delete what nobody needs any more: a name and a number of rows for each kind that there was.

    Jobs that are done (`JOBS_KEPT`); notices and dues of what is over (`DUES_KEPT`). The connection must
    be autocommit.
    """
    for name, age in (("old_jobs", JOBS_KEPT), ("old_notices", DUES_KEPT), ("old_dues", DUES_KEPT)):
        total = 0
        while rows := connection.execute(queries("accounts")[name], {"age": age, "limit": AT_ONCE}).rowcount:
            total += rows
        if total:
            yield name, total
