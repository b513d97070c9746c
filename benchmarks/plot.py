"""The measured groups as one picture: time over the floor and peak memory, both on logarithmic axes.

Written by hand as SVG, so that no plotting library is needed; readable on light and dark pages.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from html import escape

from benchmarks.report import heading, memory
from benchmarks.results import Line, Measured

WIDTH = 1000
LABELS = 300  # pixels for the names
PANEL = 240  # width of the axes of one of the two panels
GAP = 90  # room for the figure beside the longest stalk
STEP = 24
HEAD = 76
COLOURS = {"floor": "floor", "greenai": "own", "reference": "reference", "peer": "peer"}

STYLE = """
text { font: 13px system-ui, sans-serif; fill: #24292f }
.title { font-size: 15px; font-weight: 600 } .small { font-size: 11px; fill: #57606a }
.axis { stroke: #d0d7de; stroke-width: 1 } .floor { fill: #8c959f } .own { fill: #1a7f37 }
.reference { fill: #6e9fd6 } .peer { fill: #d4a72c } .wrong { fill: #cf222e; font-weight: 600 }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 } .small { fill: #9198a1 } .axis { stroke: #3d444d }
.own { fill: #3fb950 } .wrong { fill: #ff7b72 }
}
"""


def svg(groups: Sequence[Measured]) -> str:
    """The picture of all groups with a floor; groups that only have small processes are left to the table."""
    shown = [group for group in groups if group.name != "small" and group.lines]
    parts: list[str] = []
    top = 12
    for group in shown:
        parts += _group(group, top)
        top += HEAD + STEP * len(group.lines) + 16
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top}" width="{WIDTH}" height="{top}"'
        f' role="img" aria-label="Time over the floor and peak memory of each candidate">'
        f"<style>{STYLE}</style>" + "".join(parts) + "</svg>\n"
    )


def _group(group: Measured, top: int) -> list[str]:
    ratios = [line.ratio or 0.0 for line in group.lines]
    peaks = [float(line.peak_bytes) for line in group.lines]
    title = heading(group.name, group.title, group.rows)
    right = LABELS + PANEL + GAP
    bottom = top + HEAD + STEP * len(group.lines)
    parts = [
        f'<text class="title" x="12" y="{top + 18}">{escape(title)}</text>',
        f'<text class="small" x="{LABELS}" y="{top + 42}">time over the floor (logarithmic)</text>',
        f'<text class="small" x="{right}" y="{top + 42}">peak memory (logarithmic)</text>',
    ]
    times = _Axis(LABELS, [ratio for ratio in ratios if ratio > 0])
    sizes = _Axis(right, peaks)
    parts += times.grid(top + HEAD, bottom, lambda value: f"{value:g}x")
    parts += sizes.grid(top + HEAD, bottom, memory)
    for number, line in enumerate(group.lines):
        y = top + HEAD + STEP * number + 4
        parts.append(f'<text x="{LABELS - 10}" y="{y + 13}" text-anchor="end">{escape(line.label)}</text>')
        if line.ratio is not None:
            parts += _dot(times, line, line.ratio, f"{line.ratio:.2f}x", y)
        parts += _dot(sizes, line, float(line.peak_bytes), memory(line.peak_bytes), y)
    return parts


class _Axis:
    """A logarithmic axis from half the smallest value to the largest."""

    def __init__(self, left: int, values: Sequence[float]) -> None:
        self.left = left
        # Half the smallest value leaves a stalk to every dot.
        self.low = math.log10(min(values) / 2)
        self.high = max(math.log10(max(values)), self.low + 1)

    def at(self, value: float) -> float:
        return PANEL * (math.log10(value) - self.low) / (self.high - self.low)

    def grid(self, top: int, bottom: int, written: Callable[[float], str]) -> list[str]:
        parts = []
        for power in range(math.ceil(self.low), math.floor(self.high) + 1):
            x = self.left + self.at(10.0**power)
            parts.append(f'<line class="axis" x1="{x:.1f}" y1="{top}" x2="{x:.1f}" y2="{bottom}"/>')
            label = written(10.0**power)
            parts.append(f'<text class="small" x="{x:.1f}" y="{top - 6}" text-anchor="middle">{label}</text>')
        return parts


def _dot(axis: _Axis, line: Line, value: float, said: str, y: int) -> list[str]:
    length = max(axis.at(value), 1.0)
    said = f"&gt; {said}" if line.stopped else said
    trouble = "failed" if line.failed else "wrong"
    wrong = f' <tspan class="wrong">{trouble}</tspan>' if line.faults else ""
    return [
        f'<rect class="{COLOURS[line.role]}" x="{axis.left}" y="{y + 6}" width="{length:.1f}" height="4"/>',
        f'<circle class="{COLOURS[line.role]}" cx="{axis.left + length:.1f}" cy="{y + 8}" r="6"/>',
        f'<text class="small" x="{axis.left + length + 11:.1f}" y="{y + 12}">{said}{wrong}</text>',
    ]
