"""Rule proposals: a maker wants a cause to become a rule, or something of that rule; a checker lets it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import Path, Query

from greenai.bff.deps import CallerDep, Reading, Writing, requires
from greenai.bff.numbered import MOST, cursor_of, number_of
from greenai.bff.paging import Cursor, Limit
from greenai.bff.router import new_router
from greenai.bff.schemas.proposals import Approval, Remark, Word
from greenai.bff.schemas.rule_proposals import (
    NewRuleProposal,
    RuleProposalOpened,
    RuleProposalPage,
    RuleProposalShown,
    State,
)
from greenai.bff.schemas.values import BreakId
from greenai.domain.proposals import Person
from greenai.domain.rule_proposals import RuleProposal
from greenai.pipeline import rule_proposals as process
from greenai.store import rule_proposals
from greenai.store.naming import recon_number

router = new_router("rule proposals")
Numbered = Annotated[int, Path(ge=1, le=MOST)]


def shown(connection: Reading, one: RuleProposal) -> RuleProposalOpened:
    """A rule proposal with its approvals."""
    given = rule_proposals.approvals(connection, one.rule_proposal_id)
    return RuleProposalOpened(
        **RuleProposalShown.of(one).model_dump(),
        approvals=[Approval(checker=each.checker, at=each.at, comment=each.comment) for each in given],
    )


def page(found: list[RuleProposal], limit: int) -> RuleProposalPage:
    """A page of a list that was asked for one entry more than `limit`."""
    items = [RuleProposalShown.of(one) for one in found[:limit]]
    more = len(found) > limit
    return RuleProposalPage(
        items=items, next=cursor_of("rule_proposal", items[-1].rule_proposal) if more else None
    )


@router.post(
    "/recons/{recon}/causes/{cause}/rule-proposals",
    dependencies=[requires("rules.propose")],
    status_code=201,
)
def propose_rule(
    connection: Writing, caller: CallerDep, recon: str, cause: BreakId, body: NewRuleProposal
) -> RuleProposalOpened:
    """Propose to accept a cause as a rule, or to suspend, resume or withdraw the rule that it is."""
    maker = Person(caller.actor_id, caller.name)
    recon_id = recon_number(connection, recon)
    return shown(connection, process.propose_rule(connection, recon_id, recon, cause, maker, body.wish()))


@router.get("/recons/{recon}/rule-proposals", dependencies=[requires("breaks.read")])
def list_rule_proposals(
    connection: Reading,
    recon: str,
    *,
    state: State | None = None,
    cause: BreakId | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> RuleProposalPage:
    """The rule proposals of a recon, the newest first."""
    found = rule_proposals.listed(
        connection,
        recon_id=recon_number(connection, recon),
        state=state,
        cause_id=cause,
        before=number_of("rule_proposal", cursor, MOST),
        limit=limit + 1,
    )
    return page(found, limit)


@router.get("/rule-proposals", dependencies=[requires("breaks.read")])
def list_all_rule_proposals(
    connection: Reading,
    caller: CallerDep,
    *,
    state: State | None = None,
    to_check: Annotated[bool, Query(description="Those that the caller may still approve.")] = False,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> RuleProposalPage:
    """Rule proposals of all recons that the caller may read, or may check: the checker's desk."""
    allowed = caller.recons("rules.approve" if to_check else "breaks.read")
    found = rule_proposals.listed(
        connection,
        recons=None if allowed is None else sorted(allowed),
        state="proposed" if to_check else state,
        not_maker=caller.actor_id if to_check else None,
        before=number_of("rule_proposal", cursor, MOST),
        limit=limit + 1,
    )
    return page(found, limit)


@router.get("/recons/{recon}/rule-proposals/{proposal}", dependencies=[requires("breaks.read")])
def read_rule_proposal(connection: Reading, recon: str, proposal: Numbered) -> RuleProposalOpened:
    """A rule proposal with its approvals."""
    return shown(connection, rule_proposals.one(connection, proposal, recon_number(connection, recon)))


def acted(
    act: Callable[..., RuleProposal],
    connection: Writing,
    caller: CallerDep,
    recon: str,
    proposal: int,
    body: Word | Remark,
) -> RuleProposalOpened:
    """A rule proposal after its maker or a checker did something about it, as it was seen."""
    done = act(
        connection,
        proposal,
        Person(caller.actor_id, caller.name),
        version=body.version,
        comment=body.comment,
        recon_id=recon_number(connection, recon),
    )
    return shown(connection, done)


@router.post("/recons/{recon}/rule-proposals/{proposal}/approve", dependencies=[requires("rules.approve")])
def approve_rule(
    connection: Writing, caller: CallerDep, recon: str, proposal: Numbered, body: Word
) -> RuleProposalOpened:
    """Approve what somebody else proposed; with the last approval needed the rule changes."""
    return acted(process.approve_rule, connection, caller, recon, proposal, body)


@router.post("/recons/{recon}/rule-proposals/{proposal}/return", dependencies=[requires("rules.approve")])
def return_rule(
    connection: Writing, caller: CallerDep, recon: str, proposal: Numbered, body: Remark
) -> RuleProposalOpened:
    """Return what somebody else proposed, and say why; another may be proposed."""
    return acted(process.return_rule, connection, caller, recon, proposal, body)


@router.post("/recons/{recon}/rule-proposals/{proposal}/withdraw", dependencies=[requires("rules.propose")])
def withdraw_rule(
    connection: Writing, caller: CallerDep, recon: str, proposal: Numbered, body: Word
) -> RuleProposalOpened:
    """Its maker takes a rule proposal back before it is approved."""
    return acted(process.withdraw_rule, connection, caller, recon, proposal, body)
