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


class Samples:
    """One side of an inference: its source, its own types, and its first rows."""

    def __init__(
        self,
        engine: DuckDBEngine,
        side: Side,
        source: SourceTable,
        *,
        rows: int,
        null_values: Sequence[str] = ("",),
        null_words: Sequence[str] = (),
    ) -> None:
        self.engine = engine
        self.side = side
        self.source = source
        # In a typed source an empty text is a value.
        self.null_values = tuple(null_values) if source.text else ()
        self.null_words = tuple(null_words)
        self.asked = min(rows, max(FEWEST, CELLS // max(1, len(source.columns))))

    @cached_property
    def table(self) -> ir.Table:
        """The sampled rows, stored: reading them again does not touch the source."""
        return self.engine.materialise(self.source.sample(self.asked))

    @cached_property
    def rows(self) -> int:
        """How many rows were sampled."""
        return self.engine.count(self.table)

    @property
    def complete(self) -> bool:
        """Whether the sample has every row."""
        return self.rows < self.asked

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
        if "table" in self.__dict__:
            self.engine.drop(self.table)
