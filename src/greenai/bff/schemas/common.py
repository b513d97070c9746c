"""What all requests and responses have in common."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


Moment = Annotated[datetime, AfterValidator(_utc)]
"""A time in UTC, written with Z."""


class Asked(BaseModel):
    """A request body: what is not known is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_max_length=1_000_000)


class Answer(BaseModel):
    """A response, also made from an object with such attributes."""

    model_config = ConfigDict(extra="forbid", frozen=True, from_attributes=True)


Comment = Annotated[
    str, Field(max_length=10_000, description="What others are to know.", examples=["Agreed with the desk."])
]
