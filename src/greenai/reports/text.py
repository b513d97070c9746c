"""Text that is safe to show: every character printable, its width on screen known.

Data may hold anything: line breaks, escape sequences, marks that turn the writing direction. Here
each such character becomes a visible sign (``␊``, ``␛``, ``‹U+202E›``), so that a value can neither
damage a screen nor pretend to be another value. What is said about a value rather than contained in
it stands in the same brackets: ``‹null›``, ``‹empty›``.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

NULL = "‹null›"
EMPTY = "‹empty›"
ELLIPSIS = "…"
_BRACKETS = "‹›"
_MOST_MARKS = 4
_LATELY_WIDE = (
    ("\u2630", "\u2637"),
    ("\u268a", "\u268f"),
    ("\u4dc0", "\u4dff"),
    ("\U0001d300", "\U0001d356"),
    ("\U0001d360", "\U0001d376"),
)
"""Made wide by Unicode 16, which the tables of older Pythons do not know."""
_BLANK = "\u115f\u2800\u3164\uffa0"
"""Counted as letters or symbols, yet nothing is seen of them."""


class Sign(NamedTuple):
    """What is shown for one character with its accents: printable text, cells, characters used."""

    text: str
    cells: int
    length: int


def signs(text: str, start: int = 0) -> Iterator[Sign]:
    """The signs of a text from a position on, one at a time, so that long texts need not be walked."""
    position, end = start, len(text)
    while position < end:
        character = text[position]
        position += 1
        if " " <= character <= "~":
            shown, cells = character, 1
        elif not character.isprintable() or is_mark(character) or _is_spelt_out(character):
            shown = _named(character)
            yield Sign(shown, len(shown), 1)
            continue
        else:
            shown, cells = character, cell_width(character)
        first = position
        while position < end and position - first < _MOST_MARKS and _is_accent(text[position]):
            position += 1
        yield Sign(shown + text[first:position], cells, 1 + position - first)


def visible(text: str, limit: int = 10_000) -> str:
    """A text with every dangerous character replaced by a visible sign, cut after `limit` characters."""
    if len(text) <= limit and text.isascii() and text.isprintable():
        return text
    shown = "".join(sign.text for sign in signs(text[:limit]))
    return shown + ELLIPSIS if len(text) > limit else shown


def cell_width(character: str) -> int:
    """How many terminal cells one printable character takes: 0, 1 or 2."""
    if character.isascii():
        return 1
    if unicodedata.category(character) in ("Mn", "Me") or "\u1160" <= character <= "\u11ff":
        return 0
    if unicodedata.east_asian_width(character) in ("W", "F"):
        return 2
    return 2 if any(first <= character <= last for first, last in _LATELY_WIDE) else 1


def cells(text: str) -> int:
    """How many terminal cells a visible text takes."""
    return len(text) if text.isascii() else sum(map(cell_width, text))


def fit(text: str, width: int) -> str:
    """A visible text cut to at most `width` cells; what was cut shows as an ellipsis."""
    if cells(text) <= width:
        return text
    if width < 1:
        return ""
    room, kept = width - 1, []
    for character in text:
        room -= cell_width(character)
        if room < 0:
            break
        kept.append(character)
    return "".join(kept) + ELLIPSIS


def fit_left(text: str, width: int) -> str:
    """Like `fit`, but keeps the end: the file name of a long path says more than its root."""
    if cells(text) <= width:
        return text
    return ELLIPSIS + _tail(text, width - 1) if width >= 1 else ""


def pad(text: str, width: int, align: str = "<") -> str:
    """A visible text fitted and filled with spaces to `width` cells; `align` is ``<`` or ``>``."""
    shown = fit(text, width)
    space = " " * (width - cells(shown))
    return space + shown if align == ">" else shown + space


def wrap(text: str, width: int) -> list[str]:
    """A visible text in lines of at most `width` cells, broken between words where possible."""
    width = max(width, 1)
    lines: list[str] = []
    line = ""
    for word in text.split():
        if line and cells(line) + 1 + cells(word) <= width:
            line += " " + word
            continue
        if line:
            lines.append(line)
        line = word
        while cells(line) > width:
            head = _head(line, width)
            lines.append(head)
            line = line[len(head) :]
    return [*lines, line] if line else lines


def _head(text: str, width: int) -> str:
    """The first characters that fit, at least one, so that whoever cuts a text comes to an end."""
    used = 0
    for position, character in enumerate(text):
        used += cell_width(character)
        if used > width and position:
            return text[:position]
    return text


def _tail(text: str, width: int) -> str:
    used, position = 0, len(text)
    while position > 0 and used + cell_width(text[position - 1]) <= width:
        position -= 1
        used += cell_width(text[position])
    while position < len(text) and cell_width(text[position]) == 0:
        position += 1
    return text[position:]


def _named(character: str) -> str:
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else f"‹U+{code:04X}›"


def is_mark(character: str) -> bool:
    """Whether it needs a letter before it; alone it would hang on whatever stands there."""
    return unicodedata.category(character) in ("Mn", "Me")


def _is_accent(character: str) -> bool:
    return character > "\u02ff" and is_mark(character) and not _is_spelt_out(character)


def _is_spelt_out(character: str) -> bool:
    """Whether it must be spelt out: it is a sign of ours, or terminals disagree about its width.

    The latter are variation selectors, flags, skin tones and jamo.
    """
    return (
        "\ufe00" <= character <= "\ufe0f"
        or "\U000e0100" <= character <= "\U000e01ef"
        or "\U0001f3fb" <= character <= "\U0001f3ff"
        or character in _BRACKETS + _BLANK
        or "\u2400" <= character <= "\u243f"
        or "\U0001f1e6" <= character <= "\U0001f1ff"
        or "\u1160" <= character <= "\u11ff"
        or "\ud7b0" <= character <= "\ud7ff"
    )
