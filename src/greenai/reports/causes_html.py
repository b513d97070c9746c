"""Causes as HTML, and what has none."""

from __future__ import annotations

from greenai.domain.causes import Example
from greenai.domain.report import Report
from greenai.reports import causes, groups
from greenai.reports.markup import Column, escape, section, table


def render(report: Report) -> str:
    """One row per cause: how much it explains, the sentence, examples, and what it does not explain."""
    lines = causes.cause_lines(report)
    if not lines:
        return ""
    heads = (Column("breaks", "number"), Column("exceptions", "number"), Column("cause"), Column("reason"))
    rows = [
        (
            f"{line.cause.breaks:,}",
            f"{line.cause.exceptions:,}" if line.cause.exceptions else '<span class="remark">0</span>',
            f'<strong>{escape(line.title)}</strong> <span class="remark">{escape(line.scope)}</span><br>'
            f"{escape(line.cause.explanation)}"
            + _shown("e.g.", line.cause.examples)
            + _shown("exceptions:", line.cause.counter_examples),
            f'{escape(line.cause.reason)}<br><span class="remark">{line.nature}</span>',
        )
        for line in lines
    ]
    caption = f"{causes.explained(report):,} of {report.summary.breaks:,} breaks have a verified cause"
    more = causes.left_out(report)
    note = f'<p class="remark">{escape(more)}</p>' if more else ""
    return section("causes", "Causes", table(caption, heads, rows) + note)


def unexplained(report: Report) -> str:
    """One row per group of what nothing explains: what it looks like, examples, and why."""
    shown = groups.shown(report)
    if not shown:
        return ""
    heads = (Column("breaks", "number"), Column("what they look like"), Column("why they are not explained"))
    rows = [
        (f"{one.breaks:,}", escape(groups.words(one)) + _shown("e.g.", one.examples), escape(one.why))
        for one in shown
    ]
    caption = f"{groups.unexplained(report):,} of {report.summary.breaks:,} breaks have no known reason"
    more = groups.left_out(report)
    note = f'<p class="remark">{escape(more)}</p>' if more else ""
    return section("unexplained", "Not explained", table(caption, heads, rows) + note)


def _shown(word: str, examples: tuple[Example, ...]) -> str:
    if not examples:
        return ""
    listed = "; ".join(escape(causes.example(one)) for one in examples)
    return f'<br><span class="remark">{word} {listed}</span>'
