"""Causes and approved rules of the store, for a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from greenai.reports.canvas import Canvas
from greenai.reports.tables import moment, number, table
from greenai.reports.text import cells, fit, visible, wrap

if TYPE_CHECKING:
    from greenai.domain.rules import CauseLine, Rule, RuleChange

SHORT = 8
"""Letters of an identity that a list shows."""
STYLES = {"proposed": "dim", "accepted": "good", "suspended": "bad"}


def render_causes(lines: Sequence[CauseLine], *, width: int, colour: bool) -> str:
    """A table of causes, those that explain most first."""
    canvas = Canvas(width, colour=colour)
    if not lines:
        canvas.line(("no causes", "dim"))
        return canvas.text()
    head = ("cause", "state", "breaks", "exceptions", "reason", "what")
    rows = [
        [
            (line.cause_id[:SHORT], "strong"),
            (line.state, STYLES[line.state]),
            (number(line.breaks), ""),
            (number(line.exceptions), "warn" if line.exceptions else ""),
            (visible(reason(line)), ""),
        ]
        for line in lines
    ]
    wide = sum(max(cells(head[n]), *(cells(row[n][0]) for row in rows)) + 2 for n in range(5))
    room = max(24, width - wide)
    whole = [[*row, (fit(visible(what(line)), room), "")] for row, line in zip(rows, lines, strict=True)]
    table(canvas, head, whole, right={2, 3})
    return canvas.text()


def render_cause(line: CauseLine, *, width: int, colour: bool) -> str:
    """Everything about one cause, and its rule."""
    canvas = Canvas(width, colour=colour)
    canvas.line((line.cause_id, "title"), ("  " + visible(line.recon), "strong"))
    canvas.line(("  ", ""), (line.state, STYLES[line.state]), (f"  {visible(reason(line))}", ""))
    for text in (what(line), line.explanation):
        for part in wrap(visible(text), max(1, canvas.width - 2)) if text else ():
            canvas.line(("  " + part, ""))
    if line.run is not None and line.measure is not None:
        said = f"  in run {line.run}: {number(line.breaks)} breaks; in its scope {line.measure}"
        canvas.line((said, "dim"))
    if line.rule is not None:
        _rule(canvas, line.rule, line.changes, line.kind)
    return canvas.text()


def reason(line: CauseLine) -> str:
    """The reason that was approved, else the one that was found."""
    return line.reason if line.rule is None else line.rule.reason


def what(line: CauseLine) -> str:
    """``notional: b = a * 100 where currency = 'JPY'``."""
    said = line.expression if line.field is None else f"{line.field}: {line.expression}"
    return said if line.scope == "true" else f"{said} where {line.scope}"


def done(rule: Rule, kind: str) -> str:
    """``exclude: the record is not stored``: what becomes of what a rule explains."""
    if rule.resolution is None:
        return "as the definition says: the value of its authority is stored (side a, unless it names b)"
    if rule.resolution == "exclude":
        return "exclude: the record is not stored"
    what = "value" if kind == "value" else "record"
    return f"{rule.resolution}: the {what} of side {rule.resolution[-1]} is stored"


def _rule(canvas: Canvas, rule: Rule, changes: Sequence[RuleChange], kind: str) -> None:
    of = rule.range
    canvas.heading("Approved rule")
    for part in wrap(f"resolution {done(rule, kind)}", max(1, canvas.width - 2)):
        canvas.line(("  " + part, ""))
    canvas.line(
        (f"  up to {of.max_exceptions:.2%} exceptions, {of.smallest:,} to {of.largest:,} records", "")
    )
    for one in changes:
        style = STYLES.get(one.event, "good" if one.event == "resumed" else "dim")
        where = f" in run {one.run}" if one.run is not None else ""
        canvas.line(
            ("  " + moment(one.at) + "  ", "dim"),
            (one.event, style),
            (f"{where} by {visible(one.actor)}", ""),
        )
        for part in wrap(visible(one.comment), max(1, canvas.width - 6)) if one.comment else ():
            canvas.line(("      " + part, "dim"))
