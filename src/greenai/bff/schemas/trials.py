"""Inferences and trials of definitions in requests and responses."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from greenai.bff.schemas.common import Answer, Asked
from greenai.bff.schemas.definitions import Document


class SourceAsked(Asked):
    """A side to infer a definition from: where it is, and how its file is written, if that is not seen."""

    location: Annotated[
        str,
        Field(
            min_length=1,
            max_length=2000,
            examples=["connection://uploads/0f3c5a7e9b1d4f6a8c0e2b4d6f8a0c1e/a.csv"],
        ),
    ]
    format: Literal["csv", "parquet", "json", "jsonl", "excel", "fixed", "xml", "arrow"] | None = None
    delimiter: Annotated[str | None, Field(min_length=1, max_length=4)] = None
    encoding: Annotated[str | None, Field(max_length=40)] = None
    sheet: Annotated[str | None, Field(max_length=100)] = None
    skip_rows: Annotated[int, Field(ge=0, le=10_000)] = 0
    header: bool = True
    row_path: Annotated[str | None, Field(max_length=200)] = None


class Inference(Asked):
    """Propose a definition for two sources."""

    a: SourceAsked
    b: SourceAsked
    recon: Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,62}$", examples=["fx_trades"])] = "recon"
    key: Annotated[list[str] | None, Field(max_length=20, description="Columns of either side.")] = None
    business_date: date | None = None


class PairShown(Answer):
    """Two columns that mean the same."""

    field: str
    column_a: str
    column_b: str
    type: str
    how: Annotated[Literal["name", "given", "values"], Field(description="By what they were paired.")]
    overlap: Annotated[float | None, Field(description="Values in common, where they were paired by values.")]
    conflict: str | None
    steps_a: list[str]
    steps_b: list[str]
    key: bool


class RowsShown(Answer):
    """First rows of a source as text."""

    columns: list[str]
    rows: list[list[str | None]]


class InferenceShown(Answer):
    """A proposed definition, its mapping, and the rows that it was seen in."""

    document: str
    pairs: list[PairShown]
    key: list[str]
    key_evidence: str | None
    unpaired_a: list[str]
    unpaired_b: list[str]
    context: list[str]
    notes: list[str]
    a: RowsShown
    b: RowsShown


class TrialAsked(Asked):
    """Try a definition on a sample of both sides; nothing is stored."""

    document: Document
    business_date: Annotated[date | None, Field(description="Default: today.")] = None
    rows: Annotated[int, Field(ge=100, le=100_000, description="About so many rows of each side.")] = 10_000
    causes: Annotated[bool, Field(description="Whether to look for causes; takes longer.")] = False
    shown: Annotated[int, Field(ge=0, le=500, description="Breaks that are told one by one.")] = 50


class BreakTried(Answer):
    """A break of a trial."""

    key: str
    field: str | None
    kind: str
    value_a: str | None
    value_b: str | None
    reason: str
    explanation: str | None
    decision: str


class RejectTried(Answer):
    """A row that could not be read."""

    side: Literal["a", "b"]
    source: str
    line: int | None
    raw: str
    why: str


class FieldTried(Answer):
    """A compared field."""

    field: str
    different: int
    within_tolerance: int


class TotalTried(Answer):
    """Sums of the amount over the sample, decimals as text."""

    currency: str | None
    a: str
    b: str
    net: str


class TrialShown(Answer):
    """What a trial came to: numbers are those of the sample."""

    share: Annotated[float, Field(description="Of the keys, so many were compared: 1 is all.")]
    rows_read: dict[str, int]
    rows: dict[str, int]
    fields: list[FieldTried]
    breaks: int
    decisions: dict[str, int]
    records: dict[str, int]
    reasons: dict[str, int]
    totals: list[TotalTried]
    key: list[str]
    types: dict[str, str]
    notes: list[str]
    examples: list[BreakTried]
    rejects: list[RejectTried]
    seconds: dict[str, float]
