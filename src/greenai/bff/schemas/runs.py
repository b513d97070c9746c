"""Runs in requests and responses."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from greenai.bff.schemas.common import Answer, Asked, Moment
from greenai.domain.runs import Stage, State


class RunStart(Asked):
    """Ask for a run of a business date, under the version that is effective on it."""

    business_date: Annotated[date, Field(examples=["2026-11-20"])]
    urgency: Annotated[int, Field(ge=-100, le=100, description="Higher goes first.")] = 0
    causes: Annotated[bool, Field(description="Whether to look for causes.")] = True


class Rerun(Asked):
    """Ask for the date of a run again; the same inputs again write nothing."""

    urgency: Annotated[int, Field(ge=-100, le=100, description="Higher goes first.")] = 0
    causes: bool = True


class RunStarted(Answer):
    """The number of the run that was asked for."""

    run: Annotated[int, Field(examples=[17])]
    state: State = "queued"


class RunListed(Answer):
    """A run in a list; numbers are null until it is published."""

    run: int
    recon: str
    business_date: date
    version: int
    state: State
    requested_at: Moment
    finished_at: Moment | None
    error: str | None
    rows_a: int | None
    rows_b: int | None
    different: Annotated[int | None, Field(description="Pairs that differ.")]
    apart: Annotated[int | None, Field(description="Those, rows on one side only, and duplicates.")]
    superseded_by: int | None


class RunPage(Answer):
    """Runs, the newest first."""

    items: list[RunListed]
    next: str | None


class StageShown(Answer):
    """A stage of a run; seconds are null while it goes on."""

    stage: Stage
    attempts: int
    started_at: Moment
    seconds: float | None
    rows_in: int | None
    rows_out: int | None
    error: str | None


class InputShown(Answer):
    """A file that a run read, by the hash of its content."""

    side: Literal["a", "b"]
    location: str
    content_hash: str
    bytes: int


class TotalShown(Answer):
    """Sums of the amount in one currency; decimals as text."""

    currency: str | None
    a: str
    b: str
    net: str


class FieldShown(Answer):
    """A compared field: pairs that differ, and that differ within the tolerance."""

    field: str
    different: int
    within_tolerance: int


class CheckShown(Answer):
    """A check that does not hold."""

    rule: str
    field: str | None
    breaks: int
    example: str | None


class TableShown(Answer):
    """What became of a golden table."""

    table: str
    inserted: int
    updated: int
    removed: int
    unchanged: int
    pending: int


class Bands(Answer):
    """Breaks by what became of them: passed by what let them, in review, rejected."""

    passed: int
    review: int
    rejected: int
    passed_by: Annotated[
        dict[str, int], Field(examples=[{"proof": 120, "rule": 40, "prediction": 3, "approved": 7}])
    ]


class RunShown(RunListed):
    """A run with all its numbers; those of the result are null until it is published."""

    fingerprint: Annotated[str, Field(description="Of the definition's meaning.")]
    requested_by: str | None
    systems: dict[str, str]
    inputs: list[InputShown]
    stages: list[StageShown]
    published_at: Moment | None
    rows: dict[str, int] | None
    bands: Bands | None
    records: dict[str, int] | None
    reasons: dict[str, int]
    fields: list[FieldShown]
    amount: str | None
    totals: list[TotalShown]
    oldest_days: int | None
    suspended_rules: dict[str, str]
    checks: list[CheckShown]
    unexplained: list[dict[str, Any]]
    stored: list[TableShown]


class HappenedShown(Answer):
    """Something that happened to a run."""

    at: Moment
    kind: Annotated[str, Field(examples=["stage_done"])]
    stage: str | None
    actor: str | None
    attempt: int | None
    message: str | None
    remedy: str | None


class JobShown(Answer):
    """A job of a run: what an engine did or does."""

    job: int
    engine: str
    kind: str
    state: str
    attempts: int
    most_attempts: int
    worker: str | None
    created_at: Moment
    started_at: Moment | None
    finished_at: Moment | None
    error: str | None
    remedy: str | None


class RunLog(Answer):
    """What happened to a run, in order, and the jobs of its engines."""

    items: list[HappenedShown]
    jobs: list[JobShown]


class RejectShown(Answer):
    """A row that could not be read."""

    side: Literal["a", "b"]
    source: str
    line: int | None
    raw: str
    why: str


class RejectPage(Answer):
    """Rows that could not be read, in the order of their files."""

    items: list[RejectShown]
    next: str | None


class RejectedBreakShown(Answer):
    """A break by which a record is kept out, with the rows that are."""

    key: list[str | None]
    kind: str
    field: str | None
    value_a: str | None
    value_b: str | None
    reason: str
    explanation: str | None
    rule: str
    decided_by: str
    comment: str | None
    row_a: dict[str, Any] | None
    row_b: dict[str, Any] | None


class RejectedRecords(Answer):
    """Records that a run kept out."""

    records: int
    items: list[RejectedBreakShown]
    truncated: Annotated[bool, Field(description="Whether there are more than `limit`.")]


class BreaksBeside(Answer):
    """What became of the breaks of one run in another."""

    new: int
    gone: int
    same: Annotated[int, Field(description="In both, with the same values.")]
    other_values: int
    other_reason: int
    other_decision: int


class NumberBeside(Answer):
    """One number of both runs."""

    name: Annotated[str, Field(examples=["rows.matched"])]
    a: int | None
    b: int | None
    change: int | None


class TotalBeside(Answer):
    """Net differences of one currency in both runs; decimals as text."""

    currency: str | None
    net_a: str | None
    net_b: str | None


class RunsBeside(Answer):
    """One run (a) beside another (b) of the same recon."""

    a: RunListed
    b: RunListed
    same_version: bool
    same_inputs: bool
    numbers: list[NumberBeside]
    totals: list[TotalBeside]
    breaks: Annotated[BreaksBeside | None, Field(description="Null unless both are published.")]


class RunChange(Answer):
    """The state of a run after it was cancelled."""

    run: int
    state: State
