"""Proposals of makers, and what checkers say to them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated

from fastapi import Path, Query

from greenai.bff.deps import CallerDep, Reading, Writing, requires
from greenai.bff.numbered import MOST, cursor_of, number_of
from greenai.bff.paging import Cursor, Limit, next_of, place_of, word
from greenai.bff.router import new_router
from greenai.bff.schemas.proposals import (
    Approval,
    Correction,
    Happening,
    ItemPage,
    ItemShown,
    Limits,
    NewProposal,
    Preview,
    ProposalOpened,
    ProposalPage,
    ProposalShown,
    Remark,
    State,
    Sum,
    Undo,
    Word,
    told,
)
from greenai.bff.schemas.proposals import (
    Limit as AmountLimit,
)
from greenai.domain.proposals import Person, Proposal
from greenai.pipeline import approving, proposing, review_limits, undoing
from greenai.store import proposals
from greenai.store.naming import recon_number

router = new_router("proposals")
Numbered = Annotated[int, Path(ge=1, le=MOST)]
States = Annotated[list[State] | None, Query(description="Several: any of them.")]
Maker = Annotated[str | None, Query(max_length=200)]


def person(caller: CallerDep) -> Person:
    """The caller as who acts; of an API key its owner."""
    return Person(caller.actor_id, caller.name)


def shown(connection: Reading, one: Proposal) -> ProposalOpened:
    """A proposal with all that belongs to it."""
    number = one.proposal_id
    lost = proposals.lost(connection, [number]).get(number, (0, 0))
    return ProposalOpened(
        **told(one, lost),
        approvals=[
            Approval(checker=each.checker, at=each.at, comment=each.comment)
            for each in proposals.approvals(connection, number)
        ],
        history=[Happening.model_validate(each) for each in proposals.history(connection, number)],
        sums=[Sum.model_validate(each) for each in proposals.sums_of_list(connection, number)],
    )


def page(connection: Reading, found: list[Proposal], limit: int) -> ProposalPage:
    """A page of a list that was asked for one entry more than `limit`."""
    kept = found[:limit]
    lost = proposals.lost(connection, [one.proposal_id for one in kept])
    items = [ProposalShown.of(one, lost.get(one.proposal_id, (0, 0))) for one in kept]
    more = len(found) > limit
    return ProposalPage(items=items, next=cursor_of("proposal", kept[-1].proposal_id) if more else None)


@router.post("/recons/{recon}/proposals", dependencies=[requires("breaks.propose")], status_code=201)
def propose(connection: Writing, caller: CallerDep, recon: str, body: NewProposal) -> ProposalOpened:
    """Propose a decision about breaks. Nothing is decided before somebody else approves it."""
    recon_id = recon_number(connection, recon)
    made = proposing.propose(connection, recon_id, person(caller), body.selection.selection(), body.wish())
    return shown(connection, made)


@router.post("/recons/{recon}/proposals/preview", dependencies=[requires("breaks.propose")])
def preview(connection: Writing, recon: str, body: NewProposal) -> Preview:
    """What a proposal would be about: breaks, records, amounts, and how many persons must approve it."""
    recon_id = recon_number(connection, recon)
    found = proposing.preview(connection, recon_id, body.selection.selection(), body.wish())
    return Preview.model_validate(found)


@router.get("/recons/{recon}/proposals", dependencies=[requires("breaks.read")])
def list_of_recon(
    connection: Reading,
    recon: str,
    *,
    state: States = None,
    maker: Maker = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ProposalPage:
    """The proposals of a recon, the newest first."""
    found = proposals.listed(
        connection,
        recon_id=recon_number(connection, recon),
        states=state,
        maker=maker,
        before=number_of("proposal", cursor, MOST),
        limit=limit + 1,
    )
    return page(connection, found, limit)


@router.get("/proposals", dependencies=[requires("breaks.read")])
def list_of_all(
    connection: Reading,
    caller: CallerDep,
    *,
    state: States = None,
    maker: Maker = None,
    to_check: Annotated[bool, Query(description="Those that the caller may still approve.")] = False,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ProposalPage:
    """Proposals of all recons that the caller may read, or may check: the checker's desk."""
    allowed = caller.recons("breaks.approve" if to_check else "breaks.read")
    found = proposals.listed(
        connection,
        recons=None if allowed is None else sorted(allowed),
        states=["proposed"] if to_check else state,
        maker=maker,
        not_maker=caller.actor_id if to_check else None,
        before=number_of("proposal", cursor, MOST),
        limit=limit + 1,
    )
    return page(connection, found, limit)


@router.get("/recons/{recon}/proposals/{proposal}", dependencies=[requires("breaks.read")])
def read(connection: Reading, recon: str, proposal: Numbered) -> ProposalOpened:
    """A proposal with its progress, approvals and history."""
    return shown(connection, proposals.one(connection, proposal, recon_number(connection, recon)))


@router.get("/recons/{recon}/proposals/{proposal}/items", dependencies=[requires("breaks.read")])
def items(
    connection: Reading,
    recon: str,
    proposal: Numbered,
    *,
    outcome: Annotated[str | None, Query(pattern="^(open|decided|fallen|undone)$")] = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> ItemPage:
    """The frozen list of a proposal: `outcome=fallen` are those that returned to review, with why."""
    number = proposals.one(connection, proposal, recon_number(connection, recon)).proposal_id
    after = place_of(cursor, hexadecimal, hexadecimal)
    found = proposals.items(connection, number, outcome=outcome, after=after, limit=limit + 1)
    kept = [
        ItemShown(
            break_id=one.break_id,
            key=list(one.key),
            kind=one.kind,
            field=one.field,
            business_date=one.business_date,
            amount=one.amount,
            currency=one.currency,
            outcome=one.outcome,
            why=one.why,
            value_a=one.value_a,
            value_b=one.value_b,
            reason=one.reason,
        )
        for one in found[:limit]
    ]
    return ItemPage(items=kept, next=next_of(found, limit, lambda one: (one.record_id, one.break_id)))


def acted(
    act: Callable[..., Proposal],
    connection: Writing,
    caller: CallerDep,
    recon: str,
    proposal: int,
    body: Word | Remark,
) -> ProposalOpened:
    """A proposal after its maker or a checker did something about it, as it was seen."""
    recon_id = recon_number(connection, recon)
    done = act(
        connection,
        proposal,
        person(caller),
        version=body.version,
        comment=body.comment,
        recon_id=recon_id,
    )
    return shown(connection, done)


def hexadecimal(value: object) -> str:
    """An identity in a cursor. Raises ValueError."""
    text = word(value)
    if len(text) != 32 or set(text) - set("0123456789abcdef"):
        raise ValueError
    return text


@router.post("/recons/{recon}/proposals/{proposal}/approve", dependencies=[requires("breaks.approve")])
def approve(
    connection: Writing, caller: CallerDep, recon: str, proposal: Numbered, body: Word
) -> ProposalOpened:
    """Approve what somebody else proposed; with the last approval needed it is decided in the background."""
    return acted(approving.approve, connection, caller, recon, proposal, body)


@router.post("/recons/{recon}/proposals/{proposal}/return", dependencies=[requires("breaks.approve")])
def send_back(
    connection: Writing, caller: CallerDep, recon: str, proposal: Numbered, body: Remark
) -> ProposalOpened:
    """Return what somebody else proposed for correction, and say why."""
    return acted(approving.send_back, connection, caller, recon, proposal, body)


@router.post(
    "/recons/{recon}/proposals/{proposal}/correct",
    dependencies=[requires("breaks.propose")],
    status_code=201,
)
def correct(
    connection: Writing, caller: CallerDep, recon: str, proposal: Numbered, body: Correction
) -> ProposalOpened:
    """Its maker corrects a returned proposal: another one, about what did not change meanwhile."""
    made = proposing.resubmit(
        connection,
        proposal,
        person(caller),
        body.wish(),
        version=body.version,
        recon_id=recon_number(connection, recon),
    )
    return shown(connection, made)


@router.post("/recons/{recon}/proposals/{proposal}/withdraw", dependencies=[requires("breaks.comment")])
def withdraw(
    connection: Writing, caller: CallerDep, recon: str, proposal: Numbered, body: Word
) -> ProposalOpened:
    """Its maker takes a proposal back that nobody approved."""
    return acted(approving.withdraw, connection, caller, recon, proposal, body)


@router.post("/recons/{recon}/proposals/{proposal}/answer", dependencies=[requires("breaks.comment")])
def answer(
    connection: Writing, caller: CallerDep, recon: str, proposal: Numbered, body: Remark
) -> ProposalOpened:
    """Answer a request for information; its breaks wait for a review again."""
    return acted(approving.answer, connection, caller, recon, proposal, body)


@router.post(
    "/recons/{recon}/proposals/{proposal}/undo",
    dependencies=[requires("breaks.approve")],
    status_code=201,
)
def undo(
    connection: Writing, caller: CallerDep, recon: str, proposal: Numbered, body: Undo
) -> ProposalOpened:
    """Propose to take back what an approved proposal decided; somebody else must approve that as well."""
    made = undoing.propose_undo(
        connection,
        proposal,
        person(caller),
        comment=body.comment,
        breaks=body.breaks,
        recon_id=recon_number(connection, recon),
    )
    return shown(connection, made)


@router.get("/recons/{recon}/review-policy", dependencies=[requires("breaks.read")])
def read_limits(connection: Reading, recon: str) -> Limits:
    """Above which amounts two checkers are needed."""
    return limits_shown(proposals.limits(connection, recon_number(connection, recon)))


@router.put("/recons/{recon}/review-policy", dependencies=[requires("policies.manage")])
def put_limits(connection: Writing, caller: CallerDep, recon: str, body: Limits) -> Limits:
    """Set the limits of a recon, all of them: 409 where others hold by now than were read."""
    wanted = [(one.currency, one.limit, one.eyes) for one in body.limits]
    recon_id = recon_number(connection, recon)
    review_limits.replace(connection, recon_id, person(caller), wanted, seen=body.revision)
    return limits_shown(wanted)


def limits_shown(found: Sequence[review_limits.Limit]) -> Limits:
    """Limits as they are answered."""
    return Limits(
        limits=[AmountLimit(currency=one, limit=limit, eyes=eyes) for one, limit, eyes in found],
        revision=review_limits.revision(found),
    )
