"""Which rules are kept: those that describe the breaks in fewer bits than the breaks themselves.

Greedy by description length: the rule that saves most is taken, what it explains is taken away, and all
others are weighed again on what is left, so that a minority inside a large slice comes to light once
the large slice is explained. Rules are found on one half of the cells and must convince again on the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from greenai.attribution.base_rates import Chance
from greenai.attribution.board import Board
from greenai.attribution.contrast import Contrast
from greenai.attribution.evidence import Seen, convincing
from greenai.attribution.predicates import Predicate
from greenai.attribution.scopes import LEAST, PURITIES, Scope, Search, rivals, without
from greenai.attribution.statistics import index_bits, lower_bound

MOST_RULES = 100
REMEMBERED = 100
"""Searches whose scopes are kept for the next round."""
MOST_SCOPES = 8
"""Scopes that a cover is tried with; the next ones are found when their turn comes."""
MOST_TESTED = 40
"""Scopes, the best first, that are tested for one place in a cover."""
LEAST_UNSEEN = 2
ALIKE = 0.9
"""Share of the breaks that another transformation must explain to stand in for a vague one."""
MOST_REFUSED = 4
"""Scopes of one transformation that may fail on the held-out cells before it is given up."""

Cover = tuple[float, Scope, tuple[Scope, ...]]
"""What the first scope of a cover saves, that scope, and its rivals."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A transformation as selection sees it: where it holds (bitmap), its length, and how often by chance.

    A `vague` one gives way to another that explains the same breaks, though that may be longer: it says
    less of what happened, or what hardly ever happens.
    """

    holds: int
    bits: float
    residual: float
    chance: float
    vague: bool = False
    within: Chance | None = None
    """How often by chance in some of the cells (bitmap), where that is more than `chance` everywhere."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A transformation (by its place) and its scope over all cells; `also` are scopes as good as that."""

    number: int
    scope: Scope
    also: tuple[Scope, ...]
    confidence: float


@dataclass(slots=True)
class Selection:
    """The choice among transformations on one field's cells.

    `seen` are the cells that rules are found on (bitmap); the others verify. `worth` are the bits of a
    break that no rule explains, `fields` how many fields are searched beside.
    """

    board: Board
    contrast: Contrast
    candidates: Sequence[Candidate]
    seen: int
    worth: float
    fields: int = 1
    least_purity: float = 0.0
    """Share of a scope's rows that a rule must explain at least."""
    remaining: int = -1
    taken: list[Rule] = field(default_factory=list)
    refused: dict[int, set[Predicate]] = field(default_factory=dict)
    looked: int = 0
    tried: int = 0
    _known: dict[tuple[int, int], tuple[int, list[Scope]]] = field(default_factory=dict)
    _covers: dict[tuple[int, int], tuple[int, Cover | None]] = field(default_factory=dict)

    def choose(self) -> list[Rule]:
        """The rules, in the order they were taken: an earlier one has a cell that several explain."""
        if self.remaining < 0:
            self.remaining = self.board.everything
        while len(self.taken) < MOST_RULES:
            best = self._best()
            if best is None:
                break
            number, scope, also = best
            self.tried += 1
            rule = self._finest(number, scope, also)
            if rule is None:
                self.refused.setdefault(number, set()).add(scope.predicate)
                self._covers.clear()
                continue
            self.taken.append(rule)
            self.remaining &= ~rule.scope.explained
        return self.taken

    def _best(self) -> tuple[int, Scope, tuple[Scope, ...]] | None:
        bounds = []
        for number, one in enumerate(self.candidates):
            target = (one.holds & self.remaining & self.seen).bit_count()
            bound = target * (self.worth - one.residual) - one.bits
            if target >= LEAST and bound > 0 and len(self.refused.get(number, ())) < MOST_REFUSED:
                bounds.append((bound, number))
        best: tuple[float, int, Scope, tuple[Scope, ...]] | None = None
        for bound, number in sorted(bounds, key=lambda pair: (-pair[0], pair[1])):
            if best is not None and bound <= best[0]:
                break
            found = self._cover(number)
            if found is not None and (best is None or found[0] > best[0]):
                best = (found[0], number, found[1], found[2])
        return None if best is None else self._plainer(*best[1:])

    def _plainer(
        self, number: int, scope: Scope, also: tuple[Scope, ...]
    ) -> tuple[int, Scope, tuple[Scope, ...]]:
        """The best transformation that explains as much and is not vague, where the one found is."""
        best: tuple[float, int, Scope, tuple[Scope, ...]] | None = None
        if self.candidates[number].vague:
            for other, one in enumerate(self.candidates):
                common = (one.holds & scope.explained).bit_count()
                if one.vague or common < ALIKE * scope.breaks:
                    continue
                cover = self._cover(other)
                if cover is None or (cover[1].explained & scope.explained).bit_count() < ALIKE * scope.breaks:
                    continue
                if best is None or cover[0] > best[0]:
                    best = (cover[0], other, cover[1], cover[2])
        return (number, scope, also) if best is None else best[1:]

    def _cover(self, number: int) -> Cover | None:
        """The best scope of the cheapest cover of a transformation's breaks, and its gain."""
        target = self.candidates[number].holds & self.remaining & self.seen
        unexplained = self.remaining & self.seen & ~target
        known = self._covers.get((number, target))
        if known is not None and (known[1] is not None or known[0] == unexplained):
            return known[1]
        found = self._cheapest(number, target)
        self._covers[number, target] = (unexplained, found)
        return found

    def _cheapest(self, number: int, target: int) -> Cover | None:
        best: tuple[float, float, Scope, tuple[Scope, ...]] | None = None
        # A transformation's breaks are covered by scopes of each purity; the cheapest cover is taken.
        for level in PURITIES:
            left, total = target, 0.0
            first: tuple[float, Scope, tuple[Scope, ...]] | None = None
            for _ in range(MOST_SCOPES):
                if left.bit_count() < LEAST:
                    break
                scopes = self._scopes(number, left)
                found = self._acceptable(number, scopes, level)
                if found is None:
                    break
                total += found.gain
                if first is None or found.gain > first[0]:
                    alike = [s for s in scopes[: 4 * MOST_TESTED] if s.purity >= level]
                    first = (found.gain, found, tuple(rivals(found, alike)[:2]))
                left &= ~found.explained
            if first is not None and (best is None or total > best[0] + 1e-9):
                best = (total, *first)
        return None if best is None else best[1:]

    def _scopes(self, number: int, target: int) -> list[Scope]:
        """The scopes of a transformation on some of its breaks, found once while these are the same."""
        known = self._known.get((number, target))
        unexplained = self.remaining & self.seen & ~self.candidates[number].holds
        if known is not None:
            if known[0] != unexplained:
                shrunk = [without(scope, ~(unexplained | target)) for scope in known[1]]
                known = self._known[number, target] = (unexplained, shrunk)
            return known[1]
        one = self.candidates[number]
        share = self.seen.bit_count() / max(1, self.board.size)
        search = Search(self.board, self.contrast, self.worth - one.residual, share)
        scopes = search.scopes(number, target, unexplained, one.bits)
        self.looked += search.looked
        if len(self._known) > REMEMBERED:
            self._known.clear()
        self._known[number, target] = (unexplained, scopes)
        return scopes

    def _acceptable(self, number: int, scopes: Sequence[Scope], level: float) -> Scope | None:
        looks = float(max(1, self.looked) * self.fields)
        refused = self.refused.get(number, ())
        least = max(level, self.least_purity)
        tested = 0
        for scope in scopes:
            if scope.gain <= 0 or tested >= MOST_TESTED:
                return None
            if scope.purity < least or scope.predicate in refused:
                continue
            tested += 1
            if convincing(self._seen(number, scope, self.seen), looks):
                return scope
        return None

    def _seen(self, number: int, scope: Scope, among: int) -> Seen:
        one = self.candidates[number]
        everything = self.contrast.board.everything
        share = among.bit_count() / max(1, self.board.size)

        def rows(paired: int, least: int) -> int:
            found = (paired & self.contrast.contradicting[number]).bit_count()
            return max(least, round(found * self.contrast.scale * share))

        breaks = scope.breaks + scope.exceptions
        all_breaks = among.bit_count()
        return Seen(
            predicate=scope.predicate,
            explained=scope.breaks,
            breaks=breaks,
            rows=rows(scope.paired, breaks),
            all_explained=(one.holds & among).bit_count(),
            all_breaks=all_breaks,
            all_rows=rows(everything, all_breaks),
            chance=self._chance(number, scope),
        )

    def _chance(self, number: int, scope: Scope) -> float:
        one = self.candidates[number]
        if one.within is None or not scope.predicate.conditions:
            return one.chance
        return max(one.chance, one.within(scope.explained | scope.others))

    def _over(self, number: int, scope: Scope, among: int) -> Scope:
        """The scope's predicate on other cells."""
        held = self.remaining & among
        for condition in scope.predicate.conditions:
            held &= self.board.holding(condition)
        one = self.candidates[number]
        explained, others = held & one.holds, held & ~one.holds
        breaks, exceptions = explained.bit_count(), others.bit_count()
        share = among.bit_count() / max(1, self.board.size)
        found = (scope.paired & self.contrast.contradicting[number]).bit_count()
        rows = max(breaks + exceptions, round(found * self.contrast.scale * share))
        gain = breaks * (self.worth - one.residual) - one.bits - scope.bits - index_bits(rows, breaks)
        return Scope(
            scope.predicate, explained, others, scope.paired, rows, scope.bits, gain, breaks, exceptions
        )

    def _finest(self, number: int, scope: Scope, also: tuple[Scope, ...]) -> Rule | None:
        """The verified rule, with another transformation where that saves more over all cells."""
        rule = self._verified(number, scope, also)
        if rule is None:
            return None
        for other, one in enumerate(self.candidates):
            if (
                other == number
                or one.vague
                or (one.holds & rule.scope.explained).bit_count() < rule.scope.breaks / 2
            ):
                continue
            if self._over(other, scope, self.board.everything).gain > rule.scope.gain:
                rule = self._verified(other, scope, also) or rule
        return rule

    def _verified(self, number: int, scope: Scope, also: tuple[Scope, ...]) -> Rule | None:
        """The rule over all cells, where the cells that were not used to find it convince as well."""
        everything = self.board.everything
        unseen = everything & ~self.seen
        held_out = self._over(number, scope, unseen)
        if held_out.breaks < LEAST_UNSEEN:
            return None
        if not convincing(self._seen(number, held_out, unseen), float(self.tried * self.fields)):
            return None
        whole = self._over(number, scope, everything)
        if whole.gain <= 0 or whole.purity < self.least_purity:
            return None
        confidence = lower_bound(held_out.breaks, held_out.rows)
        return Rule(number, whole, tuple(self._over(number, one, everything) for one in also), confidence)
