"""Kinds of breaks, and single breaks as a report shows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from greenai.domain.decisions import Decision, Resolution

Kind = Literal["value", "only_a", "only_b", "duplicate_a", "duplicate_b", "check"]
KINDS: tuple[Kind, ...] = ("value", "only_a", "only_b", "duplicate_a", "duplicate_b", "check")


@dataclass(frozen=True, slots=True)
class Break:
    """One difference. `key` are the normalised key values as text; values are canonical text.

    `field` is None for whole-record kinds. What follows the values is None in a plain diff; `rule` is
    the check that failed, of breaks of kind check alone. A break of the whole input has no key values.
    """

    key: tuple[str, ...]
    kind: Kind
    field: str | None = None
    value_a: str | None = None
    value_b: str | None = None
    reason: str | None = None
    explanation: str | None = None
    decision: Decision | None = None
    resolution: Resolution | None = None
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class Reject:
    """One row that could not be read: which side and file, its line, its raw text, and why."""

    side: Literal["a", "b"]
    source: str
    line: int | None
    raw: str
    why: str
