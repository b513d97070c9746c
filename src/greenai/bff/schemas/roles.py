"""Roles, and what they may."""

from __future__ import annotations

from pydantic import Field

from greenai.bff.schemas.common import Answer
from greenai.identity.permissions import Permission, Role


class RoleLine(Answer):
    """A role of the matrix."""

    role: Role
    permissions: list[Permission]
    decides: bool = Field(description="It decides about data.")
    alone: bool = Field(description="It goes with no other role.")


class RoleList(Answer):
    """The matrix."""

    items: list[RoleLine]
