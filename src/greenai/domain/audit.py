"""What the audit consists of: events, signed heads of their chain, and what a verification found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal

NOTHING: Final = bytes(32)
"""What the first link has for the hash before it."""

What = Literal[
    "altered_event",
    "removed_event",
    "unlinked_event",
    "reordered_event",
    "altered_link",
    "removed_link",
    "truncated",
    "rewritten",
    "forged_head",
    "unknown_key",
    "unanchored_head",
    "unreadable_anchor",
    "altered_decisions",
    "unsealed_decisions",
]
"""What can be wrong with an audit."""


@dataclass(frozen=True, slots=True)
class Event:
    """Who did what to which subject, and when; `position` is its place in the chain."""

    event_id: int
    at: datetime
    actor: str
    action: str
    subject: str
    recon: str | None
    details: Mapping[str, Any]
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    evidence: Mapping[str, Any] | None
    request_id: str | None
    model_version: str | None
    position: int | None
    hash: str | None

    def as_dict(self) -> dict[str, Any]:
        """The event as JSON can say it."""
        return {**asdict(self), "at": written(self.at)}


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain at one moment, signed: nobody can change what is before it unnoticed."""

    position: int
    hash: str
    signed_at: str
    key_id: str
    signature: str = ""

    @property
    def text(self) -> bytes:
        """What is signed."""
        return f"greenai audit head\n{self.position}\n{self.hash}\n{self.signed_at}\n{self.key_id}\n".encode()

    def as_dict(self) -> dict[str, Any]:
        """The head as JSON can say it: a line of the anchor."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, and where, as far as known: position in the chain, event, publication."""

    what: What
    message: str
    position: int | None = None
    event_id: int | None = None
    publication: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """The finding as JSON can say it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Verification:
    """What a verification came to: how much it looked at, and all that is wrong, up to a limit."""

    events: int
    heads: int
    anchors: int
    publications: int
    decisions: int
    position: int
    hash: str
    anchored: int
    """The last position that the anchor outside the database vouches for; 0 where there is none."""
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]
    seconds: float

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings

    def as_dict(self) -> dict[str, Any]:
        """The verification as JSON can say it."""
        found = {**asdict(self), "holds": self.holds, "seconds": round(self.seconds, 3)}
        return {**found, "findings": [one.as_dict() for one in self.findings], "notes": list(self.notes)}


def written(moment: datetime) -> str:
    """A moment as it is signed and exported: UTC, microseconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
