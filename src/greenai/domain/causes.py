"""Causes: verified explanations, each shared by many breaks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from greenai.domain.rules import Measure


@dataclass(frozen=True, slots=True)
class Example:
    """One difference as a person reads it: normalised key values and both values as text."""

    key: tuple[str, ...]
    value_a: str | None
    value_b: str | None

    def as_dict(self) -> dict[str, Any]:
        """The document of an example."""
        return {"key": list(self.key), "value_a": self.value_a, "value_b": self.value_b}


@dataclass(frozen=True, slots=True)
class Cause:
    """A transformation and the scope in which it explains breaks, with what it does not explain.

    `cause_id` depends on field, transformation and scope alone, so it is the same in every run.
    `field` is None where whole records are concerned. `breaks` are the differences it explains.
    `exceptions` are all records in the scope for which the expression does not hold: differences, whatever
    else explains them, and `agreeing` records whose sides are equal though the expression says otherwise.
    `outside` are the records beyond the scope that agree, as far as they are comparable with it.
    `confidence` is a lower bound (95 %) of the share of the scope for which the expression holds, from
    records that were not used to find it. `also` are scopes that explain the same breaks equally well.
    """

    cause_id: str
    field: str | None
    family: str
    expression: str
    scope: str
    reason: str
    functional: bool | None
    breaks: int
    exceptions: int
    confidence: float
    explanation: str
    examples: tuple[Example, ...] = ()
    counter_examples: tuple[Example, ...] = ()
    agreeing: int = 0
    outside: int = 0
    also: tuple[str, ...] = ()
    kind: str = "value"
    """The kind of the breaks it explains."""
    document: str = ""
    """By which a later run computes it again; see `greenai.attribution.documents`."""
    measure: Measure | None = None
    """How it stands in its scope, whatever else explains its exceptions."""
    approved: bool = False
    """Whether it is a rule that a person accepted."""

    def as_dict(self) -> dict[str, Any]:
        """The document of a cause, in ``summary.json`` and ``causes.parquet``."""
        return {
            "cause_id": self.cause_id,
            "field": self.field,
            "transformation": self.family,
            "expression": self.expression,
            "scope": self.scope,
            "reason": self.reason,
            "functional": self.functional,
            "breaks": self.breaks,
            "exceptions": self.exceptions,
            "confidence": self.confidence,
            "approved": self.approved,
            "explanation": self.explanation,
            "examples": [one.as_dict() for one in self.examples],
            "counter_examples": [one.as_dict() for one in self.counter_examples],
        }

    @property
    def explains(self) -> bool:
        """Whether it says which records: that some are missing, no slice telling which, explains nothing."""
        return self.field is not None or self.scope != "true"
