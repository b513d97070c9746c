"""A checker approves a proposal or returns it; its maker may withdraw it; a question is answered.

Every word says which version of the proposal its speaker saw: who comes second is told so.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from greenai.domain.proposals import Person, Proposal
from greenai.errors import ConflictError, ForbiddenError, UsageError
from greenai.pipeline.proposing import above_limit
from greenai.store import actors, jobs, proposals
from greenai.telemetry import logs

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[Any]

JOB: Final = "decide_proposal"
"""The kind of the worker's job that decides the breaks of an approved proposal."""
URGENCY: Final = 1
"""Somebody waits for it; a run may wait a second longer."""


def approve(
    connection: Connection,
    proposal_id: int,
    checker: Person,
    *,
    version: int,
    comment: str | None = None,
    recon_id: int | None = None,
) -> Proposal:
    """Somebody else than its maker approves a proposal; with the last approval needed its breaks are decided.

    That is done by a worker, in the background: `decided` of the proposal tells how far it is. To be
    committed by the caller. Raises ForbiddenError for the maker, ConflictError for another version or
    state or a second approval by the same person.
    """
    found = waiting(connection, proposal_id, recon_id, version, "approved")
    if found.kind == "request_information":
        raise UsageError("a question is answered, not approved", column="kind", remedy="answer it")
    insist_another(found, checker, "approves")
    actors.person(connection, checker.name)
    given = proposals.approvals(connection, proposal_id)
    if any(one.checker_id == checker.actor_id for one in given):
        raise ConflictError(
            f"{checker.name} has approved it already", remedy="another person must approve it too"
        )
    # What the limit is now counts, if it is lower than when it was proposed.
    above = above_limit(connection, found.recon_id, proposals.sums_of_list(connection, proposal_id))
    eyes = 6 if above is not None and found.kind != "undo" else found.eyes
    proposals.ask(connection, "approve", proposal=proposal_id, checker=checker.actor_id, comment=comment)
    last = len(given) + 1 >= eyes // 2 - 1
    proposals.enter(connection, found, "approved" if last else "proposed", eyes=eyes, why=above)
    if last:
        jobs.add(
            connection,
            "worker",
            JOB,
            payload={"proposal": proposal_id, "request": logs.bound_ids().get("request")},
            urgency=URGENCY,
            size=found.items,
        )
    told(connection, found, checker, "approved", comment, {"approvals": len(given) + 1, "eyes": eyes})
    return proposals.one(connection, proposal_id)


def send_back(
    connection: Connection,
    proposal_id: int,
    checker: Person,
    *,
    version: int,
    comment: str,
    recon_id: int | None = None,
) -> Proposal:
    """A checker returns a proposal for correction and says why; its breaks are free, and told as returned."""
    found = waiting(connection, proposal_id, recon_id, version, "returned")
    insist_another(found, checker, "returns")
    if not comment.strip():
        raise UsageError("say what is to be corrected", column="comment", remedy="write a comment")
    actors.person(connection, checker.name)
    proposals.release(connection, found, "returned")
    proposals.enter(connection, found, "returned")
    told(connection, found, checker, "returned", comment)
    return proposals.one(connection, proposal_id)


def withdraw(
    connection: Connection,
    proposal_id: int,
    maker: Person,
    *,
    version: int,
    comment: str | None = None,
    recon_id: int | None = None,
) -> Proposal:
    """Its maker takes a proposal back, before it was approved or after it was returned."""
    found = proposals.seen(connection, proposal_id, recon_id, version)
    if found.maker_id != maker.actor_id:
        raise ForbiddenError(
            "only its maker withdraws a proposal", remedy="return it for correction, and say why"
        )
    if found.state not in ("proposed", "returned"):
        raise refused(found, "withdrawn")
    proposals.release(connection, found)
    if found.state == "returned":
        proposals.ask(connection, "unreturned", proposal=proposal_id, recon=found.recon_id)
    proposals.enter(connection, found, "withdrawn")
    told(connection, found, maker, "withdrawn", comment)
    return proposals.one(connection, proposal_id)


def answer(
    connection: Connection,
    proposal_id: int,
    person: Person,
    *,
    version: int,
    comment: str,
    recon_id: int | None = None,
) -> Proposal:
    """Somebody else answers a request for information: its breaks wait for a review again."""
    found = waiting(connection, proposal_id, recon_id, version, "answered")
    if found.kind != "request_information":
        raise UsageError("only a question is answered", column="kind", remedy="approve it, or return it")
    insist_another(found, person, "answers")
    if not comment.strip():
        raise UsageError("an answer says something", column="comment", remedy="write a comment")
    actors.person(connection, person.name)
    proposals.release(connection, found)
    proposals.enter(connection, found, "answered")
    told(connection, found, person, "answered", comment)
    return proposals.one(connection, proposal_id)


def waiting(
    connection: Connection, proposal_id: int, recon_id: int | None, version: int, become: str
) -> Proposal:
    """A proposal that waits for a checker, locked. Raises ConflictError."""
    found = proposals.seen(connection, proposal_id, recon_id, version)
    if found.state != "proposed":
        raise refused(found, become)
    return found


def refused(found: Proposal, become: str) -> ConflictError:
    """The error of a proposal that cannot become this."""
    return ConflictError(
        f"proposal {found.proposal_id} is {found.state}: it cannot be {become}", remedy="look at it again"
    )


def insist_another(found: Proposal, person: Person, does: str) -> None:
    """Raise ForbiddenError for the maker."""
    if found.maker_id == person.actor_id:
        raise ForbiddenError(
            f"nobody {does} what they proposed themselves",
            remedy="let somebody else look at it; you may withdraw it",
        )


def told(
    connection: Connection,
    found: Proposal,
    person: Person,
    event: str,
    comment: str | None,
    more: Mapping[str, Any] | None = None,
) -> None:
    """Note what happened, for readers of the proposal and for the audit."""
    proposals.happened(connection, found.proposal_id, event, person, comment)
    actors.audit(
        connection,
        person.name,
        f"proposal_{event}",
        {"proposal": found.proposal_id, "maker": found.maker, "comment": comment, **(more or {})},
        recon_id=found.recon_id,
        before={"state": found.state, "version": found.version},
        after={"state": proposals.one(connection, found.proposal_id).state, "version": found.version + 1},
        evidence={"kind": found.kind, "items": found.items, "sha256": found.digest},
    )
