"""Where a transformation holds: the smallest predicate that tells its breaks from everything else.

A beam search over conjunctions of one to three conditions, on bitmaps. Its cost is bounded whatever the
data: of each context column at most `VALUES` values are looked at, those with the most breaks that the
transformation explains and at least `LEAST` of them; of these at most `ITEMS` over all columns; of each
level at most `BEAM` predicates are refined. So 60 context columns of 100,000 values each cost one count of
values each and at most `ITEMS` * (1 + 2 * `BEAM`) conjunctions.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from greenai.attribution.board import Board
from greenai.attribution.contrast import Contrast
from greenai.attribution.predicates import EVERYWHERE, Condition, Equals, OneOf, Predicate
from greenai.attribution.ranges import RANGE_BITS, best_range
from greenai.attribution.statistics import index_bits

VALUES = 40
ITEMS = 400
BEAM = 10
LEAST = 3
LARGEST_SET = 6
"""Values of one condition at most."""
DEPTH = 3
REFINED = 3
"""Predicates of each level for which ranges and sets are looked for."""
PURITIES = (0.9, 0.5, 0.1, 0.0)
"""Shares of a scope's rows that a transformation may explain, each of which has the best of its own."""
KEPT = 40
"""Scopes of each purity that a search hands on."""
COUNT_BITS = 2.0
"""Bits that say how many conditions there are."""


@dataclass(frozen=True, slots=True)
class Scope:
    """A predicate and what a transformation does in it.

    `explained` are the breaks it explains there, `others` those it does not (bitmaps); `rows` estimates all
    rows that agree or not with the transformation there, rows for which it says nothing apart. `gain` are
    the bits it saves.
    """

    predicate: Predicate
    explained: int
    others: int
    paired: int
    """The rows of the contrast in the predicate (bitmap)."""
    rows: int
    bits: float
    gain: float
    breaks: int
    exceptions: int

    @property
    def purity(self) -> float:
        """The share of all rows in the scope that the transformation explains."""
        return self.breaks / max(1, self.rows)

    @property
    def share(self) -> float:
        """The share of the breaks in the scope that the transformation explains."""
        return self.breaks / max(1, self.breaks + self.exceptions)


@dataclass(slots=True)
class Search:
    """The search for scopes on one board of breaks.

    `worth` are the bits a break costs that no rule explains. `share` is the part of all breaks that
    the search may look at (the rest verifies). `looked` counts the predicates it has tried.
    """

    board: Board
    contrast: Contrast
    worth: float
    share: float = 1.0
    looked: int = 0
    values: int = VALUES
    _bits: dict[str, float] = field(default_factory=dict)

    def scopes(self, number: int, target: int, others: int, bits: float) -> list[Scope]:
        """Scopes of one transformation, the best first: it explains the breaks `target` and not `others`.

        `number` is the transformation's place in the contrast, `bits` its own length.
        """
        whole = self._scope(EVERYWHERE, 0.0, number, target, others, self.contrast.board.everything, bits)
        if whole is None:
            return []
        found = [whole]
        items = self._items(target)
        level = [whole]
        for _ in range(DEPTH):
            following: list[Scope] = []
            for place, parent in enumerate(level):
                kids = list(self._refined(parent, items, number, bits))
                if place < REFINED:
                    kids += self._ranged(parent, number, bits)
                    kids += self._united(parent, kids, number, bits)
                following += kids
            following = distinct(following)
            found += following
            level = following[:BEAM]
        return kept(distinct(found))

    def rows(self, number: int, paired: int, breaks: int) -> int:
        """All rows of a scope that agree or not with a transformation, estimated; at least its breaks."""
        seen = (paired & self.contrast.contradicting[number]).bit_count()
        return max(breaks, round(seen * self.contrast.scale * self.share))

    def _items(self, target: int) -> list[tuple[Condition, float, int, int]]:
        items: list[tuple[int, Condition]] = []
        for column in self.board.context:
            for value in self.board.frequent(column, target, least=LEAST, most=self.values):
                condition = Equals(column, value)
                items.append(((self.board.holding(condition) & target).bit_count(), condition))
        items.sort(key=lambda item: -item[0])
        return [
            (condition, self._condition_bits(condition), self.board.holding(condition), support)
            for support, condition in items[:ITEMS]
        ]

    def _refined(
        self, parent: Scope, items: Iterable[tuple[Condition, float, int, int]], number: int, bits: float
    ) -> Iterator[Scope]:
        taken = parent.predicate.columns
        for condition, own, held, support in items:
            if condition.column in taken or support < LEAST:
                continue
            explained = parent.explained & held
            if explained.bit_count() < LEAST:
                continue
            scope = self._below(parent, condition, own, number, bits)
            if scope is not None:
                yield scope

    def _below(
        self, parent: Scope, condition: Condition, own: float, number: int, bits: float
    ) -> Scope | None:
        held = self.board.holding(condition)
        explained, others = parent.explained & held, parent.others & held
        if explained.bit_count() < LEAST:
            return None
        return self._scope(
            parent.predicate.also(condition),
            parent.bits + own,
            number,
            explained,
            others,
            parent.paired & self.contrast.board.holding(condition),
            bits,
        )

    def _scope(
        self,
        predicate: Predicate,
        own: float,
        number: int,
        explained: int,
        others: int,
        paired: int,
        bits: float,
    ) -> Scope | None:
        self.looked += 1
        breaks, exceptions = explained.bit_count(), others.bit_count()
        if breaks < LEAST:
            return None
        rows = self.rows(number, paired, breaks + exceptions)
        cost = bits + own + COUNT_BITS + index_bits(rows, breaks)
        return Scope(
            predicate,
            explained,
            others,
            paired,
            rows,
            own,
            breaks * self.worth - cost,
            breaks,
            exceptions,
        )

    def _ranged(self, parent: Scope, number: int, bits: float) -> list[Scope]:
        found = []
        for column in self.board.context:
            if column in parent.predicate.columns:
                continue
            # The rows to keep out are the agreeing ones of the contrast more than other breaks.
            unwanted = parent.others
            if unwanted.bit_count() < parent.breaks:
                between = self._against_paired(column, parent, number)
            else:
                between = best_range(self.board, column, parent.explained, unwanted)
            if between is not None:
                scope = self._below(parent, between, RANGE_BITS + self._column_bits(), number, bits)
                if scope is not None:
                    found.append(scope)
        return found

    def _against_paired(self, column: str, parent: Scope, number: int) -> Condition | None:
        """The range of the explained breaks, where agreeing rows of the contrast lie beyond it."""
        ordered = self.board.numbers(column)
        if ordered is None:
            return None
        import pyarrow.compute as pc

        from greenai.attribution.predicates import Between

        ends = pc.min_max(ordered[0].filter(self.board.mask(parent.explained))).as_py()
        if ends["min"] is None or ends["min"] == ends["max"]:
            return None
        between = Between(column, ends["min"], ends["max"], ordered[1])
        outside = parent.paired & ~self.contrast.board.holding(between)
        beyond = (outside & self.contrast.contradicting[number]).bit_count()
        return between if beyond else None

    def _united(self, parent: Scope, kids: list[Scope], number: int, bits: float) -> list[Scope]:
        """Sets of values that are all good scopes by themselves."""
        found = []
        by_column: dict[str, list[tuple[Equals, Scope]]] = {}
        for kid in kids:
            added = [c for c in kid.predicate.conditions if c not in parent.predicate.conditions]
            if (
                len(added) == 1
                and isinstance(added[0], Equals)
                and added[0].value is not None
                and kid.purity > parent.purity
                and kid.share >= min(parent.share, 0.5)
            ):
                by_column.setdefault(added[0].column, []).append((added[0], kid))
        for column, members in by_column.items():
            best = sorted(members, key=lambda member: -member[1].gain)[:LARGEST_SET]
            for size in range(2, len(best) + 1):
                # In the order of texts, so that a set has one name however it was found.
                values = tuple(sorted((one.value for one, _ in best[:size]), key=str))
                own = sum(self._condition_bits(one) for one, _ in best[:size])
                scope = self._below(parent, OneOf(column, values), own, number, bits)
                if scope is not None:
                    found.append(scope)
        return found

    def _column_bits(self) -> float:
        return math.log2(max(2, len(self.board.context)))

    def _condition_bits(self, condition: Condition) -> float:
        column = condition.column
        if column not in self._bits:
            self._bits[column] = self._column_bits() + math.log2(max(2, self.board.distinct(column)))
        return self._bits[column]


def distinct(scopes: Iterable[Scope]) -> list[Scope]:
    """Each predicate once, the best first; of equal gain the cheaper, and then the one found first."""
    by_predicate: dict[Predicate, Scope] = {}
    for scope in scopes:
        by_predicate.setdefault(scope.predicate, scope)
    return sorted(by_predicate.values(), key=lambda s: (-s.gain, s.bits))


def kept(ranked: list[Scope]) -> list[Scope]:
    """The best scopes of all and of each purity, in their order: bitmaps of many cells are large."""
    left = dict.fromkeys(PURITIES, KEPT)
    chosen = []
    for scope in ranked:
        room = [purity for purity in PURITIES if scope.purity >= purity and left[purity]]
        if room:
            chosen.append(scope)
        for purity in room:
            left[purity] -= 1
    return chosen


def rivals(best: Scope, others: Iterable[Scope], *, slack: float = 4.0) -> list[Scope]:
    """Scopes of other columns that explain the same breaks as well as `best`: nobody can tell them apart."""
    found = []
    for other in others:
        if other.predicate == best.predicate or best.gain - other.gain > slack:
            continue
        if other.predicate.columns >= best.predicate.columns:
            continue
        common = (other.explained & best.explained).bit_count()
        if common >= 0.98 * max(other.breaks, best.breaks):
            found.append(other)
    return found


def without(scope: Scope, taken: int) -> Scope:
    """The scope with the breaks of `taken` left to another cause (`gain` is not counted again)."""
    explained, others = scope.explained & ~taken, scope.others & ~taken
    return replace(
        scope,
        explained=explained,
        others=others,
        breaks=explained.bit_count(),
        exceptions=others.bit_count(),
    )
