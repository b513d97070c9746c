"""Causes on a terminal, and what has none."""

from __future__ import annotations

from greenai.domain.report import Report
from greenai.reports import causes, groups
from greenai.reports.canvas import Canvas
from greenai.reports.text import fit, pad, visible, wrap

_EXAMPLES = 3
_OF_GROUP = 2


def draw_causes(canvas: Canvas, report: Report) -> None:
    """Each cause in a sentence, with its reason, three examples, and three of what it does not explain."""
    lines = causes.cause_lines(report)
    if not lines:
        return
    breaks = report.summary.breaks
    canvas.heading(f"Causes, {causes.explained(report):,} of {breaks:,} breaks")
    wide = len(f"{lines[0].cause.breaks:,}")
    room = max(20, canvas.width - wide - 4)
    for line in lines:
        one = line.cause
        told = wrap(visible(one.explanation), room)
        canvas.line(("  " + pad(f"{one.breaks:,}", wide, ">") + "  ", "strong"), (told[0], ""))
        indent = " " * (wide + 4)
        for more in told[1:]:
            canvas.line((indent + more, ""))
        canvas.line((indent + fit(f"{one.reason}, {line.nature}", room), "dim"))
        for shown in one.examples[:_EXAMPLES]:
            canvas.line((indent + fit("e.g. " + visible(causes.example(shown)), room), "dim"))
        for shown in one.counter_examples[:_EXAMPLES]:
            canvas.line((indent + fit("not  " + visible(causes.example(shown)), room), "warn"))
    if more_causes := causes.left_out(report):
        canvas.line(("  " + more_causes, "dim"))


def draw_groups(canvas: Canvas, report: Report) -> None:
    """Each group of what nothing explains, with an example or two, and why nothing explains it."""
    shown = groups.shown(report, groups.FEW)
    if not shown:
        return
    canvas.heading(f"Not explained, {groups.unexplained(report):,} of {report.summary.breaks:,} breaks")
    wide = len(f"{shown[0].breaks:,}")
    room = max(20, canvas.width - wide - 4)
    indent = " " * (wide + 4)
    for one in shown:
        told = wrap(visible(groups.words(one)), room)
        canvas.line(("  " + pad(f"{one.breaks:,}", wide, ">") + "  ", "strong"), (told[0], ""))
        for more in told[1:]:
            canvas.line((indent + more, ""))
        for example in one.examples[:_OF_GROUP]:
            canvas.line((indent + fit("e.g. " + visible(causes.example(example)), room), "dim"))
        for more in wrap(visible(one.why), room):
            canvas.line((indent + more, "dim"))
    if more_groups := groups.left_out(report, groups.FEW):
        canvas.line(("  " + more_groups, "dim"))
