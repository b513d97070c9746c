"""Groups of people who share work."""

from __future__ import annotations

from fastapi import status

from greenai.bff.deps import CallerDep, Reading, Writing, requires
from greenai.bff.router import new_router
from greenai.bff.schemas.group import Group, GroupChange, Groups, NewGroup
from greenai.pipeline import teams
from greenai.store import work_groups

router = new_router("groups")


@router.get("/groups", dependencies=[requires("recons.read")])
def list_groups(connection: Reading, *, retired: bool = False) -> Groups:
    """All groups by name; the retired ones too when asked."""
    return Groups(items=[Group.of(one) for one in work_groups.work_groups(connection, retired=retired)])


@router.post("/groups", status_code=status.HTTP_201_CREATED, dependencies=[requires("policies.manage")])
def add_group(connection: Writing, caller: CallerDep, body: NewGroup) -> Group:
    """Make a group."""
    made = teams.add(connection, caller, body.name, description=body.description, members=body.members)
    return Group.of(made)


@router.get("/groups/{group}", dependencies=[requires("recons.read")])
def read_group(connection: Reading, group: str) -> Group:
    """A group, a retired one too."""
    return Group.of(work_groups.work_group(connection, group))


@router.patch("/groups/{group}", dependencies=[requires("policies.manage")])
def change_group(connection: Writing, caller: CallerDep, group: str, body: GroupChange) -> Group:
    """Change a group: its description, its members, whether it is retired."""
    changed = teams.change(
        connection,
        caller,
        group,
        version=body.version,
        description=body.description,
        members=body.members,
        retired=body.retired,
    )
    return Group.of(changed)
