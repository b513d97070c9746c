"""Aligned columns for a terminal, and what stands in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from greenai.reports.canvas import Canvas, Segment
from greenai.reports.text import cells, pad

if TYPE_CHECKING:
    from datetime import datetime


def table(canvas: Canvas, head: Sequence[str], rows: Sequence[Sequence[Segment]], right: set[int]) -> None:
    """Aligned columns under their names; `right` are those that align at the right."""
    wide = [max(cells(title), *(cells(row[index][0]) for row in rows)) for index, title in enumerate(head)]

    def shown(line: Sequence[Segment]) -> list[Segment]:
        return [
            (("  " if index else "") + pad(text, wide[index], ">" if index in right else "<"), style)
            for index, (text, style) in enumerate(line)
        ]

    if any(head):
        canvas.line(*shown([(title, "dim") for title in head]))
    for row in rows:
        canvas.line(*shown(row))


def number(count: int | None) -> str:
    """A number, or that there is none."""
    return "–" if count is None else f"{count:,}"


def moment(at: datetime) -> str:
    """A time in this machine's zone, as short as it may be."""
    return at.astimezone().strftime("%Y-%m-%d %H:%M")
