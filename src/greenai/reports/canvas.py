"""Lines of styled text for a terminal: no line is wider than asked, colour only where allowed."""

from __future__ import annotations

from typing import Final

from greenai.reports.text import cells, fit

Segment = tuple[str, str]
"""Visible text and the name of its style; an empty name is plain text."""

_STYLES: Final = {
    "title": "1",
    "heading": "1",
    "strong": "1",
    "dim": "2",
    "a": "36",
    "b": "35",
    "changed_a": "1;7;36",
    "changed_b": "1;7;35",
    "good": "32",
    "warn": "33",
    "bad": "31",
}


class Canvas:
    """Collects lines. Texts must be visible already (`reports.text`); the canvas only adds style."""

    def __init__(self, width: int, *, colour: bool) -> None:
        self.width = max(width, 1)
        self.colour = colour
        self._lines: list[str] = []

    def line(self, *segments: Segment) -> None:
        """Add one line, cut at the width."""
        room = self.width
        shown: list[str] = []
        plain = True
        for text, style in segments:
            part = fit(text, room)
            room -= cells(part)
            if part and self.colour and style:
                part = f"\x1b[{_STYLES[style]}m{part}\x1b[0m"
                plain = False
            shown.append(part)
            if part and room <= 0:
                break
        line = "".join(shown)
        self._lines.append(line.rstrip() if plain else line)

    def gap(self) -> None:
        """Add an empty line, unless there is one already or nothing stands above it."""
        if self._lines and self._lines[-1]:
            self._lines.append("")

    def heading(self, text: str, *more: Segment) -> None:
        """Begin a section."""
        self.gap()
        self.line((text, "heading"), *more)

    def text(self) -> str:
        """All lines, each with its line end."""
        return "\n".join(self._lines).rstrip("\n") + "\n"


def bar(part: int, whole: int, width: int) -> str:
    """A bar of at most `width` cells in half cells; anything above nothing is visible."""
    if part <= 0 or whole <= 0 or width <= 0:
        return ""
    halves = max(1, min(2 * width, round(2 * width * part / whole)))
    return "━" * (halves // 2) + "╸" * (halves % 2)
