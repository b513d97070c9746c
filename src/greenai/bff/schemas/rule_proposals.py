"""Rule proposals: what is to become of a cause as a rule."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from greenai.bff.schemas.common import Answer, Asked, Moment
from greenai.bff.schemas.proposals import Approval, Reason, Said
from greenai.bff.schemas.values import BreakId, Number
from greenai.domain import rule_proposals as domain

Change = Literal["accept", "suspend", "resume", "withdraw"]
State = Literal["proposed", "approved", "returned", "withdrawn"]
Size = Annotated[int, Field(ge=1, lt=2**63)]
ONLY = "With `accept` only."


class NewRuleProposal(Asked):
    """What is to become of a cause: a rule, within a range; or what becomes of the rule that it is."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"change": "accept", "reason": "FX_RATE", "resolution": "take_a", "max_exceptions": 0.02},
                {"change": "suspend", "comment": "The rate source moves on Monday"},
            ]
        }
    )
    change: Change
    reason: Annotated[Reason | None, Field(description=ONLY)] = None
    resolution: Annotated[Literal["take_a", "take_b", "exclude"] | None, Field(description=ONLY)] = None
    max_exceptions: Annotated[
        float | None, Field(ge=0, le=1, description="Share of the records in its scope. " + ONLY)
    ] = None
    smallest_scope: Annotated[Size | None, Field(description=ONLY)] = None
    largest_scope: Annotated[Size | None, Field(description=ONLY)] = None
    comment: Said | None = None

    def wish(self) -> domain.RuleWish:
        """As the pipeline takes it."""
        size = None
        if self.smallest_scope is not None or self.largest_scope is not None:
            size = (self.smallest_scope or 1, self.largest_scope or 2**63 - 1)
        return domain.RuleWish(
            self.change, self.reason, self.resolution, self.max_exceptions, size, self.comment
        )


class RuleProposalShown(Answer):
    """A rule proposal as it stands."""

    rule_proposal: Number
    recon: str
    cause_id: BreakId
    kind: str
    field: str | None
    expression: str
    scope: str
    change: Change
    maker: str
    proposed_at: Moment
    reason: str | None
    resolution: str | None
    max_exceptions: float | None
    smallest_scope: int | None
    largest_scope: int | None
    comment: str | None
    eyes: Literal[4, 6]
    eyes_why: str | None
    state: State
    version: int
    closed_at: Moment | None
    closed_by: str | None
    closed_why: str | None

    @classmethod
    def of(cls, one: domain.RuleProposal) -> RuleProposalShown:
        """As it is shown."""
        given = {name: getattr(one, name) for name in RuleProposalShown.model_fields if hasattr(one, name)}
        return cls(**given, rule_proposal=one.rule_proposal_id)


class RuleProposalOpened(RuleProposalShown):
    """A rule proposal with its approvals."""

    approvals: list[Approval]


class RuleProposalPage(Answer):
    """Rule proposals, the newest first."""

    items: list[RuleProposalShown]
    next: str | None
