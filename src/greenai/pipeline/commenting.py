"""Comments on breaks: written with the mentions that their text has, of people who may read the recon."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from greenai.domain.work import Comment
from greenai.errors import UsageError
from greenai.pipeline.colleagues import readers
from greenai.store import comments
from greenai.store.actors import audit
from greenai.store.naming import break_exists, recon_number

if TYPE_CHECKING:
    import psycopg

    from greenai.identity.callers import Caller

    Connection = psycopg.Connection[Any]

MENTION: Final = re.compile(r"(?<![\w@.+-])@([A-Za-z0-9][A-Za-z0-9._@+-]{1,99})")
"""``@name``, not within a word: ``ops@example.com`` mentions nobody."""
AFTERWARDS: Final = ".@+-_"
"""What may follow a name without being part of it."""
MOST: Final = 50
"""Mentions of one comment: who speaks to more speaks to nobody."""


def spoken_to(body: str) -> list[tuple[str, ...]]:
    """The mentions in a text, in order: for each the names that may be meant, the longest first.

    ``@ann.lee.`` may mean ``ann.lee.`` or ``ann.lee``: which of them is somebody's name decides.
    """
    found = []
    for word in MENTION.findall(body):
        meant = [word]
        while meant[-1][-1:] in tuple(AFTERWARDS):
            meant.append(meant[-1][:-1])
        found.append(tuple(name for name in meant if name))
    return found


def mentioned(connection: Connection, recon: str, body: str) -> dict[str, int]:
    """The people that a text speaks to, by name; what is nobody's name is text.

    Raises ForbiddenError for somebody who may not read the breaks of the recon, UsageError above `MOST`.
    """
    meant = spoken_to(body)
    known = comments.persons(connection, {name for names in meant for name in names})
    chosen = dict.fromkeys(
        name for names in meant if (name := next((one for one in names if one in known), None)) is not None
    )
    if len(chosen) > MOST:
        raise UsageError(f"a comment speaks to at most {MOST} people", remedy="name fewer")
    return readers(connection, recon, list(chosen))


def comment(connection: Connection, caller: Caller, recon: str, break_id: str, body: str) -> Comment:
    """Write what somebody says about a break. To be committed.

    Raises NotFoundError for a break that there never was, UsageError for nothing said, ForbiddenError for a
    mention of somebody who may not read it.
    """
    if not body.strip():
        raise UsageError("a comment says something", remedy="write a text")
    recon_id = recon_number(connection, recon)
    break_exists(connection, recon_id, break_id)
    people = mentioned(connection, recon, body)
    written = comments.add(
        connection,
        recon_id,
        break_id,
        actor_id=caller.actor_id,
        body=body,
        mentioned=people.values(),
    )
    audit(
        connection,
        caller.name,
        "comment",
        {"comment": written.comment_id, "break": break_id, "mentions": sorted(people)},
        recon_id=recon_id,
    )
    return written


def read(connection: Connection, caller: Caller, wanted: Sequence[int] | None) -> None:
    """Note that somebody has read mentions, None: all of them. To be committed."""
    count = comments.read(connection, caller.actor_id, wanted)
    if count:
        audit(connection, caller.name, "read_mentions", {"mentions": count}, subject=caller.name)
