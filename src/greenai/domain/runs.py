"""Runs as the store keeps them: their inputs, their states, and a run as it is read back."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, Literal

from greenai.domain.breaks import Reject
from greenai.domain.decisions import Tally
from greenai.domain.groups import Group
from greenai.domain.summary import FieldCounts, RowCounts, Total

State = Literal[
    "queued",
    "ingesting",
    "comparing",
    "attributing",
    "discriminating",
    "deciding",
    "awaiting_review",
    "completed",
    "failed",
    "cancelled",
]
PUBLISHED: Final[tuple[State, ...]] = ("awaiting_review", "completed")
"""States of runs whose result is in the store."""
FINISHED: Final[tuple[State, ...]] = (*PUBLISHED, "failed", "cancelled")
"""States that nobody works on any more."""
Stage = Literal["ingest", "compare", "attribute", "discriminate", "decide"]


@dataclass(frozen=True, slots=True)
class Input:
    """One file that a run read. `content_hash` names its algorithm: ``sha256:…``; `bytes` is its size."""

    side: Literal["a", "b"]
    location: str
    content_hash: str
    bytes: int


def input_digest(inputs: Iterable[Input]) -> str | None:
    """SHA-256 (hex) over the contents of both sides, in the order of their files; names do not count.

    None when a side has no file: a table in memory cannot be recognised again.
    """
    by_side: dict[str, list[str]] = {"a": [], "b": []}
    for one in inputs:
        by_side[one.side].append(one.content_hash)
    if not all(by_side.values()):
        return None
    text = "\n".join(f"{side} {hashed}" for side in ("a", "b") for hashed in by_side[side])
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of the rows of a golden table: `pending` ones wait behind their last stored version."""

    inserted: int = 0
    updated: int = 0
    removed: int = 0
    unchanged: int = 0
    pending: int = 0

    def as_dict(self) -> dict[str, int]:
        """The numbers by name."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class RunLine:
    """One run in a list of runs."""

    run: int
    recon: str
    business_date: date
    version: int
    state: State
    requested_at: datetime
    finished_at: datetime | None
    error: str | None
    rows_a: int | None
    rows_b: int | None
    different: int | None
    """Pairs that differ; None when nothing was published."""
    apart: int | None
    """Those, rows on one side only and duplicates."""
    superseded_by: int | None

    def as_dict(self) -> dict[str, Any]:
        """The document of one line; times in UTC, ISO 8601."""
        return {name: _plain(getattr(self, name)) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class StageTimes:
    """One stage of a run; `seconds` is None while it goes on."""

    stage: Stage
    attempts: int
    started_at: datetime
    seconds: float | None
    rows_in: int | None
    rows_out: int | None
    error: str | None


@dataclass(frozen=True, slots=True)
class FailedCheck:
    """A check that does not hold: its rule and field, how many breaks, and the explanation of one."""

    rule: str
    field: str | None
    breaks: int
    example: str | None


NONE: Final = Tally()


@dataclass(frozen=True, slots=True)
class StoredRun:
    """A run as the store knows it. What only a published run has is None before."""

    line: RunLine
    fingerprint: str
    systems: dict[str, str]
    """Side to the name of its system, where the definition names one."""
    inputs: tuple[Input, ...] = ()
    stages: tuple[StageTimes, ...] = ()
    published_at: datetime | None = None
    rows: RowCounts | None = None
    fields: dict[str, FieldCounts] = field(default_factory=dict)
    amount: str | None = None
    totals: tuple[Total, ...] = ()
    decisions: Tally = NONE
    """Breaks that are present on the business date, by decision."""
    records: Tally = NONE
    """Records with such a break, by the worst of their decisions."""
    reasons: dict[str, int] = field(default_factory=dict)
    passed_by: dict[str, int] = field(default_factory=dict)
    """Breaks that passed, by what let them: ``proof``, ``rule`` (an approved one), ``policy`` …"""
    oldest_days: int | None = None
    """The age of the oldest break that waits; None where none does."""
    suspended: dict[str, str] = field(default_factory=dict)
    """Approved rules that the run suspended, by cause, and why."""
    checks: tuple[FailedCheck, ...] = ()
    stored: dict[str, Stored] = field(default_factory=dict)
    """What became of each golden table, that of the records first."""
    unexplained: tuple[Group, ...] = ()
    """Groups of breaks that nothing explained when the run was published."""

    @property
    def breaks(self) -> int:
        """Breaks that are present on the business date."""
        return sum(self.decisions.as_dict().values())

    def as_dict(self) -> dict[str, Any]:
        """One JSON document, under the names of ``summary.json`` where it has them."""
        document: dict[str, Any] = {
            **self.line.as_dict(),
            "fingerprint": self.fingerprint,
            "systems": self.systems,
            "inputs": [_document(one) for one in self.inputs],
            "stages": [_document(one) for one in self.stages],
        }
        if self.rows is None:
            return document
        if self.amount is not None:
            by_currency = [total.as_dict() for total in self.totals]
            document["totals"] = {"amount": self.amount, "by_currency": by_currency}
        return document | {
            "published_at": _plain(self.published_at),
            "rows": self.rows.as_dict(),
            "fields": {name: counts.as_dict() for name, counts in self.fields.items()},
            "breaks": self.breaks,
            "decisions": self.decisions.as_dict(),
            "records": self.records.as_dict(),
            "reasons": self.reasons,
            "passed_by": self.passed_by,
            "oldest_days": self.oldest_days,
            "suspended_rules": self.suspended,
            "checks": [_document(one) for one in self.checks],
            "unexplained": [one.as_dict() for one in self.unexplained],
            "stored": {table: stored.as_dict() for table, stored in self.stored.items()},
        }


@dataclass(frozen=True, slots=True)
class RejectedBreak:
    """A break by which a record was rejected: why, by which rule and whom, and the rows that are kept out."""

    key: tuple[str, ...]
    kind: str
    field: str | None
    value_a: str | None
    value_b: str | None
    reason: str
    explanation: str | None
    rule: str
    decided_by: str
    comment: str | None
    row_a: dict[str, str | None] | None
    row_b: dict[str, str | None] | None


@dataclass(frozen=True, slots=True)
class Rejected:
    """What a run kept out: rows that could not be read, and the breaks by which records were rejected."""

    run: int
    rows: tuple[Reject, ...]
    breaks: tuple[RejectedBreak, ...]

    @property
    def records(self) -> int:
        """How many records were rejected."""
        return len({one.key for one in self.breaks})

    def as_dict(self) -> dict[str, Any]:
        """One JSON document."""
        return {
            "run": self.run,
            "rows": [_document(one) for one in self.rows],
            "records": self.records,
            "breaks": [_document(one) for one in self.breaks],
        }


def _document(value: Any) -> dict[str, Any]:
    return {name: _plain(getattr(value, name)) for name in value.__slots__}


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
