"""Groups of differences that nothing explains: alike, so that a person decides groups and not rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from greenai.domain.causes import Example


@dataclass(frozen=True, slots=True)
class Group:
    """Breaks of one kind and field that look alike and that no proof, rule or cause explains.

    A group claims no cause. `group_id` depends on kind, field, shape and slice alone, so it is the same
    in every run. `shape` is what the two values have in common, ``other`` for the rest of a field;
    `slice` a condition on a context column that all breaks of the group meet, else None. `why` says why
    they are not explained.
    """

    group_id: str
    kind: str
    field: str | None
    shape: str
    slice: str | None
    breaks: int
    description: str
    why: str
    examples: tuple[Example, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The document of a group, in ``summary.json`` and ``groups.parquet``."""
        return {
            "group_id": self.group_id,
            "kind": self.kind,
            "field": self.field,
            "shape": self.shape,
            "slice": self.slice,
            "breaks": self.breaks,
            "description": self.description,
            "why": self.why,
        }
