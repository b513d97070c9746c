"""Who may what: one table, read by people and by `greenai.identity.callers` alone.

Duties are kept apart. Analysts propose; senior analysts, supervisors and managers approve what others
proposed; auditors read everything and write nothing; administrators keep accounts, connections and
processes, and decide about no data; services are programs, which run and read.
"""

from __future__ import annotations

from typing import Final, Literal, cast, get_args

Permission = Literal[
    "recons.read",
    "recons.propose",
    "recons.approve",
    "runs.read",
    "runs.start",
    "runs.cancel",
    "breaks.read",
    "breaks.comment",
    "breaks.propose",
    "breaks.approve",
    "rules.propose",
    "rules.approve",
    "work.assign",
    "views.share",
    "reasons.manage",
    "policies.manage",
    "schedules.manage",
    "connections.propose",
    "connections.approve",
    "uploads.write",
    "exports.read",
    "statistics.read",
    "users.read",
    "users.manage",
    "roles.manage",
    "keys.own",
    "keys.manage",
    "audit.read",
    "audit.verify",
    "jobs.read",
    "jobs.manage",
]
Role = Literal["analyst", "senior_analyst", "supervisor", "manager", "auditor", "administrator", "service"]

PERMISSIONS: Final[tuple[Permission, ...]] = get_args(Permission)
ROLES: Final[tuple[Role, ...]] = get_args(Role)

MATRIX: Final = """
                     analyst senior_analyst supervisor manager auditor administrator service
recons.read             x          x            x         x       x          x          x
recons.propose          .          x            x         .       .          .          .
recons.approve          .          .            x         x       .          .          .
runs.read               x          x            x         x       x          x          x
runs.start              x          x            x         .       .          .          x
runs.cancel             .          x            x         .       .          x          .
breaks.read             x          x            x         x       x          .          x
breaks.comment          x          x            x         x       .          .          .
breaks.propose          x          x            x         .       .          .          .
breaks.approve          .          x            x         x       .          .          .
rules.propose           .          x            x         .       .          .          .
rules.approve           .          .            x         x       .          .          .
work.assign             .          x            x         x       .          .          .
views.share             x          x            x         x       .          .          .
reasons.manage          .          .            x         x       .          .          .
policies.manage         .          .            x         x       .          .          .
schedules.manage        .          .            x         x       .          .          .
connections.propose     .          x            x         .       .          x          .
connections.approve     .          .            .         .       .          x          .
uploads.write           x          x            x         .       .          .          x
exports.read            x          x            x         x       x          .          x
statistics.read         x          x            x         x       x          x          x
users.read              .          .            x         x       x          x          .
users.manage            .          .            .         .       .          x          .
roles.manage            .          .            .         .       .          x          .
keys.own                x          x            x         x       .          x          .
keys.manage             .          .            .         .       .          x          .
audit.read              .          .            .         x       x          x          .
audit.verify            .          .            .         .       x          x          .
jobs.read               .          .            x         x       x          x          x
jobs.manage             .          .            .         .       .          x          .
"""
"""The rights of every role. A role is granted for all recons, or for named ones."""

EVERYWHERE: Final[frozenset[Permission]] = frozenset(
    {
        "reasons.manage",
        "policies.manage",
        "schedules.manage",
        "connections.propose",
        "connections.approve",
        "users.read",
        "users.manage",
        "roles.manage",
        "keys.manage",
        "audit.read",
        "audit.verify",
        "jobs.read",
        "jobs.manage",
    }
)
"""What concerns the platform where no recon is named: only a role for all recons gives it. Of the others,
a role for some recons is enough to ask; the answer holds those recons only."""

DECISIONS: Final[frozenset[Permission]] = frozenset(
    {
        "recons.propose",
        "recons.approve",
        "breaks.propose",
        "breaks.approve",
        "rules.propose",
        "rules.approve",
        "reasons.manage",
        "policies.manage",
    }
)
"""What decides about data, directly or by what passes by itself."""

ALONE: Final[frozenset[Role]] = frozenset({"auditor", "administrator", "service"})
"""Roles that go with no other: who keeps accounts, who looks on and what is a program do not decide."""


def _read(matrix: str) -> dict[Role, frozenset[Permission]]:
    head, *lines = matrix.strip("\n").splitlines()
    roles = cast("list[Role]", head.split())
    granted: dict[Role, set[Permission]] = {role: set() for role in roles}
    for line in lines:
        name, *marks = line.split()
        for role, mark in zip(roles, marks, strict=True):
            if mark == "x":
                granted[role].add(cast("Permission", name))
    return {role: frozenset(names) for role, names in granted.items()}


RIGHTS: Final[dict[Role, frozenset[Permission]]] = _read(MATRIX)
"""The table by role."""


def decides(role: Role) -> bool:
    """Whether a role decides about data."""
    return not RIGHTS[role].isdisjoint(DECISIONS)
