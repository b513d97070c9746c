"""Connections in requests and responses."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from greenai.bff.schemas.common import Answer, Asked, Comment, Moment


class ConnectionPropose(Asked):
    """Propose where a connection leads to."""

    kind: Literal["folder"] = "folder"
    folder: Annotated[
        str,
        Field(
            min_length=2,
            max_length=1000,
            description="Absolute, as all engines see it.",
            examples=["/srv/feeds/front_office"],
        ),
    ]
    description: Annotated[str, Field(max_length=1000)] = ""


class ConnectionDecide(Asked):
    """Decide about a proposed version."""

    comment: Comment = ""


class ConnectionListed(Answer):
    """A connection; what it leads to is null until a version is approved."""

    name: Annotated[str, Field(examples=["front_office"])]
    kind: Literal["folder", "uploads"] | None
    folder: Annotated[str | None, Field(description="Told to those who may propose connections.")]
    description: str | None
    version: int | None
    state: Literal["proposed", "approved", "suspended"]
    proposed_version: int | None


class ConnectionPage(Answer):
    """Connections by name."""

    items: list[ConnectionListed]
    next: str | None


class ConnectionVersionShown(Answer):
    """What was proposed, and what became of it."""

    version: int
    kind: str
    folder: str
    description: str
    state: Literal["proposed", "approved", "rejected", "withdrawn"]
    proposed_by: str
    proposed_at: Moment
    decided_by: str | None
    decided_at: Moment | None
    comment: str | None


class ConnectionShown(ConnectionListed):
    """A connection with all its versions, the last first."""

    versions: list[ConnectionVersionShown]
