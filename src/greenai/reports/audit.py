"""The audit for people and programs: a verification, events as a table, as CSV, as JSON lines."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from greenai.reports.canvas import Canvas
from greenai.reports.tables import moment, table
from greenai.reports.text import fit, visible

if TYPE_CHECKING:
    from greenai.domain.audit import Event, Verification

COLUMNS: Final = (
    *("event_id", "position", "at", "actor", "action", "subject", "recon", "request_id", "model_version"),
    *("details", "before", "after", "evidence", "hash"),
)
"""The columns of an export."""
DOCUMENTS: Final = frozenset({"details", "before", "after", "evidence"})
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""How a cell begins that a spreadsheet would compute; a quote before it makes a text of it."""
_NAME, _DETAILS = 28, 70


def render_verification(found: Verification, *, width: int, colour: bool) -> str:
    """What was looked at, what is wrong, and what the end of the chain is."""
    canvas = Canvas(width, colour=colour)
    word = ("the audit holds", "good") if found.holds else (f"{len(found.findings):,} findings", "bad")
    canvas.line(word, (f"  {found.events:,} events, {found.seconds:.1f} s", "dim"))
    canvas.line(
        (
            f"  {found.publications:,} publications with {found.decisions:,} decisions, "
            f"{found.heads:,} heads, {found.anchors:,} anchors",
            "",
        )
    )
    canvas.line((f"  head {found.position} {found.hash}", "dim"))
    canvas.line((f"  anchored up to {found.anchored}", "dim"))
    for one in found.findings:
        canvas.line((f"  {one.what.replace('_', ' ')}: ", "bad"), (visible(one.message), ""))
    for note in found.notes:
        canvas.line((f"  note: {visible(note)}", "warn"))
    return canvas.text()


def render_events(events: Sequence[Event], *, width: int, colour: bool) -> str:
    """A table of events, the last first."""
    canvas = Canvas(width, colour=colour)
    if not events:
        canvas.line(("nothing of that kind happened", "dim"))
        return canvas.text()
    rows = [
        (
            (str(one.event_id), "strong"),
            (moment(one.at), "dim"),
            (fit(visible(one.actor), _NAME), ""),
            (fit(visible(one.action), _NAME), ""),
            (fit(visible(one.subject), _NAME), ""),
            (fit(visible(json.dumps(one.details, ensure_ascii=False)), _DETAILS), "dim"),
        )
        for one in events
    ]
    table(canvas, ("event", "at", "who", "did", "about", "details"), rows, right={0})
    return canvas.text()


def json_lines(events: Iterable[Event]) -> Iterator[str]:
    """One JSON document for each event, each on a line."""
    for one in events:
        yield json.dumps(one.as_dict(), ensure_ascii=True) + "\n"


def csv_lines(events: Iterable[Event]) -> Iterator[str]:
    """A CSV with a header; documents are JSON, and no cell is a formula to a spreadsheet."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for one in events:
        told = one.as_dict()
        writer.writerow([_cell(name, told[name]) for name in COLUMNS])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    if rest := buffer.getvalue():
        yield rest


def _cell(name: str, value: object) -> str:
    if value is None:
        return ""
    text = json.dumps(value, ensure_ascii=False) if name in DOCUMENTS else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text
