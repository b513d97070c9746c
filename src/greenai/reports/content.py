"""What every report says, worked out once: lines, shares, groups and sentences, without any layout."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

from greenai.domain.breaks import KINDS, Break, Kind
from greenai.domain.reasons import is_functional
from greenai.domain.report import FieldInfo, Report
from greenai.domain.summary import RowCounts, Total
from greenai.reports.excerpts import Pieces
from greenai.reports.gate import check_lines
from greenai.reports.words import count, percent, rate, seconds


@dataclass(frozen=True, slots=True)
class RowLine:
    """One line of the table that shows where the rows of each side went."""

    name: str
    label: str
    a: int
    b: int
    level: int = 0


@dataclass(frozen=True, slots=True)
class FieldLine:
    """One field that differs somewhere, or would without its tolerance."""

    info: FieldInfo
    different: int
    within_tolerance: int


@dataclass(frozen=True, slots=True)
class ReasonLine:
    """Breaks of one reason; `functional` is None while nobody knows."""

    reason: str
    breaks: int
    functional: bool | None

    @property
    def nature(self) -> str:
        """Functional or not, in a word."""
        if self.functional is None:
            return "not known"
        return "functional" if self.functional else "non-functional"


@dataclass(frozen=True, slots=True)
class SampleGroup:
    """Breaks of one field, whole-record kind or failed rule: `total` counts all, `breaks` are a few."""

    kind: Kind
    name: str | None
    """The field, or the rule that failed; None for whole-record kinds."""
    total: int | None
    breaks: tuple[Break, ...]


def is_clean(report: Report) -> bool:
    """Whether there is nothing to look at."""
    return report.summary.rows.clean and report.summary.breaks == 0


def agrees(report: Report) -> bool:
    """Whether both sides say the same; what checks found is told by the gate's own sentence."""
    return report.summary.rows.clean


def verdict(report: Report) -> str:
    """The result of the comparison in one sentence."""
    rows = report.summary.rows
    if agrees(report):
        if rows.a == 0:
            return "Both sides are empty: there was nothing to compare."
        fields = len(report.fields)
        counted = f"{count(rows.a, 'row')}, {count(fields, 'compared field')}"
        tolerated = sum(counts.within_tolerance for counts in report.summary.fields.values())
        if tolerated:
            return f"Both sides agree: {counted}, {count(tolerated, 'value')} only within tolerance."
        return f"Both sides are equal: {counted}, not one difference."
    parts = []
    if rows.different:
        share = percent(rows.different, rows.matched)
        verb = "differs" if rows.different == 1 else "differ"
        only = "the only matched pair differs"
        some = f"{rows.different:,} of {rows.matched:,} matched pairs {verb} ({share})"
        parts.append(only if rows.matched == 1 else some)
    elif rows.matched:
        equal = f"all {rows.matched:,} matched pairs are equal"
        parts.append("the only matched pair is equal" if rows.matched == 1 else equal)
    else:
        parts.append(_nothing_matched(rows))
    parts += [
        f"{number:,} {words}"
        for number, words in (
            (rows.only_a, "only in a"),
            (rows.only_b, "only in b"),
            (rows.duplicates_a, "duplicate in a" if rows.duplicates_a == 1 else "duplicates in a"),
            (rows.duplicates_b, "duplicate in b" if rows.duplicates_b == 1 else "duplicates in b"),
            (rows.rejected_a, "rejected in a"),
            (rows.rejected_b, "rejected in b"),
        )
        if number
    ]
    sentence = "; ".join(parts) + "."
    return sentence[0].upper() + sentence[1:]


def _nothing_matched(rows: RowCounts) -> str:
    if not rows.a and not rows.b:
        return "neither side has a readable row"
    if not rows.a or not rows.b:
        return f"{'b' if rows.a else 'a'} has no rows"
    return "no row of a has a partner in b"


def row_lines(report: Report) -> tuple[RowLine, ...]:
    """Where the rows went: the lines of level 0 up to `rows` add up to it; `rejected` stands outside."""
    rows = report.summary.rows
    lines = [
        RowLine("matched", "matched", rows.matched, rows.matched),
        RowLine("equal", "equal", rows.equal, rows.equal, level=1),
        RowLine("different", "different", rows.different, rows.different, level=1),
        RowLine("only", "only on this side", rows.only_a, rows.only_b),
        RowLine("duplicates", "duplicates", rows.duplicates_a, rows.duplicates_b),
        RowLine("rows", "rows", rows.a, rows.b),
        RowLine("rejected", "rejected, not counted", rows.rejected_a, rows.rejected_b),
    ]
    return tuple(line for line in lines if line.name != "rejected" or line.a or line.b)


def field_lines(report: Report) -> tuple[FieldLine, ...]:
    """The fields with something to tell, the most different first."""
    infos = {info.name: info for info in report.fields}
    lines = [
        FieldLine(infos.get(name) or FieldInfo(name, ""), counts.different, counts.within_tolerance)
        for name, counts in report.summary.fields.items()
        if counts.different or counts.within_tolerance
    ]
    return tuple(sorted(lines, key=lambda line: (-line.different, -line.within_tolerance)))


def equal_fields(report: Report) -> tuple[str, ...]:
    """The fields that are equal in every matched pair."""
    telling = {line.info.name for line in field_lines(report)}
    return tuple(info.name for info in report.fields if info.name not in telling)


def conflicts(report: Report) -> tuple[str, ...]:
    """Type conflicts, each with its field."""
    return tuple(f"{info.name}: {info.conflict}" for info in report.fields if info.conflict)


def reason_lines(report: Report) -> tuple[ReasonLine, ...]:
    """Breaks per reason, the most frequent first."""
    ordered = sorted(report.reasons.items(), key=lambda item: (-item[1], item[0]))
    return tuple(ReasonLine(reason, breaks, is_functional(reason)) for reason, breaks in ordered)


def sample_groups(report: Report) -> tuple[SampleGroup, ...]:
    """Sample breaks: fields first, the most different first, then whole records, then failed checks."""
    found: dict[tuple[Kind, str | None], list[Break]] = {}
    for samples in report.samples.values():
        for one in samples:
            names = {"value": one.field, "check": one.rule}
            found.setdefault((one.kind, names.get(one.kind)), []).append(one)
    fields = {line.info.name: place for place, line in enumerate(field_lines(report))}
    rules = {line.rule: place for place, line in enumerate(check_lines(report))}

    def place(item: tuple[tuple[Kind, str | None], list[Break]]) -> tuple[int, int]:
        kind, name = item[0]
        ranks = rules if kind == "check" else fields
        return KINDS.index(kind), ranks.get(name or "", len(ranks))

    return tuple(
        SampleGroup(kind, name, _total(report, kind, name), tuple(breaks))
        for (kind, name), breaks in sorted(found.items(), key=place)
    )


def _total(report: Report, kind: Kind, name: str | None) -> int | None:
    rows, fields = report.summary.rows, report.summary.fields
    if kind == "value":
        return fields[name].different if name in fields else None
    if kind == "check":
        return dict(report.gate.failed_checks).get(name or "") if report.gate else None
    totals: dict[Kind, int] = {
        "only_a": rows.only_a,
        "only_b": rows.only_b,
        "duplicate_a": rows.duplicates_a,
        "duplicate_b": rows.duplicates_b,
    }
    return totals.get(kind)


def group_title(group: SampleGroup) -> str:
    """What a group of samples is, e.g. ``notional`` or ``only in a``; raw text of the data."""
    titles: dict[Kind, str] = {
        "value": group.name or "",
        "check": f"failed check {group.name}" if group.name else "failed checks",
        "only_a": "only in a",
        "only_b": "only in b",
        "duplicate_a": "duplicates in a",
        "duplicate_b": "duplicates in b",
    }
    return titles[group.kind]


def group_counts(group: SampleGroup) -> str:
    """How many there are and how many are shown."""
    shown = len(group.breaks)
    if group.total is None or group.total == shown:
        return f"{shown:,}"
    return f"{shown:,} of {group.total:,}"


def total_seconds(report: Report) -> float:
    """How long it took, all stages together."""
    timings = report.summary.timings
    return timings["total"] if "total" in timings else sum(timings.values())


def throughput(report: Report) -> str | None:
    """Rows, time and rate in one sentence; None when nothing was timed."""
    rows = report.summary.rows
    read = rows.a + rows.b + rows.rejected_a + rows.rejected_b
    elapsed = total_seconds(report)
    if elapsed <= 0:
        return None
    return f"{count(read, 'row')} in {seconds(elapsed)}, {rate(read / elapsed)}"


def stages(report: Report) -> tuple[tuple[str, str], ...]:
    """Stages with their times in words."""
    return tuple((name, seconds(took)) for name, took in report.summary.timings.items() if name != "total")


def net(total: Total) -> Decimal:
    """What side a has more, exactly: the default context would round after 28 digits."""
    with localcontext(prec=1_000):
        return total.a - total.b if total.a.is_finite() and total.b.is_finite() else Decimal("NaN")


def after_numbers(values: Sequence[Pieces]) -> list[int] | None:
    """The spaces to leave after right-aligned numbers so that their decimal points meet.

    Remarks such as ``‹null›`` need none. None when a value is not a plain number, or none is.
    """
    texts = ["".join(piece.text for piece in pieces) for pieces in values]
    numbers = [text for text in texts if not text.startswith("‹")]
    if not numbers or not all(map(_is_number, numbers)):
        return None
    after = [len(text) - text.index(".") if "." in text else 0 for text in texts]
    most = max(after)
    return [0 if text.startswith("‹") else most - places for text, places in zip(texts, after, strict=True)]


def _is_number(text: str) -> bool:
    digits = text.lstrip("+-").replace(",", "").replace(".", "", 1)
    return digits.isascii() and digits.isdigit()


def key_text(key: Sequence[str]) -> str:
    """A key of several fields as one text."""
    return " · ".join(key)
