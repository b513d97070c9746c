"""Gate and store as HTML: the answer at the head of the page, then decisions, checks, golden tables."""

from __future__ import annotations

from greenai.domain.breaks import Break
from greenai.domain.report import Report
from greenai.reports import gate, plots
from greenai.reports.excerpts import alone
from greenai.reports.markup import Column, escape, section, table, value
from greenai.reports.words import percent

_SHARE = Column("share", "number dim")
_BAR = Column('<span class="unseen">bar</span>', "plot-cell")
_LONGEST = 240


def outcome(report: Report) -> str:
    """Did it pass, how many records wait, what is stored where; nothing for a plain diff."""
    said = gate.outcome(report)
    if said is None:
        return ""
    state, sign = ("clean", "✓") if gate.passed(report) else ("waits", "!")
    stored = "".join(f"<p>{escape(sentence)}</p>" for sentence in gate.whereabouts(report))
    return (
        f'<p class="verdict {state}"><span aria-hidden="true">{sign}</span> '
        f'{escape(said).replace(" %", "&nbsp;%")}</p>\n<div class="stored">{stored}</div>\n'
    )


def decisions(report: Report) -> str:
    """Breaks and records by decision."""
    lines = gate.decision_lines(report)
    if not lines:
        return ""
    breaks, records = sum(line.breaks for line in lines), sum(line.records for line in lines)
    shown = [
        (
            plots.swatch(line.decision) + line.decision,
            *_part(line.breaks, breaks, line.decision),
            *_part(line.records, records, line.decision),
        )
        for line in lines
    ]
    heads = (Column("decision"), Column("breaks", "number"), _SHARE, _BAR,
             Column("records", "number"), _SHARE, _BAR)  # fmt: skip
    caption = "What the gate decided; a record has the worst decision of its breaks"
    return section("decisions", "Decisions", table(caption, heads, shown))


def _part(number: int, whole: int, kind: str) -> tuple[str, str, str]:
    return _number(number), percent(number, whole) if number else "", plots.bar(number, whole, kind)


def _number(number: int) -> str:
    return f"{number:,}" if number else '<span class="remark">0</span>'


def checks(report: Report) -> str:
    """The rules that do not hold, with an example of each."""
    lines = gate.check_lines(report)
    if not lines:
        return ""
    most = lines[0].failures
    shown = [
        (
            escape(line.rule),
            f"{line.failures:,}",
            plots.bar(line.failures, most, "non-functional"),
            key(line.example) if line.example else "",
            escape(gate.why(line.example)) if line.example else "",
        )
        for line in lines
    ]
    heads = (Column("rule"), Column("failures", "number"), _BAR, Column("for example", "value"),
             Column("explanation", "dim"))  # fmt: skip
    caption = "Rules that do not hold for values that would be stored; bars are relative to the first"
    return section("checks", "Checks that failed", table(caption, heads, shown))


def tables(report: Report) -> str:
    """What became of the rows of each golden table."""
    lines = gate.table_lines(report)
    if not lines:
        return ""
    names = tuple(lines[0].stored.as_dict())
    shown = [
        (
            escape(line.table),
            *map(_number, line.stored.as_dict().values()),
            "" if line.rejected is None else _number(line.rejected),
        )
        for line in lines
    ]
    heads = (Column("table"), *(Column(name, "number") for name in (*names, "rejected")))
    caption = "Rows of the golden tables; pending ones wait behind their last stored version"
    return section("golden", "Golden tables", table(caption, heads, shown))


def key(one: Break) -> str:
    """The key of a break."""
    if not one.key:
        return f'<span class="remark">{gate.WHOLE_INPUT}</span>'
    return " · ".join(value(alone(part, _LONGEST)) for part in one.key)


def decided(one: Break) -> str:
    """What was decided of a break, and what is done about it."""
    said = gate.decided(one)
    return f'<span class="decided-{one.decision}">{said}</span>' if said else ""
