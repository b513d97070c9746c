"""What a comparison found, as relations of the engine that found it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import ibis

from greenai.comparison.columns import ORDINAL, key_name, side_name
from greenai.domain.summary import FieldCounts

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from greenai.comparison.differences import Verdict


@dataclass(frozen=True, slots=True)
class Matches:
    """The matches whose rows are not identical.

    A match is a set of a-rows with a set of b-rows. Matches are identified by key and ordinal;
    `rows("a")` and `rows("b")` give their members. Today every match has one row on each side, so
    both sides stand beside each other in `pairs` (``key:``, ``a:`` and ``b:`` columns), which is
    what field values are compared on; a matching with several rows a side adds members, and its
    pairs compare the aggregates.
    """

    pairs: ir.Table
    key: tuple[str, ...]
    count: int
    """How many rows `pairs` has."""

    def rows(self, side: str) -> ir.Table:
        """The members of one side: key fields, ordinal, and the side's columns by their own names."""
        prefix = f"{side}:"
        columns = [
            self.pairs[name].name(name.removeprefix(prefix))
            for name in self.pairs.columns
            if name.startswith(prefix)
        ]
        keys = [self.pairs[key_name(name)].name(name) for name in self.key]
        return self.pairs.select([*keys, ibis.literal(0).name(ORDINAL), *columns])


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows of both sides by what became of them (readable rows only)."""

    a: int
    b: int
    matched: int
    equal: int
    different: int
    only_a: int
    only_b: int
    duplicates_a: int
    duplicates_b: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """The result: counts at once, relations to be computed when asked for.

    `breaks` has the columns of `greenai.comparison.breaks`. `only_a`, `only_b` are the whole rows
    of one side; `duplicates_a`, `duplicates_b` likewise, with ``greenai:ordinal`` within their key.
    """

    key: tuple[str, ...]
    counts: Counts
    fields: Mapping[str, FieldCounts]
    break_count: int
    matches: Matches
    verdicts: Mapping[str, Verdict]
    breaks: ir.Table
    record_breaks: Mapping[str, ir.Table]
    """The whole-record breaks by kind."""
    only_a: ir.Table
    only_b: ir.Table
    duplicates_a: ir.Table
    duplicates_b: ir.Table
    repeated: ir.Table | None = None
    """The keys that repeat on a side, as ``key:`` columns; None where none does."""

    def different_values(self, field: str) -> ir.Table:
        """Key fields, ``a:<field>`` and ``b:<field>`` (typed) of every pair in which `field` differs."""
        rows = self.matches.pairs.filter(self.verdicts[field].different)
        keys = [rows[key_name(name)].name(name) for name in self.key]
        return rows.select([*keys, *(side_name(side, field) for side in ("a", "b"))])
