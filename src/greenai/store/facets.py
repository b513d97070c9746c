"""Facets: how many breaks of a filter there are of each state, kind, field, reason, method, currency, age."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from psycopg import sql

from greenai.store.filters import STATES, Filter, condition, newest
from greenai.store.lists import COUNTED
from greenai.store.queries import queries

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[Any]

SIDES: Final = ("state", "kind", "field", "reason", "method", "currency")
BANDS: Final = ((0, 0), (1, 2), (3, 7), (8, 30), (31, 90), (91, None))
"""Ages in days, from and to, both included."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One value of a facet (None: breaks without one), and how many breaks have it."""

    value: str | None
    breaks: int


@dataclass(frozen=True, slots=True)
class Band:
    """Ages from so many days to so many (None: any more), and how many breaks are so old."""

    from_days: int
    to_days: int | None
    breaks: int


@dataclass(frozen=True, slots=True)
class Holder:
    """A person, a group or both, and how many breaks they have."""

    assignee: str | None
    group: str | None
    breaks: int


@dataclass(frozen=True, slots=True)
class Facets:
    """What a filter finds, by each side of it. Not `exact`: counted over so many breaks as were looked at."""

    exact: bool
    sides: dict[str, tuple[Slot, ...]]
    ages: tuple[Band, ...]
    holders: tuple[Holder, ...]


def facets(connection: Connection, recon_id: int, chosen: Filter, *, most: int = COUNTED) -> Facets:
    """Facets of a filter, the largest first; those of states tell all its breaks, whatever state it names."""
    found, exact = _grouped(connection, recon_id, chosen, most)
    states, exact_states = _grouped(connection, recon_id, replace(chosen, state=()), most)
    sides = {name: found.get(name, ()) for name in SIDES} | {"state": states.get("state", ())}
    days = [(date.fromisoformat(str(one.value)), one.breaks) for one in found.get("first_date", ())]
    held = holders(connection, recon_id, chosen, most)
    return Facets(
        exact=exact and exact_states,
        sides=sides,
        ages=bands(days, newest(connection, recon_id)),
        holders=held,
    )


def holders(connection: Connection, recon_id: int, chosen: Filter, most: int) -> tuple[Holder, ...]:
    """Who has how many breaks of a filter: exact where it names states alone, else of `most` looked at."""
    if chosen.document().keys() <= {"state"}:
        given = {"recon": recon_id, "states": list(chosen.state or STATES)}
        return tuple(Holder(*row) for row in connection.execute(queries("lists")["holders"], given))
    where, _ = condition(connection, recon_id, chosen)
    query = sql.SQL(queries("lists")["assignees"]).format(where=where, most=sql.Literal(most))
    return tuple(Holder(*row) for row in connection.execute(query, prepare=False))


def bands(days: list[tuple[date, int]], today: date | None) -> tuple[Band, ...]:
    """How many breaks are of each age on a day, of first dates with their numbers."""
    ages = [(max((today - day).days, 0), breaks) for day, breaks in days] if today else []
    return tuple(
        Band(
            first,
            last,
            sum(breaks for age, breaks in ages if first <= age and (last is None or age <= last)),
        )
        for first, last in BANDS
    )


def _grouped(
    connection: Connection, recon_id: int, chosen: Filter, most: int
) -> tuple[dict[str, tuple[Slot, ...]], bool]:
    where, _ = condition(connection, recon_id, chosen)
    named = queries("lists")
    if chosen.tallied:
        source = sql.SQL(named["counted"]).format(where=where)
    else:
        source = sql.SQL(named["looked_at"]).format(where=where, most=sql.Literal(most + 1))
    rows = connection.execute(sql.SQL(named["facets"]).format(source=source), prepare=False).fetchall()
    found: dict[str, list[Slot]] = {}
    for side, value, breaks in rows:
        found.setdefault(side, []).append(Slot(value, breaks))
    looked_at = sum(one.breaks for one in found.get("state", ()))
    return {side: tuple(slots) for side, slots in found.items()}, chosen.tallied or looked_at <= most
