"""Finding every row's place: identical, to be judged, on one side only, or a duplicate."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import ibis

from greenai.comparison import duplicates, joins, pairing
from greenai.comparison.columns import ONLY_A, ONLY_B, ORDINAL
from greenai.comparison.joins import Work
from greenai.comparison.strategy import Strategy, choose, sampled_pairs, share_different
from greenai.domain.progress import Progress

if TYPE_CHECKING:
    import ibis.expr.types as ir


SMALL = 10_000_000
"""Up to so many pairs of rows any join is harmless."""


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
    repeated: ir.Table | None = None
    """The keys that repeat on a side, as ``key:`` columns; None where none does."""


def find(work: Work, progress: Progress) -> Found:
    """Search by the cheapest join that cannot explode, then set repeated keys apart."""
    engine, key = work.engine, work.key
    progress.stage("count")
    rows = (engine.count(work.a), engine.count(work.b))
    progress.stage("pair", sum(rows))
    if is_crowded(work, rows):
        repeated = engine.materialise(duplicates.repeated_keys(work.a, work.b, key))
        rest = replace(
            work, a=pairing.without(work.a, repeated, key), b=pairing.without(work.b, repeated, key)
        )
        return with_repeats(work, rows, joins.narrow(rest, rows), repeated)
    joined = joins.STRATEGIES[strategy_for(work, rows)](work, rows)
    if joined.unique:
        return found(work, rows, joined)
    repeated = engine.materialise(duplicates.repeated_keys(work.a, work.b, key))
    return with_repeats(work, rows, joins.without_keys(work, joined, repeated), repeated)


def strategy_for(work: Work, rows: tuple[int, int]) -> Strategy:
    """The join that is cheapest for these sides."""
    differing = 0.0
    if rows[0] * rows[1] > SMALL:
        sample = work.engine.row(sampled_pairs(work.a, work.b, work.key, work.likeness))
        differing = share_different(int(sample["pairs"]), int(sample["different"]))
    return choose(differing, rows[1], memory=work.engine.memory_limit(), exact=work.likeness.exact)


def found(work: Work, rows: tuple[int, int], joined: joins.Joined) -> Found:
    """No key of `rows` is repeated, so the fates of the keys are the fates of the rows."""
    counts = joined.counts
    return Found(
        rows_a=rows[0],
        rows_b=rows[1],
        identical=rows[0] - counts.only_a - counts.different,
        pairs=joins.pairs_of(work, joined),
        keys_only_a=pairing.keys_with(joined.fates, work.key, ONLY_A),
        keys_only_b=pairing.keys_with(joined.fates, work.key, ONLY_B),
        only_a=counts.only_a,
        only_b=counts.only_b,
        duplicates_a=no_duplicates(work.a),
        duplicates_b=no_duplicates(work.b),
    )


def with_repeats(work: Work, rows: tuple[int, int], joined: joins.Joined, repeated: ir.Table) -> Found:
    """Place the rows of repeated keys by counting, beside what was found of the others."""
    engine, key = work.engine, work.key
    copies = repeated_copies(work, repeated)
    unique_rows = (rows[0] - engine.count(copies[0]), rows[1] - engine.count(copies[1]))
    unique = replace(found(work, unique_rows, joined), rows_a=rows[0], rows_b=rows[1])
    identical = int(engine.row(duplicates.identical_pairs(*copies, key))["pairs"])
    rest_a = engine.materialise(duplicates.left_over(*copies, key, work.likeness))
    rest_b = engine.materialise(duplicates.left_over(copies[1], copies[0], key, work.likeness))
    lone = engine.materialise(duplicates.lone_keys(rest_a, rest_b, key))
    duplicates_a = engine.materialise(pairing.without(rest_a, lone, key))
    duplicates_b = engine.materialise(pairing.without(rest_b, lone, key))
    more = joins.fetch_pairs(replace(work, a=rest_a, b=rest_b), lone)
    return replace(
        unique,
        identical=unique.identical + identical,
        pairs=engine.define(unique.pairs.union(more.select(unique.pairs.columns))),
        duplicates_a=duplicates_a,
        duplicates_b=duplicates_b,
        duplicate_count_a=engine.count(duplicates_a),
        duplicate_count_b=engine.count(duplicates_b),
        repeated=repeated,
    )


def repeated_copies(work: Work, repeated: ir.Table) -> tuple[ir.Table, ir.Table]:
    """The rows of repeated keys of both sides, identical copies numbered."""
    a, b = (
        work.engine.materialise(
            duplicates.numbered_copies(pairing.matching(side, repeated, work.key), work.key, work.likeness)
        )
        for side in (work.a, work.b)
    )
    return a, b


def no_duplicates(table: ir.Table) -> ir.Table:
    """The relation of a side's duplicates when there are none."""
    return table.mutate(**{ORDINAL: ibis.literal(0, "int64")}).limit(0)


def is_crowded(work: Work, rows: tuple[int, int]) -> bool:
    """Whether a join by key would yield many times the rows, because some keys hold very many.

    Where no key repeats in a random sample of the smaller side, no key can multiply much: a join
    yields at most the rows of the larger side times the repeats of a key on the smaller one.
    Otherwise samples of both sides tell how many pairs to expect.
    """
    if rows[0] * rows[1] <= SMALL:
        return False
    shares = [min(1.0, duplicates.CROWD_SAMPLE / max(size, 1)) for size in rows]
    keys = [
        duplicates.sampled_keys(side, work.key, share)
        for side, share in zip((work.a, work.b), shares, strict=True)
    ]
    smaller = keys[rows.index(min(rows))]
    if int(work.engine.row(duplicates.most_repeated(smaller))["most"]) <= 1:
        return False
    pairs = float(work.engine.row(duplicates.meetings(keys[0], keys[1], work.key))["pairs"])
    return pairs / (shares[0] * shares[1]) > duplicates.CROWD_FACTOR * max(rows)
