"""Approved rules hold in the range in which they were approved; beyond it they are suspended."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rulebook import FIRST, MONEY, SECOND, THIRD, Book, scaled, wrong

import face
import greenai
from greenai.errors import StoreError


@pytest.fixture
def book(postgres_url: str, tmp_path: Path) -> Book:
    return Book(tmp_path, postgres_url)


def test_too_many_exceptions_suspend_the_rule_and_nothing_passes_by_it(book: Book) -> None:
    book.run(FIRST, book.rows(1))
    line = book.accept()
    bad = [row[0] for row in book.rows(2) if row[1] == "JPY"][:30]
    done = book.run(SECOND, book.rows(2), wrong(*bad))
    assert {outcome for outcome, *_ in book.decided(SECOND)} == {"review"}
    (note,) = [one for one in done.report.notes if "suspended" in one]
    assert "30 exceptions among 300 are 10.00%, approved were at most 1.52%" in note
    assert book.events()[1:] == [("suspended", "gate", True, 300, 30)]
    shown = greenai.cause(line.cause_id, store=book.url)
    assert shown.state == "suspended"
    assert "10.00%" in face.greenai("show", done.run_id, "--store", book.url).out
    # Suspended, it stays so until somebody resumes it.
    book.run(THIRD, book.rows(3), causes=True)
    assert book.decided(THIRD) == {("review", "cause", "default"): 300}
    greenai.change_rule(line.cause_id, "resume", actor="ann", store=book.url)
    book.run(THIRD, book.rows(3))
    assert book.decided(THIRD) == {("passed", "rule", "rule"): 300}


@pytest.mark.parametrize(("mended", "agreeing"), [("x", 150), ("xy", 300)])
def test_agreeing_records_are_exceptions_too(book: Book, mended: str, agreeing: int) -> None:
    book.run(FIRST, book.rows(1))
    book.accept()
    # The back office mended it, here or everywhere: what agrees now contradicts the rule.
    book.run(SECOND, book.rows(2), lambda row: row[3] if row[2] in mended else scaled(row))
    assert book.events()[1:] == [("suspended", "gate", True, 300, agreeing)]


@pytest.mark.parametrize(
    ("context", "type_", "why"),
    [
        (["desk"], MONEY, "there is no column currency to tell its scope"),
        (["currency", "desk"], "string", "cannot be computed for string"),
        (["currency", "desk"], None, "the run does not compare a field amount"),
    ],
)
def test_a_rule_that_fits_the_definition_no_more_is_suspended(
    book: Book, context: list[str], type_: str | None, why: str
) -> None:
    book.run(FIRST, book.rows(1))
    book.accept()
    book.context, book.amount = context, type_
    done = book.run(SECOND, book.rows(2))
    assert any(why in note for note in done.report.notes)
    assert book.events()[1:] == [("suspended", "gate", True, None, None)]
    assert "passed" not in {outcome for outcome, *_ in book.decided(SECOND)}


@pytest.mark.parametrize("count", [90, 4500])
def test_a_scope_of_another_size_suspends_the_rule(book: Book, count: int) -> None:
    book.run(FIRST, book.rows(1))
    book.accept()
    book.run(SECOND, book.rows(2, count=count))
    assert {outcome for outcome, *_ in book.decided(SECOND)} == {"review"}
    assert book.events()[1:] == [("suspended", "gate", True, count // 3, 0)]


def test_an_empty_scope_decides_nothing_and_suspends_nothing(book: Book) -> None:
    book.run(FIRST, book.rows(1))
    line = book.accept()
    book.run(SECOND, [row for row in book.rows(2) if row[1] != "JPY"])
    assert greenai.cause(line.cause_id, store=book.url).state == "accepted"


def test_the_range_may_be_told(book: Book) -> None:
    book.run(FIRST, book.rows(1))
    book.accept(max_exceptions=0.5, scope_size=(1, 10_000))
    bad = [row[0] for row in book.rows(2) if row[1] == "JPY"][:30]
    book.run(SECOND, book.rows(2), wrong(*bad))
    assert book.decided(SECOND)["passed", "rule", "rule"] == 270


def test_the_same_run_again_after_a_suspension_writes_nothing(book: Book) -> None:
    book.run(FIRST, book.rows(1))
    book.accept()
    small = book.run(SECOND, book.rows(2, count=90)).run_id
    assert book.run(SECOND, book.rows(2, count=90)).run_id == small
    assert [event for event, *_ in book.events()] == ["accepted", "suspended"]


def test_a_rule_that_is_withdrawn_while_a_run_goes_on_decides_nothing(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    from greenai.pipeline import running

    book.run(FIRST, book.rows(1))
    line = book.accept()
    compare = running.compared

    def meanwhile(*given: Any, **more: Any) -> Any:
        outcome = compare(*given, **more)
        greenai.change_rule(line.cause_id, "withdraw", actor="bob", store=book.url)
        return outcome

    monkeypatch.setattr(running, "compared", meanwhile)
    with pytest.raises(StoreError, match="while the run went on"):
        book.run(SECOND, book.rows(2))
    assert book.decided(SECOND) == {("review", "cause", "default"): 300}  # what held on the first day
    monkeypatch.undo()
    book.run(SECOND, book.rows(2), causes=True)
    assert book.ask("SELECT DISTINCT method FROM greenai.attribution") == [("cause",)]
