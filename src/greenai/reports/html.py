"""The report as one HTML file that needs nothing else: no network, no script; made for screen and paper."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from greenai.domain.report import Report
from greenai.reports import causes_html, content, gate, gate_html, plots, words
from greenai.reports.excerpts import Pieces, alone, pair
from greenai.reports.markup import Column, escape, section, table, value

_LONGEST = 240
_ZOOM_BELOW = 5
_DRAWN = ("equal", "different", "only", "duplicates")
_SIDE_A = Column('<span class="side-a">a</span>', "number")
_SIDE_B = Column('<span class="side-b">b</span>', "number")
_SHARE = Column("share", "number dim")
_BAR = Column('<span class="unseen">bar</span>', "plot-cell")
# No script, no request: even a value that slipped through escaping could do nothing.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"


def render(report: Report) -> str:
    """The report as a complete HTML document; all data in it is escaped."""
    clean = content.is_clean(report)
    parts = [] if clean else [_rows(report), _totals(report), _fields(report), _reasons(report),
                              causes_html.render(report), causes_html.unexplained(report),
                              gate_html.decisions(report),
                              gate_html.checks(report)]  # fmt: skip
    parts.append(gate_html.tables(report))
    parts += [] if clean else [_samples(report), _rejects(report)]
    parts.append(_notes(report))
    title = escape(report.title)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="greenai">
<link rel="icon" href="data:,">
<title>{title}</title>
<style>
{_style()}</style>
</head>
<body>
{plots.patterns()}
{_head(report)}
<main>
{chr(10).join(part for part in parts if part)}
</main>
{_foot(report)}
</body>
</html>
"""


@cache
def _style() -> str:
    return files(__package__).joinpath("style.css").read_text(encoding="utf-8")


def _head(report: Report) -> str:
    date = f" <time>{escape(report.business_date)}</time>" if report.business_date else ""
    sides = "".join(
        f'<div><dt class="side-{side}">{side}</dt><dd><b>{escape(info.name)}</b>'
        + (f' <span class="path">{escape(info.location)}</span>' if info.location != info.name else "")
        + "</dd></div>"
        for side, info in (("a", report.a), ("b", report.b))
    )
    key = f"<div><dt>key</dt><dd>{escape(content.key_text(report.key))}</dd></div>" if report.key else ""
    state, sign = ("clean", "✓") if content.agrees(report) else ("differs", "≠")
    return (
        f"<header>\n<h1>{escape(report.title)}{date}</h1>\n<dl>{sides}{key}</dl>\n"
        f"{gate_html.outcome(report)}"
        f'<p class="verdict {state}"><span aria-hidden="true">{sign}</span> '
        f"{escape(content.verdict(report)).replace(' %', '&nbsp;%')}</p>\n</header>"
    )


def _rows(report: Report) -> str:
    rows = report.summary.rows
    lines, classes = [], []
    for line in content.row_lines(report):
        swatch = plots.swatch(line.name) if line.name in _DRAWN else ""
        whole_a, whole_b = (0, 0) if line.name in ("rows", "rejected") else (rows.a, rows.b)
        lines.append((
            swatch + line.label,
            f"{line.a:,}", words.percent(line.a, whole_a) if line.a else "",
            f"{line.b:,}", words.percent(line.b, whole_b) if line.b else "",
        ))  # fmt: skip
        classes.append(f"level-{line.level} row-{line.name}")
    drawn = "".join(
        f'<figure><figcaption><span class="side-{side}">{side}</span> {escape(info.name)} '
        f"<span>{words.count(whole, 'row')}</span></figcaption>"
        + _where(f"rows of {side}", rows.equal, rows.different, only, duplicates)
        + "</figure>"
        for side, info, whole, only, duplicates in (
            ("a", report.a, rows.a, rows.only_a, rows.duplicates_a),
            ("b", report.b, rows.b, rows.only_b, rows.duplicates_b),
        )
    )
    columns = (Column("rows"), _SIDE_A, _SHARE, _SIDE_B, _SHARE)
    return section(
        "rows",
        "Rows",
        '<div class="beside">'
        + table("Where the rows of each side went", columns, lines, classes="rows", line_classes=classes)
        + f'<div class="figures">{drawn}</div></div>',
    )


def _where(name: str, equal: int, different: int, only: int, duplicates: int) -> str:
    """The bar of one side; where most rows are equal, the others are drawn once more below it."""
    others = [
        plots.Part("different", "different", different),
        plots.Part("only", "only on this side", only),
        plots.Part("duplicates", "duplicates", duplicates),
    ]
    rest = different + only + duplicates
    zoom = others if 0 < rest * _ZOOM_BELOW < equal else ()
    drawn = plots.stacked(name, [plots.Part("equal", "equal", equal), *others], zoom=zoom)
    note = f'<p class="zoom">not equal: {rest:,}, drawn larger</p>' if zoom else ""
    return drawn + note


def _totals(report: Report) -> str:
    totals = report.summary.totals
    if not totals:
        return ""
    nets = [content.net(total) for total in totals]
    columns = (
        words.money(total.a for total in totals),
        words.money(total.b for total in totals),
        words.money(nets),
    )
    lines = [
        (value(alone(total.currency, 40)), one, two, f"<b>{net}</b>" if exact else net)
        for total, one, two, net, exact in zip(totals, *columns, nets, strict=True)
    ]
    heads = (Column("currency"), _SIDE_A, _SIDE_B, Column("net, a − b", "number"))
    of = f" of {escape(report.summary.amount)}" if report.summary.amount else ""
    classes = ["net" if net else "" for net in nets]
    return section("totals", f"Totals{of}", table("Sums of both sides by currency", heads, lines,
                                                  line_classes=classes))  # fmt: skip


def _fields(report: Report) -> str:
    lines, matched = content.field_lines(report), report.summary.rows.matched
    anchors = _anchors(report)
    parts = []
    if lines:
        most = max(line.different for line in lines)
        heads = (Column("field"), Column("type", "dim type"), Column("different", "number"), _SHARE, _BAR,
                 Column("within tolerance", "number"), Column("rule", "dim"))  # fmt: skip
        shown = []
        for line in lines:
            number = f"{line.different:,}"
            if line.different and line.info.name in anchors:
                number = f'<a href="#{anchors[line.info.name]}">{number}</a>'
            shown.append((
                escape(line.info.name), escape(line.info.type), number,
                words.percent(line.different, matched), plots.bar(line.different, most, "different"),
                f"{line.within_tolerance:,}" if line.within_tolerance else "", escape(line.info.rule),
            ))  # fmt: skip
        caption = "Matched pairs that differ, by field; bars are relative to the first"
        parts.append(table(caption, heads, shown, classes="fields"))
    equal = content.equal_fields(report)
    if equal:
        lead = f"{words.count(len(equal), 'field')} equal in every matched pair:"
        parts.append(f"<p><b>{lead}</b> {', '.join(map(escape, equal))}</p>")
    parts += [f'<p class="conflict"><b>Type conflict.</b> {escape(conflict)}</p>'
              for conflict in content.conflicts(report)]  # fmt: skip
    return section("fields", "Fields", *parts)


def _reasons(report: Report) -> str:
    lines = content.reason_lines(report)
    if not lines:
        return ""
    whole, most = sum(line.breaks for line in lines), lines[0].breaks
    kinds = {True: "functional", False: "non-functional", None: "unknown"}
    shown = [
        (
            escape(line.reason),
            plots.swatch(kinds[line.functional]) + line.nature,
            f"{line.breaks:,}",
            words.percent(line.breaks, whole),
            plots.bar(line.breaks, most, kinds[line.functional]),
        )
        for line in lines
    ]
    heads = (Column("reason"), Column("nature", "dim"), Column("breaks", "number"), _SHARE, _BAR)
    caption = "Breaks by reason; bars are relative to the first"
    return section("reasons", "Reasons", table(caption, heads, shown))


def _anchors(report: Report) -> dict[str, str]:
    """The places of the samples of each field. Numbers, as names may hold anything."""
    return {
        group.name: f"breaks-{number}"
        for number, group in enumerate(content.sample_groups(report))
        if group.kind == "value" and group.name is not None
    }


def _samples(report: Report) -> str:
    groups = content.sample_groups(report)
    drawn = [_group(report, group, f"breaks-{number}") for number, group in enumerate(groups)]
    whole = [text for text, group in zip(drawn, groups, strict=True) if group.kind not in ("value", "check")]
    single = [text for text, group in zip(drawn, groups, strict=True) if group.kind in ("value", "check")]
    return section(
        "breaks", "Sample breaks", *single, f'<div class="records">{"".join(whole)}</div>' if whole else ""
    )


def _group(report: Report, group: content.SampleGroup, anchor: str) -> str:
    caption = f"<h3>{escape(content.group_title(group))}</h3> {content.group_counts(group)}"
    heads = [Column(escape(content.key_text(report.key)) or "key", "value")]
    columns: list[list[str]] = [[gate_html.key(one) for one in group.breaks]]
    if group.kind == "value":
        pairs = [pair(one.value_a, one.value_b, _LONGEST) for one in group.breaks]
        for side, info in enumerate((report.a, report.b)):
            letter = "ab"[side]
            cells, numbers = _values([both[side] for both in pairs])
            head = f'<span class="side-{letter}">{letter}</span> {escape(info.name)}'
            heads.append(Column(head, "value wide number" if numbers else "value wide"))
            columns.append(cells)
    if any(one.decision for one in group.breaks):
        heads.append(Column("decision", "decided"))
        columns.append([gate_html.decided(one) for one in group.breaks])
    if any(gate.why(one) for one in group.breaks):
        heads.append(Column("reason", "dim"))
        columns.append([escape(gate.why(one)) for one in group.breaks])
    lines = list(zip(*columns, strict=True))
    return f'<div class="group" id="{anchor}">{table(caption, heads, lines, classes="samples")}</div>'


def _values(values: list[Pieces]) -> tuple[list[str], bool]:
    """The cells of one side, and whether they are numbers, which then meet at the decimal point."""
    after = content.after_numbers(values)
    if after is None:
        return [value(pieces) for pieces in values], False
    return [value(pieces, after=spaces) for pieces, spaces in zip(values, after, strict=True)], True


def _rejects(report: Report) -> str:
    if not report.rejects:
        return ""
    rows = report.summary.rows
    total, shown = rows.rejected_a + rows.rejected_b, len(report.rejects)
    lines = [
        (
            f'<span class="side-{reject.side}">{reject.side}</span>',
            escape(reject.source),
            "" if reject.line is None else f"{reject.line:,}",
            escape(reject.why),
            value(alone(reject.raw, _LONGEST)),
        )
        for reject in report.rejects
    ]
    heads = (Column("side"), Column("source", "source"), Column("line", "number"), Column("why", "source"),
             Column("raw text", "value wide"))  # fmt: skip
    counts = f"{total:,}" if total == shown else f"{shown:,} of {total:,}"
    return section("rejects", "Rejected rows", table(f"Rows that could not be read: {counts}", heads, lines,
                                                     classes="samples"))  # fmt: skip


def _notes(report: Report) -> str:
    if not report.notes:
        return ""
    notes = "".join(f"<li>{escape(note)}</li>" for note in report.notes)
    return section("notes", "Notes", f"<ul>{notes}</ul>")


def _foot(report: Report) -> str:
    throughput = content.throughput(report)
    stages = ", ".join(f"{escape(name)} {took}" for name, took in content.stages(report))
    parts = []
    if throughput is not None:
        parts.append(f"<p>{throughput}{f' ({stages})' if stages else ''}</p>")
    if report.definition_fingerprint:
        parts.append(f"<p>definition {escape(report.definition_fingerprint)}</p>")
    return f"<footer>{''.join(parts)}</footer>" if parts else ""
