"""Groups of what nothing explains, in reports."""

from __future__ import annotations

from collections.abc import Sequence

from greenai.domain.groups import Group
from greenai.domain.report import Report
from greenai.reports.canvas import Canvas
from greenai.reports.text import pad, visible, wrap

MOST = 30
"""Groups that a document shows; all are in ``groups.parquet``."""
FEW = 8
"""Groups that a terminal shows."""


def shown(report: Report, most: int = MOST) -> Sequence[Group]:
    """The largest groups, first."""
    return sorted(report.groups, key=lambda one: (-one.breaks, one.group_id))[:most]


def words(one: Group) -> str:
    """What a group looks like, without its size, which stands beside it."""
    size = f"{one.breaks:,} "
    return one.description.removeprefix(size)


def unexplained(report: Report) -> int:
    """How many breaks are in any group."""
    return sum(one.breaks for one in report.groups)


def left_out(report: Report, most: int = MOST) -> str | None:
    """How many groups are not shown."""
    more = len(report.groups) - most
    if more <= 0:
        return None
    return f"{more:,} more group{'' if more == 1 else 's'}: groups.parquet of --out"


def draw_stored(canvas: Canvas, stored: Sequence[Group]) -> None:
    """The groups of a run in the store, the largest first."""
    if not stored:
        return
    canvas.heading("Not explained", (", breaks", "dim"))
    wide = max(len(f"{one.breaks:,}") for one in stored)
    room = max(20, canvas.width - wide - 4)
    for one in stored[:MOST]:
        first, *others = wrap(visible(words(one)), room)
        canvas.line(("  " + pad(f"{one.breaks:,}", wide, ">") + "  ", "strong"), (first, ""))
        for line in others:
            canvas.line((" " * (wide + 4) + line, ""))
    if len(stored) > MOST:
        canvas.line((f"  {len(stored) - MOST:,} more groups: --format json", "dim"))
