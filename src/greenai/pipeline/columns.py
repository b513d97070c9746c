"""Finding the columns that a definition names, and naming them back when they are not there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import PurePath
from typing import Literal

from greenai.definition.model import FieldSide
from greenai.errors import FieldError
from greenai.inference.names import plain
from greenai.sources.base import SOURCE_FILE, SourceTable

Side = Literal["a", "b"]


def located(given: FieldSide | None, name: str, source: SourceTable, side: Side) -> FieldSide:
    """Where a field comes from, with the column as the source spells it. Raises FieldError."""
    if given is None:
        return by_name(name, source, side)
    if given.column is None:
        return given
    return given.model_copy(update={"column": existing(given.column, source, name, side)})


def by_name(name: str, source: SourceTable, side: Side) -> FieldSide:
    """The side of a field that is left out: the column of its name, by the rule that pairs columns."""
    if found := loosely(name, source.columns):
        return FieldSide(column=found)
    raise FieldError(
        f"side {side} has no column for the field {name!r}",
        source=file_names(source),
        remedy=suggestion(name, source.columns),
    )


def existing(column: str, source: SourceTable, name: str, side: Side) -> str:
    """The column as the source spells it."""
    if column == SOURCE_FILE:
        return column
    if found := loosely(column, source.columns):
        return found
    raise FieldError(
        f"side {side} has no column {column!r} (for field {name!r})",
        source=file_names(source),
        remedy=suggestion(column, source.columns),
    )


def loosely(name: str, columns: Sequence[str]) -> str | None:
    """The column of a name: the very same, else the only one that differs in case, blanks and signs."""
    if name in columns:
        return name
    found = [column for column in columns if plain(column) == plain(name)]
    return found[0] if len(found) == 1 else None


def context_origin(name: str, sources: Mapping[Side, SourceTable]) -> tuple[Side, str]:
    """Side and column of a context name; ``b.desk`` names the other side's. Raises FieldError."""
    prefix, _, rest = name.partition(".")
    candidates: tuple[Side, ...] = ("a", "b")
    column = name
    if prefix in ("a", "b") and rest:
        candidates, column = (("a",) if prefix == "a" else ("b",)), rest
    for side in candidates:
        if found := loosely(column, (*sources[side].columns, SOURCE_FILE)):
            return side, found
    known = {column for side in candidates for column in sources[side].columns}
    raise FieldError(f"the context column {name!r} is on neither side", remedy=suggestion(column, known))


def file_names(source: SourceTable) -> str:
    """The files of a side by their base names, the first few; the side's name for tables in memory."""
    if not source.files:
        return source.name
    names = [PurePath(file).name for file in source.files]
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def suggestion(name: str, known: Sequence[str] | set[str]) -> str:
    """The remedy for a name that does not exist."""
    near = get_close_matches(name, list(known), n=1, cutoff=0.6)
    if near:
        return f"did you mean {near[0]!r}?"
    listed = ", ".join(sorted(known)[:12])
    return f"it has: {listed}{' …' if len(known) > 12 else ''}"
