"""Assignments in the store: acts that stay, and what holds now with each break."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from psycopg import sql
from psycopg.types.json import Jsonb

from greenai.domain.work import Assignment
from greenai.errors import NotFoundError
from greenai.store.queries import queries
from greenai.store.texts import plain

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[Any]

LAST: Final = 2**63 - 1
"""A number after those of all assignments."""
_ITEMS: Final = sql.SQL(
    "INSERT INTO greenai.assignment_item (assignment_id, recon_id, break_id) "
    "SELECT {assignment}, p.recon_id, p.break_id FROM greenai.present_break p WHERE {chosen} "
    "ORDER BY p.break_id"
)


def add(
    connection: Connection,
    recon_id: int,
    chosen: sql.Composable,
    *,
    actor_id: int,
    assignee_id: int | None,
    group: tuple[int, str] | None,
    selection: Mapping[str, Any],
    comment: str | None,
    keep_group: bool = False,
) -> tuple[int, int]:
    """Give breaks to a person, to a group (number and name), to both or to nobody.

    `chosen` is a condition on ``greenai.present_break p``, the recon among it; `selection` says the same to
    people, as JSON. With `keep_group` the group that has a break keeps it. Returns the number of the
    assignment, and of how many breaks it is.
    """
    named = queries("assignments")
    given = {
        "recon": recon_id,
        "actor": actor_id,
        "assignee": assignee_id,
        "group": None if group is None else group[0],
        "name": None if group is None else group[1],
        "keep": keep_group,
        "selection": Jsonb(dict(selection)),
        "comment": None if comment is None else plain(comment),
    }
    row = connection.execute(named["add"], given).fetchone()
    assert row is not None
    number = int(row[0])
    items = _ITEMS.format(assignment=sql.Literal(number), chosen=chosen)
    breaks = connection.execute(items).rowcount
    connection.execute(named["note"], {**given, "assignment": number})
    return number, breaks


def absent(connection: Connection, recon_id: int, breaks: list[str]) -> list[str]:
    """Those of some breaks that are not present now."""
    given = {"recon": recon_id, "breaks": breaks}
    present = {name for (name,) in connection.execute(queries("assignments")["present"], given)}
    return [one for one in breaks if one not in present]


def assignments(
    connection: Connection,
    recon_id: int,
    *,
    break_id: str | None = None,
    before: int = LAST,
    limit: int = 100,
) -> list[Assignment]:
    """What was assigned in a recon, or of one of its breaks, the last first."""
    given = {"recon": recon_id, "assignment": None, "break": break_id, "before": before, "limit": limit}
    return [Assignment(*row) for row in connection.execute(queries("assignments")["assignments"], given)]


def assignment(connection: Connection, recon_id: int, assignment_id: int) -> Assignment:
    """One of them. Raises NotFoundError."""
    given = {"recon": recon_id, "assignment": assignment_id, "break": None, "before": LAST, "limit": 1}
    row = connection.execute(queries("assignments")["assignments"], given).fetchone()
    if row is None:
        raise NotFoundError("there is no such assignment", value=assignment_id)
    return Assignment(*row)
