"""What to do to one side, resolved: every field with its column, its steps and its type."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from greenai.definition.model import Aggregate
from greenai.definition.steps import Step
from greenai.definition.types import FieldType
from greenai.errors import FieldError


@dataclass(frozen=True, slots=True)
class FieldPlan:
    """One field of one side: from a `column` or an `expression`, through `steps`, to `type`."""

    name: str
    type: FieldType
    column: str | None = None
    expression: str | None = None
    steps: tuple[Step, ...] = ()
    null_values: tuple[str, ...] = ()
    guessed: bool = False
    """Whether the type was guessed from some cells: a code like ``007`` then disproves an integer."""


@dataclass(frozen=True, slots=True)
class SidePlan:
    """One side: `key` names fields; `context` maps a context name to a source column."""

    source: str
    fields: tuple[FieldPlan, ...]
    key: tuple[str, ...]
    context: tuple[tuple[str, str], ...] = ()
    where: str | None = None
    group: tuple[tuple[str, Aggregate], ...] = ()
    renamed: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()
    """Values of source columns that context shows under another name: what attribution reads and writes."""


RAW = "raw:"
CONTEXT = "context:"
RESERVED = (RAW, CONTEXT, "greenai:")
"""How no field may begin: columns beside the fields begin so."""


def raw_name(field: str) -> str:
    """The column that keeps a cell's text where it could not be cast, null elsewhere."""
    return RAW + field


def context_name(name: str) -> str:
    """The column of a context value."""
    return CONTEXT + name


def check_names(names: Iterable[str]) -> None:
    """Refuse fields that would collide with our own columns. Raises FieldError."""
    for name in names:
        if name.startswith(RESERVED):
            raise FieldError(
                "a field's name cannot begin so",
                column=name,
                remedy=f"rename the column, or leave it out with --ignore; reserved: {', '.join(RESERVED)}",
            )
