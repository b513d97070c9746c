"""Decisions that were approved are taken back: by a proposal of its own, which somebody else approves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from greenai.domain.proposals import Person, Proposal, Selection
from greenai.errors import ConflictError, UsageError
from greenai.pipeline.proposing import close_list, insist_something
from greenai.pipeline.selecting import identity
from greenai.store import actors, proposals
from greenai.store.proposals import named

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[Any]


def propose_undo(
    connection: Connection,
    proposal_id: int,
    maker: Person,
    *,
    comment: str,
    breaks: Sequence[str] | None = None,
    recon_id: int | None = None,
) -> Proposal:
    """Propose to take back what an applied proposal decided, all of it or some breaks (by identity).

    As many eyes as saw the proposal must see its undo. It is about the breaks whose decision still holds;
    once approved they wait for a review again. Raises ConflictError for a proposal that is not applied, or
    where nothing of it holds; UsageError for breaks that it did not decide.
    """
    old = proposals.one(connection, proposal_id, recon_id, lock=True)
    if old.state != "applied" or old.kind == "undo":
        raise ConflictError(
            f"proposal {proposal_id} is {old.state}: only what was decided is undone"
            if old.kind != "undo"
            else "an undo is not undone: its breaks wait for a review",
            remedy="withdraw or return it" if old.kind != "undo" else "propose what is to be decided",
        )
    if not comment.strip():
        raise UsageError("say why it is undone", column="comment", remedy="write a comment")
    wanted = None if breaks is None else sorted({identity(one) for one in breaks})
    given = {"proposal": proposal_id, "breaks": wanted}
    found = [row[0] for row in proposals.ask(connection, "undoable", **given)]
    if wanted is not None and (missing := sorted(set(wanted) - set(found))):
        raise UsageError(
            f"proposal {proposal_id} did not decide {len(missing):,} of these breaks, or that holds no more",
            value=missing[0],
            column="breaks",
            remedy="name breaks of its list that are decided",
        )
    actors.person(connection, maker.name)
    selection = Selection(proposal=proposal_id)
    number = proposals.new(
        connection, old.recon_id, maker, "undo", selection, undoes=proposal_id, comment=comment
    )
    items, records, digest = proposals.freeze(connection, old.recon_id, number, named(found))
    insist_something(items, selection)
    close_list(connection, number, items, records, digest, old.eyes, old.eyes_why)
    proposals.happened(connection, number, "proposed", maker, comment)
    proposals.happened(connection, proposal_id, "undo_proposed", maker, f"proposal {number}")
    actors.audit(
        connection,
        maker.name,
        "propose_undo",
        {"proposal": number, "undoes": proposal_id, "comment": comment, "eyes": old.eyes},
        recon_id=old.recon_id,
        evidence={"items": items, "records": records, "sha256": digest},
    )
    return proposals.one(connection, number)
