"""Rule proposals: what a maker wants to become of a cause as a rule, and what a checker said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from greenai.domain.decisions import Resolution
from greenai.domain.proposals import Eyes

RuleChangeWanted = Literal["accept", "suspend", "resume", "withdraw"]
RuleProposalState = Literal["proposed", "approved", "returned", "withdrawn"]


@dataclass(frozen=True, slots=True)
class RuleWish:
    """What is to become of a cause. All but `change` and `comment` are of `accept`."""

    change: RuleChangeWanted
    reason: str | None = None
    resolution: Resolution | None = None
    max_exceptions: float | None = None
    scope_size: tuple[int, int] | None = None
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class RuleProposal:
    """A rule proposal as it stands."""

    rule_proposal_id: int
    recon_id: int
    recon: str
    cause_id: str
    change: RuleChangeWanted
    maker_id: int
    maker: str
    proposed_at: datetime
    reason: str | None
    resolution: Resolution | None
    max_exceptions: float | None
    smallest_scope: int | None
    largest_scope: int | None
    comment: str | None
    eyes: Eyes
    eyes_why: str | None
    state: RuleProposalState
    version: int
    closed_at: datetime | None
    closed_by: str | None
    closed_why: str | None
    expression: str
    scope: str
    field: str | None
    kind: str

    @property
    def scope_size(self) -> tuple[int, int] | None:
        """The sizes of the scope within which the rule is to decide."""
        if self.smallest_scope is None or self.largest_scope is None:
            return None
        return self.smallest_scope, self.largest_scope
