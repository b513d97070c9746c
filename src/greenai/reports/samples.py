"""Sample breaks on a terminal: both values beside each other, or below each other where they are long."""

from __future__ import annotations

from greenai.domain.breaks import Break
from greenai.domain.report import Report
from greenai.reports import content
from greenai.reports.canvas import Canvas, Segment
from greenai.reports.excerpts import Pieces, alone, fits, pair, width_of
from greenai.reports.text import EMPTY, cells, fit, fit_left, pad, visible

_MOST_GROUPS = 24
_WIDEST_KEY = 40


def draw_samples(canvas: Canvas, report: Report) -> None:
    """Draw every group of sample breaks; changed characters are reversed, or underlined by carets."""
    groups = content.sample_groups(report)
    for group in groups[:_MOST_GROUPS]:
        counts = ("  " + content.group_counts(group), "dim")
        if group.kind in ("value", "check"):
            canvas.heading(visible(content.group_title(group)), counts)
            _draw_values(canvas, report, group)
        else:
            title = content.group_title(group)
            canvas.heading(title[0].upper() + title[1:], counts)
            for one in group.breaks:
                canvas.line(("  " + _key(one, canvas.width - 2), ""), *_reason(one))
    if len(groups) > _MOST_GROUPS:
        canvas.heading(f"Samples of {len(groups) - _MOST_GROUPS:,} more fields are not shown here.")


def _draw_values(canvas: Canvas, report: Report, group: content.SampleGroup) -> None:
    label = min(
        max([cells(visible(content.key_text(report.key))), *(_width_of_key(one) for one in group.breaks)]),
        _WIDEST_KEY,
        max(6, canvas.width // 3),
    )
    reason = max((len(one.reason or "") for one in group.breaks), default=0)
    room = (canvas.width - 6 - label - (reason + 2 if reason else 0)) // 2
    if room >= 8 and _all_fit(group, room):
        _draw_beside(canvas, report, group, label, room)
    else:
        for one in group.breaks:
            _draw_below(canvas, one)


def _all_fit(group: content.SampleGroup, room: int) -> bool:
    """Whether no value needs more than `room` cells."""
    return all(
        fits(value, room)
        for one in group.breaks
        for value in (one.value_a or EMPTY, one.value_b or EMPTY)
    )


def _draw_beside(
    canvas: Canvas, report: Report, group: content.SampleGroup, label: int, room: int
) -> None:
    """One line a break: key, a, b, reason; numbers aligned at the decimal point."""
    pairs = [pair(one.value_a, one.value_b, room) for one in group.breaks]
    names = [fit_left(visible(info.name), max(1, min(20, room - 2))) for info in (report.a, report.b)]
    columns = [_column([values[side] for values in pairs]) for side in (0, 1)]
    heads = [f"a {names[0]}", f"b {names[1]}"]
    wide = [
        max([cells(head), *(before + width_of(pieces) + after for before, pieces, after in column)])
        for head, column in zip(heads, columns, strict=True)
    ]
    key = pad(visible(content.key_text(report.key)), label)
    canvas.line(
        ("  " + key, "dim"),
        ("  " + _head(heads[0], wide[0], columns[0]), "a"),
        ("  " + _head(heads[1], wide[1], columns[1]), "b"),
    )
    for number, one in enumerate(group.breaks):
        segments: list[Segment] = [("  " + pad(_key(one, label), label) + "  ", "")]
        carets = " " * (label + 4)
        for side, style in ((0, "changed_a"), (1, "changed_b")):
            before, pieces, after = columns[side][number]
            # Numbers lean to the right of their column, text to the left.
            shift = wide[side] - width_of(pieces) - after if _leans(columns[side]) else before
            rest = wide[side] - shift - width_of(pieces)
            segments += [(" " * shift, ""), *_styled(pieces, style), (" " * (rest + 2), "")]
            carets += " " * shift + _carets(pieces) + " " * (rest + 2)
        canvas.line(*segments, *_reason(one, ""))
        _draw_carets(canvas, carets)


Cell = tuple[int, Pieces, int]
"""Spaces before, the value, spaces after."""


def _column(values: list[Pieces]) -> list[Cell]:
    texts = ["".join(piece.text for piece in pieces) for pieces in values]
    numbers = [text for text in texts if not text.startswith("‹")]
    aligned = content.aligned(numbers) if numbers else None
    if aligned is None:
        return [(0, pieces, 0) for pieces in values]
    spaces = iter([len(text) - len(number) for text, number in zip(aligned, numbers, strict=True)])
    return [(1, pieces, 0 if text.startswith("‹") else next(spaces)) for text, pieces in
            zip(texts, values, strict=True)]  # fmt: skip


def _leans(column: list[Cell]) -> bool:
    return bool(column) and column[0][0] > 0


def _head(text: str, width: int, column: list[Cell]) -> str:
    return pad(text, width, ">" if _leans(column) else "<")


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
    if len(one.key) == 1:
        return "".join(piece.text for piece in alone(one.key[0], max(1, width)))
    return fit(" · ".join("".join(piece.text for piece in alone(part, 200)) for part in one.key), width)


def _width_of_key(one: Break) -> int:
    return cells(_key(one, _WIDEST_KEY))


def _reason(one: Break, gap: str = "  ") -> list[Segment]:
    said = " · ".join(visible(text) for text in (one.reason, one.explanation) if text)
    return [(gap + said, "dim")] if said else []
