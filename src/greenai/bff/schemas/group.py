"""Groups of people who share work."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field

from greenai.bff.schemas.common import Answer, Asked
from greenai.bff.schemas.values import Name, Version
from greenai.domain.work import WorkGroup

GroupName = Annotated[str, Field(pattern="^[a-z0-9][a-z0-9_-]{0,62}$", examples=["fx-desk"])]
Members = Annotated[
    list[Name], Field(max_length=1000, description="Names of people.", examples=[["ann", "ben"]])
]


class Group(Answer):
    """A group with its members. Nothing more is assigned to a retired one."""

    name: GroupName
    description: str
    members: list[str]
    retired: bool
    version: int

    @classmethod
    def of(cls, group: WorkGroup) -> Group:
        """As it is shown."""
        return cls(
            name=group.name,
            description=group.description,
            members=list(group.members),
            retired=group.retired,
            version=group.version,
        )


class Groups(Answer):
    """All groups, by name."""

    items: list[Group]


class NewGroup(Asked):
    """A group to be made; its name stays."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"name": "fx-desk", "description": "FX settlements", "members": ["ann", "ben"]}]
        }
    )
    name: GroupName
    description: Annotated[str, Field(max_length=2000)] = ""
    members: Members = Field(default_factory=list)


class GroupChange(Asked):
    """What is to be another of a group; the rest stays. `members` are all of them."""

    version: Version
    description: Annotated[str | None, Field(max_length=2000)] = None
    members: Members | None = None
    retired: bool | None = None
