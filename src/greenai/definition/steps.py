"""Normalisation steps: the words a definition may use, each with its arguments.

What a step does to a column is in `greenai.fields.normalise`; here is only what may be written.
A step is written as its bare name (``strip``) or as one key with its argument
(``{remove: "-"}``, ``{replace: {pattern: "^0+", with: ""}}``).
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field


class Step(BaseModel):
    """One normalisation step. `name` is the word in the YAML; `main` takes the short form."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
    name: ClassVar[str]
    main: ClassVar[str | None] = None


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
    text: Annotated[str, Field(min_length=1)]


class Replace(Step):
    """Replace every match of a regular expression (RE2 syntax, groups as ``\\1``)."""

    name = "replace"
    pattern: Annotated[str, Field(min_length=1)]
    with_: Annotated[str, Field(alias="with")] = ""


class Prefix(Step):
    """Put a text in front."""

    name = "prefix"
    main = "text"
    text: str


class Suffix(Step):
    """Put a text behind."""

    name = "suffix"
    main = "text"
    text: str


class Map(Step):
    """Replace whole values; values that are not listed stay as they are."""

    name = "map"
    main = "values"
    values: Annotated[dict[str, str | None], Field(min_length=1)]


class NullIf(Step):
    """Turn the listed values into null."""

    name = "null_if"
    main = "values"
    values: Annotated[list[str], Field(min_length=1)]


class ParseDate(Step):
    """Read a date written in a strptime format (``%d/%m/%Y``); several formats are tried in order."""

    name = "parse_date"
    main = "formats"
    formats: Annotated[list[str], Field(min_length=1)]


class ParseTimestamp(Step):
    """Read a timestamp written in a strptime format; several formats are tried in order."""

    name = "parse_timestamp"
    main = "formats"
    formats: Annotated[list[str], Field(min_length=1)]


class ParseNumber(Step):
    """Read ``1,234.50``, ``(12.00)`` and ``-12``; separators can be named."""

    name = "parse_number"
    decimal: Annotated[str, Field(min_length=1, max_length=1)] = "."
    group: Annotated[str, Field(max_length=1)] = ","


class Scale(Step):
    """Multiply by an exact factor."""

    name = "scale"
    main = "factor"
    factor: Decimal


class Round(Step):
    """Round half away from zero to a number of decimal places."""

    name = "round"
    main = "digits"
    digits: Annotated[int, Field(ge=0, le=30)] = 0


class Timezone(Step):
    """Move a timestamp from one time zone (IANA name) to another."""

    name = "timezone"
    from_: Annotated[str, Field(alias="from")] = "UTC"
    to: str = "UTC"


class Substring(Step):
    """Keep `length` characters from `start` (1-based); without `length`, all that follow."""

    name = "substring"
    start: Annotated[int, Field(ge=1)] = 1
    length: Annotated[int, Field(ge=1)] | None = None


class Coalesce(Step):
    """Replace null by a value."""

    name = "coalesce"
    main = "value"
    value: str


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
    if isinstance(written, Step):
        return written
    if isinstance(written, str):
        return _step_type(written).model_validate({})
    if isinstance(written, dict) and len(written) == 1:
        name, argument = next(iter(written.items()))
        step_type = _step_type(str(name))
        if step_type.main is not None and not (
            isinstance(argument, dict) and step_type.main in argument
        ):
            if step_type.main in ("formats",) or step_type is NullIf:
                argument = argument if isinstance(argument, list) else [argument]
            argument = {step_type.main: argument}
        return step_type.model_validate({} if argument is None else argument)
    raise ValueError("a step is a name like `strip` or one name with its argument like `{prefix: TRD}`")


def write_step(step: Step) -> str | dict[str, Any]:
    """The shortest way to write a step, the inverse of `parse_step`."""
    given = step.model_dump(by_alias=True, exclude_defaults=True, mode="json")
    if not given:
        return step.name
    if step.main is not None and set(given) == {step.main}:
        argument = given[step.main]
        if isinstance(argument, list) and len(argument) == 1 and step.main == "formats":
            argument = argument[0]
        return {step.name: argument}
    return {step.name: given}


def _step_type(name: str) -> type[Step]:
    if name not in STEPS:
        raise ValueError(f"unknown step {name!r}; allowed are {', '.join(STEPS)}")
    return STEPS[name]
