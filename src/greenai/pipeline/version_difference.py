"""Two versions of a recon's definition beside each other."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from greenai.definition.differences import Difference, differences, same_meaning
from greenai.definition.loading import loads

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[Any]


@dataclass(frozen=True, slots=True)
class VersionDifference:
    """What differs field by field, and line by line (unified, empty where the texts are the same)."""

    same_meaning: bool
    fields: tuple[Difference, ...]
    lines: str


def document_difference(before: str, after: str) -> VersionDifference:
    """The difference of two definitions by their YAML. Raises DefinitionError for one that cannot be read."""
    one, other = loads(before, source="before"), loads(after, source="after")
    lines = difflib.unified_diff(
        before.splitlines(keepends=True), after.splitlines(keepends=True), "before", "after"
    )
    text = "".join(line if line.endswith("\n") else line + "\n" for line in lines)
    return VersionDifference(same_meaning(one, other), differences(one, other), text)
