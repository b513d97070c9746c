"""One field of a recon: its type, where it comes from on both sides, how it is compared."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema, model_validator

from greenai.definition.problems import Problem, UnfitError
from greenai.definition.steps import Step, parse_step, write_step
from greenai.definition.types import KINDS, NUMERIC, TYPE_PATTERN, FieldType, Kind, parse_type
from greenai.definition.words import Word
from greenai.definition.written import TEXT_SCHEMA, Distance, Part, Share, Short, Text, Truth, Whole, is_null


def _as_type(value: Any) -> Any:
    return parse_type(value) if isinstance(value, str) else value


def _as_steps(value: Any) -> Any:
    return [value] if isinstance(value, (str, dict, Word)) and not is_null(value) else value


def _as_side(value: Any) -> Any:
    return {"column": value} if isinstance(value, str) else value


OneStep = Annotated[Step, BeforeValidator(parse_step), WithJsonSchema({"named": "Step"})]
Steps = Annotated[
    tuple[OneStep, ...],
    Short({"named": "Step"}),
    BeforeValidator(_as_steps),
    PlainSerializer(lambda steps: [write_step(step) for step in steps]),
]
Type = Annotated[
    FieldType,
    BeforeValidator(_as_type),
    PlainSerializer(str),
    WithJsonSchema({"type": "string", "pattern": TYPE_PATTERN}),
]


class FieldSide(Part):
    """Where a field comes from on one side: a column or an expression, then normalisation."""

    column: Annotated[Text | None, Field(description="Name of the column in this source.")] = None
    expression: Annotated[
        Text | None, Field(description="SQL over the source's columns, instead of a column.")
    ] = None
    normalise: Annotated[
        Steps, Field(description="What is done to the value before it is cast, in this order.")
    ] = ()

    @model_validator(mode="after")
    def _one_origin(self) -> FieldSide:
        if (self.column is None) == (self.expression is None):
            raise ValueError("give either `column` or `expression`")
        return self


Side = Annotated[
    FieldSide,
    Short(TEXT_SCHEMA),
    BeforeValidator(_as_side),
]


class Compare(Part):
    """How two values of a field are compared; the default is exact equality, null equal to null."""

    absolute: Annotated[
        Distance | None, Field(description="Equal when at most this far apart (inclusive).")
    ] = None
    relative: Annotated[
        Distance | None,
        Field(description="Equal when at most this share of the larger absolute value apart (inclusive)."),
    ] = None
    days: Annotated[
        Annotated[Whole, Field(ge=0)] | None, Field(description="Equal when at most so many days apart.")
    ] = None
    seconds: Annotated[Distance | None, Field(description="Equal when at most so many seconds apart.")] = None
    ignore_case: Annotated[Truth, Field(description="Whether upper and lower case are the same.")] = False
    similarity: Annotated[
        Annotated[Share, Field(gt=0, le=1)] | None,
        Field(description="Equal when the texts are at least so similar (1 is identical)."),
    ] = None
    ignore: Annotated[Truth, Field(description="Whether the field is shown but not compared.")] = False

    @property
    def exact(self) -> bool:
        """Whether only identical values are equal."""
        return self == EXACT

    @property
    def given(self) -> tuple[str, ...]:
        """The comparisons that depend on the type and are asked for."""
        return tuple(
            name for name in _FITS if (asked := getattr(self, name)) is not None and asked is not False
        )


_FITS: dict[str, frozenset[Kind]] = {
    "absolute": NUMERIC,
    "relative": NUMERIC,
    "days": frozenset({"date", "timestamp"}),
    "seconds": frozenset({"timestamp"}),
    "ignore_case": frozenset({"string"}),
    "similarity": frozenset({"string"}),
}
EXACT = Compare()


class FieldRule(Part):
    """One field of the recon: its type, its origin on both sides, its comparison."""

    type: Annotated[
        Type | None,
        Field(
            description="string, integer, decimal(p,s), float, boolean, date or timestamp; "
            "found out from both sources when left out."
        ),
    ] = None
    a: Annotated[
        Side | None,
        Field(description="Column of source a; the one with the field's name when left out."),
    ] = None
    b: Annotated[
        Side | None,
        Field(description="Column of source b; the one with the field's name when left out."),
    ] = None
    compare: Annotated[Compare, Field(description="How the two values are compared.")] = EXACT
    authority: Annotated[
        Literal["a", "b"] | None,
        Field(description="The side whose value is taken by default. For the gate."),
    ] = None

    @model_validator(mode="after")
    def _comparison_fits_type(self) -> FieldRule:
        given = self.compare.given
        if self.type is not None:
            kind = self.type.kind
            problems = [
                Problem(
                    ("compare", name),
                    f"`{name}` does not fit type {self.type}",
                    f"`{name}` is for {_listed(_FITS[name])}.",
                )
                for name in given
                if kind not in _FITS[name]
            ]
            if problems:
                raise UnfitError(problems)
        elif given and not frozenset.intersection(*(_FITS[name] for name in given)):
            message = f"{' and '.join(f'`{name}`' for name in given)} fit no type together"
            raise UnfitError([Problem(("compare",), message, "Keep those that fit the field's type.")])
        return self


def _listed(kinds: frozenset[Kind]) -> str:
    return ", ".join(kind for kind in KINDS if kind in kinds)
