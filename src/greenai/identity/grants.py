"""Roles as they are stored and as callers have them."""

from __future__ import annotations

from collections.abc import Iterable

from greenai.identity.callers import Grant
from greenai.identity.permissions import ROLES, Role
from greenai.store.users import RoleOf


def grants_of(stored: Iterable[RoleOf]) -> tuple[Grant, ...]:
    """Stored roles, one row for each recon, as grants: one for each role. Unknown roles give nothing."""
    found: dict[Role, set[str] | None] = {}
    for name, recon in stored:
        if name not in ROLES:
            continue
        recons = found.setdefault(name, set())
        if recon is None:
            found[name] = None
        elif recons is not None:
            recons.add(recon)
    return tuple(Grant(role, None if recons is None else frozenset(recons)) for role, recons in found.items())


def rows_of(grants: Iterable[Grant]) -> list[RoleOf]:
    """Grants as they are stored, in a fixed order, each once."""
    rows: set[RoleOf] = set()
    for grant in grants:
        rows |= {(grant.role, recon) for recon in ([None] if grant.recons is None else grant.recons)}
    return sorted(rows, key=lambda row: (row[0], row[1] or ""))
