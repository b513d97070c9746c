"""The report for a terminal, a pipe or a log: plain lines, aligned, with or without colour."""

from __future__ import annotations

from collections.abc import Sequence

from greenai.domain.report import Report
from greenai.reports import content, words
from greenai.reports.canvas import Canvas, Segment, bar
from greenai.reports.causes_terminal import draw_causes, draw_groups
from greenai.reports.excerpts import Pieces, alone
from greenai.reports.gate_terminal import draw_gate, draw_outcome, draw_tables
from greenai.reports.samples import draw_samples
from greenai.reports.text import cells, fit, fit_left, pad, visible, wrap

_MOST_FIELDS = 24
_NAME = 32
_BAR = 24


def render(report: Report, *, width: int, colour: bool) -> str:
    """The report as text: no line is wider than `width` cells; escape sequences only with `colour`.

    Deterministic: the same report, width and colour give the same text.
    """
    canvas = Canvas(width, colour=colour)
    _draw_head(canvas, report)
    clean = content.is_clean(report)
    draw_outcome(canvas, report)
    canvas.gap()
    agrees = content.agrees(report)
    for number, line in enumerate(wrap(content.verdict(report), canvas.width - 2)):
        sign = ("✓ " if agrees else "≠ ") if number == 0 else "  "
        canvas.line((sign, "good" if agrees else "bad"), (line, "strong"))
    if not clean:
        _draw_rows(canvas, report)
        _draw_totals(canvas, report)
        _draw_fields(canvas, report)
        _draw_reasons(canvas, report)
        draw_causes(canvas, report)
        draw_groups(canvas, report)
        draw_gate(canvas, report)
    draw_tables(canvas, report)
    if not clean:
        draw_samples(canvas, report)
        _draw_rejects(canvas, report)
    _draw_notes(canvas, report)
    _draw_timings(canvas, report)
    return canvas.text()


def _draw_head(canvas: Canvas, report: Report) -> None:
    date = [("  " + visible(report.business_date), "dim")] if report.business_date else []
    canvas.line((visible(report.title), "title"), *date)
    names = [visible(report.a.name), visible(report.b.name)]
    broad = min(_NAME, max(map(cells, names)), canvas.width // 3)
    for side, info, name in zip("ab", (report.a, report.b), names, strict=True):
        location = visible(info.location)
        place = "" if location == name else fit_left(location, canvas.width - broad - 7)
        canvas.line(("  ", ""), (side, side), ("  " + pad(name, broad), ""), ("  " + place, "dim"))
    if report.key:
        key = visible(content.key_text(report.key))
        canvas.line(("  key", "dim"), ("  " + key, ""))


def _draw_rows(canvas: Canvas, report: Report) -> None:
    canvas.heading("Rows")
    rows = report.summary.rows
    lines = content.row_lines(report)
    label = max(len(line.label) + 2 * line.level for line in lines)
    wide = max(5, len(f"{max(rows.a, rows.b, rows.rejected_a, rows.rejected_b):,}"))
    share = 0 if canvas.width < label + 2 * wide + 26 else 9
    if canvas.width < label + 2 * wide + 6:
        for side in ("a", "b"):
            canvas.line(("  ", ""), (side, side))
            for line in lines:
                name = "  " * (line.level + 1) + line.label
                shown = f"{line.a if side == 'a' else line.b:,}"
                canvas.line(("  " + pad(name, label + 2), ""), ("  " + pad(shown, wide, ">"), ""))
        return
    canvas.line(
        (" " * (label + 2), ""),
        ("  " + pad("a", wide, ">") + " " * share, "a"),
        ("  " + pad("b", wide, ">"), "b"),
    )
    for line in lines:
        if line.name == "rows":
            canvas.line(("  " + "─" * (label + 2 * (wide + 2) + 2 * share), "dim"))
        name = "  " * line.level + line.label
        segments: list[Segment] = [("  " + pad(name, label), "dim" if line.name == "rejected" else "")]
        for number, whole in ((line.a, rows.a), (line.b, rows.b)):
            style = "bad" if number and line.name in ("different", "only", "duplicates", "rejected") else ""
            segments.append(("  " + pad(f"{number:,}", wide, ">"), style))
            shown = "" if line.name in ("rows", "rejected") or not number else words.percent(number, whole)
            segments.append((pad(shown, share, ">") if share else "", "dim"))
        canvas.line(*segments)


def _draw_totals(canvas: Canvas, report: Report) -> None:
    totals = report.summary.totals
    if not totals:
        return
    canvas.heading("Totals", (f" of {visible(report.summary.amount)}" if report.summary.amount else "", ""))
    currency = [alone(total.currency, _NAME)[0].text for total in totals]
    nets = [content.net(total) for total in totals]
    columns = [
        words.money(total.a for total in totals),
        words.money(total.b for total in totals),
        words.money(nets),
    ]
    styles = [["a", "b", "bad" if net else "dim"] for net in nets]
    label = max(8, *map(cells, currency))
    wide = [max(len(head), *map(len, column)) for head, column in zip(_TOTALS, columns, strict=True)]
    if canvas.width < label + sum(wide) + 8:
        for number, name in enumerate(currency):
            canvas.line(("  " + name, ""))
            for head, column, style in zip(_TOTALS, columns, styles[number], strict=True):
                amount = pad(column[number], max(wide), ">")
                canvas.line(("    " + pad(head, 10), style), ("  " + amount, ""))
        return
    heads = [("  " + pad(head, size, ">"), style)
             for head, size, style in zip(_TOTALS, wide, ("a", "b", ""), strict=True)]  # fmt: skip
    canvas.line((" " * (label + 2), ""), *heads)
    for number, name in enumerate(currency):
        amounts = [("  " + pad(column[number], size, ">"), "")
                   for column, size in zip(columns, wide, strict=True)]  # fmt: skip
        amounts[2] = (amounts[2][0], styles[number][2])
        canvas.line(("  " + pad(name, label), ""), *amounts)


_TOTALS = ("a", "b", "net, a − b")


def _draw_fields(canvas: Canvas, report: Report) -> None:
    lines = content.field_lines(report)
    equal = content.equal_fields(report)
    conflicts = content.conflicts(report)
    if not report.fields and not lines:
        return
    canvas.heading("Fields", (", share of matched pairs that differ" if lines else "", "dim"))
    shown = lines[:_MOST_FIELDS]
    if shown:
        matched, most = report.summary.rows.matched, max(line.different for line in shown)
        names = [visible(line.info.name) for line in shown]
        label = min(max(map(cells, names)), max(8, canvas.width // 4))
        wide = len(f"{most:,}")
        notes = [_tolerance(line) for line in shown]
        room = canvas.width - label - wide - 17 - min(max(map(cells, notes)) + 2, canvas.width // 3)
        size = max(0, min(_BAR, room))
        for line, name, note in zip(shown, names, notes, strict=True):
            canvas.line(
                ("  " + pad(name, label), ""),
                ("  " + pad(f"{line.different:,}", wide, ">"), "" if line.different else "dim"),
                ("  " + pad(words.percent(line.different, matched), 8, ">"), "dim"),
                ("  " + pad(bar(line.different, most, size), size), "warn"),
                ("  " + note if note else "", "dim"),
            )
    if len(lines) > len(shown):
        rest = ", ".join(visible(line.info.name) for line in lines[_MOST_FIELDS:])
        _draw_list(canvas, f"{len(lines) - len(shown):,} more differ: ", rest)
    if equal:
        lead = f"{len(equal):,} equal: " if lines else f"all {len(equal):,} equal: "
        _draw_list(canvas, lead, ", ".join(map(visible, equal)))
    for conflict in conflicts:
        _draw_item(canvas, "!", visible(conflict), "warn")


def _tolerance(line: content.FieldLine) -> str:
    rule = visible(line.info.rule)
    if not line.within_tolerance:
        return rule
    within = rule if rule.startswith("within ") else "within tolerance"
    return f"{line.within_tolerance:,} {within}"


def _draw_reasons(canvas: Canvas, report: Report) -> None:
    lines = content.reason_lines(report)
    if not lines:
        return
    canvas.heading("Reasons", (", breaks", "dim"))
    whole, most = sum(line.breaks for line in lines), lines[0].breaks
    names = [visible(line.reason) for line in lines]
    label, wide = min(_NAME, max(map(cells, names))), len(f"{most:,}")
    size = max(0, min(_BAR, canvas.width - label - wide - 34))
    for line, name in zip(lines, names, strict=True):
        canvas.line(
            ("  " + pad(name, label), ""),
            ("  " + pad(f"{line.breaks:,}", wide, ">"), ""),
            ("  " + pad(words.percent(line.breaks, whole), 8, ">"), "dim"),
            ("  " + pad(line.nature, 14), "bad" if line.functional is False else "dim"),
            ("  " + bar(line.breaks, most, size), "warn"),
        )


def _draw_rejects(canvas: Canvas, report: Report) -> None:
    if not report.rejects:
        return
    rows = report.summary.rows
    total = rows.rejected_a + rows.rejected_b
    shown = f", {len(report.rejects):,} shown" if total != len(report.rejects) else ""
    canvas.heading("Rejected rows", (f"  {total:,}{shown}", "dim"))
    for reject in report.rejects:
        line = f", line {reject.line:,}" if reject.line is not None else ""
        place = fit_left(visible(reject.source), max(8, canvas.width // 2)) + line
        why = fit(visible(reject.why), max(0, canvas.width - cells(place) - 7))
        canvas.line(("  ", ""), (reject.side, reject.side), ("  " + place, ""), ("  " + why, "bad"))
        raw: Pieces = alone(reject.raw, canvas.width - 5)
        canvas.line(("     ", ""), *((piece.text, "dim") for piece in raw))


def _draw_notes(canvas: Canvas, report: Report) -> None:
    if not report.notes:
        return
    canvas.heading("Notes")
    for note in report.notes:
        _draw_item(canvas, "·", visible(note))


def _draw_timings(canvas: Canvas, report: Report) -> None:
    throughput = content.throughput(report)
    if throughput is None:
        return
    canvas.gap()
    stages = ", ".join(f"{visible(name)} {took}" for name, took in content.stages(report))
    lines = wrap(throughput + (f" ({stages})" if stages else ""), canvas.width)
    _draw_lines(canvas, lines, "dim")


def _draw_item(canvas: Canvas, sign: str, text: str, style: str = "") -> None:
    for number, line in enumerate(wrap(text, max(1, canvas.width - 4))):
        canvas.line((f"  {sign} " if number == 0 else "    ", style), (line, ""))


def _draw_list(canvas: Canvas, lead: str, names: str) -> None:
    """A list of names on at most two lines."""
    lines = wrap(lead + names, max(1, canvas.width - 2))
    if len(lines) > 2:
        lines = [lines[0], fit(lines[1] + " " + lines[2], canvas.width - 2)]
    _draw_lines(canvas, ["  " + line for line in lines], "dim")


def _draw_lines(canvas: Canvas, lines: Sequence[str], style: str) -> None:
    for line in lines:
        canvas.line((line, style))
