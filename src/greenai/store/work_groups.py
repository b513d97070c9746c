"""Groups of people who share work: made, changed, retired; never removed, for assignments name them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from greenai.domain.work import WorkGroup
from greenai.errors import ConflictError, NotFoundError
from greenai.store.naming import person_numbers
from greenai.store.queries import queries
from greenai.store.texts import plain

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[Any]


def work_groups(connection: Connection, *, retired: bool = False) -> list[WorkGroup]:
    """All groups by name, the retired ones among them when asked."""
    given = {"name": None, "retired": retired}
    return [_group(row) for row in connection.execute(queries("work_groups")["groups"], given)]


def work_group(connection: Connection, name: str) -> WorkGroup:
    """A group, a retired one too. Raises NotFoundError."""
    given = {"name": plain(name), "retired": True}
    row = connection.execute(queries("work_groups")["groups"], given).fetchone()
    if row is None:
        raise NotFoundError("there is no such group", value=name, remedy="see GET /api/v1/groups")
    return _group(row)


def add(connection: Connection, name: str, description: str, members: Sequence[str]) -> WorkGroup:
    """Make a group. Raises ConflictError where there is one of the name, NotFoundError for a member."""
    given = {"name": name, "description": plain(description)}
    row = connection.execute(queries("work_groups")["add"], given).fetchone()
    if row is None:
        raise ConflictError("there is a group of this name", value=name, remedy="change it, or take another")
    _join(connection, int(row[0]), members)
    return work_group(connection, name)


def change(
    connection: Connection,
    name: str,
    *,
    version: int,
    description: str | None = None,
    members: Sequence[str] | None = None,
    retired: bool | None = None,
) -> WorkGroup:
    """Change what is given of a group. Raises NotFoundError; ConflictError when `version` is past."""
    held = work_group(connection, name)
    given = {
        "group": held.group_id,
        "version": version,
        "description": None if description is None else plain(description),
        "retired": retired,
    }
    if connection.execute(queries("work_groups")["change"], given).fetchone() is None:
        raise ConflictError(
            f"the group is at version {held.version} by now",
            value=name,
            remedy="read it again, then change it",
        )
    if members is not None:
        _join(connection, held.group_id, members)
    return work_group(connection, name)


def of_person(connection: Connection, actor_id: int) -> list[str]:
    """The names of the groups that somebody belongs to."""
    return [name for (name,) in connection.execute(queries("work_groups")["of_person"], {"actor": actor_id})]


def _join(connection: Connection, group_id: int, members: Sequence[str]) -> None:
    numbers = list(person_numbers(connection, members).values())
    given = {"group": group_id, "members": numbers}
    connection.execute(queries("work_groups")["leave"], given)
    connection.execute(queries("work_groups")["join"], given)


def _group(row: tuple[Any, ...]) -> WorkGroup:
    number, name, description, members, version, retired = row
    return WorkGroup(number, name, description, tuple(members), version, retired)
