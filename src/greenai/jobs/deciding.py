"""The worker's job that decides the breaks of an approved proposal, a part at a time."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from greenai.domain.jobs import Claim
from greenai.engines.duckdb import DuckDBEngine
from greenai.jobs.lease import Lease
from greenai.jobs.stage import lost
from greenai.pipeline.deciding import CHUNK, decide_part
from greenai.store import jobs, proposals
from greenai.store.database import connect, explained, named


def decide_proposal(
    url: str,
    open_engine: Callable[[], DuckDBEngine],
    claim: Claim,
    *,
    interruptible: Callable[[Callable[[], None]], None] = lambda _: None,
    chunk: int = CHUNK,
) -> int:
    """Decide what is left of the proposal of a job; returns how many breaks it decided.

    Each part is committed with the job's token: who lost the job commits nothing more, and who takes it
    up goes on after the last part. Raises SupersededError, and what deciding raises.
    """
    proposal_id, count = int(claim.payload["proposal"]), 0
    if done_with_others(url, claim, proposal_id):
        return 0
    # Should this process freeze with the recon's lock, others can tell which sessions are its.
    url = named(url, jobs.session(claim))
    with (
        explained(url),
        tempfile.TemporaryDirectory(prefix="greenai-proposal-") as folder,
        open_engine() as engine,
        connect(url, autocommit=True) as connection,
        Lease(url, claim, engine.abandon) as lease,
    ):
        interruptible(engine.abandon)
        left = True
        while left:
            try:
                with connection.transaction():
                    part = decide_part(connection, engine, Path(folder), proposal_id, limit=chunk)
                    # Late, for until then the lease is renewed beside it.
                    jobs.held(connection, claim)
                    if not part.left:
                        lease.end()
                        jobs.done(connection, claim, {"decided": count + part.decided})
            except Exception:
                if lease.lost:
                    raise lost(claim) from None
                raise
            count, left = count + part.decided, part.left
    return count


def done_with_others(url: str, claim: Claim, proposal_id: int) -> bool:
    """Whether the proposal was decided together with others; then the job is done."""
    with explained(url), connect(url, autocommit=True) as connection:
        if proposals.one(connection, proposal_id).state == "approved":
            return False
        with connection.transaction():
            jobs.done(connection, claim)
    return True
