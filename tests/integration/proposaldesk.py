"""A recon with a store, persons, and a worker of its own: what proposals need."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from publishing_desk import Desk

from greenai.domain.proposals import Person, Proposal, Selection, Wish
from greenai.engines.duckdb import DuckDBEngine
from greenai.jobs.deciding import decide_proposal
from greenai.jobs.worker import Handler, Worker
from greenai.pipeline.approving import JOB, approve
from greenai.pipeline.proposing import propose
from greenai.store import actors, proposals
from greenai.store.database import connect

DAY, NEXT = "2026-01-06", "2026-01-07"
FIELDS = {
    "id": {"type": "string"},
    "amount": {"type": "decimal(18,2)"},
    "currency": {"type": "string"},
    "note": {"type": "string"},
}


@dataclass
class Bench:
    """A desk, and what persons do at it."""

    desk: Desk

    @property
    def url(self) -> str:
        return self.desk.url

    def ask(self, query: str, *given: Any) -> list[tuple[Any, ...]]:
        return self.desk.ask(query, *given)

    def person(self, name: str) -> Person:
        """Somebody who is known."""
        with connect(self.url) as connection:
            actors.person(connection, name)
            row = connection.execute("SELECT actor_id FROM greenai.actor WHERE name = %s", [name]).fetchone()
        assert row is not None
        return Person(row[0], name)

    def does(self, what: Callable[..., Any], *given: Any, **more: Any) -> Any:
        """One transaction of somebody."""
        with connect(self.url) as connection:
            return what(connection, *given, **more)

    def ids(self, field: str | None = None, state: str | None = None) -> list[str]:
        """Breaks that are present, by key."""
        return [
            row[0]
            for row in self.ask(
                "SELECT replace(break_id::text, '-', '') FROM greenai.present_break"
                " WHERE (%s::text IS NULL OR field = %s) AND (%s::text IS NULL OR state = %s)"
                " ORDER BY key_text, field",
                field,
                field,
                state,
                state,
            )
        ]

    def states(self) -> dict[str, int]:
        """How many breaks are in each state."""
        return dict(self.ask("SELECT state, count(*) FROM greenai.present_break GROUP BY 1"))

    def proposed(self, maker: str, breaks: Iterable[str], **wish: Any) -> Proposal:
        """A proposal about some breaks: an override that takes side b, unless said otherwise."""
        given = {"kind": "override", "resolution": "take_b", **wish}
        if given["kind"] != "override":
            del given["resolution"]
        selection = Selection(breaks=tuple(breaks))
        return self.does(propose, 1, self.person(maker), selection, Wish(**given))  # type: ignore[no-any-return]

    def approved(self, checker: str, proposal: Proposal) -> Proposal:
        """Somebody approves a proposal as it was seen."""
        return self.does(  # type: ignore[no-any-return]
            approve, proposal.proposal_id, self.person(checker), version=proposal.version
        )

    def worker(self, name: str = "worker-1", chunk: int = 20_000) -> Worker:
        """A worker that decides proposals."""
        return Worker(self.url, "worker", name, handlers(self.url, chunk), tell=told)

    def work_off(self, chunk: int = 20_000) -> int:
        """Work until nothing waits; how many jobs there were."""
        worker, count = self.worker(chunk=chunk), 0
        while worker.once():
            count += 1
        return count

    def one(self, proposal: Proposal) -> Proposal:
        """The proposal as it stands."""
        with connect(self.url) as connection:
            return proposals.one(connection, proposal.proposal_id)

    def outcomes(self, proposal: Proposal) -> dict[str | None, int]:
        """How many of its items came to what."""
        return dict(
            self.ask(
                "SELECT outcome, count(*) FROM greenai.proposal_item WHERE proposal_id = %s GROUP BY 1",
                proposal.proposal_id,
            )
        )


def told(event: str, **fields: Any) -> None:
    """A test in which a job fails shows why."""
    if isinstance(error := fields.get("error"), Exception):
        traceback.print_exception(error)


def handlers(url: str, chunk: int) -> dict[str, Handler]:
    """What the worker does with proposals."""

    def work(claim: Any, told: Any) -> None:
        decide_proposal(url, DuckDBEngine, claim, interruptible=told, chunk=chunk)

    return {JOB: work}


def opened(folder: Path, url: str, **more: Any) -> Bench:
    """A bench of a recon that counts in amounts and keeps a golden table."""
    whole = {
        "key": ["id"],
        "fields": FIELDS,
        "amount": {"field": "amount", "currency": "currency"},
        "store": {"table": "trade"},
        **more,
    }
    return Bench(Desk(folder, url, whole))


def sides(n: int, other: Callable[[int], bool] = lambda _: True) -> tuple[list[Any], list[Any]]:
    """Rows of both sides: record i says ``i.00`` on a, and ``i.50`` on b where it is another."""
    a = [(f"k{i:06}", f"{i}.00", "EUR", "x") for i in range(n)]
    b = [(f"k{i:06}", f"{i}.50" if other(i) else f"{i}.00", "EUR", "x") for i in range(n)]
    return a, b
