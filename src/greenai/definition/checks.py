"""What must hold of the values that would be stored, and of the input they come in: the words for it.

How a check is judged is in `greenai.quality`; here is only what may be written, and which types fit.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

from greenai.definition.problems import Path, Problem, UnfitError
from greenai.definition.steps import Pattern
from greenai.definition.types import FieldType
from greenai.definition.words import Word, parse_word, write_word
from greenai.definition.written import CellTexts, Distance, Text, Texts, Whole, as_number


class Check(Word):
    """A condition on the values that would be stored."""

    def named(self) -> tuple[tuple[Path, str], ...]:
        """Every field that the check names, each with its place below the check's word."""
        return ()

    def misfit(self, _type: FieldType) -> Problem | None:
        """Why fields of this type cannot be judged; None where they can. The path is below the word."""
        return None


def _bound(value: Any) -> Any:
    if isinstance(value, (Decimal, date)):
        return value
    for read in (as_number, date.fromisoformat, _moment):
        try:
            return read(value)
        except (ValueError, TypeError):
            continue
    raise ValueError("must be a number, a date like 2026-01-31 or a timestamp like 2026-01-31T18:00:00")


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    # As in a source: what names its zone is the same moment in UTC.
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


Bound = Annotated[
    Decimal | date | datetime,
    BeforeValidator(_bound),
    WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "string", "minLength": 1}]}),
]
Rows = Annotated[Whole, Field(ge=0)]


class NotNull(Check):
    """None of these fields is null."""

    name = "not_null"
    main = "fields"
    fields: Texts

    def named(self) -> tuple[tuple[Path, str], ...]:
        return _listed((), self.fields)


class Unique(Check):
    """These fields together identify a record."""

    name = "unique"
    main = "fields"
    fields: Texts

    def named(self) -> tuple[tuple[Path, str], ...]:
        return _listed((), self.fields)


class Range(Check):
    """A field lies between `min` and `max`, both inclusive, either may be left out."""

    name = "range"
    field: Text
    min: Bound | None = None
    max: Bound | None = None

    def named(self) -> tuple[tuple[Path, str], ...]:
        return ((("field",), self.field),)

    def misfit(self, type: FieldType) -> Problem | None:
        numbers = isinstance(self.min if self.min is not None else self.max, Decimal)
        if type.numeric if numbers else type.kind in ("date", "timestamp"):
            return None
        bounds = "numbers" if numbers else "dates"
        return Problem(
            ("field",),
            f"{self.field!r} is of type {type}, and the bounds are {bounds}",
            "`range` is for numbers between numbers, and for dates and timestamps between these.",
        )

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

    def named(self) -> tuple[tuple[Path, str], ...]:
        return ((("field",), self.field),)


class Matches(Check):
    """A field matches a regular expression (RE2) as a whole."""

    name = "pattern"
    field: Text
    pattern: Pattern

    def named(self) -> tuple[tuple[Path, str], ...]:
        return ((("field",), self.field),)


class Depends(Check):
    """Records that agree in `on` agree in `gives`: a functional dependency."""

    name = "depends"
    on: Texts
    gives: Texts

    def named(self) -> tuple[tuple[Path, str], ...]:
        return (*_listed(("on",), self.on), *_listed(("gives",), self.gives))

    @model_validator(mode="after")
    def _says_something(self) -> Depends:
        if both := [name for name in self.gives if name in self.on]:
            raise UnfitError([Problem(("gives",), f"{', '.join(both)} stands on both sides")])
        return self


class Freshness(Check):
    """The newest value of a field is at most so many days older than the business date."""

    name = "freshness"
    field: Text
    days: Rows

    def named(self) -> tuple[tuple[Path, str], ...]:
        return ((("field",), self.field),)

    def misfit(self, type: FieldType) -> Problem | None:
        if type.kind in ("date", "timestamp"):
            return None
        return Problem(
            ("field",),
            f"{self.field!r} is of type {type}, which has no age",
            "`freshness` is for fields of type date or timestamp.",
        )


class RowCount(Check):
    """Rows: at most the share `within` away from the last published run; from `min` to `max`."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1})
    name = "row_count"
    within: Distance | None = None
    min: Rows | None = None
    max: Rows | None = None

    @model_validator(mode="after")
    def _says_something(self) -> RowCount:
        if self.within is None and self.min is None and self.max is None:
            raise ValueError("give `within`, `min` or `max`")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError("`min` is greater than `max`")
        return self


CHECKS: dict[str, type[Check]] = {
    check.name: check for check in (NotNull, Unique, Range, Allowed, Matches, Depends, Freshness, RowCount)
}


def parse_check(written: Any) -> Check:
    """Read one check as it is written in a definition. Raises ValueError with what is allowed."""
    return parse_word(written, CHECKS, "check")


def write_check(check: Check) -> str | dict[str, Any]:
    """The shortest way to write a check, the inverse of `parse_check`."""
    return write_word(check)


def _listed(path: Path, names: tuple[str, ...]) -> tuple[tuple[Path, str], ...]:
    return tuple(((*path, index), name) for index, name in enumerate(names))
