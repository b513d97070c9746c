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
