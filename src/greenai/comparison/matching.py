"""Finding every row's place: identical, to be judged, on one side only, or a duplicate."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import ibis

from greenai.comparison import duplicates, pairing
from greenai.comparison.columns import (
    DIFFERENT,
    ONLY_A,
    ONLY_B,
    ORDINAL,
    STATUS,
    context_columns,
    key_name,
    key_names,
    side_name,
)
from greenai.comparison.strategy import choose, sampled_pairs
from greenai.domain.progress import Progress
from greenai.engines.base import Engine

if TYPE_CHECKING:
    import ibis.expr.types as ir


SMALL = 3_000
"""Up to so many rows on the smaller side the plain way is right: at worst 9 million joined rows."""


@dataclass(frozen=True, slots=True)
class Work:
    """The inputs of the search: both sides with the same compared columns, and what makes rows alike."""

    engine: Engine
    a: ir.Table
    b: ir.Table
    key: tuple[str, ...]
    likeness: pairing.Likeness


@dataclass(frozen=True, slots=True)
class Found:
    """Where the rows are: `identical` pairs are only counted, `pairs` are to be judged field by field.

    `pairs` has ``key:``, ``a:`` and ``b:`` columns, `keys_only_*` ``key:`` columns, `duplicates_*` the
    columns of their side and ``ordinal``.
    """

    rows_a: int
    rows_b: int
    identical: int
    pairs: ir.Table
    keys_only_a: ir.Table
    keys_only_b: ir.Table
    only_a: int
    only_b: int
    duplicates_a: ir.Table
    duplicates_b: ir.Table
    duplicate_count_a: int = 0
    duplicate_count_b: int = 0


def find(work: Work, progress: Progress) -> Found:
    """Search by the cheapest join that cannot explode, then set repeated keys apart."""
    engine, key = work.engine, work.key
    progress.stage("count")
    rows = (engine.count(work.a), engine.count(work.b))
    progress.stage("pair", sum(rows))
    if is_crowded(work, min(rows)):
        return with_repeats_first(work, rows)
    if min(rows) > SMALL:
        sample = engine.row(sampled_pairs(work.a, work.b, key, work.likeness))
        if choose(int(sample["pairs"]), int(sample["different"])) == "full":
            return found_in_full(work, rows)
    fates = engine.materialise(pairing.key_fates(work.a, work.b, key, work.likeness))
    joined = counted(engine, fates)
    if joined.keys_are_unique(*rows):
        return found_by_fates(work, rows, fates, joined)
    return with_repeats(work, rows, fates, joined)


def found_by_fates(work: Work, rows: tuple[int, int], fates: ir.Table, joined: pairing.JoinCounts) -> Found:
    """No key is repeated, so the fates of the keys are the fates of the rows."""
    different = pairing.keys_with(fates, work.key, DIFFERENT)
    return Found(
        rows_a=rows[0],
        rows_b=rows[1],
        identical=joined.equal,
        pairs=fetch_pairs(work, work.a, work.b, different),
        keys_only_a=pairing.keys_with(fates, work.key, ONLY_A),
        keys_only_b=pairing.keys_with(fates, work.key, ONLY_B),
        only_a=joined.only_a,
        only_b=joined.only_b,
        duplicates_a=no_duplicates(work.a),
        duplicates_b=no_duplicates(work.b),
    )


def found_in_full(work: Work, rows: tuple[int, int]) -> Found:
    """Most rows differ: fetch all that are not identical in one wide join."""
    engine, key = work.engine, work.key
    kept = engine.materialise(pairing.joined_in_full(work.a, work.b, key, work.likeness))
    joined = counted(engine, pairing.fates_of(kept, key))
    met = int(engine.row(pairing.joined_by_key(work.a, work.b, key))["pairs"])
    joined = replace(joined, equal=met - joined.different)
    if not joined.keys_are_unique(*rows):
        engine.drop(kept)
        return with_repeats_first(work, rows)
    return Found(
        rows_a=rows[0],
        rows_b=rows[1],
        identical=joined.equal,
        pairs=engine.define(kept.filter(kept[STATUS] == DIFFERENT).drop(STATUS)),
        keys_only_a=pairing.keys_with(kept, key, ONLY_A),
        keys_only_b=pairing.keys_with(kept, key, ONLY_B),
        only_a=joined.only_a,
        only_b=joined.only_b,
        duplicates_a=no_duplicates(work.a),
        duplicates_b=no_duplicates(work.b),
    )


def with_repeats(work: Work, rows: tuple[int, int], fates: ir.Table, joined: pairing.JoinCounts) -> Found:
    """Some keys are repeated: take back what the join said of them, and place their rows by counting."""
    engine, key = work.engine, work.key
    repeated = engine.materialise(duplicates.repeated_keys(work.a, work.b, key))
    clean = engine.materialise(fates.anti_join(repeated, key_names(key)).filter(lambda t: t[STATUS] > 0))
    copies = repeated_copies(work, repeated)
    wrongly_equal = int(engine.row(duplicates.joined_identical(*copies, key))["rows"])
    unique = replace(counted(engine, clean), equal=joined.equal - wrongly_equal)
    return placed_with_repeats(work, found_by_fates(work, rows, clean, unique), copies)


def with_repeats_first(work: Work, rows: tuple[int, int]) -> Found:
    """Many keys are repeated, or a few very often: set them apart before anything is joined."""
    engine, key = work.engine, work.key
    repeated = engine.materialise(duplicates.repeated_keys(work.a, work.b, key))
    rest = replace(work, a=pairing.without(work.a, repeated, key), b=pairing.without(work.b, repeated, key))
    fates = engine.materialise(pairing.key_fates(rest.a, rest.b, key, work.likeness))
    joined = counted(engine, fates)
    return placed_with_repeats(
        work, found_by_fates(rest, rows, fates, joined), repeated_copies(work, repeated)
    )


def counted(engine: Engine, fates: ir.Table) -> pairing.JoinCounts:
    """The joined rows of `fates` by status."""
    return pairing.JoinCounts(**{name: int(n) for name, n in engine.row(pairing.fate_counts(fates)).items()})


def repeated_copies(work: Work, repeated: ir.Table) -> tuple[ir.Table, ir.Table]:
    """The rows of repeated keys of both sides, identical copies numbered."""
    a, b = (
        work.engine.materialise(
            duplicates.numbered_copies(pairing.matching(side, repeated, work.key), work.key, work.likeness)
        )
        for side in (work.a, work.b)
    )
    return a, b


def placed_with_repeats(work: Work, unique: Found, copies: tuple[ir.Table, ir.Table]) -> Found:
    """Add the rows of repeated keys to what was found of the others."""
    engine, key = work.engine, work.key
    identical = int(engine.row(duplicates.identical_pairs(*copies, key))["pairs"])
    rest_a = engine.materialise(duplicates.left_over(*copies, key))
    rest_b = engine.materialise(duplicates.left_over(copies[1], copies[0], key))
    lone = engine.materialise(duplicates.lone_keys(rest_a, rest_b, key))
    duplicates_a = engine.materialise(pairing.without(rest_a, lone, key))
    duplicates_b = engine.materialise(pairing.without(rest_b, lone, key))
    return replace(
        unique,
        identical=unique.identical + identical,
        pairs=both(work, unique.pairs, fetch_pairs(work, rest_a, rest_b, lone)),
        duplicates_a=duplicates_a,
        duplicates_b=duplicates_b,
        duplicate_count_a=engine.count(duplicates_a),
        duplicate_count_b=engine.count(duplicates_b),
    )


def both(work: Work, pairs: ir.Table, more: ir.Table) -> ir.Table:
    """Two relations of pairs as one."""
    return work.engine.define(pairs.union(more.select(pairs.columns)))


def fetch_pairs(work: Work, a: ir.Table, b: ir.Table, keys: ir.Table) -> ir.Table:
    """The rows of `keys` with both sides in one row: ``key:``, ``a:`` and ``b:`` columns.

    In two statements of one join each: a planner that sees both sides and the keys at once may join
    the two large ones first.
    """
    found = work.engine.materialise(side_rows(work, pairing.matching(a, keys, work.key), "a"))
    pairs = work.engine.materialise(side_by_side(work, found, b))
    work.engine.drop(found)
    return pairs


def side_rows(work: Work, rows: ir.Table, side: str) -> ir.Table:
    """Rows of one side with ``key:`` columns and its own columns as ``a:`` or ``b:``."""
    columns = dict.fromkeys((*work.likeness.columns, *context_columns(rows)))
    return rows.select(
        **{key_name(name): rows[name] for name in work.key},
        **{side_name(side, name): rows[name] for name in columns},
    )


def side_by_side(work: Work, rows_a: ir.Table, b: ir.Table) -> ir.Table:
    """The `side_rows` of a, each beside the row of b with its key."""
    return rows_a.inner_join(side_rows(work, b, "b"), key_names(work.key))


def no_duplicates(table: ir.Table) -> ir.Table:
    """The relation of a side's duplicates when there are none."""
    return table.mutate(**{ORDINAL: ibis.literal(0, "int64")}).limit(0)


def is_crowded(work: Work, rows: int) -> bool:
    """Whether a join by key might yield many times the rows, because a few keys hold very many.

    A random sample of one side is enough: where that side is not crowded, no key can multiply.
    """
    if rows <= SMALL:
        return False
    side = work.a if work.engine.count(work.a) == rows else work.b
    share = min(1.0, duplicates.CROWD_SAMPLE / rows)
    pairs = float(work.engine.row(duplicates.crowding(side, work.key, share))["pairs"])
    return pairs / share**2 > duplicates.CROWD_FACTOR * rows
