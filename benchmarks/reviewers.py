"""`python -m benchmarks.reviewers`: many reviewers at once, who read, open, propose and approve for a minute.

A server of its own (embedded PostgreSQL and Redis, gunicorn) and a worker that decides what was approved.
Half of the reviewers make proposals, half check what others made; most of what all do is reading. Afterwards
the database is asked whether anything was lost: every proposal and approval that was answered stands there,
each break is in one open proposal at most, nobody approved what they made. Exits with 1 where that is not so.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from benchmarks import machine
from benchmarks.lists import bff, servers
from benchmarks.load import Line, Told

RECON: Final = "trades"
EXPECTED: Final = {
    "list": {200},
    "count": {200},
    "open": {200},
    "desk": {200},
    # Somebody else took the break, or came second to a proposal: that is told, and nothing is done.
    "propose": {201, 409},
    "approve": {200, 409},
    "withdraw": {200, 409},
}
"""The statuses that each thing may be answered with."""
SHARES: Final = (("list", 0.35), ("count", 0.1), ("open", 0.25), ("act", 0.3))
"""What a reviewer does next."""


@dataclass
class Outcome:
    """What came of a load: answers by what was asked for, what was unexpected, and what was promised."""

    told: dict[str, Told] = field(default_factory=dict)
    unexpected: list[str] = field(default_factory=list)
    made: dict[int, str] = field(default_factory=dict)
    """Proposals that were answered with 201, and who made them."""
    approved: dict[int, str] = field(default_factory=dict)
    """Those that were approved with 200, and by whom."""
    withdrawn: set[int] = field(default_factory=set)
    seconds: float = 0.0

    def note(self, what: str, status: int, seconds: float, body: bytes) -> None:
        """An answer."""
        told = self.told.setdefault(what, Told())
        told.seconds.append(seconds)
        told.statuses[status] = told.statuses.get(status, 0) + 1
        if status not in EXPECTED[what]:
            self.unexpected.append(f"{what}: {status} {body[:300].decode('utf-8', 'replace')}")


@dataclass
class Reviewer:
    """One of those at work: makes proposals, or checks those of others."""

    number: int
    name: str
    key: str
    base: str
    breaks: list[str]
    outcome: Outcome
    chance: random.Random = field(default_factory=random.Random)

    async def work(self, until: float) -> None:
        """One thing after the other."""
        self.chance.seed(self.number)
        line = Line(self.base, [("authorization", f"Bearer {self.key}")])
        try:
            while time.perf_counter() < until:
                doing = self.chance.choices([one for one, _ in SHARES], [share for _, share in SHARES])[0]
                await self.do(line, doing)
        finally:
            line.close()

    async def do(self, line: Line, doing: str) -> None:
        """One thing."""
        root = f"/api/v1/recons/{RECON}"
        if doing == "list":
            sort = self.chance.choice(["first_date", "-amount", "key"])
            await self.ask(line, "list", "GET", f"{root}/breaks?sort={sort}&limit=50")
        elif doing == "count":
            await self.ask(
                line, "count", "GET", f"{root}/breaks/count?min_amount={self.chance.randrange(1000)}"
            )
        elif doing == "open":
            await self.ask(line, "open", "GET", f"{root}/breaks/{self.chance.choice(self.breaks)}")
        elif self.number % 2:
            await self.check(line)
        else:
            await self.make(line, root)

    async def make(self, line: Line, root: str) -> None:
        """Propose something; some of it is taken back."""
        wish = {
            "kind": "override",
            "resolution": "take_b",
            "selection": {"breaks": self.chance.sample(self.breaks, self.chance.randint(1, 3))},
        }
        status, found = await self.ask(line, "propose", "POST", f"{root}/proposals", wish)
        if status != 201:
            return
        self.outcome.made[found["proposal"]] = self.name
        if self.chance.random() < 0.1:
            path = f"{root}/proposals/{found['proposal']}/withdraw"
            status, _ = await self.ask(line, "withdraw", "POST", path, {"version": found["version"]})
            if status == 200:
                self.outcome.withdrawn.add(found["proposal"])

    async def check(self, line: Line) -> None:
        """Approve something of the checker's desk, on which many look at once."""
        status, found = await self.ask(line, "desk", "GET", "/api/v1/proposals?to_check=true&limit=20")
        if status != 200 or not found["items"]:
            return
        one = self.chance.choice(found["items"])
        path = f"/api/v1/recons/{RECON}/proposals/{one['proposal']}/approve"
        status, _ = await self.ask(line, "approve", "POST", path, {"version": one["version"]})
        if status == 200:
            if one["proposal"] in self.outcome.approved:
                self.outcome.unexpected.append(f"approved twice: {one['proposal']}")
            self.outcome.approved[one["proposal"]] = self.name

    async def ask(
        self, line: Line, what: str, method: str, path: str, body: dict[str, Any] | None = None
    ) -> tuple[int, Any]:
        """Status and document of an answer."""
        begun = time.perf_counter()
        status, content = await line.ask(method, path, b"" if body is None else json.dumps(body).encode())
        self.outcome.note(what, status, time.perf_counter() - begun, content)
        return status, json.loads(content) if content else None


def reviewed(base: str, keys: dict[str, str], breaks: list[str], *, seconds: float) -> Outcome:
    """Let everybody who has a key work for some seconds."""
    outcome = Outcome()

    async def all_of_them() -> None:
        until = time.perf_counter() + seconds
        await asyncio.gather(
            *(
                Reviewer(number, name, key, base, breaks, outcome).work(until)
                for number, (name, key) in enumerate(keys.items())
            )
        )

    begun = time.perf_counter()
    asyncio.run(all_of_them())
    outcome.seconds = time.perf_counter() - begun
    for one in outcome.told.values():
        one.lasted = outcome.seconds
    return outcome


def warmed(base: str, keys: dict[str, str], breaks: list[str]) -> Told:
    """Ask once for what all ask for, as the first visitor of a process does; what that took."""
    name, key = next(iter(keys.items()))
    told = Told()

    async def once() -> None:
        one = Reviewer(0, name, key, base, breaks, Outcome())
        line = Line(base, [("authorization", f"Bearer {key}")])
        for doing in ("list", "count", "open"):
            begun = time.perf_counter()
            await one.do(line, doing)
            told.seconds.append(time.perf_counter() - begun)
        line.close()

    asyncio.run(once())
    return told


def reviewers(url: str, users: int) -> dict[str, str]:
    """Accounts of so many senior analysts, and a key of each."""
    from greenai.identity import accounts, keys
    from greenai.identity.callers import Caller, Grant
    from greenai.store.database import connect

    grants, made = (Grant("senior_analyst", None),), {}
    until = datetime.now(UTC) + timedelta(days=1)
    with connect(url) as connection:
        for number in range(users):
            name = f"reviewer_{number:03}"
            accounts.add(
                connection, "bench", name=name, password=None, grants=list(grants), must_change=False
            )
            row = connection.execute("SELECT actor_id FROM greenai.actor WHERE name = %s", [name]).fetchone()
            assert row is not None
            caller = Caller(row[0], name, grants, "session")
            wanted = ["breaks.read", "breaks.propose", "breaks.approve", "breaks.comment"]
            key = keys.make(connection, caller, name="bench", permissions=wanted, expires_at=until)
            made[name] = key.key
    return made


def lost(url: str, outcome: Outcome) -> list[str]:
    """What the database says against what was answered; nothing where all is well."""
    from greenai.store.database import connect

    found = []
    with connect(url) as connection:

        def rows(query: str) -> list[tuple[Any, ...]]:
            return connection.execute(query.encode()).fetchall()

        makers = dict(
            rows(
                "SELECT proposal_id, a.name FROM greenai.proposal"
                " JOIN greenai.actor a ON a.actor_id = maker_id"
            )
        )
        if makers != outcome.made:
            found.append(f"answered proposals: {len(outcome.made)}, stored: {len(makers)}")
        checkers = dict(
            rows(
                "SELECT proposal_id, a.name FROM greenai.proposal_approval"
                " JOIN greenai.actor a ON a.actor_id = checker_id"
            )
        )
        if checkers != outcome.approved:
            found.append(f"answered approvals: {len(outcome.approved)}, stored: {len(checkers)}")
        withdrawn = {
            one for (one,) in rows("SELECT proposal_id FROM greenai.proposal WHERE state = 'withdrawn'")
        }
        if withdrawn != outcome.withdrawn:
            found.append(f"answered withdrawals: {len(outcome.withdrawn)}, stored: {len(withdrawn)}")
        for what, query in WRONG.items():
            count = rows(query)[0][0]
            if count:
                found.append(f"{count} {what}")
    return found


WRONG: Final = {
    "decisions whose maker is their checker": (
        "SELECT count(*) FROM greenai.decision WHERE maker_id = actor_id"
    ),
    "approvals of a maker": (
        "SELECT count(*) FROM greenai.proposal p JOIN greenai.proposal_approval a USING (proposal_id)"
        " WHERE p.maker_id = a.checker_id"
    ),
    "approved breaks that were decided more than once or not at all": (
        "SELECT count(*) FROM greenai.proposal p JOIN greenai.proposal_item i USING (proposal_id)"
        " LEFT JOIN LATERAL (SELECT count(*) AS n FROM greenai.decision d WHERE d.recon_id = p.recon_id"
        " AND d.break_id = i.break_id AND d.proposal_id = p.proposal_id) d ON true"
        " WHERE p.state = 'applied' AND d.n <> CASE WHEN i.outcome = 'decided' THEN 1 ELSE 0 END"
    ),
    "breaks in two open proposals": (
        "SELECT count(*) FROM (SELECT i.break_id FROM greenai.proposal p"
        " JOIN greenai.proposal_item i USING (proposal_id) WHERE p.state IN ('proposed', 'approved')"
        " GROUP BY 1 HAVING count(*) > 1) twice"
    ),
    # What is decided may be proposed anew, by somebody who has seen how it was decided.
    "breaks that were decided over a decision which the maker had not seen": (
        "SELECT count(*) FROM greenai.proposal_item earlier JOIN greenai.proposal_item later USING (break_id)"
        " WHERE later.proposal_id <> earlier.proposal_id AND later.applied_in > earlier.applied_in"
        " AND earlier.outcome = 'decided' AND later.outcome = 'decided'"
        " AND later.decided_in < earlier.applied_in"
    ),
    "approved proposals that were not applied": (
        "SELECT count(*) FROM greenai.proposal WHERE state = 'approved'"
    ),
}
"""What may not be, and a query that counts it."""


@contextmanager
def deciding(url: str) -> Iterator[None]:
    """A worker that decides what is approved, until all is; in a thread of this process."""
    from greenai.engines.duckdb import DuckDBEngine
    from greenai.jobs.deciding import decide_proposal
    from greenai.jobs.worker import Worker
    from greenai.pipeline.approving import JOB

    def work(claim: Any, told: Any) -> None:
        decide_proposal(url, DuckDBEngine, claim, interruptible=told)

    worker = Worker(url, "worker", "bench-1", {JOB: work}, tell=lambda *_, **__: None)
    enough = threading.Event()

    def until_enough() -> None:
        # What waits at the end is worked off too.
        while worker.once() or not enough.is_set():
            enough.wait(0.02)

    thread = threading.Thread(target=until_enough)
    thread.start()
    try:
        yield
    finally:
        enough.set()
        thread.join()


def filled(url: str, folder: Path, rows: int) -> list[str]:
    """A recon with so many breaks; their identities."""
    import greenai
    from greenai.store.database import connect

    for side, cents in (("a", "00"), ("b", "50")):
        lines = ["id,amount,currency", *(f"k{one:06},{one}.{cents},EUR" for one in range(rows))]
        (folder / f"{side}.csv").write_text("\n".join(lines) + "\n")
    (folder / "recon.yaml").write_text(
        f"recon: {RECON}\nsources:\n  a: {{location: a.csv}}\n  b: {{location: b.csv}}\nkey: [id]\n"
        'fields:\n  id: {type: string}\n  amount: {type: "decimal(18,2)"}\n  currency: {type: string}\n'
        "amount: {field: amount, currency: currency}\nstore: {table: trade}\n"
    )
    with greenai.run(folder / "recon.yaml", business_date="2026-01-06", store=url, causes=False):
        pass
    with connect(url) as connection:
        query = b"SELECT replace(break_id::text, '-', '') FROM greenai.present_break ORDER BY 1"
        return [one for (one,) in connection.execute(query).fetchall()]


def written(users: int, outcome: Outcome, problems: list[str]) -> str:
    """The page of a measurement."""
    total = sum(len(one.seconds) for one in outcome.told.values())
    lines = [
        f"{users} reviewers for {outcome.seconds:.0f} s: {total / outcome.seconds:,.0f} requests/s,"
        f" {len(outcome.made)} proposals, {len(outcome.approved)} approved,"
        f" {len(outcome.withdrawn)} withdrawn",
        "",
        "| what | requests | a second | median | p95 | statuses |",
        "|---|---:|---:|---:|---:|---|",
    ]
    for what, told in sorted(outcome.told.items()):
        statuses = ", ".join(f"{status}: {count}" for status, count in sorted(told.statuses.items()))
        median, p95 = (f"{told.quantile(share) * 1000:,.0f} ms" for share in (0.5, 0.95))
        lines.append(f"| {what} | {len(told.seconds)} | {told.rate:,.1f} | {median} | {p95} | {statuses} |")
    wrong = [f"{count} x {said}" for said, count in Counter(outcome.unexpected).most_common(10)] + problems
    return "\n".join([*lines, "", *(wrong or ["nothing unexpected, nothing lost"])]) + "\n"


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reviewers", description=__doc__)
    parser.add_argument("--users", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--breaks", type=int, default=50_000)
    asked = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="greenai-reviewers-") as folder,
        servers(None) as (url, redis_url),
    ):
        from greenai.store.database import connect
        from greenai.store.migrations import migrate

        with connect(url) as connection:
            migrate(connection)
        breaks = filled(url, Path(folder), asked.breaks)
        keys = reviewers(url, asked.users)
        with bff(url, redis_url) as address, deciding(url):
            first = warmed(address, keys, breaks)
            outcome = reviewed(address, keys, breaks, seconds=asked.seconds)
        problems = lost(url, outcome)
    facts = machine.facts()
    print(", ".join(f"{name}: {value}" for name, value in facts.items()))
    print(f"the first list, count and break of a process: {max(first.seconds) * 1000:,.0f} ms at most")
    print(written(asked.users, outcome, problems))
    sys.exit(1 if outcome.unexpected or problems else 0)


if __name__ == "__main__":
    main()
