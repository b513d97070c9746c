"""Values as a report shows them: made visible, cut around the first change, changes marked."""

from __future__ import annotations

from typing import Literal, NamedTuple

from greenai.reports.changes import Spans, mark
from greenai.reports.text import ELLIPSIS, EMPTY, NULL, cells, is_mark, signs

PieceKind = Literal["same", "changed", "cut", "remark"]
_LONG = 1_000
_NARROWEST = 16
_WIDEST_SIGN = 10
_SPACE = "␣"


class Piece(NamedTuple):
    """A run of visible text: unchanged, changed, an ellipsis, or a remark about the value."""

    text: str
    kind: PieceKind


Pieces = tuple[Piece, ...]


def pair(a: str | None, b: str | None, width: int) -> tuple[Pieces, Pieces]:
    """Both values of a break in at most `width` cells each (at least 16), cut at the same place."""
    width = max(width, _NARROWEST)
    if a is None or b is None:
        return alone(a, width, changed=True), alone(b, width, changed=True)
    spans_a, spans_b = mark(a, b)
    if fits(a, width) and fits(b, width):
        return excerpt(a, spans_a, 0, width), excerpt(b, spans_b, 0, width)
    start_a, start_b = _starts(a, b, spans_a, spans_b, width)
    return excerpt(a, spans_a, start_a, width), excerpt(b, spans_b, start_b, width)


def alone(value: str | None, width: int, *, changed: bool = False) -> Pieces:
    """One value in at most `width` cells (at least 16), from its beginning."""
    width = max(width, _NARROWEST)
    if value is None:
        return (Piece(NULL, "changed" if changed else "remark"),)
    return excerpt(value, ((0, len(value)),) if changed else (), 0, width)


def excerpt(value: str, spans: Spans, start: int, width: int) -> Pieces:
    """A value from `start` on in at most `width` cells; its cost does not grow with its length."""
    if not value:
        return (Piece(EMPTY, "changed" if spans else "remark"),)
    tail = _length(value, width)
    whole = start == 0 and fits(value, width)
    room = width if whole else width - len(tail) - (1 if start else 0)
    pieces: list[Piece] = [Piece(ELLIPSIS, "cut")] if start else []
    shown, position, used = _signs(value, spans, start, room)
    if position < len(value):
        while shown and used > room - 1:
            used -= cells(shown.pop()[0])
        shown.append((ELLIPSIS, "cut"))
    for text, kind in shown:
        if pieces and pieces[-1].kind == kind:
            pieces[-1] = Piece(pieces[-1].text + text, kind)
        else:
            pieces.append(Piece(text, kind))
    if tail and not whole:
        pieces.append(Piece(tail, "remark"))
    return tuple(pieces)


def width_of(pieces: Pieces) -> int:
    """How many cells pieces take."""
    return sum(cells(piece.text) for piece in pieces)


def _signs(value: str, spans: Spans, start: int, room: int) -> tuple[list[tuple[str, PieceKind]], int, int]:
    """Signs from `start` while they fit; with the position after them and the cells they use."""
    first_text, last_text = len(value) - len(value.lstrip(" ")), len(value.rstrip(" "))
    shown: list[tuple[str, PieceKind]] = []
    position, used, number = start, 0, 0
    for sign in signs(value, start):
        if used + sign.cells > room:
            break
        while number < len(spans) and spans[number][1] <= position:
            number += 1
        changed = number < len(spans) and spans[number][0] < position + sign.length
        text = sign.text
        if text == " " and (changed or not first_text <= position < last_text):
            text = _SPACE
        shown.append((text, "changed" if changed else "same"))
        position += sign.length
        used += sign.cells
    return shown, position, used


def fits(value: str, width: int) -> bool:
    """Whether a value can be shown whole in `width` cells."""
    # Four accents and a letter share a cell at most.
    if len(value) > 5 * width:
        return False
    if value.isascii() and value.isprintable():
        return len(value) <= width
    return sum(sign.cells for sign in signs(value)) <= width


def _starts(a: str, b: str, spans_a: Spans, spans_b: Spans, width: int) -> tuple[int, int]:
    """Where to begin so that the first change is in sight with some text before it."""
    if not spans_a:
        return 0, 0
    (from_a, to_a), (from_b, to_b) = spans_a[0], spans_b[0]
    change = min(max(to_a - from_a, to_b - from_b, _WIDEST_SIGN), width // 2)
    if all(at + change <= width - 2 and fits(text[:at], width - 2 - change)
           for text, at in ((a, from_a), (b, from_b))):  # fmt: skip
        return 0, 0
    room = width - 2 - max(len(_length(a, width)), len(_length(b, width)))
    # A change near the end leaves room for more of what stands before it.
    after = max(_rest(a, from_a, width), _rest(b, from_b, width))
    before = max(min(width // 3, width - 4 - _WIDEST_SIGN), room - after)
    return _back(a, from_a, before), _back(b, from_b, before)


def _rest(text: str, position: int, most: int) -> int:
    """How many cells the text takes from a position on, counting a little more than `most` at most."""
    return sum(sign.cells for sign in signs(text[position : position + most]))


def _back(text: str, position: int, room: int) -> int:
    """As far before a position as `room` cells allow, but not to an accent without its letter."""
    while position > 0:
        room -= sum(sign.cells for sign in signs(text[position - 1]))
        if room < 0:
            break
        position -= 1
    while position + 1 < len(text) and is_mark(text[position]):
        position += 1
    return position


def _length(value: str, width: int) -> str:
    """A remark on the length of a long value, where there is room for it."""
    return f" ‹{len(value):,} characters›" if len(value) >= _LONG and width >= 60 else ""
