"""Work on breaks: who has it, until when, and what is said about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class WorkGroup:
    """People who share work, by their names. Nothing more is assigned to a retired one."""

    group_id: int
    name: str
    description: str
    members: tuple[str, ...]
    version: int
    retired: bool


@dataclass(frozen=True, slots=True)
class Assignment:
    """Breaks given to a person, to a group, to both (the group's, and a person has it), or to nobody."""

    assignment_id: int
    at: datetime
    by: str
    assignee: str | None
    group: str | None
    breaks: int
    selection: Mapping[str, Any]
    comment: str | None


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody says about a break, and to whom."""

    comment_id: int
    recon: str
    break_id: str
    author: str
    at: datetime
    body: str
    mentions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """A comment that speaks to somebody, and since when that person knows."""

    comment: Comment
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class SavedView:
    """A list of breaks as somebody wants to see it again. `document` has filter, columns and sort."""

    view_id: int
    owner: str
    recon: str
    name: str
    document: Mapping[str, Any]
    shared: bool
    version: int
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """Who is told of what is overdue: ``person`` and ``group`` by name, ``email``, or ``webhook`` by name."""

    kind: Literal["person", "group", "email", "webhook"]
    name: str


@dataclass(frozen=True, slots=True)
class DuePolicy:
    """Until when breaks are to be decided, and who is told when they were not. None fits any.

    Due is `by_time` on the clocks of `timezone`, `business_days` after the first date of the break by
    `calendar` (name, closed, holidays, as in a schedule). `min_amount` is against the amount without sign.
    """

    name: str
    business_days: int
    by_time: time
    timezone: str
    calendar: Mapping[str, Any]
    kind: str | None = None
    reason: str | None = None
    min_amount: Decimal | None = None
    currency: str | None = None
    tell: tuple[Told, ...] = ()


@dataclass(frozen=True, slots=True)
class DuePolicies:
    """The policies of a recon in the order in which they are asked; version 0 has never been set."""

    version: int
    policies: tuple[DuePolicy, ...] = ()
    at: datetime | None = None
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Escalation:
    """Breaks that were overdue under a policy, as its targets were told at a time."""

    escalation_id: int
    recon: str
    policy: str
    at: datetime
    breaks: int
    oldest_due: datetime
