"""Whether what a rule explains could be chance: the tests that every rule must pass, twice."""

from __future__ import annotations

import math
from dataclasses import dataclass

from greenai.attribution.predicates import EVERYWHERE, Predicate
from greenai.attribution.statistics import binomial_tail, hypergeometric_tail

LEVEL = 0.01
"""Probability of any false rule on pure noise that is accepted, shared by all that was looked at."""
HALF = 0.5
"""Share of the breaks in a scope that a rule explains at least."""
SPORADIC = 0.6
"""The same, where most rows of the scope agree though the rule says otherwise."""
SCATTERED = 0.8
"""The same for a rule without a scope; from this share of breaks on a transformation is the usual one."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What was counted of a rule: in its scope, and of its transformation in all of the field."""

    predicate: Predicate
    explained: int
    breaks: int
    """Breaks in the scope, explained or not."""
    rows: int
    """Rows in the scope of which the transformation says anything, breaks included."""
    all_explained: int
    """Breaks that the transformation explains, anywhere."""
    all_breaks: int
    all_rows: int
    chance: float
    """How often the transformation holds between values that have nothing to do with each other."""


def convincing(seen: Seen, looks: float) -> bool:
    """Whether a rule is no chance, after `looks` rules that were looked at (Bonferroni).

    Without a scope, the transformation must hold far more often than between unrelated values. With a
    scope, its hits must gather there more than among all rows, so that a rule does not restate how
    often the slice breaks; and more than among all breaks, unless the transformation explains most
    breaks of the field, or the scope holds them: then it must beat unrelated values, or most rows of the
    scope must break by it.
    """
    limit = math.log(LEVEL) - math.log(max(1.0, looks))
    share = seen.explained / max(1, seen.breaks)
    whole = seen.explained >= HALF * seen.rows
    by_chance = binomial_tail(seen.explained, seen.breaks, seen.chance)
    if seen.predicate == EVERYWHERE:
        return by_chance < limit and share >= (HALF if whole else SCATTERED)
    if share < (HALF if whole else SPORADIC):
        return False
    population = max(seen.all_rows, seen.all_breaks, seen.rows)
    among_rows = hypergeometric_tail(seen.explained, seen.rows, seen.all_explained, population)
    if among_rows >= limit:
        return False
    among_breaks = hypergeometric_tail(
        seen.explained, seen.breaks, seen.all_explained, max(seen.all_breaks, seen.breaks)
    )
    if among_breaks < limit:
        return by_chance < math.log(LEVEL) or whole
    # Where nearly all breaks are of the transformation, or of the scope, there are no others to contrast.
    usual = max(seen.all_explained, seen.breaks) >= SCATTERED * seen.all_breaks
    return usual and (by_chance < limit or whole)
