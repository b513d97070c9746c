"""From a proposal by a maker to decisions and golden rows, once a checker has approved it."""

from __future__ import annotations

from pathlib import Path

import pytest
from proposaldesk import DAY, Bench, opened, sides


@pytest.fixture
def bench(postgres_url: str, tmp_path: Path) -> Bench:
    bench = opened(tmp_path, postgres_url)
    bench.desk.run(DAY, *sides(5))
    return bench


def test_what_a_maker_proposes_and_a_checker_approves_is_decided_and_stored(bench: Bench) -> None:
    breaks = bench.ids()
    assert len(breaks) == 5
    assert bench.states() == {"in_review": 5}

    proposal = bench.proposed("ann", breaks[:2])

    assert (proposal.state, proposal.items, proposal.records, proposal.eyes) == ("proposed", 2, 2, 4)
    assert bench.states() == {"in_review": 3, "proposed": 2}
    assert bench.desk.golden() == {}

    approved = bench.approved("bob", proposal)
    assert approved.state == "approved"
    assert bench.work_off() == 1

    done = bench.one(proposal)
    assert (done.state, done.decided) == ("applied", 2)
    assert bench.states() == {"in_review": 3, "approved": 2}
    assert {key: str(row[0]) for key, row in bench.desk.golden().items()} == {
        "k000000": "0.50",
        "k000001": "1.50",
    }
    assert (
        bench.ask(
            "SELECT m.name, c.name, d.rule, d.resolution FROM greenai.decision d"
            " JOIN greenai.actor m ON m.actor_id = d.maker_id JOIN greenai.actor c ON c.actor_id = d.actor_id"
        )
        == [("ann", "bob", "approved", "take_b")] * 2
    )


def test_small_proposals_are_decided_together_each_by_its_own_checker(bench: Bench) -> None:
    breaks = bench.ids()
    made = [
        bench.proposed("ann", breaks[:1]),
        bench.proposed("dan", breaks[1:2], resolution="take_a"),
        bench.proposed("ann", breaks[2:3], kind="reject", comment="not ours"),
    ]
    for checker, proposal in zip(("bob", "cid", "bob"), made, strict=True):
        bench.approved(checker, proposal)

    assert bench.work_off() == 3

    assert [bench.one(one).state for one in made] == ["applied"] * 3
    assert bench.ask("SELECT count(*) FROM greenai.publication WHERE kind = 'review'") == [(1,)]
    assert bench.states() == {"approved": 2, "rejected": 1, "in_review": 2}
    assert {key: str(row[0]) for key, row in bench.desk.golden().items()} == {
        "k000000": "0.50",
        "k000001": "1.00",
    }
    assert bench.ask(
        "SELECT m.name, c.name, d.outcome FROM greenai.decision d"
        " JOIN greenai.actor m ON m.actor_id = d.maker_id"
        " JOIN greenai.actor c ON c.actor_id = d.actor_id ORDER BY d.proposal_id"
    ) == [("ann", "bob", "passed"), ("dan", "cid", "passed"), ("ann", "bob", "rejected")]


def test_a_record_that_nobody_can_store_falls_out_and_the_others_are_decided(
    postgres_url: str, tmp_path: Path
) -> None:
    bench = opened(tmp_path, postgres_url)
    a, b = sides(4)
    bench.desk.run(DAY, a, [(b[0][0], "no number", *b[0][2:]), *b[1:]])
    proposal = bench.proposed("ann", bench.ids())
    bench.approved("bob", proposal)
    bench.work_off()
    assert bench.one(proposal).state == "applied"
    assert bench.outcomes(proposal) == {"decided": 3, "fallen": 1}
    assert bench.states() == {"approved": 3, "in_review": 1}
    ((why,),) = bench.ask("SELECT why FROM greenai.proposal_item WHERE outcome = 'fallen'")
    assert why.startswith("this cannot be stored")
