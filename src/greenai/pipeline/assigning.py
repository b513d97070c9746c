"""Giving breaks to people and groups: those who may read the recon, and noted in the audit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from psycopg import sql

from greenai.domain.work import Assignment
from greenai.errors import ConflictError, UsageError
from greenai.pipeline.choosing import chosen_breaks
from greenai.pipeline.colleagues import readers
from greenai.store import assignments, work_groups
from greenai.store.actors import audit
from greenai.store.naming import recon_number

if TYPE_CHECKING:
    import psycopg

    from greenai.identity.callers import Caller

    Connection = psycopg.Connection[Any]


def assign(
    connection: Connection,
    caller: Caller,
    recon: str,
    selection: Mapping[str, Any],
    *,
    assignee: str | None,
    group: str | None,
    comment: str | None = None,
) -> Assignment:
    """Give breaks to a person, a group, both, or nobody (None, None). To be committed.

    `selection` has ``breaks``, ``cause`` or ``filter``. Raises NotFoundError for a person, group or break
    that there is not; ForbiddenError for a person who may not read the recon; ConflictError for a retired
    group; UsageError where nothing is selected.
    """
    recon_id = recon_number(connection, recon)
    person = None if assignee is None else readers(connection, recon, [assignee])[assignee]
    team = None if group is None else work_groups.work_group(connection, group)
    if team is not None and team.retired:
        raise ConflictError("the group is retired", value=group, remedy="name another group")
    chosen, said = chosen_breaks(connection, recon_id, **selection)
    return _add(
        connection,
        caller,
        recon_id,
        chosen,
        said,
        assignee_id=person,
        group=None if team is None else (team.group_id, team.name),
        comment=comment,
    )


def take(
    connection: Connection, caller: Caller, recon: str, selection: Mapping[str, Any], *, comment: str | None
) -> Assignment:
    """Let the caller have breaks that nobody has, or a group of theirs. To be committed.

    A group keeps them; what another person has is left alone. Raises as `assign` does, and ConflictError
    where others have all of them.
    """
    recon_id = recon_number(connection, recon)
    chosen, said = chosen_breaks(connection, recon_id, **selection)
    groups = work_groups.of_person(connection, caller.actor_id)
    free = sql.SQL(
        "{} AND p.assignee_id IS NULL AND (p.assigned_group IS NULL OR p.assigned_group = ANY({}))"
    ).format(chosen, groups)
    return _add(
        connection, caller, recon_id, free, said, assignee_id=caller.actor_id, group=None, comment=comment,
        keep_group=True,
    )  # fmt: skip


def _add(
    connection: Connection,
    caller: Caller,
    recon_id: int,
    chosen: sql.Composable,
    said: Mapping[str, Any],
    *,
    assignee_id: int | None,
    group: tuple[int, str] | None,
    comment: str | None,
    keep_group: bool = False,
) -> Assignment:
    number, breaks = assignments.add(
        connection,
        recon_id,
        chosen,
        actor_id=caller.actor_id,
        assignee_id=assignee_id,
        group=group,
        selection=said,
        comment=comment,
        keep_group=keep_group,
    )
    if not breaks and keep_group:
        raise ConflictError("others have these breaks, or there are none", remedy="look at the list again")
    if not breaks:
        raise UsageError("nothing is selected", column="selection", remedy="look at the list again")
    made = assignments.assignment(connection, recon_id, number)
    audit(
        connection,
        caller.name,
        "assign",
        {"assignment": number, "breaks": breaks, "selection": dict(said), "comment": comment},
        recon_id=recon_id,
        after={"assignee": made.assignee, "group": made.group},
    )
    return made
