"""API keys."""

from __future__ import annotations

from pydantic import AwareDatetime, Field

from greenai.bff.schemas.common import Answer, Asked, Moment
from greenai.identity.permissions import Permission


class ApiKey(Answer):
    """A key, without its secret."""

    id: int
    owner: str = Field(examples=["ann"])
    name: str = Field(examples=["nightly export"])
    prefix: str = Field(examples=["k3v0x9a1b2c3"])
    permissions: list[str]
    created_at: Moment
    expires_at: Moment
    last_used_at: Moment | None
    revoked_at: Moment | None


class ApiKeys(Answer):
    """A page of keys, the newest first."""

    items: list[ApiKey]
    next: str | None


class NewApiKey(Asked):
    """A key to be made: one's own, or of a program by who may manage keys."""

    name: str = Field(min_length=1, max_length=100, examples=["nightly export"])
    permissions: list[Permission] = Field(min_length=1, max_length=100, examples=[["runs.read"]])
    expires_at: AwareDatetime = Field(examples=["2026-12-31T00:00:00Z"])
    owner: str | None = Field(default=None, max_length=100, description="A program; else oneself.")


class MadeApiKey(Answer):
    """A key that was just made. `key` is shown this once."""

    id: int
    prefix: str
    expires_at: Moment
    key: str = Field(examples=["gai_k3v0x9a1b2c3_…"])
