"""Facets: how many breaks there are of each sort."""

from __future__ import annotations

from pydantic import Field

from greenai.bff.schemas.common import Answer


class FacetSlot(Answer):
    """A value (null: breaks without one), and how many breaks have it."""

    value: str | None
    breaks: int


class AgeBand(Answer):
    """Ages in days, both included (null: any more), and how many breaks are so old."""

    from_days: int
    to_days: int | None
    breaks: int


class Holder(Answer):
    """A person, a group or both, and how many breaks they have."""

    assignee: str | None
    group: str | None
    breaks: int


class BreakFacets(Answer):
    """What a filter finds, by each side of it. Not `exact`: counted over as many as were looked at."""

    exact: bool
    state: list[FacetSlot] = Field(description="Of all breaks of the filter, whatever state it names.")
    kind: list[FacetSlot]
    field: list[FacetSlot]
    reason: list[FacetSlot]
    method: list[FacetSlot]
    currency: list[FacetSlot]
    age: list[AgeBand]
    assignee: list[Holder]
