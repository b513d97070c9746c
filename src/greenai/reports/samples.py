"""Sample breaks on a terminal: both values beside each other, or below each other where they are long."""

from __future__ import annotations

from typing import NamedTuple

from greenai.domain.breaks import Break
from greenai.domain.report import Report
from greenai.reports import content
from greenai.reports.canvas import Canvas, Segment
from greenai.reports.excerpts import Pieces, alone, fits, pair, width_of
from greenai.reports.gate import decided, key_of
from greenai.reports.text import EMPTY, cells, fit, fit_left, pad, visible

_MOST_GROUPS = 24
_WIDEST_KEY = 40


def draw_samples(canvas: Canvas, report: Report) -> None:
    """Draw every group of sample breaks; changed characters are reversed, or underlined by carets."""
    groups = content.sample_groups(report)
    for group in groups[:_MOST_GROUPS]:
        counts = ("  " + content.group_counts(group), "dim")
        if group.kind == "value":
            canvas.heading(visible(content.group_title(group)), counts)
            _draw_values(canvas, report, group)
        else:
            title = content.group_title(group)
            canvas.heading(title[0].upper() + title[1:], counts)
            for one in group.breaks:
                canvas.line(("  " + _key(one, canvas.width - 2), ""), *_reason(one))
    if len(groups) > _MOST_GROUPS:
        canvas.heading(f"{len(groups) - _MOST_GROUPS:,} more groups of breaks are not shown here.")


def _draw_values(canvas: Canvas, report: Report, group: content.SampleGroup) -> None:
    label = min(
        max([cells(visible(content.key_text(report.key))), *(_width_of_key(one) for one in group.breaks)]),
        _WIDEST_KEY,
        max(6, canvas.width // 3),
    )
    reason = max((len(_short(one)) for one in group.breaks), default=0)
    room = (canvas.width - 6 - label - (reason + 2 if reason else 0)) // 2
    if room >= 8 and _all_fit(group, room):
        _draw_beside(canvas, report, group, label, room)
    else:
        for one in group.breaks:
            _draw_below(canvas, one)


def _all_fit(group: content.SampleGroup, room: int) -> bool:
    """Whether no value needs more than `room` cells."""
    return all(
        fits(value, room) for one in group.breaks for value in (one.value_a or EMPTY, one.value_b or EMPTY)
    )


class _Column(NamedTuple):
    """The values of one side, with the spaces before and after each that align them."""

    style: str
    head: str
    cells: list[tuple[int, Pieces, int]]


def _column(side: str, name: str, values: list[Pieces]) -> _Column:
    """Numbers lean to the right and meet at the decimal point, other text leans to the left."""
    head = f"{side} {name}"
    after = content.after_numbers(values)
    spaces = after or [0] * len(values)
    wide = max(cells(head), *(width_of(pieces) + space for pieces, space in zip(values, spaces, strict=True)))
    column = []
    for pieces, space in zip(values, spaces, strict=True):
        free = wide - width_of(pieces)
        column.append((free - space, pieces, space) if after else (0, pieces, free))
    return _Column(side, pad(head, wide, ">" if after else "<"), column)


def _draw_beside(canvas: Canvas, report: Report, group: content.SampleGroup, label: int, room: int) -> None:
    """One line a break: key, a, b, reason; a line of carets below it where there is no colour."""
    pairs = [pair(one.value_a, one.value_b, room) for one in group.breaks]
    most = max(1, min(20, room - 2))
    columns = [
        _column(side, fit_left(visible(info.name), most), [both[place] for both in pairs])
        for place, (side, info) in enumerate((("a", report.a), ("b", report.b)))
    ]
    key = pad(visible(content.key_text(report.key)), label)
    canvas.line(("  " + key, "dim"), *(("  " + column.head, column.style) for column in columns))
    for number, one in enumerate(group.breaks):
        segments: list[Segment] = [("  " + pad(_key(one, label), label), "")]
        carets = " " * (label + 2)
        for column in columns:
            before, pieces, after = column.cells[number]
            segments += [
                (" " * (before + 2), ""),
                *_styled(pieces, f"changed_{column.style}"),
                (" " * after, ""),
            ]
            carets += " " * (before + 2) + _carets(pieces) + " " * after
        canvas.line(*segments, *_reason(one))
        _draw_carets(canvas, carets)


def _draw_below(canvas: Canvas, one: Break) -> None:
    """Three lines a break: its key, then a above b so that the eye can compare them."""
    canvas.line(("  " + _key(one, canvas.width - 2), ""), *_reason(one))
    for side, pieces in zip("ab", pair(one.value_a, one.value_b, max(1, canvas.width - 7)), strict=True):
        canvas.line(("    ", ""), (side, side), ("  ", ""), *_styled(pieces, f"changed_{side}"))
        _draw_carets(canvas, " " * 7 + _carets(pieces))


def _styled(pieces: Pieces, changed: str) -> list[Segment]:
    styles = {"same": "", "changed": changed, "cut": "dim", "remark": "dim"}
    return [(piece.text, styles[piece.kind]) for piece in pieces]


def _carets(pieces: Pieces) -> str:
    return "".join(("^" if piece.kind == "changed" else " ") * cells(piece.text) for piece in pieces)


def _draw_carets(canvas: Canvas, carets: str) -> None:
    if not canvas.colour and "^" in carets:
        canvas.line((carets, ""))


def _key(one: Break, width: int) -> str:
    if not one.key:
        return fit(key_of(one), width)
    if len(one.key) == 1:
        return "".join(piece.text for piece in alone(one.key[0], max(1, width)))
    return fit(" · ".join("".join(piece.text for piece in alone(part, 200)) for part in one.key), width)


def _width_of_key(one: Break) -> int:
    return cells(_key(one, _WIDEST_KEY))


def _short(one: Break) -> str:
    """Reason and decision, which always find their place beside the values."""
    reason = one.reason if one.kind != "check" else None
    return " · ".join(visible(text) for text in (reason, decided(one)) if text)


def _reason(one: Break) -> list[Segment]:
    explanation = visible(one.explanation) if one.explanation else ""
    said = " · ".join(text for text in (_short(one), explanation) if text)
    return [("  " + said, "dim")] if said else []
