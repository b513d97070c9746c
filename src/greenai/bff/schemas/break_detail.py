"""One break with all that a person decides by."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import Field

from greenai.bff.schemas.breaks import Amount, BreakLine, Kind, Method
from greenai.bff.schemas.causes import CauseLine
from greenai.bff.schemas.common import Answer, Moment
from greenai.bff.schemas.values import BreakId


class Span(Answer):
    """Characters from `start` up to `end` (not included), counted in code points."""

    start: int
    end: int


class Origin(Answer):
    """Where a field comes from on one side, and the steps that made the raw text the normalised one."""

    column: str | None
    expression: str | None
    steps: list[Any] = Field(examples=[["strip", {"remove": "-"}]])


class Cell(Answer):
    """A field of the record on both sides, normalised; where it could not be read: as it was read (raw)."""

    field: str
    value_a: str | None
    value_b: str | None
    agreement: Literal["agrees", "differs", "tolerated", "one_side", "unreadable"]
    type: str | None = Field(description="null where it was found out from the sources.")
    compared: str = Field(description="Empty: exactly.", examples=["within 0.01"])
    a: Origin
    b: Origin


class RawCell(Answer):
    """What a row of a source says in a column, before any step; null: nothing. `fields` are read from it."""

    column: str = Field(examples=["Notional Amt"])
    text: str | None = Field(examples=["1,234.50"])
    fields: list[str] = Field(examples=[["notional"]])


class DeliveredSide(Answer):
    """The rows of the record in a side of a run, as they were delivered; several of a key that repeats."""

    run: int
    business_date: date
    rows: list[list[RawCell]]


class DeliveredRecord(Answer):
    """The rows of a record as the sources delivered them; null for a side without one."""

    a: DeliveredSide | None
    b: DeliveredSide | None


class Candidate(Answer):
    """A reason: how it was found, how sure that is (null: nobody knows), and what it is worth."""

    reason: str = Field(examples=["SCALE_ERROR"])
    name: str
    functional: bool | None
    method: Method
    confidence: float | None
    worth: Literal["proof", "rule", "cause", "person", "check", "model", "precedent", "elsewhere", "nothing"]
    words: str = Field(examples=["a cause that explains 812 breaks, with 3 exceptions"])


class Decision(Answer):
    """What was decided about the version that holds. `by_person` is false for the gate."""

    outcome: Literal["passed", "review", "rejected"]
    rule: str
    policy: Literal["pass", "review", "reject"]
    resolution: str | None
    value: str | None
    reason: str | None
    by: str
    by_person: bool
    maker: str | None
    comment: str | None
    proposal: int | None
    at: Moment


class Beside(Answer):
    """Another break of the same record."""

    break_id: BreakId
    kind: Kind
    field: str | None
    state: str
    reason: str
    value_a: str | None
    value_b: str | None


class BreakDetail(Answer):
    """A break. `state` is `resolved` where it is gone since `gone_on`: then the rest is what held last."""

    recon: str
    break_id: BreakId
    record_id: BreakId
    key: list[str | None]
    kind: Kind
    field: str | None
    check: str | None
    state: Literal["passed", "in_review", "proposed", "approved", "returned", "rejected", "resolved"]
    present: bool
    gone_on: date | None
    business_date: date = Field(description="Since when it has these values.")
    first_date: date | None
    age_days: int | None
    amount: Amount | None
    currency: str | None
    assignee: str | None
    assigned_group: str | None
    due_at: Moment | None
    value_a: str | None
    value_b: str | None
    spans_a: list[Span] = Field(description="The characters of value_a that value_b has otherwise.")
    spans_b: list[Span]
    reason: str
    cause_id: BreakId | None
    group_id: BreakId | None
    method: Method
    confidence: float | None
    explanation: str | None
    reasons: list[Candidate] = Field(description="Up to three; the first is the one it has.")
    cause: CauseLine | None = Field(description="The cause that explains it, or the group that it is in.")
    record: list[Cell]
    rows_a: int = Field(description="Rows of its key on side a; more than one where the key repeats.")
    rows_b: int
    beside: list[Beside]
    decisions: list[Decision] = Field(description="About the version that holds, the last one first.")


class BreakEvent(Answer):
    """Something that was said or decided of a break."""

    at: Moment
    business_date: date
    publication: int
    kind: Literal["run", "review"]
    run: int
    new_version: bool = Field(description="false: only the decision is another one.")
    present: bool
    value_a: str | None
    value_b: str | None
    reason: str | None
    method: Method | None
    confidence: float | None
    explanation: str | None
    outcome: Literal["passed", "review", "rejected"] | None
    rule: str | None
    resolution: str | None
    value: str | None
    by: str | None
    comment: str | None


class BreakHistory(Answer):
    """What became of a break over dates, the last thing first."""

    items: list[BreakEvent]
    next: str | None


class SimilarBreaks(Answer):
    """Breaks like one: of the same cause, else of the same group, else of the same kind, field and reason."""

    alike: Literal["cause", "group", "field_and_reason"]
    items: list[BreakLine]
    next: str | None
