"""Assignments: who gave which breaks to whom."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import ConfigDict, Field, model_validator

from greenai.bff.schemas.breaks import BreakFilter
from greenai.bff.schemas.common import Answer, Asked, Moment
from greenai.bff.schemas.values import BreakId, Name
from greenai.domain import work

NAMED = 10_000
"""Breaks that one request names; more are selected by a cause or a filter."""
Said = Annotated[str, Field(min_length=1, max_length=2000)]


class Chosen(Asked):
    """Which breaks: those named, those of a cause that wait, or all that a filter of the list finds."""

    breaks: Annotated[list[BreakId], Field(min_length=1, max_length=NAMED)] | None = None
    cause: BreakId | None = None
    filter: Annotated[
        BreakFilter | None, Field(description="As the list of breaks takes it; without a state: open ones.")
    ] = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Chosen:
        if sum(one is not None for one in (self.breaks, self.cause, self.filter)) != 1:
            raise ValueError("names breaks, a cause or a filter, one of them")
        return self

    def selection(self) -> dict[str, Any]:
        """As the pipeline takes it."""
        chosen = None if self.filter is None else self.filter.filter()
        return {"breaks": self.breaks, "cause": self.cause, "filter": chosen}


class NewAssignment(Asked):
    """Breaks are given to a person, to a group, or to both; to nobody where both are left out."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "selection": {"filter": {"state": ["in_review"], "reason": ["FX_RATE"]}},
                    "assignee": "ann",
                    "group": "fx-desk",
                },
                {"selection": {"breaks": ["9e107d9d372bb6826bd81d3542a419d6"]}},
            ]
        }
    )
    selection: Chosen
    assignee: Name | None = None
    group: Name | None = None
    comment: Said | None = None


class Taking(Asked):
    """The caller wants to have breaks that nobody has."""

    selection: Chosen
    comment: Said | None = None


class Assignment(Answer):
    """Who gave how many breaks to whom. `selection` says how they were chosen."""

    assignment: int
    at: Moment
    by: str
    assignee: str | None
    group: str | None
    breaks: int
    selection: dict[str, Any]
    comment: str | None

    @classmethod
    def of(cls, one: work.Assignment) -> Assignment:
        """As it is shown."""
        return cls(
            assignment=one.assignment_id,
            at=one.at,
            by=one.by,
            assignee=one.assignee,
            group=one.group,
            breaks=one.breaks,
            selection=dict(one.selection),
            comment=one.comment,
        )


class Assignments(Answer):
    """Assignments, the last one first."""

    items: list[Assignment]
    next: str | None
