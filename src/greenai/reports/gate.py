"""What every report of a run says of gate and store: did it pass, what waits, what is stored where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from greenai.domain.breaks import Break
from greenai.domain.decisions import DECISIONS, Decision
from greenai.domain.report import GateInfo, Report
from greenai.domain.runs import Stored
from greenai.reports.words import count, percent

SCHEMA = "golden"
"""The schema of all golden tables."""
WHOLE_INPUT = "the whole input"
"""What a break without key values is about."""


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """How many breaks, and how many records, the gate decided so."""

    decision: Decision
    breaks: int
    records: int


@dataclass(frozen=True, slots=True)
class CheckLine:
    """A rule that does not hold: how often, and one of its breaks where there is a sample."""

    rule: str
    failures: int
    example: Break | None


@dataclass(frozen=True, slots=True)
class TableLine:
    """What became of a golden table; `rejected` counts records, None for a reference."""

    table: str
    stored: Stored
    rejected: int | None


def passed(report: Report) -> bool:
    """Whether every record passed and every row could be read: exit code 0."""
    rows, decisions = report.summary.rows, report.summary.decisions or {}
    waits = decisions.get("review", 0) + decisions.get("rejected", 0)
    return waits + rows.rejected_a + rows.rejected_b == 0


def outcome(report: Report) -> str | None:
    """Whether the run passed and how many records wait, in one to three sentences; None in a plain diff."""
    records = report.summary.records
    if records is None:
        return None
    rows = report.summary.rows
    unreadable = rows.rejected_a + rows.rejected_b
    said = [
        _records(records),
        _holding(report),
        f"{count(unreadable, 'row')} could not be read" if unreadable else "",
    ]
    return ". ".join(sentence for sentence in said if sentence) + "."


def _records(records: dict[str, int]) -> str:
    review, rejected = records.get("review", 0), records.get("rejected", 0)
    whole = sum(records.values())
    if not whole:
        return "There was no record to decide about"
    if not review and not rejected:
        return "The only record passed" if whole == 1 else f"All {whole:,} records passed"
    parts = []
    if review:
        verb = "awaits" if review == 1 else "await"
        parts.append(f"{_of(review, whole)} {verb} review{_share(review, whole)}")
    if rejected:
        verb = "is" if rejected == 1 else "are"
        parts.append(f"{f'{rejected:,}' if review else _of(rejected, whole)} {verb} rejected")
    if left := records.get("passed", 0):
        parts.append(f"{left:,} passed")
    return "; ".join(parts)


def _of(part: int, whole: int) -> str:
    if part == whole:
        return "The only record" if whole == 1 else f"All {whole:,} records"
    return f"{part:,} of {whole:,} records"


def _share(part: int, whole: int) -> str:
    return "" if part == whole else f" ({percent(part, whole)})"


def _holding(report: Report) -> str:
    """What holds every record back, if anything does."""
    if report.gate is None or not report.gate.holds_all:
        return ""
    why = [
        line.example.explanation or line.rule
        for line in check_lines(report)
        if line.example is not None and not line.example.key and line.example.decision != "passed"
    ]
    return f"A check of the whole input holds everything back{': ' if why else ''}{'; '.join(why)}"


def whereabouts(report: Report) -> tuple[str, ...]:
    """What is stored where, and how to see it again; nothing for a plain diff."""
    gate, run = report.gate, report.run
    if gate is None:
        return ()
    if run is None:
        return ("Nothing was stored: the run had no store.",)
    if gate.repeated is not None:
        rules = ", ".join(one[:8] for one in gate.suspended)
        what = "nothing was written"
        if rules:
            what += f" but that approved rule {rules} is suspended again (greenai causes show {rules[:8]})"
        stored = f"Run {gate.repeated} stored the same before: {what}."
    elif gate.table is None:
        stored = f"Run {run} is stored with its breaks and decisions; the definition names no golden table."
    elif gate.holds_all:
        stored = f"Run {run} is stored with its breaks and decisions; the golden tables stay as they were."
    else:
        stored = f"Stored as run {run}: {'; '.join(map(_changes, table_lines(report)))}."
    return stored, *remarks(gate), f"See it again: greenai show {run}"


def remarks(gate: GateInfo) -> Iterator[str]:
    """What a reader of the golden table would not expect."""
    if gate.excluded > 0:
        records = "record that passed is" if gate.excluded == 1 else "records that passed are"
        yield f"{gate.excluded:,} {records} excluded by a resolution."
    if gate.later is not None and gate.table is not None:
        yield (
            f"{gate.later} was published before: golden.{gate.table} shows that date or a later one; "
            f"what holds for this one tells golden.{gate.table}_as_of."
        )
    main = gate.stored.get(gate.table) if gate.table else None
    if main is not None and main.removed and not main.inserted + main.updated + main.unchanged + main.pending:
        yield f"Nothing is left in golden.{gate.table}: no record of the input passed."


def _changes(line: TableLine) -> str:
    said = [f"{number:,} {word}" for word, number in line.stored.as_dict().items() if number]
    return f"{line.table} {', '.join(said) if said else 'empty as before'}"


def decision_lines(report: Report) -> tuple[DecisionLine, ...]:
    """Breaks and records by decision, the best first; nothing where no gate decided."""
    breaks, records = report.summary.decisions, report.summary.records
    if breaks is None or records is None:
        return ()
    return tuple(DecisionLine(one, breaks.get(one, 0), records.get(one, 0)) for one in DECISIONS)


def check_lines(report: Report) -> tuple[CheckLine, ...]:
    """The rules that do not hold, those that failed most often first."""
    if report.gate is None:
        return ()
    examples: dict[str, Break] = {}
    for samples in report.samples.values():
        for one in samples:
            if one.rule is not None:
                examples.setdefault(one.rule, one)
    ordered = sorted(report.gate.failed_checks, key=lambda item: (-item[1], item[0]))
    return tuple(CheckLine(rule, failures, examples.get(rule)) for rule, failures in ordered)


def table_lines(report: Report) -> tuple[TableLine, ...]:
    """The golden tables, that of the records first."""
    if report.gate is None:
        return ()
    main, rejected = report.gate.table, (report.summary.records or {}).get("rejected", 0)
    return tuple(
        TableLine(f"{SCHEMA}.{table}", stored, rejected if table == main else None)
        for table, stored in sorted(report.gate.stored.items(), key=lambda item: (item[0] != main, item[0]))
    )


def key_of(one: Break) -> str:
    """The key of a break as a text for sentences; raw text of the data."""
    return " · ".join(one.key) if one.key else WHOLE_INPUT


def decided(one: Break) -> str:
    """What was decided of a break, and what is done about it if it passed; empty in a plain diff."""
    if one.decision is None:
        return ""
    done = one.resolution if one.decision == "passed" else None
    return f"{one.decision}, {done}" if done else one.decision


def why(one: Break) -> str:
    """Reason and explanation; a failed check has but one reason, so its explanation says it all."""
    said = (one.explanation or one.reason,) if one.kind == "check" else (one.reason, one.explanation)
    return " · ".join(text for text in said if text)
