"""Nobody decides what they proposed themselves: the program refuses it, and so does the database."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import psycopg
import pytest
from proposaldesk import DAY, Bench, opened, sides

from greenai.domain.proposals import Selection, Wish
from greenai.errors import ConflictError, ForbiddenError, UsageError
from greenai.pipeline.approving import answer, send_back, withdraw
from greenai.pipeline.proposing import preview, propose, resubmit
from greenai.pipeline.review_limits import Limit, replace, revision
from greenai.store import proposals
from greenai.store.database import connect


@pytest.fixture
def bench(postgres_url: str, tmp_path: Path) -> Bench:
    bench = opened(tmp_path, postgres_url)
    bench.desk.run(DAY, *sides(6))
    return bench


def refused(bench: Bench, statement: str, *given: object) -> str:
    """What the database says to a statement that it refuses."""
    with pytest.raises(psycopg.Error) as caught, connect(bench.url) as connection:
        connection.execute(statement.encode(), given)
    return str(caught.value)


def test_the_database_itself_knows_no_decision_whose_maker_is_its_checker(bench: Bench) -> None:
    proposal = bench.proposed("ann", bench.ids()[:2])
    with pytest.raises(ForbiddenError, match="themselves"):
        bench.approved("ann", proposal)
    assert "four_eyes" in refused(
        bench,
        "INSERT INTO greenai.proposal_approval (proposal_id, checker_id, maker_id)"
        " SELECT proposal_id, maker_id, maker_id FROM greenai.proposal",
    )
    # Another name for the maker does not help: it must be the one that the proposal has.
    bob = bench.person("bob")
    assert "foreign key" in refused(
        bench,
        "INSERT INTO greenai.proposal_approval (proposal_id, checker_id, maker_id)"
        " SELECT proposal_id, maker_id, %s FROM greenai.proposal",
        bob.actor_id,
    )
    bench.approved("bob", proposal)
    bench.work_off()
    again = (
        "INSERT INTO greenai.decision (recon_id, business_date, break_id, publication_id, decided_in,"
        " outcome, rule, policy, actor_id, proposal_id, maker_id)"
        " SELECT recon_id, business_date, break_id, publication_id, decided_in + 1, outcome, rule, policy,"
        " {actor}, proposal_id, {maker} FROM greenai.decision WHERE proposal_id IS NOT NULL LIMIT 1"
    )
    with connect(bench.url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO greenai.publication (run_id, kind) SELECT max(run_id), 'review' FROM greenai.run"
        )
    assert "four_eyes" in refused(bench, again.format(actor="maker_id", maker="maker_id"))
    assert "foreign key" in refused(bench, again.format(actor="maker_id", maker="actor_id"))
    assert "foreign key" in refused(bench, again.format(actor="0", maker="maker_id"))


def test_what_was_proposed_and_approved_never_changes(bench: Bench) -> None:
    proposal = bench.proposed("ann", bench.ids()[:2])
    bob = bench.person("bob").actor_id
    for statement in (
        f"UPDATE greenai.proposal SET maker_id = {bob}",
        "UPDATE greenai.proposal SET resolution = 'take_a'",
        "UPDATE greenai.proposal_item SET publication_id = publication_id + 1",
        "DELETE FROM greenai.proposal_item",
        "DELETE FROM greenai.proposal",
    ):
        assert "append-only" in refused(bench, statement)
    bench.approved("bob", proposal)
    assert "append-only" in refused(bench, "UPDATE greenai.proposal_approval SET comment = 'x'")
    bench.work_off()
    assert "append-only" in refused(bench, "UPDATE greenai.proposal SET state = 'proposed', closed_at = NULL")


def set_limits(bench: Bench, *wanted: Limit) -> None:
    """Limits that sue sets after she has seen those that hold."""
    seen = revision(bench.does(proposals.limits, 1))
    bench.does(replace, 1, bench.person("sue"), wanted, seen=seen)


def test_above_the_limit_two_checkers_are_needed_that_are_not_the_maker(bench: Bench) -> None:
    breaks = bench.ids()
    set_limits(bench, ("EUR", Decimal("4"), 6), (None, Decimal("1000"), 6))
    small = bench.proposed("ann", breaks[:2])
    assert (small.eyes, small.eyes_why) == (4, None)
    large = bench.proposed("ann", breaks[4:])
    assert (large.eyes, large.checkers) == (6, 2)
    assert large.eyes_why == "9.00 EUR is above the limit of 4"

    once = bench.approved("bob", large)
    assert (once.state, once.version) == ("proposed", 2)
    assert bench.work_off() == 0
    for name, error in (("bob", ConflictError), ("ann", ForbiddenError)):
        with pytest.raises(error):
            bench.approved(name, once)
    assert bench.approved("cid", once).state == "approved"
    bench.work_off()
    assert bench.one(large).state == "applied"
    # The limit was lowered after it was proposed: what holds now counts.
    set_limits(bench, (None, Decimal("0.5"), 6))
    assert bench.approved("bob", small).state == "proposed"


def test_a_reason_that_nobody_used_here_needs_two_checkers_until_it_was_used(bench: Bench) -> None:
    breaks = bench.ids()
    new = bench.proposed("ann", breaks[:1], reason="FX_RATE", comment="Monday's source")
    assert (new.eyes, new.eyes_why) == (6, "FX_RATE was never used in this recon")
    bench.approved("cid", bench.approved("bob", new))
    bench.work_off()
    assert bench.ask("SELECT reason_code, method FROM greenai.present_break WHERE state = 'approved'") == [
        ("FX_RATE", "person")
    ]
    assert bench.proposed("ann", breaks[1:2], reason="FX_RATE", comment="the same").eyes == 4


def test_a_given_reason_holds_in_later_runs_with_its_maker(bench: Bench) -> None:
    new = bench.proposed("ann", bench.ids()[:1], reason="FX_RATE", comment="Monday's source")
    bench.approved("cid", bench.approved("bob", new))
    bench.work_off()
    bench.desk.run("2026-01-07")
    bench.desk.run("2026-01-08", *sides(6, lambda i: i > 0))
    bench.desk.run("2026-01-09", *sides(6))
    assert bench.states() == {"approved": 1, "in_review": 5}
    assert bench.ask(
        "SELECT p.reason_code, m.name, d.comment FROM greenai.present_break p"
        " JOIN greenai.decision d USING (recon_id, business_date, break_id, publication_id)"
        " JOIN greenai.actor m ON m.actor_id = d.maker_id WHERE p.state = 'approved'"
    ) == [("FX_RATE", "ann", "Monday's source")]


def test_a_returned_proposal_is_corrected_about_what_nobody_else_took(bench: Bench) -> None:
    breaks = bench.ids()
    first = bench.proposed("ann", breaks[:4])
    returned = bench.does(send_back, first.proposal_id, bench.person("bob"), version=1, comment="which rate?")
    assert bench.states() == {"returned": 4, "in_review": 2}
    other = bench.proposed("dan", breaks[:1])
    wish = Wish("override", resolution="take_a")
    with pytest.raises(ForbiddenError):
        bench.does(resubmit, first.proposal_id, bench.person("dan"), wish, version=returned.version)

    second = bench.does(resubmit, first.proposal_id, bench.person("ann"), wish, version=returned.version)

    assert (second.corrects_id, second.items, second.resolution) == (first.proposal_id, 3, "take_a")
    assert bench.one(first).state == "corrected"
    assert bench.outcomes(first) == {None: 3, "fallen": 1}
    bench.approved("bob", second)
    bench.approved("bob", other)
    bench.work_off()
    assert bench.states() == {"approved": 4, "in_review": 2}
    assert {key: str(row[0]) for key, row in bench.desk.golden().items()} == {
        "k000000": "0.50",
        "k000001": "1.00",
        "k000002": "2.00",
        "k000003": "3.00",
    }


def test_a_question_holds_its_breaks_until_somebody_else_answers_it(bench: Bench) -> None:
    breaks = bench.ids()
    asked = bench.proposed("ann", breaks[:1], kind="request_information", comment="which desk?")
    with pytest.raises(ConflictError, match="open proposal"):
        bench.proposed("bob", breaks[:2])
    with pytest.raises(UsageError, match="answered"):
        bench.approved("bob", asked)
    with pytest.raises(ForbiddenError):
        bench.does(answer, asked.proposal_id, bench.person("ann"), version=1, comment="mine")
    bench.does(answer, asked.proposal_id, bench.person("bob"), version=1, comment="the FX desk")
    assert bench.one(asked).state == "answered"
    assert bench.states() == {"in_review": 6}


def test_what_cannot_be_done_is_refused_before_it_is_proposed(bench: Bench) -> None:
    breaks = bench.ids()
    for wish in (
        {"kind": "accept"},  # nothing explains these breaks
        {"resolution": None},
        {"resolution": "take_value"},
        {"kind": "reject"},
        {"reason": "UNKNOWN", "comment": "x"},
        {"reason": "FX_RATE"},  # from UNKNOWN without a word
        {"reason": "NO_SUCH", "comment": "x"},
    ):
        with pytest.raises(UsageError):
            bench.proposed("ann", breaks[:1], **wish)
    assert bench.states() == {"in_review": 6}
    assert bench.ask("SELECT count(*) FROM greenai.proposal") == [(0,)]
    seen = bench.does(preview, 1, Selection(filter={"min_amount": "3"}), Wish("accept"))
    assert (seen.breaks, seen.records, seen.taken) == (3, 3, 0)
    assert seen.problem.startswith("nothing explains 3 of these breaks")


def test_all_that_a_filter_finds_is_proposed_but_what_others_hold(bench: Bench) -> None:
    bench.proposed("ann", bench.ids()[:2])
    wish = Wish("override", resolution="take_b")
    with connect(bench.url) as connection:
        rest = propose(connection, 1, bench.person("dan"), Selection(filter={"search": "k0000"}), wish)
        assert rest.items == 4
        assert rest.selection == {"filter": {"search": "k0000"}}
    assert bench.states() == {"proposed": 6}


def test_its_maker_withdraws_a_proposal_and_nobody_else(bench: Bench) -> None:
    proposal = bench.proposed("ann", bench.ids()[:2])
    with pytest.raises(ForbiddenError):
        bench.does(withdraw, proposal.proposal_id, bench.person("bob"), version=1)
    bench.does(withdraw, proposal.proposal_id, bench.person("ann"), version=1)
    assert bench.states() == {"in_review": 6}
    with pytest.raises(ConflictError):
        bench.approved("bob", bench.one(proposal))


def test_makers_of_breaks_that_wait_are_told_apart(bench: Bench) -> None:
    breaks = bench.ids()
    waits = bench.proposed("ann", breaks[:2])
    decided = bench.proposed("dan", breaks[2:])
    bench.approved("bob", decided)
    bench.work_off()
    assert bench.does(proposals.makers_of, 1) == {waits.maker_id}
