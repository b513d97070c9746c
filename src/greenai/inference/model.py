"""What inference returns: pairs of columns with their types, a key, context, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from greenai.definition.steps import Step
from greenai.definition.types import FieldType

Side = Literal["a", "b"]
How = Literal["name", "given", "values"]


@dataclass(frozen=True, slots=True)
class Pair:
    """One column of each side that mean the same, called `name` (a's column name).

    `type` is what both are cast to. `conflict` says in words that the sides' own types disagree and
    what they are compared as; None where they agree or where one side is text that has no types.
    `overlap` (0 to 1) is set where the pair was found by values. `steps_a` and `steps_b` are the
    normalisation that `type` needs (only proposed for a new definition).
    """

    name: str
    column_a: str
    column_b: str
    type: FieldType
    conflict: str | None = None
    how: How = "name"
    overlap: float | None = None
    steps_a: tuple[Step, ...] = ()
    steps_b: tuple[Step, ...] = ()

    def column(self, side: Side) -> str:
        """The column of a side."""
        return self.column_a if side == "a" else self.column_b

    def steps(self, side: Side) -> tuple[Step, ...]:
        """The proposed normalisation of a side."""
        return self.steps_a if side == "a" else self.steps_b


@dataclass(frozen=True, slots=True)
class ContextColumn:
    """A column carried for explanations: `name` as the definition writes it, from `side`."""

    name: str
    side: Side
    column: str


@dataclass(frozen=True, slots=True)
class Inferred:
    """What two tables have in common.

    `key` names pairs, `key_evidence` says why it was taken. `notes` are sentences for a person.
    """

    pairs: tuple[Pair, ...]
    key: tuple[str, ...]
    unpaired_a: tuple[str, ...] = ()
    unpaired_b: tuple[str, ...] = ()
    context: tuple[ContextColumn, ...] = ()
    notes: tuple[str, ...] = ()
    key_evidence: str | None = None

    def pair(self, name: str) -> Pair:
        """The pair of that name. Raises KeyError."""
        for pair in self.pairs:
            if pair.name == name:
                return pair
        raise KeyError(name)
