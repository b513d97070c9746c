"""Jobs of the engines, for a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from greenai.reports.canvas import Canvas
from greenai.reports.tables import moment, table
from greenai.reports.text import fit, visible

if TYPE_CHECKING:
    from greenai.domain.jobs import Job

STYLES = {"done": "dim", "running": "good", "dead": "bad", "cancelled": "dim"}
_NAME, _ERROR = 24, 48


def render_jobs(jobs: Sequence[Job], *, width: int, colour: bool) -> str:
    """A table of jobs, the last first."""
    canvas = Canvas(width, colour=colour)
    if not jobs:
        canvas.line(("no jobs", "dim"))
        return canvas.text()
    rows = [
        (
            (str(one.job), "strong"),
            (one.kind, ""),
            ("" if one.run is None else str(one.run), ""),
            (fit(visible(one.recon or ""), _NAME), ""),
            ("" if one.business_date is None else one.business_date.isoformat(), ""),
            (one.state, STYLES.get(one.state, "warn")),
            (f"{one.attempts} of {one.most_attempts}", "dim"),
            (moment(one.created_at), "dim"),
            (fit(visible(one.error or ""), _ERROR), "bad"),
        )
        for one in jobs
    ]
    head = ("job", "kind", "run", "recon", "date", "state", "attempts", "since", "")
    table(canvas, head, rows, right={0, 2})
    return canvas.text()


def render_job(job: Job, *, width: int, colour: bool) -> str:
    """One job with all that is known of it."""
    canvas = Canvas(width, colour=colour)
    canvas.line(
        (f"job {job.job}", "strong"), (f"  {job.kind}  ", ""), (job.state, STYLES.get(job.state, "warn"))
    )
    told = (
        ("engine", job.engine),
        ("run", None if job.run is None else f"{job.run}  {visible(job.recon or '')}  {job.business_date}"),
        ("attempts", f"{job.attempts} of {job.most_attempts}"),
        ("worker", job.worker),
        ("since", moment(job.created_at)),
        ("started", None if job.started_at is None else moment(job.started_at)),
        ("ended", None if job.finished_at is None else moment(job.finished_at)),
    )
    for name, value in told:
        if value:
            canvas.line((f"  {name:<9} ", "dim"), (visible(value), ""))
    if job.error:
        canvas.line(("  " + visible(job.error), "bad"))
    if job.remedy:
        canvas.line(("  → " + visible(job.remedy), "dim"))
    return canvas.text()
