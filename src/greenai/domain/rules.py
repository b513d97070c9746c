"""Approved rules: causes that a person accepted, and the range in which they were."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from greenai.domain.decisions import Resolution

RuleEvent = Literal["accepted", "suspended", "resumed", "withdrawn"]
RuleState = Literal["proposed", "accepted", "suspended"]
EXPLAINS: Final = "rule:"
"""Before a cause's identity: the rule by which a break passes that an approved rule explains."""
EXCEPTS: Final = "exception:"
"""The same for a break in the scope of an approved rule that does not explain it: it waits for a person."""


@dataclass(frozen=True, slots=True)
class Measure:
    """How a rule stands in one run: records in its scope of which it speaks, and those that it gets wrong.

    It depends on transformation, scope and data alone, whatever else explains the exceptions.
    """

    size: int
    exceptions: int

    @property
    def rate(self) -> float:
        """The share of exceptions; 0 where there is nothing."""
        return self.exceptions / self.size if self.size else 0.0

    def __str__(self) -> str:
        return f"{self.exceptions:,} exceptions among {self.size:,}"


@dataclass(frozen=True, slots=True)
class Range:
    """In which a rule was approved: at most so high a share of exceptions, scopes of so many records."""

    max_exceptions: float
    smallest: int
    largest: int

    def refuses(self, measure: Measure) -> str | None:
        """Why a rule must not decide, None where it may. An empty scope has nothing to decide."""
        if not measure.size:
            return None
        if not self.smallest <= measure.size <= self.largest:
            return (
                f"its scope has {measure.size:,} records, approved were {self.smallest:,} to {self.largest:,}"
            )
        if measure.rate > self.max_exceptions:
            return f"{measure} are {measure.rate:.2%}, approved were at most {self.max_exceptions:.2%}"
        return None


@dataclass(frozen=True, slots=True)
class Rule:
    """An approved rule as a run applies it. `document` is the cause's, see `greenai.attribution.documents`.

    `resolution` None leaves it to the definition.
    """

    rule_id: int
    cause_id: str
    document: str
    expression: str
    scope: str
    field: str | None
    reason: str
    functional: bool | None
    resolution: Resolution | None
    range: Range

    @property
    def title(self) -> str:
        """``notional: b = a * 100 where currency = 'JPY'``."""
        said = f"{self.field}: {self.expression}" if self.field is not None else self.expression
        return said if self.scope == "true" else f"{said} where {self.scope}"


@dataclass(frozen=True, slots=True)
class Suspension:
    """A rule that may decide nothing in a run, and why; `measure` is None where it could not be computed."""

    rule: Rule
    why: str
    measure: Measure | None

    @property
    def sentence(self) -> str:
        """What a reader of the run is told."""
        return (
            f"approved rule {self.rule.cause_id[:8]} is suspended and explains nothing: {self.why}"
            f" ({self.rule.title})"
        )


@dataclass(frozen=True, slots=True)
class RuleChange:
    """One event in the life of a rule."""

    event: RuleEvent
    at: datetime
    actor: str
    run: int | None
    size: int | None
    exceptions: int | None
    comment: str | None

    def as_dict(self) -> dict[str, Any]:
        """One JSON document."""
        return {name: getattr(self, name) for name in self.__slots__} | {"at": self.at.isoformat()}


@dataclass(frozen=True, slots=True)
class CauseLine:
    """A cause as the store knows it: how it stood in a run, and whether it is an approved rule.

    `breaks` and `measure` are None where the run did not see it. `changes` are the events of
    its rule, the first first; `rule` holds what was approved. `document` is how it is computed again.
    """

    cause_id: str
    recon: str
    kind: str
    field: str | None
    family: str
    expression: str
    scope: str
    reason: str
    state: RuleState
    run: int | None
    breaks: int | None
    measure: Measure | None
    explanation: str | None
    document: str
    rule: Rule | None = None
    changes: tuple[RuleChange, ...] = ()

    @property
    def exceptions(self) -> int | None:
        """Records in its scope for which it did not hold; None where the run did not see it."""
        return None if self.measure is None else self.measure.exceptions

    def as_dict(self) -> dict[str, Any]:
        """One JSON document."""
        document: dict[str, Any] = {
            "cause_id": self.cause_id,
            "recon": self.recon,
            "field": self.field,
            "transformation": self.family,
            "expression": self.expression,
            "scope": self.scope,
            "reason": self.reason if self.rule is None else self.rule.reason,
            "state": self.state,
            "run": self.run,
            "breaks": self.breaks,
            "scope_size": None if self.measure is None else self.measure.size,
            "exceptions": self.exceptions,
            "explanation": self.explanation,
        }
        if self.rule is None:
            return document | {"rule": None}
        return document | {
            "rule": {
                "resolution": self.rule.resolution,
                "max_exceptions": self.rule.range.max_exceptions,
                "scope_size": [self.rule.range.smallest, self.rule.range.largest],
                "events": [one.as_dict() for one in self.changes],
            }
        }
