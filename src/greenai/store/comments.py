"""Comments on breaks in the store, and the mentions in them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from greenai.domain.work import Comment, Mention
from greenai.store.queries import queries
from greenai.store.texts import plain

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[Any]

LAST: Final = 2**63 - 1
"""A number after those of all comments."""


def add(
    connection: Connection,
    recon_id: int,
    break_id: str,
    *,
    actor_id: int,
    body: str,
    mentioned: Collection[int],
) -> Comment:
    """Write a comment that speaks to some persons, by their numbers."""
    named = queries("comments")
    given = {"recon": recon_id, "break": break_id, "actor": actor_id, "body": plain(body)}
    row = connection.execute(named["add"], given).fetchone()
    assert row is not None
    connection.execute(named["mention"], {"comment": row[0], "actors": sorted(mentioned)})
    found = _comments(connection, recon_id, break_id, comment=row[0], after=0, limit=1)
    return found[0]


def of_break(
    connection: Connection, recon_id: int, break_id: str, *, after: int = 0, limit: int = 100
) -> list[Comment]:
    """The comments on a break later than one of them, the first one first."""
    return _comments(connection, recon_id, break_id, comment=None, after=after, limit=limit)


def mentions(
    connection: Connection,
    actor_id: int,
    *,
    recons: Collection[str] | None,
    unread: bool = False,
    before: int = LAST,
    limit: int = 100,
) -> list[Mention]:
    """Comments that speak to somebody, the last one first; `recons` are those they may read (None: all)."""
    given = {
        "actor": actor_id,
        "recons": None if recons is None else sorted(recons),
        "unread": unread,
        "before": before,
        "limit": limit,
    }
    return [
        Mention(_comment(row[:7]), row[7])
        for row in connection.execute(queries("comments")["mentions"], given)
    ]


def unread(connection: Connection, actor_id: int, *, recons: Collection[str] | None) -> int:
    """How many mentions somebody does not know yet."""
    given = {"actor": actor_id, "recons": None if recons is None else sorted(recons)}
    row = connection.execute(queries("comments")["unread"], given).fetchone()
    assert row is not None
    return int(row[0])


def read(connection: Connection, actor_id: int, comments: Sequence[int] | None) -> int:
    """Note that somebody knows of some mentions, None: of all; returns how many were new."""
    given = {"actor": actor_id, "comments": None if comments is None else list(comments)}
    return connection.execute(queries("comments")["read"], given).rowcount


def persons(connection: Connection, names: Collection[str]) -> dict[str, int]:
    """The numbers of those among some names who are persons."""
    rows = connection.execute(
        queries("comments")["persons"], {"names": sorted(plain(name) for name in names)}
    )
    return {str(name): int(number) for name, number in rows}


def _comments(
    connection: Connection, recon_id: int, break_id: str, *, comment: int | None, after: int, limit: int
) -> list[Comment]:
    given = {"recon": recon_id, "break": break_id, "comment": comment, "after": after, "limit": limit}
    return [_comment(row) for row in connection.execute(queries("comments")["comments"], given)]


def _comment(row: tuple[Any, ...]) -> Comment:
    return replace(Comment(*row), mentions=tuple(row[-1]))
