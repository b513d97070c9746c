"""Which breaks a selection means: the same words as lists have, as a condition on present breaks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psycopg import sql

from greenai.domain.proposals import Selection
from greenai.errors import ConflictError, NotFoundError, UsageError
from greenai.store.filters import Filter, condition
from greenai.store.proposals import About, named

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[Any]

MOST: Final = 1_000_000
"""Breaks of one proposal."""
WAITING: Final = sql.SQL("p.state IN ('in_review', 'returned')")
HEX: Final = frozenset("0123456789abcdef")


def identity(text: str, what: str = "break") -> str:
    """The identity of a break or a cause as 32 digits. Raises UsageError."""
    wanted = text.replace("-", "").lower()
    if len(wanted) != 32 or set(wanted) - HEX:
        raise UsageError(f"not the identity of a {what}", value=text, remedy="32 hexadecimal digits")
    return wanted


def about(connection: Connection, recon_id: int, selection: Selection) -> About:
    """The condition of a selection; a cause means its breaks that wait, and so does a filter without states.

    Raises UsageError, NotFoundError for a break that is not present, ConflictError for one that is in an
    open proposal: what was named is meant, all of it.
    """
    if sum(one is not None for one in (selection.breaks, selection.cause, selection.filter)) != 1:
        raise UsageError("select breaks by naming them, by a cause or by a filter", remedy="one of the three")
    if selection.breaks is not None:
        wanted = list(dict.fromkeys(identity(one) for one in selection.breaks))
        found = named(wanted)
        insist_free(connection, recon_id, wanted)
        return found
    if selection.cause is not None:
        given = {"cause": identity(selection.cause, "cause")}
        return About(sql.SQL("p.cause_id = %(cause)s AND {}").format(WAITING), given)
    return of_filter(connection, recon_id, dict(selection.filter or {}))


def of_filter(connection: Connection, recon_id: int, given: dict[str, Any]) -> About:
    """The condition of a filter, as lists understand it."""
    chosen = Filter.of(given)
    found, values = condition(connection, recon_id, chosen)
    return About(found if chosen.states else sql.SQL("({}) AND {}").format(found, WAITING), dict(values))


def insist_free(connection: Connection, recon_id: int, wanted: list[str]) -> None:
    """Raise unless all these breaks are present and in no open proposal."""
    if not wanted:
        raise UsageError("there is no break to propose about", remedy="name at least one")
    if len(wanted) > MOST:
        raise UsageError(
            f"{len(wanted):,} breaks are more than one proposal holds",
            remedy=f"propose about {MOST:,} at most, or by a filter",
        )
    rows = connection.execute(
        "SELECT replace(p.break_id::text, '-', ''), p.state FROM greenai.present_break p "
        "WHERE p.recon_id = %s AND p.break_id = ANY(%s::uuid[])",
        [recon_id, wanted],
    ).fetchall()
    there = {str(one) for one, _ in rows}
    if gone := [one for one in wanted if one not in there]:
        raise NotFoundError(
            f"{len(gone):,} of {len(wanted):,} breaks are not present",
            value=gone[0],
            remedy="look at the list again",
        )
    if taken := [str(one) for one, state in rows if state == "proposed"]:
        raise ConflictError(
            f"{len(taken):,} of {len(wanted):,} breaks are in an open proposal already",
            value=taken[0],
            remedy="wait until it is decided, or let its maker withdraw it",
        )
