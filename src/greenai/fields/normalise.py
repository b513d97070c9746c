"""Normalisation: a definition's steps applied to a column, one small function per step."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from greenai.definition import steps
from greenai.fields import number_steps, text_steps, time_steps

if TYPE_CHECKING:
    import ibis.expr.types as ir

FUNCTIONS: dict[type[steps.Step], Callable[[Any, Any], Any]] = {
    steps.Strip: text_steps.strip,
    steps.CollapseSpaces: text_steps.collapse_spaces,
    steps.Upper: text_steps.upper,
    steps.Lower: text_steps.lower,
    steps.DigitsOnly: text_steps.digits_only,
    steps.StripLeadingZeros: text_steps.strip_leading_zeros,
    steps.Remove: text_steps.remove,
    steps.Replace: text_steps.replace,
    steps.Prefix: text_steps.prefix,
    steps.Suffix: text_steps.suffix,
    steps.Map: text_steps.map,
    steps.NullIf: text_steps.null_if,
    steps.ParseDate: time_steps.parse_date,
    steps.ParseTimestamp: time_steps.parse_timestamp,
    steps.ParseNumber: number_steps.parse_number,
    steps.Scale: number_steps.scale,
    steps.Round: number_steps.round,
    steps.Timezone: time_steps.timezone,
    steps.Substring: text_steps.substring,
    steps.Coalesce: text_steps.coalesce,
}

# Steps that read something: what was there and is null afterwards could not be read.
READING = (steps.ParseDate, steps.ParseTimestamp, steps.ParseNumber, steps.Scale, steps.Round, steps.Timezone)
# Steps that name their input once, so that they may be written into each other.
SINGLE = (
    steps.CollapseSpaces,
    steps.Upper,
    steps.Lower,
    steps.DigitsOnly,
    steps.Remove,
    steps.Replace,
    steps.Prefix,
    steps.Suffix,
    steps.Substring,
    steps.Coalesce,
)


def apply(step: steps.Step, value: ir.Value) -> ir.Value:
    """The column after one step; null where the step could not read a cell.

    Steps on text take the canonical text of a typed column, steps on numbers and dates read text
    first. Raises FieldError for a step that makes no sense on the column's type.
    """
    return FUNCTIONS[type(step)](step, value)
