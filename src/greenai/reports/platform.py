"""The platform for a terminal: what runs, since when, and how much work waits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from greenai.reports.canvas import Canvas
from greenai.reports.tables import table
from greenai.reports.text import cells, fit, visible

STYLES = {
    "running": "good",
    "elsewhere": "dim",
    "starting": "warn",
    "waiting": "bad",
    "stopping": "warn",
    "ended": "dim",
    "stopped": "dim",
}
WORDS = {"waiting": "to be restarted", "elsewhere": "a server of yours"}
"""States in words, where the word alone would mislead."""


def render_platform(document: Mapping[str, Any], *, width: int, colour: bool) -> str:
    """The document of `greenai status` as aligned tables."""
    canvas = Canvas(width, colour=colour)
    state = str(document["state"])
    line = [(f"platform {state}", "title")]
    if document["process"]:
        line.append((f"  for {lasted(document['since'])}  process {document['process']}", "dim"))
    canvas.line(*line)
    if document["address"]:
        canvas.line(("workstation  ", "dim"), (document["address"], "strong"))
    if document["left"]:
        canvas.line(
            (f"  {document['left']} processes of a killed supervisor still run: greenai down", "warn")
        )
    lines = [
        (
            (server["name"], "strong"),
            styled(server["state"]),
            ("", ""),
            ("", ""),
            (str(server["restarts"] or ""), "warn"),
            (visible(server["last"] or server["place"]), "dim"),
        )
        for server in document["servers"]
    ]
    lines += [
        (
            (f"{process['name']}-{process['number']}", "strong"),
            styled(process["state"]),
            (str(process["process"] or ""), ""),
            (lasted(process["since"]), "dim"),
            (str(process["restarts"] or ""), "warn"),
            (visible(process["last"]), "dim"),
        )
        for process in document["processes"]
    ]
    if lines:
        canvas.gap()
        head = ("name", "state", "process", "for", "restarts", "")
        # The last column takes what the others leave: its longest line must not push the others' ends out.
        used = [max(cells(title), *(cells(line[i][0]) for line in lines)) + 2 for i, title in enumerate(head)]
        room = max(1, width - sum(used[:-1]))
        cut = [(*line[:-1], (fit(line[-1][0], room), line[-1][1])) for line in lines]
        table(canvas, head, cut, right={2, 3, 4})
    if document["queues"] is not None:
        draw_queues(canvas, document["queues"])
    return canvas.text()


def draw_queues(canvas: Canvas, queues: Mapping[str, Mapping[str, int]]) -> None:
    """Jobs that are not done, by engine."""
    canvas.gap()
    if not queues:
        canvas.line(("no jobs wait", "dim"))
        return
    styles = {"waiting": "", "running": "good", "dead": "bad"}
    lines = [
        (
            (engine, "strong"),
            *(
                (f"{counts[state]:,}", style) if counts.get(state) else ("–", "dim")
                for state, style in styles.items()
            ),
        )
        for engine, counts in queues.items()
    ]
    table(canvas, ("jobs", *styles), lines, right={1, 2, 3})


def styled(state: str) -> tuple[str, str]:
    """A state in words, and its style."""
    return WORDS.get(state, state), STYLES.get(state, "")


def lasted(since: str) -> str:
    """How long ago a moment was: ``12 s``, ``3 min``, ``2 h 5 min``, ``4 d 1 h``."""
    seconds = max(0, int((datetime.now(UTC) - datetime.fromisoformat(since)).total_seconds()))
    if seconds < 60:
        return f"{seconds} s"
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    if minutes < 60:
        return f"{minutes} min"
    return f"{hours} h {minutes % 60} min" if days < 1 else f"{days} d {hours % 24} h"
