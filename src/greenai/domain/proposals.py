"""Proposals: what a maker wants to be decided, who checks it, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, Literal

from greenai.domain.decisions import Decision, Resolution

Wanted = Literal["accept", "override", "reject", "request_information"]
ProposalKind = Literal["accept", "override", "reject", "request_information", "undo"]
ProposalState = Literal["proposed", "approved", "applied", "returned", "corrected", "withdrawn", "answered"]
Outcome = Literal["decided", "fallen", "undone"]
Eyes = Literal[4, 6]

OUTCOMES: Final[Mapping[ProposalKind, Decision]] = {
    "accept": "passed",
    "override": "passed",
    "reject": "rejected",
    "undo": "review",
}
"""What is decided of the breaks of an approved proposal; a request for information decides nothing."""
OPEN: Final[tuple[ProposalState, ...]] = ("proposed", "approved", "returned")
"""The states after which something else is to come."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who acts. An API key is its owner."""

    actor_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Selection:
    """Which breaks of a recon: those named, those of a cause that wait, or those a filter finds.

    A correction or an undo is about those of another `proposal`.
    """

    breaks: tuple[str, ...] | None = None
    cause: str | None = None
    filter: Mapping[str, Any] | None = None
    proposal: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """How the breaks were chosen; of those named how many, for their list is kept."""
        if self.proposal is not None:
            return {"proposal": self.proposal}
        if self.breaks is not None:
            return {"breaks": len(set(self.breaks))}
        return {"cause": self.cause} if self.cause is not None else {"filter": dict(self.filter or {})}


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be decided: reason, resolution and value of an override; a comment."""

    kind: Wanted
    reason: str | None = None
    resolution: Resolution | None = None
    value: str | None = None
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Sum:
    """Breaks in one currency: how many, the sum of their amounts, and that of the absolute amounts."""

    currency: str | None
    breaks: int
    amount: Decimal | None
    absolute: Decimal | None


@dataclass(frozen=True, slots=True)
class Part:
    """Breaks of one kind, reason and field among those selected."""

    kind: str
    reason: str
    functional: bool | None
    field: str | None
    breaks: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What a proposal would be about; `taken` breaks are in other open proposals and stay out."""

    breaks: int
    records: int
    taken: int
    parts: tuple[Part, ...]
    sums: tuple[Sum, ...]
    eyes: Eyes
    eyes_why: str | None
    problem: str | None
    """Why it cannot be proposed so."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal as it stands. What is proposed never changes; `state` and what it came to do."""

    proposal_id: int
    recon_id: int
    recon: str
    kind: ProposalKind
    maker_id: int
    maker: str
    proposed_at: datetime
    reason: str | None
    resolution: Resolution | None
    value: str | None
    comment: str | None
    selection: Mapping[str, Any]
    items: int
    records: int
    digest: str
    eyes: Eyes
    eyes_why: str | None
    corrects_id: int | None
    undoes_id: int | None
    state: ProposalState
    version: int
    decided: int
    closed_at: datetime | None

    @property
    def checkers(self) -> int:
        """How many persons must approve it, besides the maker."""
        return self.eyes // 2 - 1


@dataclass(frozen=True, slots=True)
class Approval:
    """One person's approval."""

    checker_id: int
    checker: str
    at: datetime
    comment: str | None


@dataclass(frozen=True, slots=True)
class Happening:
    """What happened to a proposal."""

    event: str
    at: datetime
    actor: str
    comment: str | None


@dataclass(frozen=True, slots=True)
class Item:
    """A break of a proposal's list; `outcome` None: not decided yet. Values and reason as of now."""

    record_id: str
    break_id: str
    key: tuple[str, ...]
    kind: str
    field: str | None
    business_date: date
    amount: Decimal | None
    currency: str | None
    open: bool
    outcome: Outcome | None
    why: str | None
    value_a: str | None = None
    value_b: str | None = None
    reason: str | None = None
