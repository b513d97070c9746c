"""Which characters differ between two texts, as a reader would mark them with a pencil.

Numbers are compared place by place around the decimal point, codes and dates of one shape
position by position, anything else by a difference of texts. The cost is bounded: what is too long
to be compared in detail is marked as one change between the common beginning and the common end.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from greenai.reports.text import is_mark

Spans = tuple[tuple[int, int], ...]
"""Ascending, disjoint half-open ranges of character positions.

A range may be empty: there the other text has something more.
"""

_NUMBER = re.compile(r"([+-]?)([0-9][0-9,]*)((?:\.[0-9]+)?)", re.ASCII)
_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
_LONGEST_ALIGNED = 256
_LARGEST_PRODUCT = 40_000
_LONGEST_TOKENISED = 20_000
_LEAST_KEPT = 0.35
_MOST_MARKS = 32

_SHAPE = str.maketrans(
    "123456789" + "abcdefghijklmnopqrstuvwxyz" + "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "0" * 9 + "x" * 26 + "x" * 26,
)


class Change(NamedTuple):
    """``a[start_a:end_a]`` became ``b[start_b:end_b]``; one of the two may be empty, never both."""

    start_a: int
    end_a: int
    start_b: int
    end_b: int

    @property
    def size(self) -> int:
        """The length of the longer side."""
        return max(self.end_a - self.start_a, self.end_b - self.start_b)


def mark(a: str, b: str) -> tuple[Spans, Spans]:
    """The changed characters of two texts.

    Both results have the same length, span n of one belongs to span n of the other; they are empty
    exactly when the texts are equal, and what lies outside the spans is the same text in both.
    """
    changes = _changes(a, b)
    return (
        tuple((change.start_a, change.end_a) for change in changes),
        tuple((change.start_b, change.end_b) for change in changes),
    )


def _changes(a: str, b: str) -> list[Change]:
    if a == b:
        return []
    if max(len(a), len(b)) <= _LONGEST_ALIGNED:
        columns = _number_columns(a, b) or _shape_columns(a, b)
        if columns is not None:
            return _without_islands(_from_columns(a, b, columns))
    return _whole_characters(a, b, _text_changes(a, b))


Columns = list[tuple[int | None, int | None]]


def _number_columns(a: str, b: str) -> Columns | None:
    """Two plain numbers with their digits paired by place value; None when one is not a number."""
    one, two = _NUMBER.fullmatch(a), _NUMBER.fullmatch(b)
    if one is None or two is None or ("," in a) != ("," in b):
        return None
    columns: Columns = []
    for group in (1, 2, 3):
        start_a, end_a = one.span(group)
        start_b, end_b = two.span(group)
        length = max(end_a - start_a, end_b - start_b)
        for place in range(length):
            # The integer part is right-aligned, the rest left-aligned.
            i = end_a - length + place if group == 2 else start_a + place
            j = end_b - length + place if group == 2 else start_b + place
            columns.append((i if start_a <= i < end_a else None, j if start_b <= j < end_b else None))
    return columns


def _shape_columns(a: str, b: str) -> Columns | None:
    """Two codes or dates of one shape, position by position; None when the shapes differ."""
    if len(a) != len(b) or not (a.isascii() and b.isascii()):
        return None
    shape = a.translate(_SHAPE)
    if "0" not in shape or shape != b.translate(_SHAPE):
        return None
    return [(position, position) for position in range(len(a))]


def _from_columns(a: str, b: str, columns: Columns) -> list[Change]:
    """The runs of columns that hold different characters, or a character on one side only."""
    changes: list[Change] = []
    i = j = 0
    running = False
    for place_a, place_b in columns:
        after_a = i if place_a is None else place_a + 1
        after_b = j if place_b is None else place_b + 1
        same = place_a is not None and place_b is not None and a[place_a] == b[place_b]
        if not same and running:
            changes[-1] = changes[-1]._replace(end_a=after_a, end_b=after_b)
        elif not same:
            changes.append(Change(i, after_a, j, after_b))
        running = not same
        i, j = after_a, after_b
    return changes


def _text_changes(a: str, b: str) -> list[Change]:
    start = _common_prefix(a, b)
    end = _common_suffix(a, b, min(len(a), len(b)) - start)
    middle_a, middle_b = a[start : len(a) - end], b[start : len(b) - end]
    return [
        Change(i + start, i_end + start, j + start, j_end + start)
        for i, i_end, j, j_end in _middle_changes(middle_a, middle_b)
    ]


def _middle_changes(a: str, b: str) -> list[Change]:
    """Changes of two texts that differ in their first and in their last character."""
    whole = [Change(0, len(a), 0, len(b))]
    if not a or not b:
        return whole
    if len(a) * len(b) <= _LARGEST_PRODUCT:
        changes = _matched(list(a), list(b))
    elif max(len(a), len(b)) <= _LONGEST_TOKENISED:
        tokens_a, tokens_b = _TOKEN.findall(a), _TOKEN.findall(b)
        if len(tokens_a) * len(tokens_b) > _LARGEST_PRODUCT:
            return whole
        changes = _matched(tokens_a, tokens_b)
    else:
        return whole
    changed = sum(change.size for change in changes)
    longer = max(len(a), len(b))
    # Letters that two unrelated words happen to share are no help to a reader.
    return whole if longer - changed < _LEAST_KEPT * longer else _without_islands(changes)


def _matched(a: list[str], b: list[str]) -> list[Change]:
    from difflib import SequenceMatcher

    at_a, at_b = _offsets(a), _offsets(b)
    return [
        Change(at_a[i], at_a[i_end], at_b[j], at_b[j_end])
        for tag, i, i_end, j, j_end in SequenceMatcher(None, a, b, autojunk=False).get_opcodes()
        if tag != "equal"
    ]


def _offsets(tokens: list[str]) -> list[int]:
    offsets = [0]
    for token in tokens:
        offsets.append(offsets[-1] + len(token))
    return offsets


def _without_islands(changes: list[Change]) -> list[Change]:
    """Join changes that are separated by a character or two only, when they are larger than the gap."""
    joined = changes[:1]
    for change in changes[1:]:
        last = joined[-1]
        gap = change.start_a - last.end_a
        if gap <= 2 and last.size + change.size > 2 * gap:
            joined[-1] = Change(last.start_a, change.end_a, last.start_b, change.end_b)
        else:
            joined.append(change)
    return joined


def _whole_characters(a: str, b: str, changes: list[Change]) -> list[Change]:
    """Widen changes so that no accent is cut from its letter; joins what then touches."""
    if a.isascii() and b.isascii():
        return changes
    widened: list[Change] = []
    for number, change in enumerate(changes):
        start_a, end_a, start_b, end_b = change
        floor = widened[-1].end_a if widened else 0
        ceiling = changes[number + 1].start_a if number + 1 < len(changes) else len(a)
        for _ in range(_MOST_MARKS):
            if start_a <= floor or not (_joins(a, start_a) or _joins(b, start_b)):
                break
            start_a, start_b = start_a - 1, start_b - 1
        for _ in range(_MOST_MARKS):
            if end_a >= ceiling or not _joins(a, end_a):
                break
            end_a, end_b = end_a + 1, end_b + 1
        if widened and start_a == widened[-1].end_a:
            last = widened.pop()
            start_a, start_b = last.start_a, last.start_b
        widened.append(Change(start_a, end_a, start_b, end_b))
    return widened


def _joins(text: str, position: int) -> bool:
    return position < len(text) and is_mark(text[position])


def _common_prefix(a: str, b: str) -> int:
    """By halving, so that comparing ten million characters costs a few slices, not a loop."""
    low, high = 0, min(len(a), len(b))
    while low < high:
        middle = (low + high + 1) // 2
        if a[low:middle] == b[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _common_suffix(a: str, b: str, longest: int) -> int:
    low, high = 0, longest
    while low < high:
        middle = (low + high + 1) // 2
        if a[len(a) - middle : len(a) - low] == b[len(b) - middle : len(b) - low]:
            low = middle
        else:
            high = middle - 1
    return low
