"""The report as GitHub-flavoured Markdown, for pull requests, tickets and wikis."""

from __future__ import annotations

from greenai.domain.report import Report
from greenai.reports import causes, content, gate, groups, words
from greenai.reports.excerpts import alone, pair
from greenai.reports.markdown_cells import LONGEST, code, key_of, start, table_of, text

_MOST_FIELDS = 100
_MOST_GROUPS = 50


def render(report: Report) -> str:
    """The report as Markdown; nothing in the data can become markup, a link or a mention."""
    blocks = [_head(report), _outcome(report), f"**{text(content.verdict(report))}**"]
    clean = content.is_clean(report)
    if not clean:
        blocks += [_rows(report), _totals(report), _fields(report), _reasons(report), _causes(report),
                   _groups(report),
                   _decisions(report), _checks(report)]  # fmt: skip
    blocks.append(_tables(report))
    if not clean:
        blocks += [*_samples(report), _rejects(report)]
    blocks += [_notes(report), _timings(report)]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _head(report: Report) -> str:
    date = f" · {text(report.business_date)}" if report.business_date else ""
    sides = [(side, text(info.name), code(alone(info.location, LONGEST)))
             for side, info in (("a", report.a), ("b", report.b))]  # fmt: skip
    key = f"\n\nKey: {text(content.key_text(report.key))}" if report.key else ""
    return f"# {start(report.title)}{date}\n\n{table_of(('side', 'name', 'location'), '<<<', sides)}{key}"


def _rows(report: Report) -> str:
    rows = report.summary.rows
    lines = []
    for line in content.row_lines(report):
        label = "&emsp;" * line.level + line.label
        whole = (0, 0) if line.name in ("rows", "rejected") else (rows.a, rows.b)
        lines.append((
            f"**{label}**" if line.name == "rows" else label,
            f"{line.a:,}", words.percent(line.a, whole[0]) if line.a else "",
            f"{line.b:,}", words.percent(line.b, whole[1]) if line.b else "",
        ))  # fmt: skip
    return "## Rows\n\n" + table_of(("", "a", "share", "b", "share"), "<>>>>", lines)


def _totals(report: Report) -> str:
    totals = report.summary.totals
    if not totals:
        return ""
    columns = zip(
        words.money(total.a for total in totals),
        words.money(total.b for total in totals),
        words.money(map(content.net, totals)),
        strict=True,
    )
    lines = [(text(alone(total.currency, 40)[0].text), *amounts)
             for total, amounts in zip(totals, columns, strict=True)]  # fmt: skip
    of = f" of {text(report.summary.amount)}" if report.summary.amount else ""
    return f"## Totals{of}\n\n" + table_of(("currency", "a", "b", "net, a − b"), "<>>>", lines)


def _fields(report: Report) -> str:
    lines, matched = content.field_lines(report), report.summary.rows.matched
    parts = []
    if lines:
        parts.append(
            table_of(
                ("field", "type", "different", "share of matched", "within tolerance", "rule"),
                "<<>>><",
                (
                    (
                        text(line.info.name),
                        text(line.info.type),
                        f"{line.different:,}",
                        words.percent(line.different, matched),
                        f"{line.within_tolerance:,}",
                        text(line.info.rule),
                    )
                    for line in lines[:_MOST_FIELDS]
                ),
            )
        )
    if len(lines) > _MOST_FIELDS:
        rest = ", ".join(text(line.info.name) for line in lines[_MOST_FIELDS:])
        parts.append(f"More fields that differ: {rest}")
    equal = content.equal_fields(report)
    if equal:
        parts.append(f"Equal in every matched pair: {', '.join(map(text, equal))}")
    parts += [f"Type conflict. {text(conflict)}" for conflict in content.conflicts(report)]
    return "\n\n".join(["## Fields", *parts]) if parts else ""


def _reasons(report: Report) -> str:
    lines = content.reason_lines(report)
    if not lines:
        return ""
    whole = sum(line.breaks for line in lines)
    return "## Reasons\n\n" + table_of(
        ("reason", "", "breaks", "share"),
        "<<>>",
        (
            (text(line.reason), line.nature, f"{line.breaks:,}", words.percent(line.breaks, whole))
            for line in lines
        ),
    )


def _causes(report: Report) -> str:
    """What explains many breaks at once."""
    lines = causes.cause_lines(report)
    if not lines:
        return ""
    table = table_of(
        ("breaks", "exceptions", "cause", "scope", "reason", "explanation"),
        ">><<<<",
        (
            (
                f"{line.cause.breaks:,}",
                f"{line.cause.exceptions:,}",
                text(line.title),
                text(line.scope),
                f"{text(line.cause.reason)}, {line.nature}",
                text(line.cause.explanation),
            )
            for line in lines
        ),
    )
    more = causes.left_out(report)
    return "## Causes\n\n" + table + (f"\n\n{more}" if more else "")


def _groups(report: Report) -> str:
    """What nothing explains, by likeness."""
    if not report.groups:
        return ""
    table = table_of(
        ("breaks", "not explained", "for example", "why"),
        "><<<",
        (
            (
                f"{one.breaks:,}",
                text(groups.words(one)),
                text("; ".join(causes.example(shown) for shown in one.examples[:1])),
                text(one.why),
            )
            for one in groups.shown(report)
        ),
    )
    more = groups.left_out(report)
    return "## Not explained\n\n" + table + (f"\n\n{more}" if more else "")


def _outcome(report: Report) -> str:
    """Did it pass, how many records wait, what is stored where."""
    said = gate.outcome(report)
    if said is None:
        return ""
    more = " ".join(text(sentence) for sentence in gate.whereabouts(report))
    return f"**{text(said)}**" + (f"\n\n{more}" if more else "")


def _decisions(report: Report) -> str:
    lines = gate.decision_lines(report)
    if not lines:
        return ""
    breaks, records = sum(line.breaks for line in lines), sum(line.records for line in lines)
    return "## Decisions\n\n" + table_of(
        ("decision", "breaks", "share", "records", "share"),
        "<>>>>",
        (
            (
                line.decision,
                f"{line.breaks:,}",
                words.percent(line.breaks, breaks) if line.breaks else "",
                f"{line.records:,}",
                words.percent(line.records, records) if line.records else "",
            )
            for line in lines
        ),
    )


def _checks(report: Report) -> str:
    lines = gate.check_lines(report)
    if not lines:
        return ""
    return "## Checks that failed\n\n" + table_of(
        ("rule", "failures", "for example", "explanation"),
        "<><<",
        (
            (
                text(line.rule),
                f"{line.failures:,}",
                key_of(line.example.key) if line.example else "",
                text(gate.why(line.example)) if line.example else "",
            )
            for line in lines[:_MOST_FIELDS]
        ),
    )


def _tables(report: Report) -> str:
    lines = gate.table_lines(report)
    if not lines:
        return ""
    heads = ("table", *lines[0].stored.as_dict(), "rejected")
    return "## Golden tables\n\n" + table_of(
        heads,
        "<" + ">" * (len(heads) - 1),
        (
            (
                text(line.table),
                *(f"{number:,}" for number in line.stored.as_dict().values()),
                "" if line.rejected is None else f"{line.rejected:,}",
            )
            for line in lines
        ),
    )


def _samples(report: Report) -> list[str]:
    groups = content.sample_groups(report)
    blocks = ["## Sample breaks"] if groups else []
    for group in groups[:_MOST_GROUPS]:
        reasons = any(gate.why(one) for one in group.breaks)
        decided = any(one.decision for one in group.breaks)
        values = group.kind == "value"
        heads = [text(content.key_text(report.key)) or "key", *(["a", "b"] if values else []),
                 *(["decision"] if decided else []), *(["reason"] if reasons else [])]  # fmt: skip
        lines = []
        for one in group.breaks:
            shown = [key_of(one.key)]
            if values:
                shown += map(code, pair(one.value_a, one.value_b, LONGEST))
            if decided:
                shown.append(text(gate.decided(one)))
            if reasons:
                shown.append(text(gate.why(one)))
            lines.append(shown)
        title = start(content.group_title(group))
        blocks.append(
            f"### {title} ({content.group_counts(group)})\n\n{table_of(heads, '<' * len(heads), lines)}"
        )
    if len(groups) > _MOST_GROUPS:
        blocks.append(f"{len(groups) - _MOST_GROUPS:,} more groups of breaks are not shown here.")
    return blocks


def _rejects(report: Report) -> str:
    if not report.rejects:
        return ""
    lines = [
        (
            reject.side,
            text(reject.source),
            "" if reject.line is None else f"{reject.line:,}",
            text(reject.why),
            code(alone(reject.raw, LONGEST)),
        )
        for reject in report.rejects
    ]
    return "## Rejected rows\n\n" + table_of(("side", "source", "line", "why", "raw"), "<<><<", lines)


def _notes(report: Report) -> str:
    if not report.notes:
        return ""
    return "## Notes\n\n" + "\n".join(f"- {start(note)}" for note in report.notes)


def _timings(report: Report) -> str:
    throughput = content.throughput(report)
    if throughput is None:
        return ""
    stages = ", ".join(f"{text(name)} {took}" for name, took in content.stages(report))
    return f"<sub>{throughput}{f' ({stages})' if stages else ''}</sub>"
