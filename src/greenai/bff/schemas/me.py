"""Who is signed in."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from greenai.bff.schemas.common import Answer, Asked
from greenai.bff.schemas.users import GivenRole


class Login(Asked):
    """Name and password."""

    name: str = Field(min_length=1, max_length=100, examples=["ann"])
    password: str = Field(min_length=1, max_length=256, examples=["four plain words suffice"])


class WaysIn(Answer):
    """How one may sign in here."""

    password: bool = True
    oidc: bool = Field(description="By an OpenID Connect provider: open /api/v1/oidc/login.")


class Me(Answer):
    """Who is signed in, and what he may."""

    name: str = Field(examples=["ann"])
    display_name: str = Field(examples=["Ann Lee"])
    email: str | None = Field(examples=["ann@example.org"])
    via: Literal["session", "key"]
    csrf: str | None = Field(description="To be sent as X-CSRF-Token with all that changes something.")
    must_change: bool = Field(description="Nothing is allowed before PUT /api/v1/me/password.")
    roles: list[GivenRole]
    permissions: dict[str, list[str] | None] = Field(
        description="What is allowed, with the recons it is allowed for; null: all.",
        examples=[{"breaks.read": None, "breaks.propose": ["fx_trades"]}],
    )


class NewPassword(Asked):
    """One's own new password."""

    old: str = Field(min_length=1, max_length=256, examples=["the present one"])
    new: str = Field(min_length=1, max_length=256, examples=["four plain words suffice"])


class Preferences(Answer):
    """How somebody wants the workstation; what it holds is up to the workstation."""

    document: dict[str, Any] = Field(examples=[{"theme": "dark", "shortcuts": {"approve": "a"}}])
    version: int = Field(ge=0, description="0: nothing was said yet.")


class PreferencesChange(Asked):
    """The whole document, in place of the present one."""

    document: dict[str, Any] = Field(examples=[{"theme": "dark"}])
    version: int | None = Field(default=None, ge=0, le=2**31 - 1, description="The version that was seen.")
