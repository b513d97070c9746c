"""Problem documents: what went wrong, where, and what to do (RFC 9457)."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class Part(BaseModel):
    """One part of a request that is not as documented."""

    field: str
    detail: str


class Problem(BaseModel):
    """An answer that says why something was refused or failed."""

    model_config = ConfigDict(title="Problem")

    type: str = Field(examples=["about:blank"])
    title: str = Field(examples=["Cannot be done"])
    status: int = Field(examples=[422])
    detail: str = Field(examples=["there is no break to decide about"])
    remedy: str | None = None
    place: str | None = None
    line: int | None = None
    field: str | None = None
    value: str | None = None
    errors: list[Part] | None = None
