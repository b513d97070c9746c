"""Small plots as inline SVG: they scale with the page, print, and say in words what they show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from greenai.reports import words
from greenai.reports.markup import escape

_SLIVER = 0.4


class Part(NamedTuple):
    """One part of a stacked bar: its class (fill and pattern), its name and its size."""

    kind: str
    label: str
    size: int


def patterns() -> str:
    """The fills that all plots share; each is told apart by its pattern, not by its colour alone."""
    return (
        '<svg width="0" height="0" class="patterns" aria-hidden="true" focusable="false"><defs>'
        '<pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><rect width="5" height="5" class="only-ground"/>'
        '<rect width="2.2" height="5" class="only-ink"/></pattern>'
        '<pattern id="dots" width="4" height="4" patternUnits="userSpaceOnUse">'
        '<rect width="4" height="4" class="duplicates-ground"/>'
        '<circle cx="2" cy="2" r="1.2" class="duplicates-ink"/></pattern>'
        "</defs></svg>"
    )


def swatch(kind: str) -> str:
    """The key to a fill, for the table that stands beside a plot."""
    return (
        '<svg class="swatch" width="10" height="10" aria-hidden="true" focusable="false">'
        f'<rect width="10" height="10" class="fill-{kind}"/></svg>'
    )


def bar(part: int, whole: int, kind: str) -> str:
    """A single bar; decoration beside a number that says the same, so hidden from screen readers."""
    share = _shares([part, whole - part])[0] if part and whole else 0.0
    rectangle = f'<rect width="{share:.2f}%" height="100%" class="fill-{kind}"/>' if share else ""
    return f'<svg class="bar" aria-hidden="true" focusable="false">{rectangle}</svg>'


def stacked(name: str, parts: Sequence[Part], *, zoom: Sequence[Part] = ()) -> str:
    """A stacked bar that says where all of something went; `zoom` draws its small parts once more, larger."""
    whole = sum(part.size for part in parts)
    told = ", ".join(
        f"{part.label} {part.size:,} ({words.percent(part.size, whole)})" for part in parts if part.size
    )
    drawn = f'<svg class="stack">{_rectangles(parts)}</svg>'
    if zoom:
        small = _from_end(parts, len(zoom))
        drawn += (
            '<svg class="fan" viewBox="0 0 100 10" preserveAspectRatio="none">'
            f'<polygon points="{100 - small:.2f},0 100,0 100,10 0,10" class="fan-fill"/></svg>'
            f'<svg class="stack">{_rectangles(zoom)}</svg>'
        )
    return f'<div class="plot" role="img" aria-label="{escape(name)}: {escape(told)}">{drawn}</div>'


def _rectangles(parts: Sequence[Part]) -> str:
    left, drawn = 0.0, ""
    for part, share in zip(parts, _shares([part.size for part in parts]), strict=True):
        if share:
            drawn += (
                f'<rect x="{left:.2f}%" width="{share:.2f}%" height="100%" class="fill-{part.kind}">'
                f"<title>{escape(part.label)} {part.size:,}</title></rect>"
            )
        left += share
    return drawn


def _from_end(parts: Sequence[Part], number: int) -> float:
    return sum(_shares([part.size for part in parts])[-number:])


def _shares(sizes: Sequence[int]) -> list[float]:
    """Shares in percent that add up to 100; what exists is never thinner than a sliver."""
    whole = sum(sizes)
    if whole <= 0:
        return [0.0 for _ in sizes]
    shares = [max(_SLIVER, 100 * size / whole) if size else 0.0 for size in sizes]
    return [100 * share / sum(shares) for share in shares]
