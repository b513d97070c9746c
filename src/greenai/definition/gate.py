"""What the data quality gate is told by a definition: promise, policies, checks.

Every `greenai run` goes by it, with a store and without; `greenai.quality` judges.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from greenai.definition.checks import (
    CHECKS,
    Allowed,
    Check,
    Depends,
    Freshness,
    Matches,
    NotNull,
    Range,
    RowCount,
    Unique,
    parse_check,
    write_check,
)
from greenai.definition.written import Part, Share, Short, Truth
from greenai.domain.decisions import Policy

ReasonCode = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{0,62}$")]
DefaultResolution = Literal["take_a", "take_b", "exclude"]


def _as_policy(value: Any) -> Any:
    return {"policy": value} if isinstance(value, str) else value


class ReasonRule(Part):
    """What the gate does with breaks of one reason, and which value it takes by default."""

    policy: Annotated[
        Policy | None,
        Field(description="pass: accept by itself; review: ask a person; reject: refuse by itself."),
    ] = None
    resolution: Annotated[
        DefaultResolution | None, Field(description="Default resolution of breaks of this reason.")
    ] = None

    @model_validator(mode="after")
    def _says_something(self) -> ReasonRule:
        if self.policy is None and self.resolution is None:
            raise ValueError("give `policy`, `resolution` or both")
        return self


class Gate(Part):
    """What passes without a person, and what must hold of what is stored."""

    promise: Annotated[
        Share,
        Field(gt=0, lt=1, description="Share of automatically passed breaks whose reason must be right."),
    ] = 0.90
    assurance: Annotated[
        Share,
        Field(gt=0, lt=1, description="How sure that promise must be before a prediction passes on it."),
    ] = 0.95
    certified: Annotated[
        Truth, Field(description="false: calibrated confidence above the promise is enough.")
    ] = True
    authority: Annotated[
        Literal["a", "b"] | None, Field(description="The side whose value is taken by default.")
    ] = None
    reasons: Annotated[
        dict[
            ReasonCode,
            Annotated[
                ReasonRule,
                Short({"enum": ["pass", "review", "reject"]}),
                BeforeValidator(_as_policy),
            ],
        ],
        Field(default_factory=dict, description="Per reason code: its policy and its default resolution."),
    ]
    checks: Annotated[
        tuple[Annotated[Check, BeforeValidator(parse_check), WithJsonSchema({"named": "Check"})], ...],
        Field(description="What must hold of the values that would be stored."),
    ] = ()


__all__ = [
    "CHECKS",
    "Allowed",
    "Check",
    "Depends",
    "Freshness",
    "Gate",
    "Matches",
    "NotNull",
    "Range",
    "ReasonRule",
    "RowCount",
    "Unique",
    "parse_check",
    "write_check",
]
