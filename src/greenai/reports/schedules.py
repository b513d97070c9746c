"""Schedules and notices, for a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from greenai.reports.canvas import Canvas
from greenai.reports.tables import moment, table
from greenai.reports.text import fit, visible

if TYPE_CHECKING:
    from greenai.domain.schedules import NoticeLine, ScheduleLine

STYLES = {"active": "good", "paused": "warn", "sent": "good", "waiting": "warn", "dead": "bad"}
_NAME, _ERROR = 32, 60


def render_schedules(lines: Sequence[ScheduleLine], *, width: int, colour: bool) -> str:
    """A table of the recons that run by themselves."""
    canvas = Canvas(width, colour=colour)
    if not lines:
        canvas.line(("no recon runs by itself", "dim"))
        return canvas.text()
    rows = [
        (
            (fit(visible(line.recon), _NAME), "strong"),
            (line.state, STYLES[line.state]),
            (line.cron, ""),
            (line.timezone, ""),
            ("" if line.next_at is None else moment(line.next_at), ""),
            ("" if line.next_business_date is None else line.next_business_date.isoformat(), ""),
            (fit(visible(line.folder), _ERROR), "dim"),
        )
        for line in lines
    ]
    table(canvas, ("recon", "state", "cron", "zone", "next", "for", "folder"), rows, right=set())
    return canvas.text()


def render_notices(lines: Sequence[NoticeLine], *, width: int, colour: bool) -> str:
    """A table of notices, the last first."""
    canvas = Canvas(width, colour=colour)
    if not lines:
        canvas.line(("nobody was told anything", "dim"))
        return canvas.text()
    rows = [
        (
            (str(line.notice_id), "strong"),
            (fit(visible(line.recon), _NAME), ""),
            (line.business_date.isoformat(), ""),
            ("" if line.run_id is None else str(line.run_id), ""),
            (line.event.replace("_", " "), ""),
            (fit(visible(line.target), _NAME), ""),
            (line.state, STYLES[line.state]),
            (moment(line.sent_at or line.created_at), "dim"),
            (fit(visible(" ".join((line.error or "").split())), _ERROR), "bad"),
        )
        for line in lines
    ]
    head = ("notice", "recon", "date", "run", "event", "told", "state", "at", "")
    table(canvas, head, rows, right={0, 3})
    return canvas.text()
