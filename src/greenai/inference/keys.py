"""The key when nobody names one: the smallest set of columns that identifies rows on both sides.

Sets of one, two and three columns are tried in turn on samples of both sides; a set counts when it
has no null and no repeat on either. Where a side can be scanned again, the set is verified on all
its rows. Among sets of one size the one wins whose names look like a key, whose values meet the
other side's, and whose meeting rows agree in their other columns. A single column that is called
like a key and repeats in at most one row of a hundred goes before sets of two: real data repeats,
and a second column would hide every difference in it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import prod
from typing import TYPE_CHECKING

import ibis

from greenai.engines.functions import fingerprint
from greenai.errors import KeyFieldError
from greenai.inference.key_columns import KeyColumn, KeySide, key_columns
from greenai.inference.meeting import Meeting, meet
from greenai.inference.model import Pair

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from greenai.engines.duckdb import DuckDBEngine

POOL = 12
"""Columns that sets of two and three are made of: at most 66 and 220 sets."""
FINALISTS = 3
"""Sets of one size whose rows are brought together to see whether they agree."""
VERIFIED = 8
"""Sets of one size that are verified on all rows before the search moves on."""
WITNESSES = 8
"""Other columns, the most telling first, that are asked whether rows that meet agree."""
NEARLY_UNIQUE = 0.99
MOSTLY_UNIQUE = 0.8
"""A column with the name of a key is still the best guess when this share of its rows is unique."""
STRONG_NAME = 2.0

Names = tuple[str, ...]
Sides = tuple[KeySide, KeySide]


@dataclass(frozen=True, slots=True)
class KeyChoice:
    """The key, why it was taken, and what to tell a person."""

    names: Names
    evidence: str
    notes: tuple[str, ...] = ()


def choose_key(engine: DuckDBEngine, a: KeySide, b: KeySide, pairs: Sequence[Pair]) -> KeyChoice:
    """The best key among `pairs`, of which both sides have the cells.

    Raises KeyFieldError naming the best candidates and their repeats.
    """
    sides = (a, b)
    columns = key_columns(engine, sides, pairs)
    for candidates, allowed in _rounds(engine, sides, columns):
        finalists: list[Names] = []
        for names in candidates[:VERIFIED]:
            if len(finalists) < FINALISTS and _holds(engine, sides, names, allowed):
                finalists.append(names)
        if finalists:
            return _best(engine, sides, columns, finalists)
    raise _nothing_found(columns)


def _rounds(
    engine: DuckDBEngine, sides: Sides, columns: Sequence[KeyColumn]
) -> Iterator[tuple[list[Names], float]]:
    """Candidates, best first, with the share of rows that may repeat. A round is computed when reached."""
    whole = [column for column in columns if column.whole]
    unique = [column for column in whole if column.unique_share == 1.0]
    yield [(c.name,) for c in unique if c.likeness > 0 and not c.measure], 0.0
    yield [(c.name,) for c in columns if _named_like_a_key(c, NEARLY_UNIQUE)], 1.0 - NEARLY_UNIQUE
    yield [(c.name,) for c in unique if c.likeness <= 0 and not c.measure], 0.0
    # A set with a unique member is not the smallest, and a constant column tells nothing apart.
    pool = [c for c in whole if not c.measure and c not in unique and max(c.distinct.values()) > 1]
    pool.sort(key=lambda column: -(column.score + 2.0 * column.unique_share))
    for size in (2, 3):
        yield _unique_sets(engine, sides, pool[:POOL], size), 0.0
    # Last, because a measure tells rows apart by accident.
    yield [(c.name,) for c in unique if c.measure], 0.0
    yield [(c.name,) for c in columns if _named_like_a_key(c, MOSTLY_UNIQUE)], 1.0 - MOSTLY_UNIQUE


def _named_like_a_key(column: KeyColumn, unique_share: float) -> bool:
    return column.likeness >= STRONG_NAME and column.unique_share >= unique_share and not column.measure


def _unique_sets(engine: DuckDBEngine, sides: Sides, pool: Sequence[KeyColumn], size: int) -> list[Names]:
    sets = [
        chosen
        for chosen in combinations(pool, size)
        if all(prod(c.distinct[side.side] for c in chosen) >= chosen[0].rows[side.side] for side in sides)
    ]
    for side in sides:
        if not sets:
            return []
        asked: dict[str, ir.Value] = {"rows": side.sample.count()}
        for i, chosen in enumerate(sets):
            asked[f"distinct{i}"] = fingerprint([side.sample[c.name] for c in chosen]).nunique()
        found = engine.row(side.sample.aggregate(**asked))
        sets = [chosen for i, chosen in enumerate(sets) if found[f"distinct{i}"] == found["rows"]]
    sets.sort(key=lambda chosen: -sum(column.score for column in chosen))
    # A key is written in the order of the table's columns.
    return [tuple(c.name for c in sorted(chosen, key=lambda c: c.place)) for chosen in sets]


def _holds(engine: DuckDBEngine, sides: Sides, names: Names, allowed: float) -> bool:
    """Whether at most the share `allowed` of rows repeats or lacks the set, in as many rows of each
    side as may be scanned."""
    for side in sides:
        rows, distinct = _count(engine, side.widest, names)
        if rows - distinct > allowed * rows:
            return False
    return True


def _count(engine: DuckDBEngine, table: ir.Table, names: Names) -> tuple[int, int]:
    """Rows of a table, and how many different keys without null they have."""
    columns = [table[name] for name in names]
    known = ibis.and_(*(column.notnull() for column in columns))
    found = engine.row(
        table.aggregate(rows=table.count(), distinct=fingerprint(columns).nunique(where=known))
    )
    return found["rows"], found["distinct"]


def _best(
    engine: DuckDBEngine, sides: Sides, columns: Sequence[KeyColumn], finalists: Sequence[Names]
) -> KeyChoice:
    """The finalist with the best names, overlap and agreement, and what there is to say of it."""
    by_name = {column.name: column for column in columns}
    meetings: dict[Names, Meeting] = {}
    for names in finalists:
        others = [c.name for c in columns if c.name not in names]
        meetings[names] = meet(engine, sides[0], sides[1], names, others[:WITNESSES])

    def worth(names: Names) -> float:
        score = sum(by_name[name].score for name in names) / len(names)
        return score + 2.0 * meetings[names].overlap + 3.0 * meetings[names].agreement

    names = max(finalists, key=worth)
    return _told(engine, sides, names, meetings[names])


def _told(engine: DuckDBEngine, sides: Sides, names: Names, meeting: Meeting) -> KeyChoice:
    notes = []
    seen = []
    exact = True
    for side in sides:
        rows, distinct = _count(engine, side.widest, names)
        sampled = side.widest is side.sample and not side.complete
        seen.append(f"{rows:,}{' sampled' if sampled else ''} rows of {side.side}")
        if distinct < rows:
            exact = False
            notes.append(
                f"key {_written(names)} is missing or repeated in {rows - distinct:,} of "
                f"{'the first ' if sampled else ''}{rows:,} rows of side {side.side}"
            )
    if not exact:
        notes.append(f"key {_written(names)} was taken for its name: name another with --key")
    if any(side.widest is side.sample and not side.complete for side in sides):
        notes.append(
            f"key {_written(names)} was inferred from the first rows only: "
            "repeats further on show as duplicates"
        )
    if meeting.overlap == 0.0 and all(_count(engine, side.sample, names)[0] for side in sides):
        notes.append(f"no value of key {_written(names)} was seen on both sides")
    word = "unique" if exact else "nearly unique"
    evidence = f"{word} in {' and '.join(seen)}"
    if meeting.overlap:
        evidence += f", {_share(meeting.overlap)}"
    return KeyChoice(names, evidence, tuple(notes))


def _nothing_found(columns: Sequence[KeyColumn]) -> KeyFieldError:
    nearest = sorted(columns, key=lambda column: -(column.unique_share + column.score / 100))[:3]
    shown = "; ".join(
        f"{column.name!r} repeats or lacks a value in "
        + " and ".join(
            f"{column.repeats(side):,} of {rows:,} rows of {side}" for side, rows in column.rows.items()
        )
        for column in nearest
    )
    return KeyFieldError(
        f"no key found: none of {len(columns)} columns, nor two or three of the {min(POOL, len(columns))} "
        f"most likely, identify the rows of both sides; nearest: {shown}",
        remedy="name the key with --key (rows whose key repeats are reported as duplicates)",
    )


def _written(names: Names) -> str:
    return ", ".join(repr(name) for name in names)


def _share(overlap: float) -> str:
    """A share of keys in words, all only where it is all."""
    if overlap == 1.0:
        return "all keys of the smaller side are on the other side"
    percent = math.floor(overlap * 100)
    return f"{percent or 'less than 1'} % of the smaller side's keys are on the other side"
