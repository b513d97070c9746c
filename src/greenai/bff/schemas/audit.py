"""The audit: events, signed heads of their chain, and what a verification found."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from greenai.bff.schemas.common import Answer, Moment
from greenai.domain.audit import What

Hash = Annotated[str, Field(pattern="^[0-9a-f]{64}$", description="SHA-256 in hex.")]
Document = dict[str, Any]


class EventShown(Answer):
    """Who did what to which subject, and when."""

    event_id: int
    at: Moment
    actor: str = Field(examples=["ann"])
    action: str = Field(examples=["decide"])
    subject: str = Field(description="A recon, or what else it is about.", examples=["fx_trades"])
    recon: str | None
    details: Document
    before: Document | None = Field(description="What held before, where that is said here.")
    after: Document | None
    evidence: Document | None = Field(description="What it was decided on.")
    request_id: str | None = Field(description="The request it came with, as in the logs.")
    model_version: str | None
    position: int | None = Field(description="Its place in the chain.")
    hash: Hash | None = Field(description="The hash of its link.")


class EventPage(Answer):
    """Events, the last first."""

    items: list[EventShown]
    next: str | None


class HeadShown(Answer):
    """The end of the chain at a moment, signed; the same stands outside the database."""

    position: int
    hash: Hash
    signed_at: Moment
    key_id: str = Field(description="The first 16 hex digits of the SHA-256 of the public key.")
    signature: str = Field(description="Ed25519, in hex.")


class HeadPage(Answer):
    """Signed heads, the last first."""

    items: list[HeadShown]
    next: str | None


class FindingShown(Answer):
    """One thing that is wrong with the audit."""

    what: What
    message: str
    position: int | None
    event_id: int | None
    publication: int | None


class VerificationShown(Answer):
    """What a verification came to."""

    holds: bool = Field(description="Whether nothing is wrong.")
    events: int
    heads: int
    anchors: int
    publications: int
    decisions: int
    position: int = Field(description="The last position of the chain.")
    hash: Hash
    anchored: int = Field(description="The last position that the anchor outside vouches for.")
    findings: list[FindingShown]
    notes: list[str]
    seconds: float
