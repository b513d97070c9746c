"""Stale values: b has what a had in the row before, of the field or of each group; or stands still."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from itertools import combinations
from operator import and_
from typing import TYPE_CHECKING, Any, ClassVar, Final

import ibis

from greenai.attribution.cells import CELL
from greenai.attribution.transformations.base import (
    CHOICE_BITS,
    COLUMN_BITS,
    Columns,
    Places,
    Proposal,
    Transformation,
    grouped,
    quoted,
    value_bits,
)
from greenai.attribution.transformations.null_default import LOST, constant, stands_for_nothing

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from greenai.attribution.sampling import Link, Sample

MOST: Final = 4
LEAST: Final = 3
SHARE: Final = 0.05
"""Share of a slice whose values of b are found in its a, for it to be looked at."""
SLICES: Final = 40
MOST_COLUMNS: Final = 2
FROZEN: Final = 4
"""Cells in which one value must stand for different ones, to look as if it stood still."""
ORDERS: Final = 2
AGREE: Final = 0.95
"""Share of the links in which a column is the same on both ends, for it to tell the groups apart."""


@dataclass(frozen=True, slots=True)
class Lag(Transformation):
    """``b = lag(a)``: a's value of the differing row before, by `order`, within equal `group` columns.

    Only cells are looked at: where a row in between does not differ, the value before it is not seen.
    """

    family: ClassVar[str] = "lag"
    group: tuple[str, ...] = ()
    order: str = CELL

    def apply(self, cells: Columns) -> ir.Value:
        order = [CELL] if self.order == CELL else [self.order, CELL]
        window = ibis.window(
            group_by=[cells[name] for name in self.group], order_by=[cells[name] for name in order]
        )
        before: ir.Value = cells["a"].lag().over(window)
        return before

    def describe(self) -> str:
        groups = f" within {', '.join(map(plain, self.group))}" if self.group else ""
        order = "" if self.order == CELL else f" by {plain(self.order)}"
        return f"b = lag(a){order}{groups}"

    @property
    def bits(self) -> float:
        return COLUMN_BITS * len(self.group) + (CHOICE_BITS + COLUMN_BITS) * (self.order != CELL)


@dataclass(frozen=True, slots=True)
class Frozen(Transformation):
    """b is one `value` whatever a is: a feed that stands still."""

    family: ClassVar[str] = "lag"
    value: Any

    def apply(self, cells: Columns) -> ir.Value:
        return constant(self.value, cells["b"])

    def describe(self) -> str:
        return f"b = {quoted(self.value)} whatever a is"

    @property
    def bits(self) -> float:
        return CHOICE_BITS + value_bits(self.value)

    @property
    def lost_bits(self) -> float:
        return LOST


def plain(column: str) -> str:
    """``book`` for ``context:book``; fields keep their side (``a.executed_at``)."""
    kind, name = column.split(":", 1)
    return f"{kind}.{name}" if kind in ("a", "b") else name


def propose(sample: Sample) -> Iterator[Proposal]:
    """Groups in which b's value was a's somewhere else in the group."""
    if len(sample.links) < LEAST:
        return
    columns = list(sample.beside)
    agreeing: Counter[tuple[str, ...]] = Counter()
    support: dict[tuple[str, ...], set[int]] = {}
    for links in _slices(sample, columns):
        group = tuple(
            name
            for at, name in enumerate(columns)
            if sum(link.beside[at] == sample.beside[name][link.place] for link in links) >= AGREE * len(links)
        )
        group = smallest(sample, group, links)
        agreeing[group] += len(links)
        support.setdefault(group, set()).update(link.place for link in links)
    orders = [CELL, *(name for name in sample.others if name.startswith("a:") and _in_time(sample, name))]
    ranked = sorted(agreeing, key=lambda group: (-len(support[group]), group))
    for group in ranked[:MOST]:
        for order in orders[: 1 + ORDERS]:
            yield Proposal(Lag(group, order), tuple(sorted(support[group])))


def propose_frozen(sample: Sample) -> Iterator[Proposal]:
    """Numbers of b that stand for many numbers of a."""
    standing = Places()
    for at, _, b in sample.pairs:
        if not stands_for_nothing(b):
            standing[b].append(at)
    for value, places in grouped(standing, most=MOST, least=FROZEN):
        if len({sample.a[at] for at in places}) >= FROZEN:
            yield Proposal(Frozen(value), tuple(places))


def smallest(sample: Sample, group: tuple[str, ...], links: list[Link]) -> tuple[str, ...]:
    """The fewest of the `group` columns that pick the same cells: one that another implies says nothing."""
    place = links[0].place
    alike = {name: _mask(sample.beside[name], sample.beside[name][place]) for name in group}
    every = (1 << len(sample.cells)) - 1

    def cells_of(columns: tuple[str, ...]) -> int:
        return reduce(and_, (alike[name] for name in columns), every)

    for size in range(min(len(group), MOST_COLUMNS + 1)):
        for some in combinations(group, size):
            if cells_of(some) == cells_of(group):
                return some
    return group


def _mask(values: list[Any], wanted: Any) -> int:
    digits = "".join("1" if value == wanted else "0" for value in reversed(values))
    return int(digits, 2)


def _slices(sample: Sample, columns: list[str]) -> Iterator[list[Link]]:
    """The links, and those by each value that both ends share, where they are no mere coincidences."""
    by_value: dict[tuple[int, Any], list[Link]] = {}
    for link in sample.links:
        for at, name in enumerate(columns):
            if link.beside[at] == sample.beside[name][link.place]:
                by_value.setdefault((at, link.beside[at]), []).append(link)
    if len(sample.links) >= SHARE * len(sample.cells):
        yield list(sample.links)
    sizes = [Counter(sample.beside[name]) for name in columns]
    found = [
        links for (at, value), links in by_value.items() if len(links) >= max(LEAST, SHARE * sizes[at][value])
    ]
    yield from sorted(found, key=len, reverse=True)[:SLICES]


def _in_time(sample: Sample, name: str) -> bool:
    return sample.types[name[2:]].kind in ("date", "timestamp")
