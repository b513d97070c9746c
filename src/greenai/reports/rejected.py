"""What a run kept out, for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from greenai.reports.canvas import Canvas, Segment
from greenai.reports.excerpts import alone
from greenai.reports.text import cells, fit_left, visible, wrap

if TYPE_CHECKING:
    from greenai.domain.runs import Rejected, RejectedBreak


def render_rejected(found: Rejected, *, width: int, colour: bool) -> str:
    """Rejected records and unreadable rows of a run."""
    canvas = Canvas(width, colour=colour)
    if not found.breaks and not found.rows:
        canvas.line(("✓ ", "good"), (f"run {found.run} rejected nothing", "strong"))
        return canvas.text()
    if found.breaks:
        canvas.heading("Rejected records", (f"  {found.records:,}", "dim"))
        before = None
        for one in found.breaks:
            if one.key != before:
                canvas.line(("  " + (visible(", ".join(one.key)) or "the whole input"), "strong"))
                before = one.key
            _rejected_break(canvas, one)
    if found.rows:
        canvas.heading("Unreadable rows", (f"  {len(found.rows):,}", "dim"))
        for row in found.rows:
            place = f", line {row.line:,}" if row.line is not None else ""
            where = fit_left(visible(row.source), max(8, canvas.width // 2)) + place
            canvas.line(
                ("  ", ""), (row.side, row.side), ("  " + where, ""), ("  " + visible(row.why), "bad")
            )
            canvas.line(("     ", ""), *((piece.text, "dim") for piece in alone(row.raw, canvas.width - 5)))
    return canvas.text()


def _rejected_break(canvas: Canvas, one: RejectedBreak) -> None:
    what = visible(one.field) if one.field is not None else one.kind
    room = max(8, (canvas.width - cells(what) - 12) // 2)
    line: list[Segment] = [("    " + what, "")]
    if one.kind == "value":
        line.append(("  ", ""))
        line += [(piece.text, "a") for piece in alone(one.value_a, room)]
        line.append(("  ≠  ", "dim"))
        line += [(piece.text, "b") for piece in alone(one.value_b, room)]
    canvas.line(*line)
    why = f"{visible(one.reason)}, by {visible(one.decided_by)} ({visible(one.rule)})"
    for text in (why, one.explanation, one.comment):
        for part in wrap(visible(text), max(1, canvas.width - 6)) if text else ():
            canvas.line(("      " + part, "dim"))
