"""Approved rules: a cause accepted once explains the next runs, exactly."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from rulebook import FIRST, SECOND, Book, Row, scaled, wrong

import face
import greenai
from greenai.errors import UsageError


@pytest.fixture
def book(postgres_url: str, tmp_path: Path) -> Book:
    return Book(tmp_path, postgres_url)


def test_a_cause_accepted_once_passes_the_next_day_with_the_values_it_says(book: Book) -> None:
    book.run(FIRST, book.rows(1))
    assert book.decided(FIRST) == {("review", "cause", "default"): 300}
    line = book.accept(comment="JPY has no cents")
    assert (line.state, line.reason, line.breaks, line.exceptions) == ("accepted", "SCALE_ERROR", 300, 0)
    assert line.rule is not None
    assert (line.rule.range.smallest, line.rule.range.largest) == (100, 900)
    assert line.rule.range.max_exceptions == pytest.approx(1 - 0.01 ** (1 / 300))
    done = book.run(SECOND, book.rows(2))
    assert book.decided(SECOND) == {("passed", "rule", "rule"): 300}
    assert done.report.summary.decisions == {"passed": 300, "review": 0, "rejected": 0}
    (cause,) = done.report.causes
    assert (cause.approved, cause.confidence, cause.cause_id) == (True, 1.0, line.cause_id)
    golden = dict(book.ask("SELECT id, amount FROM golden.trade"))
    assert golden == {row[0]: row[3] for row in book.rows(2)}
    assert done.run_id is not None
    assert greenai.show(done.run_id, store=book.url).passed_by == {"rule": 300}
    assert "passed: 300 by approved rule" in face.greenai("show", done.run_id, "--store", book.url).out
    # The day before was decided without it.
    assert book.decided(FIRST) == {("review", "cause", "default"): 300}
    rules = book.ask(
        "SELECT DISTINCT d.rule, d.resolution, d.confidence FROM greenai.recon n,"
        " greenai.decided_at(n.recon_id, %s, 1::bigint << 62) d",
        SECOND,
    )
    assert rules == [(f"rule:{line.cause_id}", "take_a", 1.0)]


def test_the_resolution_that_was_accepted_says_what_is_stored(book: Book) -> None:
    book.run(FIRST, book.rows(1))
    book.accept(resolution="take_b")
    book.run(SECOND, book.rows(2))
    golden = dict(book.ask("SELECT id, amount FROM golden.trade"))
    assert golden == {row[0]: scaled(row) for row in book.rows(2)}


def test_a_row_in_the_scope_that_the_rule_does_not_explain_waits(book: Book) -> None:
    book.run(FIRST, book.rows(1))
    line = book.accept()
    done = book.run(SECOND, book.rows(2), wrong("T200003"))
    assert book.decided(SECOND) == {("passed", "rule", "rule"): 299, ("review", "none", "exception"): 1}
    (cause,) = done.report.causes
    assert (cause.breaks, cause.exceptions) == (299, 1)
    ((rule, explanation),) = book.ask(
        "SELECT d.rule, d.explanation FROM greenai.recon n,"
        " greenai.decided_at(n.recon_id, %s, 1::bigint << 62) d WHERE outcome = 'review'",
        SECOND,
    )
    assert rule == f"exception:{line.cause_id}"
    assert explanation == "it lies in the scope of an approved rule that does not explain it"
    assert ("T200003",) not in book.ask("SELECT id FROM golden.trade")


def test_an_exception_waits_though_a_policy_would_pass_it(postgres_url: str, tmp_path: Path) -> None:
    book = Book(tmp_path, postgres_url, {"reasons": {"UNKNOWN": "pass"}})
    book.run(FIRST, book.rows(1))
    book.accept()
    book.run(SECOND, book.rows(2), wrong("T200003", "T200004"))
    # T200004 is in EUR: the policy is about it.
    assert book.decided(SECOND) == {
        ("passed", "rule", "rule"): 299,
        ("review", "none", "exception"): 1,
        ("passed", "none", "policy"): 1,
    }


def test_a_policy_of_the_definition_comes_before_a_rule(postgres_url: str, tmp_path: Path) -> None:
    book = Book(tmp_path, postgres_url, {"reasons": {"SCALE_ERROR": "reject"}})
    book.run(FIRST, book.rows(1))
    book.accept()
    book.run(SECOND, book.rows(2))
    assert book.decided(SECOND) == {("rejected", "rule", "policy"): 300}


def test_a_withdrawn_rule_explains_nothing_and_may_be_accepted_again(book: Book) -> None:
    book.run(FIRST, book.rows(1))
    line = book.accept()
    greenai.change_rule(line.cause_id, "withdraw", actor="bob", comment="mended", store=book.url)
    book.run(SECOND, book.rows(2), causes=True)
    assert book.decided(SECOND) == {("review", "cause", "default"): 300}
    assert book.accept(scope_size=(10, 20)).state == "accepted"
    assert [event for event, *_ in book.events()] == ["accepted", "withdrawn", "accepted"]


def test_accepting_makes_the_same_files_another_run_and_the_same_again_writes_nothing(book: Book) -> None:
    first = book.run(FIRST, book.rows(1)).run_id
    book.accept()
    second = book.run(FIRST, book.rows(1)).run_id
    assert second != first
    assert book.decided(FIRST) == {("passed", "rule", "rule"): 300}
    assert book.run(FIRST, book.rows(1)).run_id == second
    assert book.ask("SELECT count(*) FROM greenai.run") == [(2,)]


def test_causes_are_looked_for_in_what_rules_leave(book: Book) -> None:
    book.run(FIRST, book.rows(1))
    line = book.accept()

    def also_signs(row: Row) -> Decimal:
        return -row[3] if row[1] == "EUR" else scaled(row)

    done = book.run(SECOND, book.rows(2), also_signs, causes=True)
    assert book.decided(SECOND) == {("passed", "rule", "rule"): 300, ("review", "cause", "default"): 300}
    found = {(one.family, one.scope, one.breaks, one.exceptions, one.outside) for one in done.report.causes}
    assert ("sign", "currency = 'EUR'", 300, 0, 300) in found
    assert {one.approved for one in done.report.causes if one.cause_id == line.cause_id} == {True}


def test_another_cause_may_explain_an_exception_but_does_not_pass_it(
    postgres_url: str, tmp_path: Path
) -> None:
    book = Book(tmp_path, postgres_url, {"reasons": {"SIGN_ERROR": "pass"}})
    book.run(FIRST, book.rows(1))
    book.accept(max_exceptions=0.9)

    def some_signs(row: Row) -> Decimal:
        return -row[3] if row[1] == "JPY" and row[2] == "x" else scaled(row)

    book.run(SECOND, book.rows(2), some_signs, causes=True)
    assert book.decided(SECOND) == {("passed", "rule", "rule"): 150, ("review", "cause", "exception"): 150}


def test_a_rule_about_missing_records_excludes_them(book: Book) -> None:
    def of_desk_x(row: Row) -> Decimal | None:
        return row[3] if row[2] == "x" else None

    book.run(FIRST, book.rows(1), of_desk_x)
    (found,) = [one for one in greenai.causes("book", store=book.url) if one.kind == "only_a"]
    assert found.scope == "desk = 'y'"
    with pytest.raises(UsageError, match="not resolved so"):
        greenai.accept_cause(found.cause_id, actor="ann", resolution="take_b", store=book.url)
    greenai.accept_cause(found.cause_id, actor="ann", resolution="exclude", store=book.url)
    book.run(SECOND, book.rows(2), of_desk_x)
    assert book.decided(SECOND) == {("passed", "rule", "rule"): 450}
    assert len(book.ask("SELECT id FROM golden.trade")) == 450


def test_a_person_may_still_decide_otherwise(book: Book) -> None:
    from greenai.pipeline.review import approve

    book.run(FIRST, book.rows(1))
    book.accept()
    done = book.run(SECOND, book.rows(2), wrong("T200003"))
    assert done.run_id is not None
    approve(book.url, done.run_id, key=["T200003"], actor="ann", resolution="take_b")
    golden = dict(book.ask("SELECT id, amount FROM golden.trade"))
    assert golden["T200003"] == book.rows(2)[3][3] + 1
    approve(book.url, done.run_id, key=["T200006"], actor="ann", outcome="rejected")
    assert "rejected" in {outcome for outcome, *_ in book.decided(SECOND)}
    assert book.decided(SECOND)["passed", "rule", "rule"] == 298


def test_a_cause_is_told_alike_whether_it_or_another_is_an_approved_rule(book: Book) -> None:
    def change(row: Row) -> Decimal:
        if row[1] != "JPY":
            return row[3]
        return -row[3] if row[2] == "y" and int(row[0][1:]) % 5 == 0 else row[3] * 100

    def told() -> dict[str, tuple[str, int]]:
        return {
            one.expression: (one.explanation, one.exceptions)
            for one in greenai.causes("book", store=book.url)
            if one.run is not None
        }

    rows = book.rows(1)
    book.run(FIRST, rows, change)
    first = told()
    assert len(first) == 2
    assert all("0 unexplained" in sentence for sentence, _ in first.values())
    book.accept()
    book.run(SECOND, rows, change, causes=True)
    assert told() == first
