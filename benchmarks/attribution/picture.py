"""The results of `make bench-attribution` as one picture: causes found by approach, and cost by breaks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from benchmarks.plot import STYLE

WIDTH, LABELS, BAR, STEP, HEAD = 1000, 230, 560, 26, 56
LEFT, CHART, DEEP = 90, 640, 220

Record = Mapping[str, Any]


def svg(document: Mapping[str, Any]) -> str:
    """What was measured of both halves; an empty picture where nothing was."""
    found, top = bars(document.get("baselines", []), 12)
    cost, top = growth(document.get("growth", []), top)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top}" width="{WIDTH}" height="{top}"'
        f' role="img" aria-label="Planted causes found by each approach, and time by breaks">'
        f"<style>{STYLE}</style>" + "".join(found + cost) + "</svg>\n"
    )


def bars(worlds: Sequence[Record], top: int) -> tuple[list[str], int]:
    """For each approach the share of planted causes found, and beyond it those only located."""
    if not worlds:
        return [], top
    parts = [f'<text class="title" x="12" y="{top + 18}">Planted causes found (pale: only located)</text>']
    names = list(dict.fromkeys(one["approach"] for one in worlds))
    for number, name in enumerate(names):
        own = [one for one in worlds if one["approach"] == name]
        planted = sum(len(one["families"]) for one in own)
        found = sum(len(one["found"]) for one in own) / planted
        located = sum(one["located"] for one in own) / planted
        y = top + HEAD - 20 + STEP * number
        colour = "own" if name == "greenai" else "peer"
        parts += [
            f'<text x="{LABELS - 10}" y="{y + 13}" text-anchor="end">{escape(name)}</text>',
            f'<rect class="{colour}" x="{LABELS}" y="{y + 3}" width="{located * BAR:.1f}" height="12"'
            ' opacity="0.35"/>',
            f'<rect class="{colour}" x="{LABELS}" y="{y + 3}" width="{found * BAR:.1f}" height="12"/>',
            f'<text class="small" x="{LABELS + max(found, located) * BAR + 8:.1f}" y="{y + 13}">'
            f"{found:.0%} found, {located:.0%} located</text>",
        ]
    return parts, top + HEAD + STEP * len(names)


def growth(sizes: Sequence[Record], top: int) -> tuple[list[str], int]:
    """Processor seconds of the causes by breaks: a straight line is linear."""
    narrow = min((one["context"] for one in sizes if "failed" not in one), default=0)
    known = [one for one in sizes if "failed" not in one and one["context"] == narrow]
    if not known:
        return [], top
    most = max(one["breaks"] for one in known)
    dear = max(max(one["causing"]["cpu"], one["causing"]["seconds"]) for one in known)
    bottom = top + HEAD + DEEP

    def at(breaks: float, seconds: float) -> tuple[float, float]:
        return LEFT + CHART * breaks / most, bottom - DEEP * seconds / dear

    parts = [
        f'<text class="title" x="12" y="{top + 18}">Finding causes by number of breaks (two threads)</text>',
        f'<line class="axis" x1="{LEFT}" y1="{bottom}" x2="{LEFT + CHART}" y2="{bottom}"/>',
        f'<line class="axis" x1="{LEFT}" y1="{bottom - DEEP}" x2="{LEFT}" y2="{bottom}"/>',
    ]
    for key, colour, words in (("cpu", "own", "CPU"), ("seconds", "reference", "time")):
        points = [at(one["breaks"], one["causing"][key]) for one in known]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        stroke = {"own": "#1a7f37", "reference": "#6e9fd6"}[colour]
        parts.append(f'<polyline points="{path}" fill="none" stroke="{stroke}" stroke-width="2"/>')
        for (x, y), one in zip(points, known, strict=True):
            said = f"{one['causing'][key]:.1f} s {words}"
            above = 16 if key == "cpu" else -9
            parts += [
                f'<circle class="{colour}" cx="{x:.1f}" cy="{y:.1f}" r="5"/>',
                f'<text class="small" x="{x + 9:.1f}" y="{y + above:.1f}">{said}</text>',
            ]
    for one in known:
        x, _ = at(one["breaks"], 0)
        parts.append(
            f'<text class="small" x="{x:.1f}" y="{bottom + 16}" text-anchor="middle">'
            f"{one['breaks']:,} breaks, {one['process']['peak_bytes'] / 1e9:.2f} GB</text>"
        )
    return parts, bottom + 36
