"""Decisions are taken back by a proposal of their own, and golden rows with them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from proposaldesk import DAY, NEXT, Bench, opened, sides

from greenai.domain.proposals import Proposal
from greenai.errors import ConflictError, ForbiddenError, UsageError
from greenai.pipeline.undoing import propose_undo


@pytest.fixture
def bench(postgres_url: str, tmp_path: Path) -> Bench:
    """Five records, equal the day before, with a break each."""
    bench = opened(tmp_path, postgres_url)
    bench.desk.run("2026-01-05", *sides(5, lambda _: False))
    bench.desk.run(DAY, *sides(5))
    return bench


def applied(bench: Bench, breaks: list[str], **wish: Any) -> Proposal:
    proposal = bench.proposed("ann", breaks, **wish)
    bench.approved("bob", proposal)
    bench.work_off()
    return bench.one(proposal)


def undo(bench: Bench, who: str, proposal: Proposal, breaks: list[str] | None = None) -> Proposal:
    return bench.does(  # type: ignore[no-any-return]
        propose_undo, proposal.proposal_id, bench.person(who), comment="wrong rate", breaks=breaks
    )


def rows(bench: Bench) -> dict[str, tuple[str, bool]]:
    return {key: (str(row[0]), row[-1]) for key, row in bench.desk.golden().items()}


def test_an_undo_approved_by_another_brings_breaks_and_golden_rows_back(bench: Bench) -> None:
    before = rows(bench)
    assert before["k000001"] == ("1.00", True)
    done = applied(bench, bench.ids())
    assert rows(bench)["k000001"] == ("1.50", False)

    wanted = undo(bench, "bob", done)
    assert (wanted.kind, wanted.items, wanted.undoes_id) == ("undo", 5, done.proposal_id)
    with pytest.raises(ForbiddenError):
        bench.approved("bob", wanted)
    bench.approved("cid", wanted)
    bench.work_off()

    assert rows(bench) == before
    assert bench.states() == {"in_review": 5}
    assert bench.outcomes(done) == {"undone": 5}
    assert bench.ask("SELECT state FROM greenai.run ORDER BY run_id DESC LIMIT 1") == [("awaiting_review",)]
    # What was believed meanwhile is still known.
    assert bench.ask(
        "SELECT count(*) FROM golden.trade_history WHERE amount = 1.50 AND _known_to IS NOT NULL"
    ) == [(1,)]
    assert [
        row[0]
        for row in bench.ask("SELECT action FROM greenai.audit_event WHERE action LIKE 'propos%%' ORDER BY 1")
    ] == [
        "proposal_applied",
        "proposal_approved",
        "proposal_approved",
        "proposal_undone",
        "propose",
        "propose_undo",
    ]


def test_single_items_are_undone_and_the_others_stay(bench: Bench) -> None:
    breaks = bench.ids()
    done = applied(bench, breaks)
    bench.approved("cid", undo(bench, "bob", done, breaks[:1]))
    bench.work_off()
    assert bench.states() == {"in_review": 1, "approved": 4}
    assert rows(bench)["k000000"] == ("0.00", True)
    assert rows(bench)["k000001"] == ("1.50", False)
    with pytest.raises(UsageError):
        undo(bench, "bob", done, breaks[:1])
    bench.approved("cid", undo(bench, "bob", done))
    bench.work_off()
    assert bench.states() == {"in_review": 5}


def test_a_row_that_the_undone_decision_made_is_gone(postgres_url: str, tmp_path: Path) -> None:
    bench = opened(tmp_path, postgres_url)
    bench.desk.run(DAY, *sides(2))
    done = applied(bench, bench.ids())
    assert len(rows(bench)) == 2
    bench.approved("cid", undo(bench, "bob", done))
    bench.work_off()
    assert rows(bench) == {}


def test_a_rejection_is_undone_as_well(bench: Bench) -> None:
    before = rows(bench)
    done = applied(bench, bench.ids(), kind="reject", comment="not ours")
    assert bench.states() == {"rejected": 5}
    assert rows(bench)["k000001"] == ("1.00", False)
    bench.approved("cid", undo(bench, "bob", done))
    bench.work_off()
    assert bench.states() == {"in_review": 5}
    assert rows(bench) == before


def test_a_later_day_that_kept_the_decision_is_undone_from_that_day_on(bench: Bench) -> None:
    done = applied(bench, bench.ids())
    bench.desk.run(NEXT)
    assert bench.states() == {"approved": 5}
    bench.approved("cid", undo(bench, "bob", done))
    bench.work_off()
    assert rows(bench)["k000001"] == ("1.00", True)
    assert bench.ask("SELECT amount::text FROM golden.trade_as_of(%s) WHERE id = 'k000001'", DAY) == [
        ("1.50",)
    ]
    assert bench.ask("SELECT amount::text FROM golden.trade_as_of(%s) WHERE id = 'k000001'", NEXT) == [
        ("1.00",)
    ]


def test_what_was_not_decided_and_what_was_undone_cannot_be_undone(bench: Bench) -> None:
    open_ = bench.proposed("ann", bench.ids()[:1])
    with pytest.raises(ConflictError, match="only what was decided"):
        undo(bench, "bob", open_)
    done = applied(bench, bench.ids(state="in_review"))
    wanted = undo(bench, "bob", done)
    bench.approved("cid", wanted)
    bench.work_off()
    with pytest.raises(ConflictError, match="nothing"):
        undo(bench, "bob", done)
    with pytest.raises(ConflictError, match="not undone"):
        undo(bench, "bob", bench.one(wanted))
