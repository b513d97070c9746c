"""The matrix of roles and permissions, cell by cell, against a table that was written down apart from it."""

from __future__ import annotations

from typing import get_args

import pytest

from greenai.identity import permissions
from greenai.identity.callers import Caller, Grant
from greenai.identity.permissions import (
    ALONE,
    DECISIONS,
    EVERYWHERE,
    PERMISSIONS,
    RIGHTS,
    ROLES,
    Permission,
    Role,
)

READS = {"recons.read", "runs.read", "statistics.read"}
ANALYST = READS | {
    *("breaks.read", "breaks.comment", "breaks.propose", "views.share"),
    *("runs.start", "uploads.write", "exports.read", "keys.own"),
}
SENIOR = ANALYST | {
    *(
        "recons.propose",
        "runs.cancel",
        "breaks.approve",
        "rules.propose",
        "work.assign",
        "connections.propose",
    ),
}
KNOWING = {"users.read", "jobs.read"}
OVERSIGHT = KNOWING | {"audit.read"}
STEERING = {"recons.approve", "rules.approve", "reasons.manage", "policies.manage", "schedules.manage"}
GOLDEN: dict[str, set[str]] = {
    "analyst": ANALYST,
    "senior_analyst": SENIOR,
    "supervisor": SENIOR | STEERING | KNOWING,
    "manager": READS
    | STEERING
    | OVERSIGHT
    | {
        "breaks.read",
        "breaks.comment",
        "breaks.approve",
        "work.assign",
        "views.share",
        "exports.read",
        "keys.own",
    },
    "auditor": READS | OVERSIGHT | {"breaks.read", "exports.read", "audit.verify"},
    "administrator": READS
    | OVERSIGHT
    | {"runs.cancel", "connections.propose", "connections.approve", "jobs.manage", "audit.verify"}
    | {"users.manage", "roles.manage", "keys.manage", "keys.own"},
    "service": READS | {"runs.start", "breaks.read", "uploads.write", "exports.read", "jobs.read"},
}
CELLS = [(role, permission) for role in GOLDEN for permission in PERMISSIONS]


@pytest.mark.parametrize(("role", "permission"), CELLS)
def test_every_cell_is_as_written_down(role: Role, permission: Permission) -> None:
    granted = permission in GOLDEN[role]
    everywhere = Caller(1, "ann", (Grant(role),), "session")
    assert everywhere.may(permission) is granted
    assert everywhere.may(permission, "fx") is granted
    somewhere = Caller(1, "ann", (Grant(role, frozenset({"fx"})),), "session")
    assert somewhere.may(permission, "fx") is granted
    assert not somewhere.may(permission, "swaps")
    assert somewhere.may(permission) is (granted and permission not in EVERYWHERE)


def test_the_tables_speak_of_the_same_roles_and_permissions() -> None:
    assert set(GOLDEN) == set(ROLES) == set(get_args(Role))
    assert set().union(*GOLDEN.values()) == set(PERMISSIONS)
    rows = permissions.MATRIX.strip("\n").splitlines()
    assert [row.split()[0] for row in rows[1:]] == list(PERMISSIONS)
    assert rows[0].split() == list(ROLES)
    assert {mark for row in rows[1:] for mark in row.split()[1:]} == {"x", "."}


def test_who_keeps_accounts_looks_on_or_is_a_program_decides_about_nothing() -> None:
    for role in ALONE:
        assert not RIGHTS[role] & DECISIONS


def test_an_auditor_reads_all_that_can_be_read_and_writes_nothing() -> None:
    reading = {one for one in PERMISSIONS if one.endswith(".read")}
    assert RIGHTS["auditor"] == reading | {"audit.verify"}


def test_nobody_keeps_both_accounts_and_data() -> None:
    for role in ROLES:
        keeps = RIGHTS[role] & {"users.manage", "roles.manage", "keys.manage"}
        assert not (keeps and RIGHTS[role] & DECISIONS)
