"""Comments on breaks, and the inbox of those to whom they speak."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query, status

from greenai.bff.deps import CallerDep, Reading, Writing, requires
from greenai.bff.numbered import cursor_of, number_of
from greenai.bff.router import new_router
from greenai.bff.schemas.comment import (
    Comment,
    Comments,
    Mention,
    Mentions,
    NewComment,
    ReadMentions,
    Unread,
)
from greenai.pipeline import commenting
from greenai.store import comments
from greenai.store.naming import break_exists, recon_number

router = new_router("comments")
BreakPath = Annotated[str, Path(pattern="^[0-9a-f]{32}$", alias="break")]
Limit = Annotated[int, Query(ge=1, le=500)]


@router.get("/recons/{recon}/breaks/{break}/comments", dependencies=[requires("breaks.read")])
def list_comments(
    connection: Reading, recon: str, break_id: BreakPath, cursor: str | None = None, limit: Limit = 100
) -> Comments:
    """The comments on a break, the first one first."""
    recon_id = recon_number(connection, recon)
    break_exists(connection, recon_id, break_id)
    after = number_of("comment", cursor, 0)
    found = comments.of_break(connection, recon_id, break_id, after=after, limit=limit + 1)
    shown = [Comment.of(one) for one in found[:limit]]
    return Comments(items=shown, next=cursor_of("comment", shown[-1].comment) if len(found) > limit else None)


@router.post(
    "/recons/{recon}/breaks/{break}/comments",
    status_code=status.HTTP_201_CREATED,
    dependencies=[requires("breaks.comment")],
)
def add_comment(
    connection: Writing, caller: CallerDep, recon: str, break_id: BreakPath, body: NewComment
) -> Comment:
    """Say something about a break. It stays; people who may read the recon can be spoken to by @name."""
    return Comment.of(commenting.comment(connection, caller, recon, break_id, body.body))


@router.get("/mentions", dependencies=[requires("breaks.read")])
def list_mentions(
    connection: Reading,
    caller: CallerDep,
    *,
    unread: bool = False,
    cursor: str | None = None,
    limit: Limit = 100,
) -> Mentions:
    """Comments that speak to the caller, the last one first."""
    recons = caller.recons("breaks.read")
    before = number_of("mention", cursor, comments.LAST)
    found = comments.mentions(
        connection, caller.actor_id, recons=recons, unread=unread, before=before, limit=limit + 1
    )
    shown = [Mention(comment=Comment.of(one.comment), read_at=one.read_at) for one in found[:limit]]
    return Mentions(
        items=shown,
        next=cursor_of("mention", shown[-1].comment.comment) if len(found) > limit else None,
        unread=comments.unread(connection, caller.actor_id, recons=recons),
    )


@router.post("/mentions/read", dependencies=[requires("breaks.read")])
def read_mentions(connection: Writing, caller: CallerDep, body: ReadMentions) -> Unread:
    """Note that the caller has read mentions: those named, or all."""
    commenting.read(connection, caller, body.comments)
    left = comments.unread(connection, caller.actor_id, recons=caller.recons("breaks.read"))
    return Unread(unread=left)
