"""The report as GitHub-flavoured Markdown, for pull requests, tickets and wikis."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from greenai.domain.report import Report
from greenai.reports import causes, content, gate, groups, words
from greenai.reports.excerpts import Pieces, alone, pair
from greenai.reports.text import visible

_ACTIVE = re.compile(r"[\\`*{}\[\]<>&|~#!@$]|(?<![^\W_])_|_(?![^\W_])|:(?=//)|(?<=www)\.", re.IGNORECASE)
_LONGEST = 120
_MOST_FIELDS = 100
_MOST_GROUPS = 50


def render(report: Report) -> str:
    """The report as Markdown; nothing in the data can become markup, a link or a mention."""
    blocks = [_head(report), _outcome(report), f"**{_text(content.verdict(report))}**"]
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


def _text(text: str) -> str:
    """Text in a line of Markdown: visible, with every active character as a numeric entity."""
    return _ACTIVE.sub(lambda found: f"&#{ord(found.group())};", visible(text))


def _start(text: str) -> str:
    """Text that begins a line, where a digit, a dash or a plus could begin a list."""
    escaped = _text(text.strip())
    return escaped if escaped[:1].isalpha() or escaped.startswith("&") or not escaped else (
        f"&#{ord(escaped[0])};{escaped[1:]}"
    )  # fmt: skip


def _code(pieces: Pieces) -> str:
    """A value; changed characters are bold, remarks about it are not code."""
    shown = ""
    for piece in pieces:
        text = _ACTIVE.sub(lambda found: f"&#{ord(found.group())};", piece.text)
        shown += f"<b>{text}</b>" if piece.kind == "changed" else text
    return f"<code>{shown}</code>"


def _key(key: Sequence[str]) -> str:
    if not key:
        return gate.WHOLE_INPUT
    return " · ".join(_code(alone(part, _LONGEST)) for part in key)


def _table(heads: Sequence[str], aligns: str, lines: Iterable[Sequence[str]]) -> str:
    """A table; `aligns` has ``<`` or ``>`` for each column."""
    rule = ["---:" if align == ">" else "---" for align in aligns]
    return "\n".join(f"| {' | '.join(line)} |" for line in (heads, rule, *lines))


def _head(report: Report) -> str:
    date = f" · {_text(report.business_date)}" if report.business_date else ""
    sides = [(side, _text(info.name), _code(alone(info.location, _LONGEST)))
             for side, info in (("a", report.a), ("b", report.b))]  # fmt: skip
    key = f"\n\nKey: {_text(content.key_text(report.key))}" if report.key else ""
    return f"# {_start(report.title)}{date}\n\n{_table(('side', 'name', 'location'), '<<<', sides)}{key}"


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
    return "## Rows\n\n" + _table(("", "a", "share", "b", "share"), "<>>>>", lines)


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
    lines = [(_text(alone(total.currency, 40)[0].text), *amounts)
             for total, amounts in zip(totals, columns, strict=True)]  # fmt: skip
    of = f" of {_text(report.summary.amount)}" if report.summary.amount else ""
    return f"## Totals{of}\n\n" + _table(("currency", "a", "b", "net, a − b"), "<>>>", lines)


def _fields(report: Report) -> str:
    lines, matched = content.field_lines(report), report.summary.rows.matched
    parts = []
    if lines:
        parts.append(
            _table(
                ("field", "type", "different", "share of matched", "within tolerance", "rule"),
                "<<>>><",
                (
                    (
                        _text(line.info.name),
                        _text(line.info.type),
                        f"{line.different:,}",
                        words.percent(line.different, matched),
                        f"{line.within_tolerance:,}",
                        _text(line.info.rule),
                    )
                    for line in lines[:_MOST_FIELDS]
                ),
            )
        )
    if len(lines) > _MOST_FIELDS:
        rest = ", ".join(_text(line.info.name) for line in lines[_MOST_FIELDS:])
        parts.append(f"More fields that differ: {rest}")
    equal = content.equal_fields(report)
    if equal:
        parts.append(f"Equal in every matched pair: {', '.join(map(_text, equal))}")
    parts += [f"Type conflict. {_text(conflict)}" for conflict in content.conflicts(report)]
    return "\n\n".join(["## Fields", *parts]) if parts else ""


def _reasons(report: Report) -> str:
    lines = content.reason_lines(report)
    if not lines:
        return ""
    whole = sum(line.breaks for line in lines)
    return "## Reasons\n\n" + _table(
        ("reason", "", "breaks", "share"),
        "<<>>",
        (
            (_text(line.reason), line.nature, f"{line.breaks:,}", words.percent(line.breaks, whole))
            for line in lines
        ),
    )


def _causes(report: Report) -> str:
    """What explains many breaks at once."""
    lines = causes.cause_lines(report)
    if not lines:
        return ""
    table = _table(
        ("breaks", "exceptions", "cause", "scope", "reason", "explanation"),
        ">><<<<",
        (
            (
                f"{line.cause.breaks:,}",
                f"{line.cause.exceptions:,}",
                _text(line.title),
                _text(line.scope),
                f"{_text(line.cause.reason)}, {line.nature}",
                _text(line.cause.explanation),
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
    table = _table(
        ("breaks", "not explained", "for example", "why"),
        "><<<",
        (
            (
                f"{one.breaks:,}",
                _text(groups.words(one)),
                _text("; ".join(causes.example(shown) for shown in one.examples[:1])),
                _text(one.why),
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
    more = " ".join(_text(sentence) for sentence in gate.whereabouts(report))
    return f"**{_text(said)}**" + (f"\n\n{more}" if more else "")


def _decisions(report: Report) -> str:
    lines = gate.decision_lines(report)
    if not lines:
        return ""
    breaks, records = sum(line.breaks for line in lines), sum(line.records for line in lines)
    return "## Decisions\n\n" + _table(
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
    return "## Checks that failed\n\n" + _table(
        ("rule", "failures", "for example", "explanation"),
        "<><<",
        (
            (
                _text(line.rule),
                f"{line.failures:,}",
                _key(line.example.key) if line.example else "",
                _text(gate.why(line.example)) if line.example else "",
            )
            for line in lines[:_MOST_FIELDS]
        ),
    )


def _tables(report: Report) -> str:
    lines = gate.table_lines(report)
    if not lines:
        return ""
    heads = ("table", *lines[0].stored.as_dict(), "rejected")
    return "## Golden tables\n\n" + _table(
        heads,
        "<" + ">" * (len(heads) - 1),
        (
            (
                _text(line.table),
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
        heads = [_text(content.key_text(report.key)) or "key", *(["a", "b"] if values else []),
                 *(["decision"] if decided else []), *(["reason"] if reasons else [])]  # fmt: skip
        lines = []
        for one in group.breaks:
            shown = [_key(one.key)]
            if values:
                shown += map(_code, pair(one.value_a, one.value_b, _LONGEST))
            if decided:
                shown.append(_text(gate.decided(one)))
            if reasons:
                shown.append(_text(gate.why(one)))
            lines.append(shown)
        title = _start(content.group_title(group))
        blocks.append(
            f"### {title} ({content.group_counts(group)})\n\n{_table(heads, '<' * len(heads), lines)}"
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
            _text(reject.source),
            "" if reject.line is None else f"{reject.line:,}",
            _text(reject.why),
            _code(alone(reject.raw, _LONGEST)),
        )
        for reject in report.rejects
    ]
    return "## Rejected rows\n\n" + _table(("side", "source", "line", "why", "raw"), "<<><<", lines)


def _notes(report: Report) -> str:
    if not report.notes:
        return ""
    return "## Notes\n\n" + "\n".join(f"- {_start(note)}" for note in report.notes)


def _timings(report: Report) -> str:
    throughput = content.throughput(report)
    if throughput is None:
        return ""
    stages = ", ".join(f"{_text(name)} {took}" for name, took in content.stages(report))
    return f"<sub>{throughput}{f' ({stages})' if stages else ''}</sub>"
