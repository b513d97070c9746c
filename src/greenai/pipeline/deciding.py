"""The breaks of an approved proposal are decided: some at a time, each once, whatever ends in between.

A part is one transaction: decisions, golden rows, what became of the items, and how far it is. What
changed since it was proposed falls out and returns to review.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from greenai.domain.proposals import OUTCOMES, Approval, Person, Proposal
from greenai.pipeline.affected import UnstorableError
from greenai.pipeline.review import opened
from greenai.store import actors, proposals, runs
from greenai.store.copying import speak_plainly
from greenai.store.decisions import Proposed
from greenai.store.partitions import keep_tables

if TYPE_CHECKING:
    import psycopg

    from greenai.engines.duckdb import DuckDBEngine

    Connection = psycopg.Connection[Any]

CHUNK: Final = 20_000
"""Breaks of one transaction, or some more: a record is never divided."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one transaction came to; `left`: there is more to decide."""

    decided: int
    fallen: int
    left: bool


def decide_part(
    connection: Connection, engine: DuckDBEngine, folder: Path, proposal_id: int, *, limit: int = CHUNK
) -> Part:
    """Decide the next breaks of an approved proposal, in the caller's transaction.

    Takes the recon's lock. Does nothing to a proposal that is not approved, or was applied already.
    """
    speak_plainly(connection)
    recon_id = proposals.one(connection, proposal_id).recon_id
    keep_tables(connection)
    runs.lock_recon(connection, recon_id)
    proposal = proposals.one(connection, proposal_id, lock=True)
    if proposal.state != "approved":
        return Part(0, 0, False)
    rows = taken(connection, proposal, limit)
    fallen = [(one, record, why) for one, record, why in rows if why is not None]
    kept = [(one, record) for one, record, why in rows if why is None]
    checker = proposals.approvals(connection, proposal_id)[-1]
    publication = None
    while kept and publication is None:
        try:
            publication = decided(connection, engine, folder, proposal, checker, [one for one, _ in kept])
        except UnstorableError as error:
            out = [(one, record, error.message) for one, record in kept if record in error.records]
            if not out:
                raise
            fallen += out
            kept = [(one, record) for one, record in kept if record not in error.records]
    note(connection, proposal, kept, fallen, publication)
    left = bool(proposals.ask(connection, "left", proposal=proposal_id))
    if not left:
        finish(connection, proposal_id, Person(checker.checker_id, checker.checker))
    return Part(len(kept), len(fallen), left)


def taken(connection: Connection, proposal: Proposal, limit: int) -> list[tuple[str, str, str | None]]:
    """The next items, held: break, record, and why it falls out (None: it does not)."""
    given = {"proposal": proposal.proposal_id, "limit": limit}
    rows = proposals.ask(connection, "chunk", **given)
    ids = [row[0] for row in rows]
    proposals.ask(connection, "hold_chunk", recon=proposal.recon_id, breaks=ids)
    # Under the recon's lock no version and no decision changes; nobody but this lets go of the items.
    return [(row[0], row[1], row[2]) for row in rows]


def decided(
    connection: Connection,
    engine: DuckDBEngine,
    folder: Path,
    proposal: Proposal,
    checker: Approval,
    breaks: Sequence[str],
) -> int:
    """Decide about breaks as proposed; the number of the publication. UnstorableError: nothing is done."""
    run_id = proposals.ask(connection, "latest_run", recon=proposal.recon_id)[0][0]
    with connection.transaction():
        reviewing = opened(connection, engine, run_id, folder)
        reviewing.decide(
            breaks,
            outcome=OUTCOMES[proposal.kind],
            actor=checker.checker,
            resolution=proposal.resolution,
            value=proposal.value,
            comment=checker.comment or proposal.comment,
            reason=proposal.reason,
            proposal=Proposed(proposal.proposal_id, proposal.maker_id, proposal.maker),
            since=undone_since(connection, proposal, breaks),
        )
        return reviewing.case.publication_id


def undone_since(connection: Connection, proposal: Proposal, breaks: Sequence[str]) -> dict[str, int] | None:
    """Of an undo: by record, the first publication of the decisions that it takes back."""
    if proposal.undoes_id is None:
        return None
    given = {"proposal": proposal.undoes_id, "breaks": list(breaks)}
    return {str(record): int(first) for record, first in proposals.ask(connection, "applied_in", **given)}


def note(
    connection: Connection,
    proposal: Proposal,
    kept: Sequence[tuple[str, str]],
    fallen: Sequence[tuple[str, str, str]],
    publication: int | None,
) -> None:
    """Note with the items what became of them, and how far the proposal is."""
    number = proposal.proposal_id
    if fallen:
        breaks, records, whys = (list(column) for column in zip(*fallen, strict=True))
        given = {"proposal": number, "recon": proposal.recon_id}
        proposals.ask(connection, "fallen", **given, breaks=breaks, records=records, whys=whys)
    if kept:
        breaks, records = (list(column) for column in zip(*kept, strict=True))
        items = {"breaks": breaks, "records": records}
        proposals.ask(connection, "decided", proposal=number, publication=publication, **items)
        if proposal.undoes_id is not None:
            proposals.ask(connection, "undone", proposal=proposal.undoes_id, **items)
        proposals.ask(connection, "progress", proposal=number, more=len(kept))


def finish(connection: Connection, proposal_id: int, checker: Person) -> None:
    """All items are decided or fell out."""
    proposal = proposals.one(connection, proposal_id)
    fell = proposals.lost(connection, [proposal_id]).get(proposal_id, (0, 0))[0]
    proposals.enter(connection, proposal, "applied")
    proposals.happened(connection, proposal_id, "applied", checker)
    if proposal.undoes_id is not None:
        proposals.happened(
            connection,
            proposal.undoes_id,
            "undone",
            checker,
            f"by proposal {proposal_id}: {proposal.decided:,}",
        )
    actors.audit(
        connection,
        checker.name,
        "proposal_undone" if proposal.undoes_id is not None else "proposal_applied",
        {
            "proposal": proposal_id,
            "undoes": proposal.undoes_id,
            "decided": proposal.decided,
            "fallen": fell,
        },
        recon_id=proposal.recon_id,
        evidence={"items": proposal.items, "sha256": proposal.digest},
    )
