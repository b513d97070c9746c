"""Who may look at a recon: the people to whom its breaks may be given, and to whom comments may speak."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from greenai.errors import ForbiddenError
from greenai.identity.callers import Caller
from greenai.identity.grants import grants_of
from greenai.store import users
from greenai.store.naming import person_numbers

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[Any]


def readers(connection: Connection, recon: str, names: Sequence[str]) -> dict[str, int]:
    """The numbers of persons by name, all of whom may read the breaks of a recon.

    Raises NotFoundError for a name that is no person's, ForbiddenError for somebody who may not, or whose
    account is disabled.
    """
    found = person_numbers(connection, names)
    for name, number in found.items():
        if not may_read(connection, recon, name, number):
            raise ForbiddenError(
                f"{name} may not read the breaks of {recon}",
                value=name,
                remedy="name somebody who may, or ask an administrator for a role",
            )
    return found


def may_read(connection: Connection, recon: str, name: str, actor_id: int) -> bool:
    """Whether somebody has an account that may read the breaks of a recon."""
    account = users.by_id(connection, actor_id)
    if account is None or not account.active:
        return False
    granted = grants_of(users.roles(connection, actor_id))
    return Caller(actor_id=actor_id, name=name, grants=granted, via="session").may("breaks.read", recon)
