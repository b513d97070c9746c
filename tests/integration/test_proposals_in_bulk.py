"""Many breaks at once: frozen, decided in the background, each once, whatever happens in between."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from proposaldesk import DAY, NEXT, Bench, opened, sides

from greenai.domain.proposals import Proposal, Selection, Wish
from greenai.errors import ConflictError, GreenaiError
from greenai.pipeline.approving import send_back, withdraw
from greenai.pipeline.proposing import propose

TAKE_B = Wish("override", resolution="take_b")
PROGRAM = """
import sys
from proposaldesk import Bench, Desk
Bench(Desk(None, sys.argv[1], {})).work_off(chunk=int(sys.argv[2]))
"""


def bulk(folder: Path, url: str, n: int) -> tuple[Bench, Proposal]:
    """A proposal about all breaks of a recon, that is approved."""
    bench = opened(folder, url)
    bench.desk.run(DAY, *sides(n))
    everything = Selection(filter={"state": ["in_review"]})
    proposal = bench.does(propose, 1, bench.person("ann"), everything, TAKE_B)
    assert (proposal.items, bench.states()) == (n, {"proposed": n})
    return bench, proposal


def decided_twice(bench: Bench) -> int:
    """How many breaks have more than one decision of a person."""
    (count,) = bench.ask(
        "SELECT count(*) FROM (SELECT FROM greenai.decision WHERE proposal_id IS NOT NULL"
        " GROUP BY recon_id, break_id HAVING count(*) > 1) twice"
    )[0]
    return int(count)


def until(what: Callable[[], object], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


def test_what_changed_between_proposal_and_approval_returns_to_review_and_nothing_else(
    postgres_url: str, tmp_path: Path
) -> None:
    bench, proposal = bulk(tmp_path, postgres_url, 400)
    a, b = sides(400)
    # Of a new delivery one record in twenty says something else.
    b = [(key, "999.00" if n % 20 == 0 else amount, *rest) for n, (key, amount, *rest) in enumerate(b)]
    bench.desk.run(DAY, a, b)

    bench.approved("bob", proposal)
    bench.work_off(chunk=150)

    done = bench.one(proposal)
    assert (done.state, done.decided, bench.outcomes(proposal)) == (
        "applied",
        380,
        {"decided": 380, "fallen": 20},
    )
    assert bench.states() == {"approved": 380, "in_review": 20}
    fallen = bench.ask(
        "SELECT p.key_text, p.state, i.why FROM greenai.proposal_item i JOIN greenai.present_break p"
        " USING (recon_id, break_id) WHERE i.outcome = 'fallen' ORDER BY 1"
    )
    assert fallen == [(f"k{n:06}", "in_review", "another version of it holds") for n in range(0, 400, 20)]
    assert len(bench.desk.golden()) == 380
    again = bench.proposed("ann", bench.ids(state="in_review"))
    assert again.items == 20


def test_resolved_breaks_fall_out_and_those_of_a_later_day_are_decided_there(
    postgres_url: str, tmp_path: Path
) -> None:
    bench, proposal = bulk(tmp_path, postgres_url, 20)
    bench.desk.run(NEXT, *sides(20, lambda i: i >= 5))
    bench.approved("bob", proposal)
    bench.work_off(chunk=7)
    assert bench.outcomes(proposal) == {"decided": 15, "fallen": 5}
    assert bench.ask("SELECT DISTINCT why FROM greenai.proposal_item WHERE outcome = 'fallen'") == [
        ("it is resolved",)
    ]
    assert bench.ask("SELECT DISTINCT business_date::text FROM greenai.present_break") == [(NEXT,)]
    assert bench.states() == {"approved": 15}


def test_a_break_that_changed_may_be_proposed_again_while_the_old_proposal_waits(
    postgres_url: str, tmp_path: Path
) -> None:
    bench, proposal = bulk(tmp_path, postgres_url, 4)
    a, b = sides(4)
    bench.desk.run(DAY, a, [(b[0][0], "7.00", *b[0][2:]), *b[1:]])
    assert bench.states() == {"in_review": 1, "proposed": 3}
    other = bench.proposed("dan", bench.ids(state="in_review"))
    bench.approved("bob", proposal)
    bench.work_off()
    assert bench.outcomes(proposal) == {"decided": 3, "fallen": 1}
    assert bench.states() == {"approved": 3, "proposed": 1}
    bench.approved("bob", other)
    bench.work_off()
    assert bench.outcomes(other) == {"decided": 1}


def test_a_worker_killed_in_the_middle_is_followed_by_one_that_goes_on(
    postgres_url: str, tmp_path: Path
) -> None:
    bench, proposal = bulk(tmp_path, postgres_url, 20_000)
    bench.approved("bob", proposal)
    here = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    killed = subprocess.Popen([sys.executable, "-c", PROGRAM, bench.url, "2000"], env=here)
    try:
        until(lambda: bench.one(proposal).decided >= 4_000)
    finally:
        killed.send_signal(signal.SIGKILL)
        killed.wait()
    half = bench.one(proposal)
    assert half.state == "approved"
    assert 4_000 <= half.decided < 20_000
    assert bench.outcomes(proposal)["decided"] == half.decided

    until(lambda: bench.work_off(chunk=10_000))

    assert (bench.one(proposal).state, bench.one(proposal).decided) == ("applied", 20_000)
    assert bench.outcomes(proposal) == {"decided": 20_000}
    assert bench.states() == {"approved": 20_000}
    assert decided_twice(bench) == 0
    assert len(bench.desk.golden()) == 20_000


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What several persons come to that act at the same moment: a result, or an error of greenai."""
    ready, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(number: int) -> None:
        ready.wait()
        try:
            results[number] = acts[number]()
        except GreenaiError as error:
            results[number] = error  # type: ignore[call-overload]

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(acts))]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return results


@pytest.fixture
def bench(postgres_url: str, tmp_path: Path) -> Bench:
    bench = opened(tmp_path, postgres_url)
    bench.desk.run(DAY, *sides(30))
    return bench


def test_of_two_checkers_at_once_one_approves_and_the_other_is_told(bench: Bench) -> None:
    for one in bench.ids()[:10]:
        proposal = bench.proposed("ann", [one])
        results = at_once(
            lambda p=proposal: bench.approved("bob", p), lambda p=proposal: bench.approved("cid", p)
        )
        assert sorted(type(each).__name__ for each in results) == ["ConflictError", "Proposal"]
    bench.work_off()
    assert bench.ask("SELECT count(*) FROM greenai.proposal_approval") == [(10,)]
    assert decided_twice(bench) == 0
    assert bench.states() == {"approved": 10, "in_review": 20}


def test_a_proposal_is_withdrawn_returned_or_approved_but_never_two_of_them(bench: Bench) -> None:
    ann, cid = bench.person("ann"), bench.person("cid")
    for one in bench.ids()[:10]:
        number = (proposal := bench.proposed("ann", [one])).proposal_id
        results = at_once(
            lambda n=number: bench.does(withdraw, n, ann, version=1),
            lambda p=proposal: bench.approved("bob", p),
            lambda n=number: bench.does(send_back, n, cid, version=1, comment="why?"),
        )
        assert sum(not isinstance(each, ConflictError) for each in results) == 1
    bench.work_off()
    states = dict(bench.ask("SELECT state, count(*) FROM greenai.proposal GROUP BY 1"))
    assert sum(states.values()) == 10
    assert bench.states().get("approved", 0) == states.get("applied", 0)
    assert bench.states().get("returned", 0) == states.get("returned", 0)
    assert bench.ask("SELECT count(*) FROM greenai.proposal_item WHERE open") == [(0,)]


def test_of_several_makers_at_once_one_gets_the_breaks(bench: Bench) -> None:
    breaks = bench.ids()
    makers = ["ann", "bob", "cid", "dan"]
    for one in makers:
        bench.person(one)
    results = at_once(*(lambda who=one: bench.proposed(who, breaks) for one in makers))
    assert sorted(type(each).__name__ for each in results) == ["ConflictError"] * 3 + ["Proposal"]
    assert bench.ask("SELECT count(*) FROM greenai.proposal_item WHERE open") == [(30,)]
    assert bench.ask("SELECT count(*) FROM greenai.proposal") == [(1,)]
