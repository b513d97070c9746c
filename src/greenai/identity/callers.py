"""Who asks: a person or a program that proved who it is, with what it may."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from greenai.errors import ForbiddenError
from greenai.identity.permissions import EVERYWHERE, RIGHTS, Permission, Role


@dataclass(frozen=True, slots=True)
class Grant:
    """A role somebody has, for all recons (None) or for those named."""

    role: Role
    recons: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks. An API key counts as its owner: `actor_id` and `name` are the owner's.

    `scopes` are the permissions that the key is limited to; None: all that the owner has. Who must change
    a password that somebody else gave has no permission before.
    """

    actor_id: int
    name: str
    grants: tuple[Grant, ...]
    via: Literal["session", "key"]
    scopes: frozenset[Permission] | None = None
    key_id: int | None = None
    csrf: str | None = None
    must_change: bool = False

    @property
    def roles(self) -> tuple[Role, ...]:
        """The roles, each once, in the order they were granted."""
        return tuple(dict.fromkeys(grant.role for grant in self.grants))

    def recons(self, permission: Permission) -> frozenset[str] | None:
        """The recons that a permission holds for; None: all; an empty set: it is not held at all."""
        if self.must_change or (self.scopes is not None and permission not in self.scopes):
            return frozenset()
        named: set[str] = set()
        for grant in self.grants:
            if permission in RIGHTS[grant.role]:
                if grant.recons is None:
                    return None
                named |= grant.recons
        return frozenset(named)

    def may(self, permission: Permission, recon: str | None = None) -> bool:
        """Whether the permission holds for a recon.

        Without a recon: whether it holds for all of them if it is one of `EVERYWHERE`, for any of them
        otherwise; a list is then to be limited to `recons(permission)`.
        """
        held = self.recons(permission)
        if held is None:
            return True
        if recon is None:
            return bool(held) and permission not in EVERYWHERE
        return recon in held

    def insist(self, permission: Permission, recon: str | None = None) -> None:
        """Raise ForbiddenError unless `may`."""
        if self.may(permission, recon):
            return
        if self.must_change:
            raise ForbiddenError(
                "the password was given by somebody else", remedy="change it first: PUT /api/v1/me/password"
            )
        where = f" for {recon}" if recon is not None else ""
        raise ForbiddenError(
            f"{self.name} may not do this: {permission}{where}",
            remedy="ask an administrator for a role or an API key with this permission",
        )
