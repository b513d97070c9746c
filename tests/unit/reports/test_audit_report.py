"""The audit as text, CSV and JSON lines."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from greenai.domain.audit import Event, Finding, Verification
from greenai.reports.audit import COLUMNS, csv_lines, json_lines, render_events, render_verification

EVENT = Event(
    event_id=7,
    at=datetime(2026, 3, 1, 6, 0, 0, 125, UTC),
    actor="ann",
    action="decide",
    subject="trades",
    recon="trades",
    details={"breaks": 3},
    before=None,
    after={"state": "approved"},
    evidence=None,
    request_id=None,
    model_version=None,
    position=5,
    hash="0" * 64,
)
FOUND = Verification(
    events=2,
    heads=1,
    anchors=1,
    publications=0,
    decisions=0,
    position=2,
    hash="0" * 64,
    anchored=1,
    findings=(),
    notes=("a remark",),
    seconds=0.1,
)


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "\n", "＝"])
def test_no_cell_of_an_export_is_a_formula(begin: str) -> None:
    given = replace(EVENT, actor=f"{begin}cmd|' /C calc'!A0", subject=f'{begin}1,"2"')
    (row,) = csv.DictReader(io.StringIO("".join(csv_lines([given])), newline=""))
    assert row["actor"] == f"'{given.actor}"
    assert row["subject"] == f"'{given.subject}"


def test_an_export_without_events_still_has_its_header() -> None:
    assert "".join(csv_lines([])).strip().split(",") == list(COLUMNS)
    assert "".join(json_lines([])) == ""


def test_json_lines_are_the_events_again() -> None:
    (line,) = json_lines([EVENT])
    told = json.loads(line)
    assert told["at"] == "2026-03-01T06:00:00.000125Z"
    assert told == EVENT.as_dict()
    assert line.count("\n") == 1


def test_a_verification_says_whether_it_holds_and_what_does_not() -> None:
    good = render_verification(FOUND, width=100, colour=False)
    assert "the audit holds" in good
    assert "a remark" in good
    finding = Finding("removed_link", "link 2 of the chain is missing", position=2)
    bad = render_verification(replace(FOUND, findings=(finding,)), width=100, colour=False)
    assert "1 findings" in bad
    assert "removed link: link 2 of the chain is missing" in bad
    assert replace(FOUND, findings=(finding,)).as_dict()["holds"] is False


def test_events_are_a_table_without_control_characters() -> None:
    shown = render_events([replace(EVENT, subject="a\x1b[31mb")], width=120, colour=False)
    assert "\x1b" not in shown
    assert "decide" in shown
    assert "nothing of that kind" in render_events([], width=80, colour=False)
