"""Comments on breaks, and mentions."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field

from greenai.bff.schemas.common import Answer, Asked, Moment
from greenai.bff.schemas.values import BreakId, Number
from greenai.domain import work


class Comment(Answer):
    """What somebody says about a break, and the names of those to whom it speaks."""

    comment: int
    recon: str
    break_id: BreakId
    author: str
    at: Moment
    body: str
    mentions: list[str]

    @classmethod
    def of(cls, one: work.Comment) -> Comment:
        """As it is shown."""
        return cls(
            comment=one.comment_id,
            recon=one.recon,
            break_id=one.break_id,
            author=one.author,
            at=one.at,
            body=one.body,
            mentions=list(one.mentions),
        )


class Comments(Answer):
    """Comments on a break, the first one first."""

    items: list[Comment]
    next: str | None


class NewComment(Asked):
    """A comment to be written. ``@name`` speaks to somebody who may read the recon."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"body": "@ben the feed of the 20th was late, please confirm"}]}
    )
    body: Annotated[str, Field(min_length=1, max_length=10_000)]


class Mention(Answer):
    """A comment that speaks to the caller."""

    comment: Comment
    read_at: Moment | None


class Mentions(Answer):
    """Mentions of the caller, the last one first, and how many in all are not read yet."""

    items: list[Mention]
    next: str | None
    unread: int


class ReadMentions(Asked):
    """Comments that the caller has read; all that there are where none are named."""

    comments: Annotated[list[Number] | None, Field(max_length=500)] = None


class Unread(Answer):
    """How many mentions of the caller are not read yet."""

    unread: int
