"""Proposals: what a maker asks for, what it is about, who checks it, and how far it is."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, model_validator

from greenai.bff.schemas.breaks import BreakFilter
from greenai.bff.schemas.common import Answer, Asked, Moment
from greenai.bff.schemas.values import BreakId, Money, Name, Number
from greenai.domain import proposals as domain

Kind = Literal["accept", "override", "reject", "request_information"]
AnyKind = Literal["accept", "override", "reject", "request_information", "undo"]
State = Literal["proposed", "approved", "applied", "returned", "corrected", "withdrawn", "answered"]
Resolution = Literal["take_a", "take_b", "take_value", "exclude"]
Reason = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{0,62}$", examples=["FX_RATE"])]
Seen = Annotated[int, Field(ge=1, le=2**31 - 1, description="The version that was seen.")]
Said = Annotated[str, Field(min_length=1, max_length=10_000, examples=["Confirmed by the desk."])]
NAMED = 10_000
"""Breaks that one request names; more are selected by a cause or a filter."""


class Selection(Asked):
    """Which breaks: those named, those of a cause that wait, or all that a filter finds; one of these."""

    breaks: Annotated[list[BreakId], Field(min_length=1, max_length=NAMED)] | None = None
    cause: Annotated[BreakId, Field(description="Its breaks that wait.")] | None = None
    filter: Annotated[BreakFilter, Field(description="As lists take it.")] | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Selection:
        if sum(one is not None for one in (self.breaks, self.cause, self.filter)) != 1:
            raise ValueError("names breaks, a cause or a filter, one of them")
        return self

    def selection(self) -> domain.Selection:
        """As the pipeline takes it."""
        return domain.Selection(
            breaks=None if self.breaks is None else tuple(self.breaks),
            cause=self.cause,
            filter=None if self.filter is None else self.filter.filter().document(),
        )


class Wish(Asked):
    """What is to be decided: `accept` the attributed reasons with their resolutions, `override` otherwise."""

    kind: Kind
    reason: Reason | None = None
    resolution: Resolution | None = None
    value: (
        Annotated[str, Field(max_length=10_000, description="With take_value: the value, as text.")] | None
    ) = None
    comment: Said | None = None

    def wish(self) -> domain.Wish:
        """As the pipeline takes it."""
        return domain.Wish(self.kind, self.reason, self.resolution, self.value, self.comment)


class NewProposal(Wish):
    """A proposal about some breaks; what is selected is looked up on the server and frozen."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"selection": {"breaks": ["9e107d9d372bb6826bd81d3542a419d6"]}, "kind": "accept"},
                {
                    "selection": {"cause": "e4d909c290d0fb1ca068ffaddf22cbd0"},
                    "kind": "override",
                    "reason": "FX_RATE",
                    "resolution": "take_b",
                    "comment": "Rate source changed on Monday",
                },
            ]
        }
    )
    selection: Selection


class Correction(Wish):
    """A returned proposal is corrected: this is wanted instead, about what did not change meanwhile."""

    version: Seen


class Word(Asked):
    """Somebody acts on a proposal as it was seen."""

    version: Seen
    comment: Said | None = None


class Remark(Asked):
    """Somebody acts on a proposal as it was seen, and says why."""

    version: Seen
    comment: Said


class Undo(Asked):
    """What was decided is to be taken back: all of it, or some breaks."""

    comment: Said
    breaks: Annotated[list[BreakId], Field(min_length=1, max_length=NAMED)] | None = None


class Sum(Answer):
    """Breaks in one currency, the sum of their amounts, and that of the absolute amounts."""

    currency: str | None
    breaks: int
    amount: Money | None
    absolute: Money | None


class Part(Answer):
    """Breaks of one kind, reason and field among those selected."""

    kind: str
    reason: str
    functional: bool | None
    field: str | None
    breaks: int


class Preview(Answer):
    """What a proposal would be about; `problem`: why it cannot be made so."""

    breaks: int
    records: int
    taken: Annotated[int, Field(description="In other open proposals: they stay out.")]
    parts: list[Part]
    sums: list[Sum]
    eyes: Literal[4, 6]
    eyes_why: str | None
    problem: str | None


class Happening(Answer):
    """What happened to a proposal."""

    event: str
    at: Moment
    actor: str
    comment: str | None


class Approval(Answer):
    """One person's approval."""

    checker: str
    at: Moment
    comment: str | None


class ProposalShown(Answer):
    """A proposal as it stands: `decided`, `fallen` and `undone` of `items` tell how far it is."""

    proposal: Number
    recon: Name
    kind: AnyKind
    maker: str
    proposed_at: Moment
    reason: str | None
    resolution: str | None
    value: str | None
    comment: str | None
    selection: dict[str, Any]
    items: int
    records: int
    digest: Annotated[str, Field(description="SHA-256 over the frozen list.")]
    eyes: Literal[4, 6]
    eyes_why: str | None
    corrects: int | None
    undoes: int | None
    state: State
    version: int
    decided: int
    fallen: int
    undone: int
    closed_at: Moment | None

    @classmethod
    def of(cls, one: domain.Proposal, lost: tuple[int, int] = (0, 0)) -> ProposalShown:
        """As it is shown; `lost`: how many fell out, and how many were undone."""
        return cls(**told(one, lost))


class ProposalOpened(ProposalShown):
    """A proposal with its approvals, its history and its amounts."""

    approvals: list[Approval]
    history: list[Happening]
    sums: list[Sum]


def told(one: domain.Proposal, lost: tuple[int, int]) -> dict[str, Any]:
    """The members of a proposal."""
    same = (
        *(
            "recon",
            "kind",
            "maker",
            "proposed_at",
            "reason",
            "resolution",
            "value",
            "comment",
            "items",
            "records",
        ),
        *("digest", "eyes", "eyes_why", "state", "version", "decided", "closed_at"),
    )
    return {
        **{name: getattr(one, name) for name in same},
        "proposal": one.proposal_id,
        "selection": dict(one.selection),
        "corrects": one.corrects_id,
        "undoes": one.undoes_id,
        "fallen": lost[0],
        "undone": lost[1],
    }


class ProposalPage(Answer):
    """Proposals, the newest first."""

    items: list[ProposalShown]
    next: str | None


class ItemShown(Answer):
    """A break of a proposal's list, and what became of it (null: not decided yet)."""

    break_id: BreakId
    key: list[str]
    kind: str
    field: str | None
    business_date: date
    amount: Money | None
    currency: str | None
    outcome: Literal["decided", "fallen", "undone"] | None
    why: str | None
    value_a: Annotated[str | None, Field(description="As it is now, the first 400 characters.")]
    value_b: str | None
    reason: Annotated[str | None, Field(description="That it has now; null where the break is gone.")]


class ItemPage(Answer):
    """Breaks of a proposal's list, in the order of its digest."""

    items: list[ItemShown]
    next: str | None


class Limit(Asked):
    """Above which sum of absolute amounts of a proposal how many eyes are needed."""

    currency: Annotated[
        str | None, Field(min_length=1, max_length=200, description="null: any that has no limit of its own.")
    ] = None
    limit: Annotated[Money, Field(ge=0)]
    eyes: Literal[4, 6] = 6


class Limits(Asked):
    """The limits of a recon."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "limits": [{"currency": "EUR", "limit": "1000000", "eyes": 6}],
                    "revision": "e3b0c44298fc1c14",
                }
            ]
        }
    )
    limits: Annotated[list[Limit], Field(max_length=200)]
    revision: Annotated[
        str,
        Field(
            pattern=r"^[0-9a-f]{16}$",
            description="Of the limits that were read: 409 where others hold by now.",
        ),
    ]

    @model_validator(mode="after")
    def _each_currency_once(self) -> Limits:
        if len({one.currency for one in self.limits}) < len(self.limits):
            raise ValueError("names a currency twice")
        return self
