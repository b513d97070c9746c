"""Causes that are no rules yet: a person must say more, or they pass what nobody looked at."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from rulebook import FIRST, SECOND, Book, Row, command, scaled

import greenai
from greenai.domain.rules import CauseLine
from greenai.errors import UsageError
from greenai.reports.causes import explained
from greenai.reports.gate import whereabouts


@pytest.fixture
def book(postgres_url: str, tmp_path: Path) -> Book:
    return Book(tmp_path, postgres_url)


def of_kind(book: Book, kind: str) -> CauseLine:
    (found,) = [one for one in greenai.causes("book", store=book.url) if one.kind == kind]
    return found


def test_records_that_are_missing_anywhere_are_no_rule_and_not_explained(book: Book) -> None:
    done = book.run(FIRST, book.rows(1), lambda row: row[3] if int(row[0][1:]) % 11 else None)
    missing = of_kind(book, "only_a")
    assert missing.scope == "true"
    assert missing.breaks == done.summary.breaks > 50
    assert [one.breaks for one in done.report.causes] == [missing.breaks]
    assert explained(done.report) == 0
    with pytest.raises(UsageError, match="without a slice is no rule") as refused:
        greenai.accept_cause(missing.cause_id, actor="ann", resolution="exclude", store=book.url)
    assert "policy" in str(refused.value.remedy)


def test_a_cause_that_is_wrong_about_a_fifth_needs_the_share_in_words(book: Book) -> None:
    def most_of_desk_y(row: Row) -> Decimal | None:
        return None if row[2] == "y" and int(row[0][-2:]) % 10 < 7 else row[3]

    book.run(FIRST, book.rows(1), most_of_desk_y)
    missing = of_kind(book, "only_a")
    assert missing.scope == "desk = 'y'"
    assert missing.measure is not None
    assert missing.measure.rate > 0.2  # of its records, those that are not missing
    with pytest.raises(UsageError, match=f"wrong about {missing.measure.rate:.1%}"):
        greenai.accept_cause(missing.cause_id, actor="ann", resolution="exclude", store=book.url)
    line = greenai.accept_cause(
        missing.cause_id, actor="ann", resolution="exclude", max_exceptions=0.5, store=book.url
    )
    assert line.state == "accepted"


def test_a_slice_that_comes_after_all_suspends_the_rule_that_it_is_missing(book: Book) -> None:
    book.run(FIRST, book.rows(1), lambda row: None if row[2] == "y" else row[3])
    missing = of_kind(book, "only_a")
    greenai.accept_cause(missing.cause_id, actor="ann", resolution="exclude", store=book.url)
    book.run(SECOND, book.rows(2), lambda row: None if row[0].endswith("1") else row[3])
    assert [event for event, *_ in book.events()] == ["accepted", "suspended"]


def test_whole_records_are_not_resolved_by_a_default(book: Book) -> None:
    book.run(FIRST, book.rows(1), lambda row: None if row[2] == "y" else row[3])
    late = of_kind(book, "only_a")
    assert late.reason == "LATE_ARRIVAL"
    refused = command(book, "accept", late.cause_id[:12], "--by", "ann")
    assert refused.code == 2
    assert "are these records stored?" in refused.err
    accepted = command(book, "accept", late.cause_id[:12], "--by", "ann", "--resolution", "exclude")
    assert "resolution exclude: the record is not stored" in accepted.out


def test_another_reason_does_not_make_right_what_is_wrong(book: Book) -> None:
    book.run(FIRST, book.rows(1), scaled)
    cause = book.scale().cause_id
    with pytest.raises(UsageError, match="SCALE_ERROR says that something is wrong"):
        greenai.accept_cause(cause, actor="ann", reason="TIMING", comment="so", store=book.url)
    with pytest.raises(UsageError, match="SCALE_ERROR is non-functional, TIMING is functional") as refused:
        greenai.accept_cause(cause, actor="ann", reason="TIMING", resolution="take_b", store=book.url)
    assert "--comment" in str(refused.value.remedy)
    line = greenai.accept_cause(
        cause, actor="ann", reason="TIMING", resolution="take_b", comment="sen are yen", store=book.url
    )
    assert line.rule is not None
    assert line.rule.reason == "TIMING"


@pytest.mark.parametrize("nobody", ["", "  "])
def test_nobody_cannot_accept(book: Book, nobody: str) -> None:
    book.run(FIRST, book.rows(1))
    refused = command(book, "accept", book.scale().cause_id[:8], "--by", nobody, "--resolution", "take_a")
    assert refused.code == 2
    assert "a person decides" in refused.err


def test_a_cause_of_several_recons_is_named_with_each_command(book: Book) -> None:
    book.run(FIRST, book.rows(1))
    cause = book.scale().cause_id
    path = book.folder / "recon.yaml"
    other = path.read_text(encoding="utf-8").replace("recon: book", "recon: other_book")
    path.write_text(other.replace("table: trade", "table: trade_too"), encoding="utf-8")
    with greenai.run(path, business_date=FIRST, store=book.url):
        pass
    refused = command(book, "accept", cause[:8], "--resolution", "take_a")
    said = " ".join(refused.err.split())
    assert f"greenai causes accept {cause[:12]} --recon book" in said
    assert f"greenai causes accept {cause[:12]} --recon other_book" in said


def test_a_run_that_repeats_another_tells_that_it_suspended_a_resumed_rule(book: Book) -> None:
    book.run(FIRST, book.rows(1))
    cause = book.accept().cause_id
    small = book.run(SECOND, book.rows(2, count=90))
    greenai.change_rule(cause, "resume", actor="ann", store=book.url)
    again = book.run(SECOND, book.rows(2, count=90))
    assert again.run_id == small.run_id
    assert f"approved rule {cause[:8]} is suspended again" in whereabouts(again.report)[0]
    assert book.ask("SELECT run_id FROM greenai.rule_event WHERE event = 'suspended' ORDER BY event_id") == [
        (small.run_id,),
        (small.run_id,),
    ]
    third = book.run(SECOND, book.rows(2, count=90))
    assert "nothing was written." in whereabouts(third.report)[0]


def test_what_is_kept_out_is_told_with_the_words_of_its_cause(postgres_url: str, tmp_path: Path) -> None:
    book = Book(tmp_path, postgres_url, {"reasons": {"SCALE_ERROR": "reject"}})
    done = book.run(FIRST, book.rows(1))
    (cause,) = done.report.causes
    assert done.run_id is not None
    kept_out = greenai.rejected(done.run_id, store=book.url).breaks
    assert {one.explanation for one in kept_out} == {cause.explanation}
    (line,) = greenai.runs(store=book.url)
    assert (line.different, line.apart) == (300, 300)
