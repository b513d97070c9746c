"""The breaks that are present now, as lists tell them: `greenai.present_break`, kept in line with history.

Publications and decisions of persons bring the rows up to date themselves (`breaks.sql`,
`decisions.sql`); whoever writes versions, attributions or decisions by other means calls `refresh`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from greenai.store.queries import queries

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[Any]

CURRENCY: Final = "greenai:currency"
"""The member of a row that says its currency, where that is no field of the definition."""


def count_in(connection: Connection, recon_id: int, field: str | None, currency: str | None) -> None:
    """Say which members of a recon's rows are amount and currency; None for `field`: it counts in none.

    When they were others, the amounts of all its present breaks become those of the new ones.
    Needs the recon's lock.
    """
    named = queries("present")
    given = {"recon": recon_id, "field": field, "currency": currency}
    changed = connection.execute(named["no_amount" if field is None else "amount"], given).fetchone()
    if changed is not None:
        connection.execute(named["amounts"], given)


def age_by(connection: Connection, recon_id: int, field: str | None) -> None:
    """Say which member of a recon's rows breaks count from; None: from when they were seen first.

    Where both sides have a date, from the earlier one; where neither has, from when the break was seen
    first. When it was another field, all its present breaks become as old as the new one says. Needs the
    recon's lock.
    """
    named = queries("present")
    given = {"recon": recon_id, "field": field}
    changed = connection.execute(named["no_age" if field is None else "age"], given).fetchone()
    if changed is not None:
        connection.execute(named["ages"], given)


def refresh(connection: Connection, recon_id: int, break_ids: Sequence[str]) -> None:
    """Bring the rows of some breaks in line with what the store knows of them; gone ones leave.

    Assignee and due time stay. Needs the recon's lock.
    """
    connection.execute(queries("present")["refresh"], {"recon": recon_id, "breaks": list(break_ids)})


def rebuild(connection: Connection, recon_id: int) -> None:
    """Make all rows of a recon from versions, attributions and decisions: the same as were there before.

    Needs the recon's lock; reads all history.
    """
    connection.execute(queries("present")["rebuild"], {"recon": recon_id})
