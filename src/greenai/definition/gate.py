"""What the data quality gate is told by a definition: promise, policies, checks.

This part of the definition is validated when it is read; the gate that acts on it comes with the
store, so `greenai diff` and `greenai run --store none` do not use it.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from greenai.definition.problems import Problem, UnfitError
from greenai.definition.steps import Pattern
from greenai.definition.words import Word, parse_word, write_word
from greenai.definition.written import CellTexts, Part, Share, Short, Text, Texts, Truth, as_number

ReasonCode = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{0,62}$")]
Policy = Literal["pass", "review", "reject"]
DefaultResolution = Literal["take_a", "take_b", "exclude"]


class Check(Word):
    """A condition on the values that would be stored."""


def _bound(value: Any) -> Any:
    if isinstance(value, (Decimal, date)):
        return value
    for read in (as_number, date.fromisoformat, datetime.fromisoformat):
        try:
            return read(value)
        except (ValueError, TypeError):
            continue
    raise ValueError("must be a number, a date like 2026-01-31 or a timestamp like 2026-01-31T18:00:00")


Bound = Annotated[
    Decimal | date | datetime,
    BeforeValidator(_bound),
    WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "string", "minLength": 1}]}),
]


class NotNull(Check):
    """None of these fields is null."""

    name = "not_null"
    main = "fields"
    fields: Texts


class Unique(Check):
    """These fields together identify a record."""

    name = "unique"
    main = "fields"
    fields: Texts


class Range(Check):
    """A field lies between `min` and `max`, both inclusive, either may be left out."""

    name = "range"
    field: Text
    min: Bound | None = None
    max: Bound | None = None

    @model_validator(mode="after")
    def _bounds_agree(self) -> Range:
        if self.min is None and self.max is None:
            raise ValueError("give `min`, `max` or both")
        if self.min is not None and self.max is not None:
            if type(self.min) is not type(self.max):
                raise ValueError(
                    "`min` and `max` must be of one kind: two numbers, two dates, two timestamps"
                )
            if self.min > self.max:  # type: ignore[operator]
                raise ValueError("`min` is greater than `max`")
        return self


class Allowed(Check):
    """A field has one of the listed values."""

    name = "allowed"
    field: Text
    values: CellTexts


class Matches(Check):
    """A field matches a regular expression (RE2) as a whole."""

    name = "pattern"
    field: Text
    pattern: Pattern


class Depends(Check):
    """Records that agree in `on` agree in `gives`: a functional dependency."""

    name = "depends"
    on: Texts
    gives: Texts

    @model_validator(mode="after")
    def _says_something(self) -> Depends:
        if both := [name for name in self.gives if name in self.on]:
            raise UnfitError([Problem(("gives",), f"{', '.join(both)} stands on both sides")])
        return self


CHECKS: dict[str, type[Check]] = {
    check.name: check for check in (NotNull, Unique, Range, Allowed, Matches, Depends)
}


def parse_check(written: Any) -> Check:
    """Read one check as it is written in a definition. Raises ValueError with what is allowed."""
    return parse_word(written, CHECKS, "check")


def write_check(check: Check) -> str | dict[str, Any]:
    """The shortest way to write a check, the inverse of `parse_check`."""
    return write_word(check)


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


__all__ = ["CHECKS", "Check", "Gate", "ReasonRule", "parse_check", "write_check"]
