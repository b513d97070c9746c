"""What each paired column is like as part of a key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from greenai.inference.key_names import key_likeness
from greenai.inference.model import Pair, Side

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from greenai.engines.duckdb import DuckDBEngine

WIDEST = 60
"""Columns that are tried as a key, the most key-like first."""
LONG_TEXT = 40.0
"""Mean length beyond which a text describes rather than identifies."""


@dataclass(frozen=True, slots=True)
class KeySide:
    """One side for the search.

    `sample` holds one column per pair, cast, named by the pair's name; it is stored, for it is read
    often. `all` is the same over all rows where these can be scanned again, else None. `complete`
    says that the sample has every row.
    """

    side: Side
    sample: ir.Table
    all: ir.Table | None
    complete: bool

    @property
    def widest(self) -> ir.Table:
        """The relation with the most rows that may be scanned."""
        return self.all if self.all is not None and not self.complete else self.sample


@dataclass(slots=True)
class KeyColumn:
    """One column: what its name says, and what the samples of both sides say."""

    pair: Pair
    place: int
    likeness: float
    score: float = 0.0
    rows: dict[Side, int] = field(default_factory=dict)
    distinct: dict[Side, int] = field(default_factory=dict)
    nulls: dict[Side, int] = field(default_factory=dict)
    length: float = 0.0
    blanks: float = 0.0

    @property
    def name(self) -> str:
        return self.pair.name

    @property
    def measure(self) -> bool:
        """Whether it rather measures than identifies, so that it is unique by accident only."""
        if self.pair.type.kind in ("string", "date"):
            return False
        return self.likeness < 0 or bool(self.pair.type.scale)

    @property
    def whole(self) -> bool:
        """Whether no sampled row of either side lacks it."""
        return not any(self.nulls.values())

    @property
    def unique_share(self) -> float:
        """The share of rows that it tells apart, on the worse side; 1 when there are no rows."""
        return min(self.distinct[side] / rows if rows else 1.0 for side, rows in self.rows.items())

    def repeats(self, side: Side) -> int:
        """Sampled rows beyond the first of each value, and rows without a value."""
        return self.rows[side] - self.distinct[side]


def likely_pairs(pairs: Sequence[Pair]) -> list[Pair]:
    """The pairs worth trying as part of a key, in their order: floats and booleans identify nothing."""
    usable = [pair for pair in pairs if pair.type.kind not in ("float", "boolean")]
    # Stable: of names that say the same, the earlier columns.
    likely = sorted(usable, key=lambda pair: -key_likeness(pair.column_a, pair.column_b))[:WIDEST]
    return [pair for pair in usable if pair in likely]


def key_columns(engine: DuckDBEngine, sides: Sequence[KeySide], pairs: Sequence[Pair]) -> list[KeyColumn]:
    """What both sides say of each pair as part of a key, best first."""
    columns = [
        KeyColumn(pair, place, key_likeness(pair.column_a, pair.column_b)) for place, pair in enumerate(pairs)
    ]
    for side in sides:
        _describe(engine, side, columns)
    for column in columns:
        column.score = _score(column)
    columns.sort(key=lambda column: (-column.score, column.place))
    return columns


def _describe(engine: DuckDBEngine, side: KeySide, columns: Sequence[KeyColumn]) -> None:
    table = side.sample
    asked: dict[str, ir.Value] = {"rows": table.count()}
    for i, known in enumerate(columns):
        column = table[known.name]
        asked[f"distinct{i}"] = column.nunique()
        asked[f"filled{i}"] = column.count()
        if known.pair.type.kind == "string":
            asked[f"length{i}"] = column.length().mean()
            asked[f"blanks{i}"] = column.contains(" ").mean()
    found = engine.row(table.aggregate(**asked))
    for i, known in enumerate(columns):
        known.rows[side.side] = found["rows"]
        known.distinct[side.side] = found[f"distinct{i}"]
        known.nulls[side.side] = found["rows"] - found[f"filled{i}"]
        known.length = max(known.length, found.get(f"length{i}") or 0.0)
        known.blanks = max(known.blanks, found.get(f"blanks{i}") or 0.0)


def _score(column: KeyColumn) -> float:
    """Names first, then type: integers, codes and dates identify; instants, measures, prose seldom."""
    by_type = {"integer": 1.0, "string": 1.0, "date": 0.75, "timestamp": 0.0, "decimal": 0.5}
    score = column.likeness + (-1.0 if column.measure else by_type[column.pair.type.kind])
    score -= min(2.0, 2.0 * column.length / LONG_TEXT) if column.length > LONG_TEXT / 2 else 0.0
    score -= column.blanks  # prose has blanks, codes do not
    return score + (0.5 if column.place == 0 else 0.0)
