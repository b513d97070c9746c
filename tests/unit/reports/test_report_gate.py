"""What the reports of a run say of gate and store."""

from __future__ import annotations

import dataclasses
import json as stdlib_json
import re
from collections.abc import Callable
from html import unescape

import pytest
import report_samples

from greenai.domain.report import GateInfo, Report
from greenai.domain.summary import RowCounts
from greenai.reports import gate, html, json, markdown, terminal


def with_records(passed: int, review: int = 0, rejected: int = 0, **rows: int) -> Report:
    counts = {"passed": passed, "review": review, "rejected": rejected}
    report = report_samples.clean()
    known = report.summary.rows.as_dict() | rows
    summary = dataclasses.replace(report.summary, rows=RowCounts(**known), decisions=counts, records=counts)
    return dataclasses.replace(report, summary=summary, gate=GateInfo(), run=3)


PASSED = [
    (with_records(0), "There was no record to decide about."),
    (with_records(1), "The only record passed."),
    (with_records(1_200), "All 1,200 records passed."),
]
HELD = [
    (with_records(3, review=1), "1 of 4 records awaits review (25.00 %); 3 passed."),
    (with_records(0, review=2), "All 2 records await review."),
    (with_records(2, rejected=2), "2 of 4 records are rejected; 2 passed."),
    (with_records(0, rejected=1), "The only record is rejected."),
    (with_records(5, 4, 1), "4 of 10 records await review (40.00 %); 1 is rejected; 5 passed."),
    (with_records(5, rejected_b=1), "All 5 records passed. 1 row could not be read."),
]


@pytest.mark.parametrize(("report", "sentence"), [*PASSED, *HELD])
def test_the_first_sentence_says_whether_it_passed(report: Report, sentence: str) -> None:
    assert gate.outcome(report) == sentence
    assert gate.passed(report) == ((report, sentence) in PASSED)


def test_a_plain_diff_says_nothing_of_gate_or_store() -> None:
    report = report_samples.trades()
    assert gate.outcome(report) is None
    assert gate.whereabouts(report) == ()
    for render in (markdown.render, html.render, json.render, plain):
        shown = render(report)
        assert "See it again" not in shown
        assert "Decisions" not in shown
        assert '"gate"' not in shown


def plain(report: Report) -> str:
    return terminal.render(report, width=200, colour=False)


def test_a_run_without_a_store_says_so() -> None:
    report = dataclasses.replace(with_records(3), run=None)
    assert gate.whereabouts(report) == ("Nothing was stored: the run had no store.",)


def test_a_run_that_was_published_before_says_that_nothing_was_written() -> None:
    report = dataclasses.replace(with_records(3), gate=GateInfo(repeated=2, table="x"), run=2)
    assert gate.whereabouts(report) == (
        "Run 2 stored the same before: nothing was written.",
        "See it again: greenai show 2",
    )


def test_a_definition_without_golden_tables_keeps_breaks_and_decisions() -> None:
    assert gate.whereabouts(with_records(3))[0].endswith("the definition names no golden table.")


@pytest.mark.parametrize("render", [plain, markdown.render, html.render])
def test_every_report_of_a_run_answers_first(render: Callable[[Report], str]) -> None:
    report = report_samples.gated()
    shown = re.sub(r"</?[a-z][^>]*>", "", unescape(render(report)).replace("\xa0", " "))
    answer, stored, again, difference, section = (
        shown.index(text)
        for text in (
            "119 of 10,004 records await review (1.19 %); 5 are rejected; 9,880 passed.",
            "Stored as run 1204: golden.trade 210 inserted, 40 updated, 6 removed, 9,627 unchanged",
            "See it again: greenai show 1204",
            "300 of 10,000 matched pairs differ",
            "Reasons",
        )
    )
    assert answer < stored < again < difference < section


@pytest.mark.parametrize("render", [plain, markdown.render, html.render])
def test_every_report_shows_failed_checks_with_key_and_explanation(render: Callable[[Report], str]) -> None:
    shown = unescape(render(report_samples.gated()))
    checks = shown[shown.index("Checks that failed") : shown.index("Golden tables")]
    assert checks.index("range(notional, min=0)") < checks.index("not_null(counterparty)")
    for text in ("12", "T-6", "notional is -7.00, less than 0", "T-5", "counterparty is null"):
        assert text in checks
    samples = shown[shown.lower().index("failed check range(notional, min=0)") :]
    assert "T-7" in samples


def test_what_holds_everything_back_is_named() -> None:
    report = report_samples.held()
    assert gate.outcome(report) == (
        "All 2 records await review. A check of the whole input holds everything back: 2 rows, fewer than 10."
    )
    assert "the golden tables stay as they were" in gate.whereabouts(report)[0]
    assert "the whole input" in plain(report)
    # What the gate holds back is no difference between the sides.
    assert "✓ Both sides are equal: 2 rows, 1 compared field, not one difference." in plain(report)


def test_a_break_that_passed_says_what_is_taken_and_one_that_waits_does_not() -> None:
    shown = plain(report_samples.gated())
    assert "FORMAT · passed, take_b" in shown
    assert "UNKNOWN · passed, exclude" in shown
    assert re.search(r"UNKNOWN · review$", shown, re.MULTILINE)


def test_json_has_the_gate_beside_the_summary() -> None:
    report = report_samples.gated()
    document = stdlib_json.loads(json.render(report))
    assert document["records"] == {"passed": 9_880, "review": 119, "rejected": 5}
    assert document["run"] == 1_204
    found = document["gate"]
    assert found["passed"] is False
    assert found["table"] == "trade"
    assert found["stored"]["trade"]["pending"] == 77
    assert [one["rule"] for one in found["failed_checks"]] == [
        "range(notional, min=0)",
        "not_null(counterparty)",
    ]
    assert found["failed_checks"][0]["example"]["key"] == ["T-6"]
    sample = document["breaks_sample"][0]
    assert (sample["decision"], sample["resolution"]) == ("passed", "take_b")


def test_the_golden_table_of_the_records_comes_first_and_counts_rejected_records() -> None:
    lines = gate.table_lines(report_samples.gated())
    assert [(line.table, line.rejected) for line in lines] == [
        ("golden.trade", 5),
        ("golden.counterparty", None),
    ]


@pytest.mark.parametrize("width", [60, 80, 100, 160])
def test_decisions_and_tables_line_up(width: int) -> None:
    lines = terminal.render(report_samples.gated(), width=width, colour=False).split("\n")
    place = lines.index("Decisions")
    head, rows = lines[place + 1], lines[place + 2 : place + 5]
    for name in ("breaks", "records"):
        end = head.index(name) + len(name)
        assert all(row[end - 1].isdigit() and not row[end : end + 1].strip() for row in rows)
