"""Kinds of breaks, and single breaks as a report shows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["value", "only_a", "only_b", "duplicate_a", "duplicate_b", "check"]
KINDS: tuple[Kind, ...] = ("value", "only_a", "only_b", "duplicate_a", "duplicate_b", "check")


@dataclass(frozen=True, slots=True)
class Break:
    """One difference. `key` are the normalised key values as text; values are canonical text.

    `field` is None for whole-record kinds. `reason` and `explanation` are None in a plain diff.
    """

    key: tuple[str, ...]
    kind: Kind
    field: str | None = None
    value_a: str | None = None
    value_b: str | None = None
    reason: str | None = None
    explanation: str | None = None


@dataclass(frozen=True, slots=True)
class Reject:
    """One row that could not be read: which side and file, its line, its raw text, and why."""

    side: Literal["a", "b"]
    source: str
    line: int | None
    raw: str
    why: str
