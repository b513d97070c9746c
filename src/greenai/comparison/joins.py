"""The three joins, each leaving the same: what became of the keys, and whether any key repeats."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from greenai.comparison import pairing
from greenai.comparison.columns import (
    DIFFERENT,
    ONLY_A,
    ONLY_B,
    STATUS,
    context_columns,
    key_name,
    key_names,
    side_name,
)
from greenai.comparison.strategy import Strategy
from greenai.engines.base import Engine

if TYPE_CHECKING:
    import ibis.expr.types as ir


@dataclass(frozen=True, slots=True)
class Work:
    """The inputs of the search: both sides with the same compared columns, and what makes rows alike."""

    engine: Engine
    a: ir.Table
    b: ir.Table
    key: tuple[str, ...]
    likeness: pairing.Likeness


@dataclass(frozen=True, slots=True)
class Joined:
    """What a join found. `kept` are the rows behind the fates as far as the join fetched them."""

    fates: ir.Table
    counts: pairing.JoinCounts
    unique: bool
    kept: ir.Table | None = None


def narrow(work: Work, rows: tuple[int, int]) -> Joined:
    """Join keys and fingerprints only: the least memory, and an exact proof that no key repeats."""
    fates = work.engine.materialise(pairing.key_fates(work.a, work.b, work.key, work.likeness))
    counts, equal = counted(work.engine, fates)
    total = equal + counts.different + counts.only_a + counts.only_b
    return Joined(fates, counts, counts.keys_are_unique(*rows, total))


def streamed(work: Work, rows: tuple[int, int]) -> Joined:
    """Stream a's columns through the join, so that only b has to be read again.

    Equal rows leave no trace, so repeated keys are told by sums of key hashes: what is left of each
    side without its one-sided keys must be the same keys as often.
    """
    engine, key = work.engine, work.key
    kept = engine.materialise(pairing.streamed(work.a, work.b, key, work.likeness))
    fates = engine.materialise(pairing.fates_of(kept, key))
    counts, _ = counted(engine, fates)
    sums = []
    for side, alone in ((work.a, ONLY_A), (work.b, ONLY_B)):
        whole = engine.row(pairing.key_sum(side, key))["total"]
        apart = engine.row(pairing.key_sum(pairing.keys_with(fates, key, alone), key_names(key)))["total"]
        sums.append(whole - apart)
    alike = rows[0] - counts.only_a == rows[1] - counts.only_b and sums[0] == sums[1]
    return Joined(fates, counts, alike and counts.most_copies <= 1, kept)


def full(work: Work, rows: tuple[int, int]) -> Joined:
    """Join all columns of both sides: the cheapest where most rows differ."""
    engine, key = work.engine, work.key
    kept = engine.materialise(pairing.joined_in_full(work.a, work.b, key, work.likeness))
    fates = engine.materialise(pairing.fates_of(kept, key, together=True))
    counts, _ = counted(engine, fates)
    met = int(engine.row(pairing.joined_by_key(work.a, work.b, key))["pairs"])
    return Joined(fates, counts, counts.keys_are_unique(*rows, met + counts.only_a + counts.only_b), kept)


STRATEGIES: dict[Strategy, Callable[[Work, tuple[int, int]], Joined]] = {
    "narrow": narrow,
    "streamed": streamed,
    "full": full,
}


def counted(engine: Engine, fates: ir.Table) -> tuple[pairing.JoinCounts, int]:
    """The joined rows of `fates` by status, and how many were equal."""
    numbers: dict[str, Any] = engine.row(pairing.fate_counts(fates))
    equal = int(numbers.pop("equal"))
    return pairing.JoinCounts(**{name: int(n) for name, n in numbers.items()}), equal


def without_keys(work: Work, joined: Joined, repeated: ir.Table) -> Joined:
    """What the join found of all other keys."""
    engine, names = work.engine, key_names(work.key)
    if joined.kept is None:
        fates = engine.materialise(joined.fates.anti_join(repeated, names))
        return Joined(fates, counted(engine, fates)[0], True)
    kept = engine.define(joined.kept.anti_join(repeated, names))
    fates = engine.materialise(pairing.fates_of(kept, work.key, together=True))
    return Joined(fates, counted(engine, fates)[0], True, kept)


def pairs_of(work: Work, joined: Joined) -> ir.Table:
    """The pairs that are not identical, both sides in one row: ``key:``, ``a:`` and ``b:`` columns."""
    if joined.kept is None:
        return fetch_pairs(work, pairing.keys_with(joined.fates, work.key, DIFFERENT))
    different = joined.kept.filter(joined.kept[STATUS] == DIFFERENT)
    columns = [*key_names(work.key), *side_columns(work, work.a, "a")]
    wide = [name for name in side_columns(work, work.b, "b") if name in different.columns]
    if wide:
        return work.engine.define(different.select(*columns, *wide))
    return work.engine.materialise(side_by_side(work, different.select(*columns), work.b))


def fetch_pairs(work: Work, keys: ir.Table) -> ir.Table:
    """The rows of `keys` with both sides in one row.

    In two statements of one join each: a planner that sees both sides and the keys at once may join
    the two large ones first.
    """
    found = work.engine.materialise(side_rows(work, pairing.matching(work.a, keys, work.key), "a"))
    pairs = work.engine.materialise(side_by_side(work, found, work.b))
    work.engine.drop(found)
    return pairs


def side_columns(work: Work, table: ir.Table, side: str) -> list[str]:
    """The columns of one side in a relation of pairs: compared ones, then context."""
    return [
        side_name(side, name) for name in dict.fromkeys((*work.likeness.columns, *context_columns(table)))
    ]


def side_rows(work: Work, rows: ir.Table, side: str) -> ir.Table:
    """Rows of one side with ``key:`` columns and its own columns as ``a:`` or ``b:``."""
    return rows.select(
        **{key_name(name): rows[name] for name in work.key},
        **{name: rows[name.removeprefix(f"{side}:")] for name in side_columns(work, rows, side)},
    )


def side_by_side(work: Work, rows_a: ir.Table, b: ir.Table) -> ir.Table:
    """The `side_rows` of a, each beside the row of b with its key."""
    return rows_a.inner_join(side_rows(work, b, "b"), key_names(work.key))
