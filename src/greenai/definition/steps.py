"""Normalisation steps: the words a definition may use, each with its arguments.

What a step does to a column is in `greenai.fields.normalise`; here is only what may be written.
A step is written as its bare name (``strip``) or as one key with its argument
(``{remove: "-"}``, ``{replace: {pattern: "^0+", with: ""}}``).
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from greenai.definition.formats import check_strptime, check_timezone
from greenai.definition.patterns import check_pattern, check_replacement
from greenai.definition.problems import Problem, UnfitError
from greenai.definition.words import Word, parse_word, write_word
from greenai.definition.written import (
    TEXT_SCHEMA,
    CellText,
    CellTexts,
    Number,
    Short,
    Text,
    Whole,
    as_many,
    is_null,
)


class Step(Word):
    """One normalisation step. `name` is the word in the YAML; `main` takes the short form."""


def _pattern(text: str) -> str:
    check_pattern(text)
    return text


def _date_format(text: str) -> str:
    check_strptime(text)
    return text


def _timestamp_format(text: str) -> str:
    check_strptime(text, time=True)
    return text


def _zone(text: str) -> str:
    check_timezone(text)
    return text


def _null_values(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: None if is_null(one) else one for key, one in value.items()}
    return value


Pattern = Annotated[Text, AfterValidator(_pattern)]
DateFormats = Annotated[
    tuple[Annotated[Text, AfterValidator(_date_format)], ...],
    Field(min_length=1),
    Short(TEXT_SCHEMA),
    BeforeValidator(as_many),
]
TimestampFormats = Annotated[
    tuple[Annotated[Text, AfterValidator(_timestamp_format)], ...],
    Field(min_length=1),
    Short(TEXT_SCHEMA),
    BeforeValidator(as_many),
]
Zone = Annotated[Text, AfterValidator(_zone)]


class Strip(Step):
    """Remove white space at both ends."""

    name = "strip"


class CollapseSpaces(Step):
    """Turn each run of white space into one blank, and strip."""

    name = "collapse_spaces"


class Upper(Step):
    """Upper case."""

    name = "upper"


class Lower(Step):
    """Lower case."""

    name = "lower"


class DigitsOnly(Step):
    """Keep the digits 0 to 9 only."""

    name = "digits_only"


class StripLeadingZeros(Step):
    """Remove leading zeros; a text of zeros only becomes ``0``."""

    name = "strip_leading_zeros"


class Remove(Step):
    """Remove every occurrence of a text."""

    name = "remove"
    main = "text"
    text: Text


class Replace(Step):
    """Replace every match of a regular expression (RE2 syntax, groups as ``\\1``)."""

    name = "replace"
    pattern: Pattern
    with_: Annotated[str, Field(alias="with")] = ""

    @model_validator(mode="after")
    def _groups_exist(self) -> Replace:
        try:
            check_replacement(self.with_, check_pattern(self.pattern).groups)
        except ValueError as error:
            raise UnfitError([Problem(("with",), str(error), None, self.with_)]) from None
        return self


class Prefix(Step):
    """Put a text in front."""

    name = "prefix"
    main = "text"
    text: Text


class Suffix(Step):
    """Put a text behind."""

    name = "suffix"
    main = "text"
    text: Text


class Map(Step):
    """Replace whole values; values that are not listed stay as they are."""

    name = "map"
    main = "values"
    main_is_mapping = True
    values: Annotated[dict[str, CellText | None], Field(min_length=1), BeforeValidator(_null_values)]


class NullIf(Step):
    """Turn the listed values into null."""

    name = "null_if"
    main = "values"
    values: CellTexts


class ParseDate(Step):
    """Read a date written in a strptime format (``%d/%m/%Y``); several formats are tried in order."""

    name = "parse_date"
    main = "formats"
    formats: DateFormats


class ParseTimestamp(Step):
    """Read a timestamp written in a strptime format; several formats are tried in order."""

    name = "parse_timestamp"
    main = "formats"
    formats: TimestampFormats


class ParseNumber(Step):
    """Read ``1,234.50``, ``(12.00)`` and ``-12``; separators can be named."""

    name = "parse_number"
    decimal: Annotated[str, Field(min_length=1, max_length=1)] = "."
    group: Annotated[str, Field(max_length=1)] = ","

    @model_validator(mode="after")
    def _separators_differ(self) -> ParseNumber:
        if self.decimal == self.group:
            raise ValueError('the decimal and the group separator must differ; write group: "" for none')
        for separator in (self.decimal, self.group):
            if separator.isdigit() or (separator and separator in "+-()"):
                raise ValueError(f"{separator!r} cannot be a separator, it is part of a number")
        return self


class Scale(Step):
    """Multiply by an exact factor."""

    name = "scale"
    main = "factor"
    factor: Number


class Round(Step):
    """Round half away from zero to a number of decimal places."""

    name = "round"
    main = "digits"
    digits: Annotated[Whole, Field(ge=0, le=30)] = 0


class Timezone(Step):
    """Move a timestamp from one time zone (IANA name) to another."""

    name = "timezone"
    from_: Annotated[Zone, Field(alias="from")] = "UTC"
    to: Zone = "UTC"

    @model_validator(mode="after")
    def _moves(self) -> Timezone:
        if self.from_ == self.to:
            raise ValueError("`from` and `to` are the same; write {timezone: {from: …, to: …}}")
        return self


class Substring(Step):
    """Keep `length` characters from `start` (1-based); without `length`, all that follow."""

    name = "substring"
    start: Annotated[Whole, Field(ge=1)] = 1
    length: Annotated[Whole, Field(ge=1)] | None = None

    @model_validator(mode="after")
    def _cuts(self) -> Substring:
        if self.start == 1 and self.length is None:
            raise ValueError("give `start`, `length` or both; as it stands the whole text is kept")
        return self


class Coalesce(Step):
    """Replace null by a value."""

    name = "coalesce"
    main = "value"
    value: CellText


STEPS: dict[str, type[Step]] = {
    step.name: step
    for step in (
        Strip,
        CollapseSpaces,
        Upper,
        Lower,
        DigitsOnly,
        StripLeadingZeros,
        Remove,
        Replace,
        Prefix,
        Suffix,
        Map,
        NullIf,
        ParseDate,
        ParseTimestamp,
        ParseNumber,
        Scale,
        Round,
        Timezone,
        Substring,
        Coalesce,
    )
}


def parse_step(written: Any) -> Step:
    """Read one step as it is written in a definition. Raises ValueError with what is allowed."""
    return parse_word(written, STEPS, "step")


def write_step(step: Step) -> str | dict[str, Any]:
    """The shortest way to write a step, the inverse of `parse_step`; numbers stay Decimals."""
    return write_word(step)
