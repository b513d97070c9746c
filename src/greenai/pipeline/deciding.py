"""The breaks of an approved proposal are decided: some at a time, each once, whatever ends in between.

A part is one transaction: decisions, golden rows, what became of the items, and how far it is. What
changed since it was proposed falls out and returns to review.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from greenai.domain.proposals import OUTCOMES, Approval, Person, Proposal
from greenai.pipeline.affected import UnstorableError
from greenai.pipeline.review import Reviewing, opened
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
SMALL: Final = 200
"""Proposals of so many breaks are decided with others of their recon: what a transaction costs they share."""
TOGETHER: Final = 100
RERUN: Final = "decided about the whole input: its records come in when the recon is run again"


@dataclass(frozen=True, slots=True)
class Part:
    """What one transaction came to; `left`: there is more to decide."""

    decided: int
    fallen: int
    left: bool


@dataclass(slots=True)
class Share:
    """What a transaction decides of one proposal: breaks with their records, and what falls out with why."""

    proposal: Proposal
    checker: Approval
    kept: list[tuple[str, str]]
    fallen: list[tuple[str, str, str]]

    @property
    def breaks(self) -> list[str]:
        """The breaks that are decided."""
        return [one for one, _ in self.kept]

    def drop(self, records: Collection[str], why: str) -> None:
        """What is of these records falls out."""
        self.fallen += [(one, record, why) for one, record in self.kept if record in records]
        self.kept = [(one, record) for one, record in self.kept if record not in records]


def decide_part(
    connection: Connection, engine: DuckDBEngine, folder: Path, proposal_id: int, *, limit: int = CHUNK
) -> Part:
    """Decide the next breaks of an approved proposal, in the caller's transaction.

    Takes the recon's lock. Of a small proposal all is decided, and what waits of other small ones of its
    recon with it. Does nothing to a proposal that is not approved, or was applied already.
    """
    speak_plainly(connection)
    recon_id = proposals.one(connection, proposal_id).recon_id
    keep_tables(connection)
    runs.lock_recon(connection, recon_id)
    proposal = proposals.one(connection, proposal_id, lock=True)
    if proposal.state != "approved":
        return Part(0, 0, False)
    shares = [share(connection, one, limit) for one in (proposal, *beside(connection, proposal))]
    publication, rerun = decided(connection, engine, folder, shares)
    for one in shares:
        note(connection, one, publication)
        if not proposals.ask(connection, "left", proposal=one.proposal.proposal_id):
            finish(connection, one, RERUN if rerun else None)
    own = shares[0]
    left = bool(proposals.ask(connection, "left", proposal=proposal_id))
    return Part(len(own.kept), len(own.fallen), left)


def beside(connection: Connection, proposal: Proposal) -> list[Proposal]:
    """Other small proposals of the recon that wait to be decided, locked, where this one is small."""
    if proposal.items > SMALL:
        return []
    given = {"recon": proposal.recon_id, "proposal": proposal.proposal_id, "small": SMALL, "most": TOGETHER}
    numbers = proposals.ask(connection, "beside", **given)
    return [proposals.one(connection, number) for (number,) in numbers]


def share(connection: Connection, proposal: Proposal, limit: int) -> Share:
    """The next items of a proposal, held, and those that fall out because they changed.

    Under the recon's lock no version and no decision changes, and nobody else lets go of the items.
    """
    rows = proposals.ask(connection, "chunk", proposal=proposal.proposal_id, limit=limit)
    proposals.ask(connection, "hold_chunk", recon=proposal.recon_id, breaks=[row[0] for row in rows])
    return Share(
        proposal,
        proposals.approvals(connection, proposal.proposal_id)[-1],
        [(one, record) for one, record, why in rows if why is None],
        [(one, record, why) for one, record, why in rows if why is not None],
    )


def decided(
    connection: Connection, engine: DuckDBEngine, folder: Path, shares: Sequence[Share]
) -> tuple[int | None, bool]:
    """Decide as proposed; what cannot be stored falls out. The publication, and whether to run it again."""
    run_id = proposals.ask(connection, "latest_run", recon=shares[0].proposal.recon_id)[0][0]
    while any(one.kept for one in shares):
        try:
            with connection.transaction():
                reviewing = opened(connection, engine, run_id, folder)
                since: dict[str, int] = {}
                for one in shares:
                    if one.kept:
                        since |= said(reviewing, one)
                passed = [one.breaks for one in shares if OUTCOMES[one.proposal.kind] == "passed"]
                every = [each for one in shares for each in one.breaks]
                done = reviewing.store(every, [each for some in passed for each in some], since)
                return done.publication_id, done.rerun
        except UnstorableError as error:
            before = sum(len(one.kept) for one in shares)
            for one in shares:
                one.drop(error.records, error.message)
            if sum(len(one.kept) for one in shares) == before:
                raise
    return None, False


def said(reviewing: Reviewing, one: Share) -> dict[str, int]:
    """Write the decisions of one proposal; of an undo, by record, since when what it takes back held."""
    proposal = one.proposal
    reviewing.note(
        one.breaks,
        outcome=OUTCOMES[proposal.kind],
        actor=one.checker.checker,
        resolution=proposal.resolution,
        value=proposal.value,
        comment=one.checker.comment or proposal.comment,
        reason=proposal.reason,
        proposal=Proposed(proposal.proposal_id, proposal.maker_id, proposal.maker),
    )
    if proposal.undoes_id is None:
        return {}
    given = {"proposal": proposal.undoes_id, "breaks": one.breaks}
    rows = proposals.ask(reviewing.case.connection, "applied_in", **given)
    return {str(record): int(first) for record, first in rows}


def note(connection: Connection, one: Share, publication: int | None) -> None:
    """Note with the items what became of them, and how far the proposal is."""
    number = one.proposal.proposal_id
    if one.fallen:
        breaks, records, whys = (list(column) for column in zip(*one.fallen, strict=True))
        given = {"proposal": number, "recon": one.proposal.recon_id}
        proposals.ask(connection, "fallen", **given, breaks=breaks, records=records, whys=whys)
    if one.kept:
        breaks, records = (list(column) for column in zip(*one.kept, strict=True))
        items = {"breaks": breaks, "records": records}
        proposals.ask(connection, "decided", proposal=number, publication=publication, **items)
        if one.proposal.undoes_id is not None:
            proposals.ask(connection, "undone", proposal=one.proposal.undoes_id, **items)
        proposals.ask(connection, "progress", proposal=number, more=len(one.kept))


def finish(connection: Connection, one: Share, comment: str | None = None) -> None:
    """All items are decided or fell out."""
    proposal_id = one.proposal.proposal_id
    checker = Person(one.checker.checker_id, one.checker.checker)
    proposal = proposals.one(connection, proposal_id)
    fell = proposals.lost(connection, [proposal_id]).get(proposal_id, (0, 0))[0]
    proposals.enter(connection, proposal, "applied")
    proposals.happened(connection, proposal_id, "applied", checker, comment)
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
