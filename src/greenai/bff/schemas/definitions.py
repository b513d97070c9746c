"""Definitions, their versions and changes in requests and responses."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from greenai.bff.schemas.common import Answer, Asked, Comment, Moment

EXAMPLE = """recon: fx_trades
sources:
  a: {location: "connection://front_office/trades_{business_date}.csv"}
  b: {location: "connection://back_office/trades_{business_date}.csv"}
key: [trade_id]
"""
Document = Annotated[
    str, Field(min_length=1, max_length=500_000, description="The definition as YAML.", examples=[EXAMPLE])
]


class DefinitionText(Asked):
    """A definition to look at."""

    document: Document


class DefinitionSave(Asked):
    """A definition to save; one that means something else is a new version."""

    document: Document
    comment: Comment = ""


class SavedVersion(Answer):
    """What was saved: `created` tells whether its meaning is new."""

    recon: str
    version: int
    created: bool


class ReconListed(Answer):
    """A recon in a list."""

    name: Annotated[str, Field(examples=["fx_trades"])]
    description: str | None
    created_at: Moment
    latest_version: int | None
    effective_version: Annotated[int | None, Field(description="That holds today.")]
    retired: Annotated[bool, Field(description="Whether nothing holds today that held before.")]
    waiting: Annotated[int, Field(description="Changes that wait for a checker, or for being activated.")]
    last_run: int | None
    last_run_date: date | None
    last_run_state: str | None
    schedule: Annotated[str | None, Field(description="active or paused; null: it does not run by itself.")]


class ReconPage(Answer):
    """Recons by name."""

    items: list[ReconListed]
    next: str | None


class ReconShown(ReconListed):
    """A recon with the definition that holds today, else the latest."""

    document: str | None
    key: list[str]
    fields: list[str]
    amount: str | None
    store_table: str | None


class VersionListed(Answer):
    """A version of a definition."""

    version: int
    fingerprint: str
    saved_at: Moment
    key_version: int | None
    authors: list[str]
    comment: str | None
    effective_from: Annotated[list[date], Field(description="Business dates from which on it was activated.")]
    waiting: Annotated[int, Field(description="Changes of it that wait.")]
    runs: int


class VersionPage(Answer):
    """Versions, the last first."""

    items: list[VersionListed]
    next: str | None


class VersionShown(VersionListed):
    """A version with its YAML."""

    recon: str
    document: str


class DifferenceShown(Answer):
    """One difference between two definitions; values are YAML on one line."""

    path: Annotated[str, Field(examples=["fields.notional.compare.absolute"])]
    kind: Literal["added", "removed", "changed"]
    before: str | None
    after: str | None
    meaning: Annotated[bool, Field(description="Whether it changes what a run finds.")]


class DefinitionDifference(Answer):
    """What differs between two definitions: field by field, and line by line (unified)."""

    same_meaning: bool
    fields: list[DifferenceShown]
    lines: str


class DocumentPair(Asked):
    """Two definitions to be compared."""

    before: Document
    after: Document


class ProblemShown(Answer):
    """What is wrong at one place of a definition."""

    path: Annotated[str, Field(examples=["sources.a.location[0]"])]
    message: str
    remedy: str | None
    value: str | None
    line: Annotated[int | None, Field(description="1-based.")]
    column: Annotated[int | None, Field(description="1-based; null where only the line is known.")]


class Validation(Answer):
    """Whether a definition can be used, and what is wrong with it."""

    valid: bool
    problems: list[ProblemShown]
    recon: str | None
    version: Annotated[int | None, Field(description="The version that says the same already, if one does.")]
    document: Annotated[str | None, Field(description="In its shortest form, when valid.")]


class ChangePropose(Asked):
    """Propose that a version holds from a business date on."""

    effective_from: Annotated[date, Field(examples=["2026-12-01"])]
    comment: Comment = ""


class ChangeDecide(Asked):
    """Decide about a change as it was seen."""

    revision: Annotated[int, Field(ge=1, le=2**31 - 1, description="That of the change that was looked at.")]
    comment: Comment = ""


class ChangeApprove(ChangeDecide):
    """Approve a change; it holds at once unless it is to be activated apart."""

    activate: bool = True


class ChangeShown(Answer):
    """A change of what holds; a version of null retires the recon."""

    change: int
    recon: str
    version: int | None
    effective_from: date
    state: Literal["proposed", "approved", "activated", "rejected", "withdrawn"]
    revision: int
    comment: str
    proposed_by: str
    proposed_at: Moment
    decided_by: str | None
    decided_at: Moment | None
    decision: str | None
    activated_by: str | None
    activated_at: Moment | None
    tables: Annotated[list[str], Field(description="Golden tables that this activation made.")]
    tables_later: Annotated[
        bool, Field(description="Whether the first run makes them: the definition leaves types to it.")
    ]


class ChangePage(Answer):
    """Changes, the last first."""

    items: list[ChangeShown]
    next: str | None
