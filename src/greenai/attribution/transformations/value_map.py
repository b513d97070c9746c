"""The codes of another system: every value of a has one value of b."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final

import ibis

from greenai.attribution.transformations.base import (
    Columns,
    Proposal,
    Transformation,
    quoted,
    value_bits,
)
from greenai.attribution.transformations.null_default import constant

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from greenai.attribution.sampling import Sample

MOST: Final = 8
ENTRIES: Final = 100
"""A longer map is a table, not a rule."""
LEAST: Final = 4
"""Cells of the sample behind an entry: a map learns what repeats, and memorises no single pair."""
LEAST_IN_SLICE: Final = 2
"""The same within a slice, where the other entries of the map vouch for it."""
MEAN: Final = 3
"""Cells of the sample behind each entry of a map, on average."""
DOMINANT: Final = 0.8
"""Share of a value's cells in a slice that its entry must explain there."""
SLICES: Final = 400
SHOWN: Final = 6


@dataclass(frozen=True, slots=True)
class ValueMap(Transformation):
    """``b = map(a, {CONFIRMED: C, PENDING: P})``; of other values of a it says nothing."""

    family: ClassVar[str] = "value_map"
    entries: tuple[tuple[Any, Any], ...]

    def apply(self, cells: Columns) -> ir.Value:
        a, b = cells["a"], cells["b"]
        value: ir.Value = ibis.cases(
            *((a == constant(old, a), constant(new, b)) for old, new in self.entries)
        )
        return value

    def describe(self) -> str:
        shown = ", ".join(f"{_plain(old)}: {_plain(new)}" for old, new in self.entries[:SHOWN])
        more = len(self.entries) - SHOWN
        return f"b = map(a, {{{shown}{f', and {more} more' if more > 0 else ''}}})"

    def inverse(self) -> ValueMap | None:
        turned = {new: old for old, new in self.entries}
        return value_map(turned.items()) if len(turned) == len(self.entries) else None

    @property
    def bits(self) -> float:
        return sum(value_bits(old) + value_bits(new) for old, new in self.entries)


def value_map(entries: Iterable[tuple[Any, Any]]) -> ValueMap:
    """A map with its entries in a stable order."""
    return ValueMap(tuple(sorted(entries, key=lambda entry: (str(entry[0]), str(entry[1])))))


def propose(sample: Sample) -> Iterator[Proposal]:
    """Maps of the whole sample, layer by layer, and maps of single slices."""
    if sample.type.kind in ("float", "timestamp") or len(sample.pairs) < LEAST:
        return
    by_pair: dict[tuple[Any, Any], list[int]] = {}
    for at, a, b in sample.pairs:
        by_pair.setdefault((a, b), []).append(at)
    repeated = {pair: places for pair, places in by_pair.items() if len(places) >= LEAST_IN_SLICE}
    if not repeated or (sample.type.numeric and not few(sample)):
        return
    maps: Counter[ValueMap] = Counter()
    rest = {pair: places for pair, places in repeated.items() if len(places) >= LEAST}
    for _ in range(3):
        if layer := dominant({pair: len(places) for pair, places in rest.items()}, share=0.0):
            maps[value_map(layer)] += 1
            rest = {pair: places for pair, places in rest.items() if pair not in set(layer)}
    pair_at = {at: pair for pair, places in repeated.items() for at in places}
    learned: list[dict[Any, Any]] = []
    for places in sorted(sample.slices, key=len, reverse=True)[:SLICES]:
        counts = Counter(pair_at[at] for at in places if at in pair_at)
        total = Counter(sample.a[at] for at in places)
        enough = {
            pair: n for pair, n in counts.items() if n >= LEAST_IN_SLICE and n >= DOMINANT * total[pair[0]]
        }
        if enough:
            learned.append(dict(enough.keys()))
    for entries in merged(learned):
        maps[value_map(entries.items())] += 1
    sized = []
    for found in maps:
        held = [at for entry in found.entries for at in by_pair.get(entry, ())]
        # What each entry costs is earned by several cells, or it is a list of the cells.
        if len(found.entries) <= ENTRIES and len(held) >= max(LEAST, MEAN * len(found.entries)):
            sized.append((found, tuple(sorted(held))))
    for one, where in sorted(sized, key=lambda one: (-len(one[1]), one[0].describe()))[:MOST]:
        yield Proposal(one, where)


def few(sample: Sample) -> bool:
    """Whether numbers are codes: far fewer values than cells."""
    return len({a for _, a, _ in sample.pairs}) * 20 <= len(sample.pairs)


def dominant(counts: dict[tuple[Any, Any], int], *, share: float) -> list[tuple[Any, Any]]:
    """For every value of a the most frequent value of b."""
    best: dict[Any, tuple[int, Any]] = {}
    for (a, b), count in sorted(counts.items(), key=lambda one: (-one[1], str(one[0]))):
        if a not in best and count > share:
            best[a] = (count, b)
    return [(a, b) for a, (_, b) in best.items()]


def merged(maps: list[dict[Any, Any]]) -> list[dict[Any, Any]]:
    """Maps of slices put together where they do not contradict each other and share an entry."""
    found: list[dict[Any, Any]] = []
    for entries in maps:
        for other in found:
            shared = entries.keys() & other.keys()
            if shared and all(entries[key] == other[key] for key in shared):
                other.update(entries)
                break
        else:
            found.append(dict(entries))
    return found


def _plain(value: Any) -> str:
    return quoted(value).strip("'")
