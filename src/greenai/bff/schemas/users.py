"""Accounts of people and programs, and their roles."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from greenai.bff.schemas.common import Answer, Asked, Moment
from greenai.identity.permissions import Role

NAME = Field(min_length=2, max_length=100, examples=["ann"])
PASSWORD = Field(min_length=1, max_length=256, examples=["four plain words suffice"])


class GivenRole(Asked):
    """A role, for all recons (null) or for those named."""

    role: Role = Field(examples=["analyst"])
    recons: list[str] | None = Field(default=None, max_length=1000, examples=[["fx_trades"]])


class User(Answer):
    """An account. `version` is to be sent back with a change."""

    name: str = Field(examples=["ann"])
    kind: Literal["person", "program"]
    display_name: str = Field(examples=["Ann Lee"])
    email: str | None = Field(examples=["ann@example.org"])
    disabled: bool
    locked_until: Moment | None
    must_change: bool = Field(description="The password was set by somebody else and is to be changed first.")
    has_password: bool
    last_login_at: Moment | None
    created_at: Moment
    roles: list[GivenRole]
    version: int = Field(examples=[1])


class Users(Answer):
    """A page of accounts, by name."""

    items: list[User]
    next: str | None


class NewUser(Asked):
    """An account to be made. Its password is to be changed at the first login; without one a person logs in
    by OpenID Connect, a program by an API key."""

    name: str = NAME
    kind: Literal["person", "program"] = "person"
    display_name: str | None = Field(default=None, max_length=200, examples=["Ann Lee"])
    email: str | None = Field(default=None, max_length=254, examples=["ann@example.org"])
    password: str | None = Field(
        default=None, min_length=1, max_length=256, examples=["four plain words suffice"]
    )
    roles: list[GivenRole] = Field(default=[], max_length=20)


class UserChange(Asked):
    """What is to be changed of an account; what is left out stays."""

    display_name: str | None = Field(default=None, max_length=200, examples=["Ann Lee"])
    email: str | None = Field(default=None, max_length=254, description="An empty text takes it away.")
    disabled: bool | None = None
    version: int | None = Field(default=None, ge=1, le=2**31 - 1, description="The version that was seen.")


class RolesChange(Asked):
    """All roles that an account is to have."""

    roles: list[GivenRole] = Field(max_length=20)
    version: int | None = Field(default=None, ge=1, le=2**31 - 1, description="The version that was seen.")


class SetPassword(Asked):
    """A password that is to be changed at the next login."""

    password: str = PASSWORD


class ProviderIdentity(Asked):
    """As whom an OpenID Connect provider knows a person."""

    issuer: str = Field(min_length=1, max_length=500, examples=["https://login.example.org"])
    subject: str = Field(min_length=1, max_length=255, examples=["248289761001"])


class ProviderIdentities(Answer):
    """All of an account."""

    items: list[ProviderIdentity]


class Person(Answer):
    """Somebody to assign work to, or to mention."""

    name: str = Field(examples=["ann"])
    display_name: str = Field(examples=["Ann Lee"])


class People(Answer):
    """A page of people, by name."""

    items: list[Person]
    next: str | None
