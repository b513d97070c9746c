"""Gate and store on a terminal: the answer above the report, then decisions, checks, golden tables."""

from __future__ import annotations

from greenai.domain.report import Report
from greenai.reports import gate
from greenai.reports.canvas import Canvas, Segment, bar
from greenai.reports.text import cells, fit, pad, visible, wrap
from greenai.reports.words import percent

STYLES = {"passed": "good", "review": "warn", "rejected": "bad"}
_NAME, _BAR, _SHARE = 40, 20, 9
_MOST_RULES = 24


def draw_outcome(canvas: Canvas, report: Report) -> None:
    """Did it pass, how many records wait, what is stored where; nothing for a plain diff."""
    said = gate.outcome(report)
    if said is None:
        return
    canvas.gap()
    good = gate.passed(report)
    for number, line in enumerate(wrap(visible(said), max(1, canvas.width - 2))):
        sign = ("✓ " if good else "! ") if number == 0 else "  "
        canvas.line((sign, "good" if good else "warn"), (line, "strong"))
    for sentence in gate.whereabouts(report):
        for line in wrap(visible(sentence), max(1, canvas.width - 2)):
            canvas.line(("  " + line, ""))


def draw_gate(canvas: Canvas, report: Report) -> None:
    """Decisions and the checks that failed."""
    _draw_decisions(canvas, report)
    _draw_checks(canvas, report)


def _draw_decisions(canvas: Canvas, report: Report) -> None:
    lines = gate.decision_lines(report)
    if not lines:
        return
    canvas.heading("Decisions")
    wholes = (sum(line.breaks for line in lines), sum(line.records for line in lines))
    heads = ("breaks", "records")
    wide = [max(len(head), len(f"{whole:,}")) for head, whole in zip(heads, wholes, strict=True)]
    label = max(len(line.decision) for line in lines)
    share = _SHARE if canvas.width >= label + sum(wide) + 2 * _SHARE + 6 else 0
    room = canvas.width - label - sum(wide) - 2 * share - 10
    size = min(_BAR, room // 2) if share else 0
    size = size if size >= 4 else 0
    canvas.line(
        ("  " + " " * label, ""),
        ("  " + pad(heads[0], wide[0], ">") + " " * (share + (size + 2 if size else 0)), "dim"),
        ("  " + pad(heads[1], wide[1], ">"), "dim"),
    )
    for line in lines:
        told = line.breaks or line.records
        segments: list[Segment] = [
            ("  " + pad(line.decision, label), STYLES[line.decision] if told else "dim")
        ]
        for number, whole, width in zip((line.breaks, line.records), wholes, wide, strict=True):
            segments.append(("  " + pad(f"{number:,}", width, ">"), "" if number else "dim"))
            shown = percent(number, whole) if number else ""
            segments.append((pad(shown, share, ">") if share else "", "dim"))
            if size:
                segments.append(("  " + pad(bar(number, whole, size), size), STYLES[line.decision]))
        canvas.line(*segments)


def _draw_checks(canvas: Canvas, report: Report) -> None:
    lines = gate.check_lines(report)
    if not lines:
        return
    canvas.heading("Checks that failed")
    shown = lines[:_MOST_RULES]
    names = [visible(line.rule) for line in shown]
    label = min(_NAME, max(8, canvas.width // 2), max(map(cells, names)))
    wide = len(f"{shown[0].failures:,}")
    for line, name in zip(shown, names, strict=True):
        example = ""
        if line.example is not None:
            example = f"  e.g. {visible(gate.key_of(line.example))}: {visible(gate.why(line.example))}"
        canvas.line(
            ("  " + pad(fit(name, label), label), ""),
            ("  " + pad(f"{line.failures:,}", wide, ">"), "bad"),
            (example, "dim"),
        )
    if len(lines) > len(shown):
        canvas.line((f"  {len(lines) - len(shown):,} more rules do not hold", "dim"))


def draw_tables(canvas: Canvas, report: Report) -> None:
    """What was stored in which golden table."""
    lines = gate.table_lines(report)
    if not lines:
        return
    canvas.heading("Golden tables", (", rows", "dim"))
    columns = [_numbers(line) for line in lines]
    heads = [word for word, _ in columns[0]]
    wide = [
        max(len(head), *(len(_shown(column[place][1])) for column in columns))
        for place, head in enumerate(heads)
    ]
    names = [visible(line.table) for line in lines]
    label = min(_NAME, max(map(cells, names)))
    if canvas.width < label + sum(wide) + 2 * len(wide) + 2:
        for name, column in zip(names, columns, strict=True):
            canvas.line(("  " + name, ""))
            for head, number in column:
                if number is not None:
                    amount = pad(_shown(number), max(wide), ">")
                    canvas.line(("    " + pad(head, 10), "dim"), ("  " + amount, _style(head, number)))
        return
    canvas.line(
        ("  " + " " * label, ""),
        *(("  " + pad(head, size, ">"), "dim") for head, size in zip(heads, wide, strict=True)),
    )
    for name, column in zip(names, columns, strict=True):
        canvas.line(
            ("  " + pad(name, label), ""),
            *(
                ("  " + pad(_shown(number), size, ">"), _style(head, number))
                for (head, number), size in zip(column, wide, strict=True)
            ),
        )


def _numbers(line: gate.TableLine) -> list[tuple[str, int | None]]:
    return [*line.stored.as_dict().items(), ("rejected", line.rejected)]


def _shown(number: int | None) -> str:
    return "" if number is None else f"{number:,}"


def _style(head: str, number: int | None) -> str:
    if not number:
        return "dim"
    return {"pending": "warn", "rejected": "bad"}.get(head, "")
