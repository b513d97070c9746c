"""Roles, and what they may."""

from __future__ import annotations

from greenai.bff.deps import requires
from greenai.bff.router import new_router
from greenai.bff.schemas.roles import RoleLine, RoleList
from greenai.identity.permissions import ALONE, RIGHTS, decides

router = new_router("identity")


@router.get("/roles", summary="The matrix of roles and permissions", dependencies=[requires("users.read")])
def list_roles() -> RoleList:
    """Every role with all that it allows."""
    return RoleList(
        items=[
            RoleLine(role=role, permissions=sorted(rights), decides=decides(role), alone=role in ALONE)
            for role, rights in RIGHTS.items()
        ]
    )
