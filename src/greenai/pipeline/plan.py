"""The work on both sides, fully resolved: what a user may leave out has been filled in.

`greenai.pipeline.diff_plan` makes one from the options of a diff, `greenai.pipeline.definition_plan`
from a definition.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from greenai.definition.model import Amount, Compare
from greenai.definition.types import FieldType
from greenai.domain.report import FieldInfo
from greenai.errors import FieldError
from greenai.fields.plan import SidePlan
from greenai.sources.base import SourceTable

Side = Literal["a", "b"]
SAMPLE = 20_000
"""Rows of each side that types are guessed from at first."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do with two sources: every field with its column, steps and type on both sides."""

    a: SidePlan
    b: SidePlan
    key: tuple[str, ...]
    rules: Mapping[str, Compare]
    fields: tuple[FieldInfo, ...]
    notes: tuple[str, ...] = ()
    amount: Amount | None = None
    guessed: frozenset[str] = frozenset()
    """Fields whose types were guessed from some rows: a cell that does not fit disproves the guess."""


def nulls(given: tuple[str, ...] | None, source: SourceTable) -> tuple[str, ...]:
    """The texts that mean null: where a format cannot say null, an empty cell unless told otherwise."""
    if given is not None:
        return given
    return ("",) if source.empty_is_null else ()


def fitting(rule: Compare, kind: FieldType, name: str) -> Compare:
    """The rule, when it makes sense for the type. Raises FieldError otherwise."""
    numeric = rule.absolute is not None or rule.relative is not None
    if numeric and not kind.numeric:
        raise FieldError(
            f"field {name!r} is {kind}: a numeric tolerance does not apply",
            remedy="use it on a number field, or give the field a type in a definition",
        )
    if rule.days is not None and kind.kind not in ("date", "timestamp"):
        raise FieldError(
            f"field {name!r} is {kind}: a tolerance in days does not apply",
            remedy="use it on a date or timestamp field, or give the field a type in a definition",
        )
    if rule.seconds is not None and kind.kind != "timestamp":
        raise FieldError(
            f"field {name!r} is {kind}: a tolerance in seconds does not apply",
            remedy="use it on a timestamp field, or give the field a type in a definition",
        )
    if (rule.ignore_case or rule.similarity is not None) and kind.kind != "string":
        raise FieldError(
            f"field {name!r} is {kind}: comparing as text does not apply",
            remedy="use it on a text field, or give the field `type: string` in a definition",
        )
    return rule
