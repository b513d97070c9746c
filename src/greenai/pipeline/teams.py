"""Groups of people: made and changed, and noted in the audit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from greenai.domain.work import WorkGroup
from greenai.store import work_groups
from greenai.store.actors import audit

if TYPE_CHECKING:
    import psycopg

    from greenai.identity.callers import Caller

    Connection = psycopg.Connection[Any]


def add(
    connection: Connection, caller: Caller, name: str, *, description: str, members: Sequence[str]
) -> WorkGroup:
    """Make a group. Raises ConflictError where there is one of the name, NotFoundError for a member."""
    made = work_groups.add(connection, name, description, members)
    audit(connection, caller.name, "add_group", {}, subject=f"group {name}", after=told(made))
    return made


def change(
    connection: Connection,
    caller: Caller,
    name: str,
    *,
    version: int,
    description: str | None = None,
    members: Sequence[str] | None = None,
    retired: bool | None = None,
) -> WorkGroup:
    """Change what is given of a group. Raises NotFoundError, ConflictError."""
    before = work_groups.work_group(connection, name)
    after = work_groups.change(
        connection, name, version=version, description=description, members=members, retired=retired
    )
    audit(
        connection,
        caller.name,
        "change_group",
        {},
        subject=f"group {name}",
        before=told(before),
        after=told(after),
    )
    return after


def told(group: WorkGroup) -> dict[str, Any]:
    """A group as the audit has it."""
    return {
        "description": group.description,
        "members": list(group.members),
        "retired": group.retired,
        "version": group.version,
    }
