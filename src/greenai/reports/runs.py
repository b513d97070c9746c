"""What the store knows of runs, for a terminal: a list of them, and one with all its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from greenai.reports import words
from greenai.reports.canvas import Canvas, bar
from greenai.reports.excerpts import alone
from greenai.reports.groups import draw_stored
from greenai.reports.tables import moment, number, table
from greenai.reports.text import cells, fit, fit_left, visible, wrap

if TYPE_CHECKING:
    from greenai.domain.runs import RunLine, StoredRun

STYLES = {
    "completed": "good",
    "awaiting_review": "warn",
    "failed": "bad",
    "cancelled": "dim",
    "passed": "good",
    "review": "warn",
    "rejected": "bad",
}
PASSED_BY = {
    "proof": "proof",
    "rule": "approved rule",
    "policy": "policy of the definition",
    "approved": "a person",
    "prediction": "prediction",
}
"""What lets a break pass, in words."""
_NAME, _RULE, _BAR = 32, 40, 24


def render_runs(lines: Sequence[RunLine], *, width: int, colour: bool) -> str:
    """A table of runs, the last first."""
    canvas = Canvas(width, colour=colour)
    if not lines:
        canvas.line(("no runs yet", "dim"))
        return canvas.text()
    head = ("run", "recon", "date", "state", "rows a", "rows b", "different", "apart", "started", "")
    rows = [
        (
            (str(line.run), "strong"),
            (fit(visible(line.recon), _NAME), ""),
            (line.business_date.isoformat(), ""),
            (state(line), "dim" if line.superseded_by else STYLES.get(line.state, "")),
            (number(line.rows_a), ""),
            (number(line.rows_b), ""),
            (number(line.different), "bad" if line.different else ""),
            (number(line.apart), "bad" if line.apart else ""),
            (moment(line.requested_at), "dim"),
            (remark(line), "dim" if line.superseded_by else "bad"),
        )
        for line in lines
    ]
    table(canvas, head, rows, right={0, 4, 5, 6, 7})
    return canvas.text()


def render_run(run: StoredRun, *, width: int, colour: bool) -> str:
    """Everything about one run."""
    canvas = Canvas(width, colour=colour)
    line = run.line
    canvas.line(
        (f"run {line.run}", "title"),
        (f"  {visible(line.recon)}", "strong"),
        (f"  {line.business_date.isoformat()}", ""),
        (f"  version {line.version}", "dim"),
    )
    canvas.line(("  ", ""), (line.state.replace("_", " "), STYLES.get(line.state, "")), (_times(run), "dim"))
    if line.superseded_by is not None:
        canvas.line((f"  superseded by run {line.superseded_by}; below is what was known then", "warn"))
    if line.error:
        for part in wrap(visible(line.error), max(1, canvas.width - 2)):
            canvas.line(("  " + part, "bad"))
    _inputs(canvas, run)
    _rows(canvas, run)
    _totals(canvas, run)
    _fields(canvas, run)
    _decisions(canvas, run)
    _stages(canvas, run)
    return canvas.text()


def state(line: RunLine) -> str:
    """A run's state in words."""
    return "superseded" if line.superseded_by is not None else line.state.replace("_", " ")


def remark(line: RunLine) -> str:
    """What else to know in a list."""
    if line.superseded_by is not None:
        return f"by run {line.superseded_by}"
    return visible(line.error.split("\n")[0]) if line.error else ""


def _times(run: StoredRun) -> str:
    line = run.line
    text = f", started {moment(line.requested_at)}"
    if line.finished_at is not None:
        text += f", took {words.seconds((line.finished_at - line.requested_at).total_seconds())}"
    return text


def _inputs(canvas: Canvas, run: StoredRun) -> None:
    if not run.inputs and not run.systems:
        return
    canvas.heading("Inputs")
    for side in ("a", "b"):
        files = [one for one in run.inputs if one.side == side]
        system = visible(run.systems.get(side, ""))
        if system or files:
            canvas.line(("  ", ""), (side, side), ("  " + system, "") if system else ("", ""))
        for one in files:
            hashed = one.content_hash[: one.content_hash.find(":") + 13]
            size = f"{one.bytes:,} bytes  {hashed}…"
            canvas.line(
                ("     " + fit_left(visible(one.location), max(8, canvas.width - cells(size) - 7)), ""),
                ("  " + size, "dim"),
            )


def _rows(canvas: Canvas, run: StoredRun) -> None:
    if run.rows is None:
        return
    rows = run.rows
    canvas.heading("Rows")
    lines = (
        ("rows", rows.a, rows.b),
        ("matched", rows.matched, rows.matched),
        ("  equal", rows.equal, rows.equal),
        ("  different", rows.different, rows.different),
        ("only here", rows.only_a, rows.only_b),
        ("duplicates", rows.duplicates_a, rows.duplicates_b),
        ("unreadable", rows.rejected_a, rows.rejected_b),
    )
    wrong = ("  different", "only here", "duplicates", "unreadable")
    shown = [
        ((f"  {name}", ""), *((f"{one:,}", "bad" if one and name in wrong else "") for one in (a, b)))
        for name, a, b in lines
    ]
    table(canvas, ("", "a", "b"), shown, right={1, 2})


def _totals(canvas: Canvas, run: StoredRun) -> None:
    if not run.totals:
        return
    canvas.heading("Totals", (f" of {visible(run.amount)}" if run.amount else "", ""))
    nets = [total.net for total in run.totals]
    amounts = [
        words.money(column)
        for column in ([total.a for total in run.totals], [total.b for total in run.totals], nets)
    ]
    shown = [
        (
            ("  " + "".join(piece.text for piece in alone(total.currency, _NAME)), ""),
            (a, ""),
            (b, ""),
            (net, "bad" if total.net else "dim"),
        )
        for total, a, b, net in zip(run.totals, *amounts, strict=True)
    ]
    table(canvas, ("", "a", "b", "net, a − b"), shown, right={1, 2, 3})


def _fields(canvas: Canvas, run: StoredRun) -> None:
    counted = [(name, one) for name, one in run.fields.items() if one.different or one.within_tolerance]
    if not counted:
        return
    canvas.heading("Fields", (", pairs that differ", "dim"))
    shown = [
        (
            ("  " + fit(visible(name), _NAME), ""),
            (f"{one.different:,}", "bad" if one.different else "dim"),
            (f"{one.within_tolerance:,} within tolerance" if one.within_tolerance else "", "dim"),
        )
        for name, one in counted
    ]
    table(canvas, ("", "", ""), shown, right={1})


def _decisions(canvas: Canvas, run: StoredRun) -> None:
    if run.rows is None:
        return
    canvas.heading("Decisions")
    breaks, records = run.decisions.as_dict(), run.records.as_dict()
    shown = [
        (
            ("  " + name, STYLES[name] if breaks[name] or records[name] else "dim"),
            *((f"{one:,}", "" if one else "dim") for one in (breaks[name], records[name])),
        )
        for name in breaks
    ]
    table(canvas, ("", "breaks", "records"), shown, right={1, 2})
    if run.passed_by:
        said = ", ".join(f"{count:,} by {PASSED_BY.get(name, name)}" for name, count in run.passed_by.items())
        for part in wrap(f"passed: {visible(said)}", max(1, canvas.width - 2)):
            canvas.line(("  " + part, "dim"))
    if run.oldest_days:
        days = "1 day" if run.oldest_days == 1 else f"{run.oldest_days:,} days"
        canvas.line((f"  the oldest that waits is {days} old", "dim"))
    for cause, why in run.suspended.items():
        text = f"approved rule {cause[:8]} is suspended and explains nothing: {visible(why)}"
        for part in wrap(text, max(1, canvas.width - 2)):
            canvas.line(("  " + part, "warn"))
    if run.reasons:
        canvas.heading("Reasons", (", breaks", "dim"))
        most = max(run.reasons.values())
        table(
            canvas,
            ("", "", ""),
            [
                (("  " + visible(reason), ""), (f"{count:,}", ""), (bar(count, most, _BAR), "warn"))
                for reason, count in run.reasons.items()
            ],
            right={1},
        )
    draw_stored(canvas, run.unexplained)
    for check in run.checks:
        if check is run.checks[0]:
            canvas.heading("Checks that failed")
        name = fit(visible(check.rule), _RULE)
        example = f"  {visible(check.example)}" if check.example else ""
        canvas.line(("  " + name, ""), (f"  {check.breaks:,}", "bad"), (example, "dim"))
    if run.stored:
        canvas.heading("Golden tables", (", rows", "dim"))
        names = tuple(next(iter(run.stored.values())).as_dict())
        shown = [
            (
                ("  " + fit(visible(name), _RULE), ""),
                *((f"{count:,}", "" if count else "dim") for count in stored.as_dict().values()),
            )
            for name, stored in run.stored.items()
        ]
        table(canvas, ("", *names), shown, right=set(range(1, len(names) + 1)))


def _stages(canvas: Canvas, run: StoredRun) -> None:
    if not run.stages:
        return
    canvas.heading("Stages")
    shown = [
        (
            ("  " + one.stage, ""),
            (words.seconds(one.seconds) if one.seconds is not None else "…", "dim"),
            (f"{one.attempts} attempts" if one.attempts > 1 else "", "warn"),
            (visible(one.error.split("\n")[0]) if one.error else "", "bad"),
        )
        for one in run.stages
    ]
    table(canvas, ("", "", "", ""), shown, right={1})
