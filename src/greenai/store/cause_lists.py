"""Causes, and groups of what nothing explains, as they stand in a recon now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from psycopg import sql

from greenai.errors import NotFoundError
from greenai.store.lists import Sum
from greenai.store.queries import queries

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[Any]

ALL: Final = "true"
ONE: Final = "(t.cause_id = %(one)s::uuid OR t.group_id = %(one)s::uuid)"
LOOKED_AT: Final = 2000
"""Open breaks that exceptions of a cause are looked for in."""


@dataclass(frozen=True, slots=True)
class CauseNow:
    """A cause (`explains`) or a group, and how many breaks of it there are.

    `open` of `total` present breaks are to be decided, in no proposal; `sums` are amounts of these. `found`,
    `scope_size` and `exceptions` are what run `run` found. The rule is the last one made of the cause:
    `rule_state` is accepted, suspended or withdrawn.
    """

    cause_id: str
    explains: bool
    kind: str
    field: str | None
    family: str | None
    expression: str | None
    scope: str | None
    shape: str | None
    slice: str | None
    reason: str | None
    explanation: str | None
    why: str | None
    open: int
    total: int
    found: int | None
    scope_size: int | None
    exceptions: int | None
    run: int | None
    sums: tuple[Sum, ...]
    rule: int | None
    rule_state: str | None
    rule_at: datetime | None
    rule_by: str | None


@dataclass(frozen=True, slots=True)
class Odd:
    """A break that a cause does not explain though it is about the same field."""

    break_id: str
    key_text: str
    value_a: str | None
    value_b: str | None
    state: str


def causes(
    connection: Connection,
    recon_id: int,
    *,
    explains: bool | None = None,
    after: tuple[int, str] | None = None,
    limit: int,
    one: str | None = None,
) -> list[CauseNow]:
    """Causes (`explains`), groups (false) or both, most open breaks first, after a place (open, identity)."""
    open_, identity = after if after is not None else (None, None)
    given = {
        "recon": recon_id,
        "explains": explains,
        "one": one,
        "open": open_,
        "after": identity,
        "limit": limit,
    }
    query = sql.SQL(queries("causes")["page"]).format(of=sql.SQL(ALL if one is None else ONE))
    return [_cause(row) for row in connection.execute(query, given, prepare=one is not None)]


def cause(connection: Connection, recon_id: int, cause_id: str) -> CauseNow:
    """A cause or a group that has present breaks, or that the last run found. Raises NotFoundError."""
    found = causes(connection, recon_id, limit=1, one=cause_id)
    if not found:
        raise NotFoundError("there is no such cause now", value=cause_id, remedy="look at the list of causes")
    return found[0]


def exceptions(connection: Connection, recon_id: int, of: CauseNow, words: str, *, limit: int) -> list[Odd]:
    """Open breaks that are exceptions of a cause; `words` is how breaks say so."""
    given = {"recon": recon_id, "one": of.cause_id, "words": words, "most": LOOKED_AT, "limit": limit}
    return [Odd(*row) for row in connection.execute(queries("causes")["exceptions"], given)]


def _cause(row: tuple[Any, ...]) -> CauseNow:
    *head, sums, rule, state, at, by = row
    amounts = tuple(
        Sum(
            one["currency"],
            int(one["breaks"]),
            int(one["with_amount"]),
            None if one["amount"] is None else Decimal(one["amount"]),
        )
        for one in sums or ()
    )
    return CauseNow(*[*head, amounts, rule, state, at, by])
