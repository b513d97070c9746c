"""The first rows of a side, computed once and only when somebody looks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from greenai.definition.types import FieldType
from greenai.fields.types import field_type_of
from greenai.inference.model import Side
from greenai.inference.profiles import Profile, profile_columns
from greenai.sources.base import SourceTable

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from greenai.engines.duckdb import DuckDBEngine

CELLS = 750_000
"""Cells of a sample at most: wide tables are sampled by fewer rows, so that looking stays quick."""
FEWEST = 1_000
DEFAULT_NULLS = ("",)
"""Texts that are null unless told otherwise, and only where a format has no other null."""
_ALL = 2**62


class Samples:
    """One side of an inference: its source, its own types, and its first rows.

    `rows` is how many at most, None for all; `columns` which to read, where that is not all.
    """

    def __init__(
        self,
        engine: DuckDBEngine,
        side: Side,
        source: SourceTable,
        *,
        rows: int | None,
        null_values: Sequence[str] = DEFAULT_NULLS,
        null_words: Sequence[str] = (),
        columns: Sequence[str] | None = None,
    ) -> None:
        self.engine = engine
        self.side = side
        self.source = source
        self.null_values = _null_values(source, tuple(null_values))
        self.null_words = tuple(null_words)
        self.columns = tuple(dict.fromkeys(source.columns if columns is None else columns))
        self.asked = rows if rows is None else min(rows, max(FEWEST, CELLS // max(1, len(self.columns))))
        # Reading again what may be read again is cheaper than a copy of all of it.
        self._in_place = rows is None and source.rescannable

    @cached_property
    def table(self) -> ir.Table:
        """The sampled rows, stored: reading them again does not touch the source."""
        if self._in_place:
            return self.source.table
        rows = self.source.sample(_ALL if self.asked is None else self.asked)
        return self.engine.materialise(rows.select(list(self.columns)))

    @cached_property
    def rows(self) -> int:
        """How many rows were sampled."""
        return self.engine.count(self.table)

    @property
    def complete(self) -> bool:
        """Whether the sample has every row."""
        return self.asked is None or self.rows < self.asked

    def own_type(self, column: str) -> FieldType | None:
        """The type that the source itself gives a column; None where its format has no types."""
        return None if self.source.text else field_type_of(self.source.table.schema()[column])

    def profiles(self, columns: Sequence[str]) -> dict[str, Profile]:
        """Profiles of text columns, in one pass over the sample."""
        found = profile_columns(
            self.engine, self.table, columns, null_values=self.null_values, null_words=self.null_words
        )
        return {name: replace(profile, complete=self.complete) for name, profile in found.items()}

    def close(self) -> None:
        """Free the stored rows."""
        if "table" in self.__dict__ and not self._in_place:
            self.engine.drop(self.table)


def _null_values(source: SourceTable, given: tuple[str, ...]) -> tuple[str, ...]:
    """In a typed source a text is a value whatever it is; elsewhere the user's word counts."""
    if not source.text or (given == DEFAULT_NULLS and not source.empty_is_null):
        return ()
    return given
