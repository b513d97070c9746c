"""The range in which a rule is approved, and what leaves it."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenai.attribution.rules import default_range
from greenai.attribution.statistics import upper_bound
from greenai.domain.rules import Measure, Range


def at_most(hits: int, trials: int, share: float) -> Fraction:
    """The probability of at most so many hits, in fractions."""
    p = Fraction(share)
    terms = (comb(trials, k) * p**k * (1 - p) ** (trials - k) for k in range(hits + 1))
    return sum(terms, Fraction(0))


@given(st.integers(1, 60), st.integers(0, 60))
def test_the_bound_is_the_share_with_which_so_few_hits_have_just_that_probability(n: int, k: int) -> None:
    k = min(k, n)
    bound = upper_bound(k, n, 0.01)
    assert k / n <= bound <= 1
    if k < n:
        assert float(at_most(k, n, bound)) == pytest.approx(0.01, rel=1e-6)
    else:
        assert bound == 1


@pytest.mark.parametrize("size", [1, 9, 300, 3_412, 1_000_000])
def test_a_rule_without_exceptions_bears_one_in_its_smallest_scope(size: int) -> None:
    approved = default_range(Measure(size, 0))
    assert approved.refuses(Measure(size, 0)) is None
    if approved.smallest > 1:
        assert approved.refuses(Measure(approved.smallest, 1)) is None
    # And no more than a handful in a scope as large as it was.
    assert approved.refuses(Measure(size, max(5, size // 2))) is not None or size < 10


def test_what_was_seen_is_in_the_range() -> None:
    for exceptions in (0, 1, 7, 90):
        measure = Measure(100, exceptions)
        assert default_range(measure).refuses(measure) is None


@pytest.mark.parametrize(
    ("measure", "why"),
    [
        (Measure(0, 0), None),
        (Measure(100, 2), None),
        (Measure(300, 6), None),
        (Measure(99, 0), "its scope has 99 records, approved were 100 to 300"),
        (Measure(301, 0), "its scope has 301 records, approved were 100 to 300"),
        (Measure(100, 3), "3 exceptions among 100 are 3.00%, approved were at most 2.00%"),
    ],
)
def test_a_rule_leaves_its_range_by_size_or_by_exceptions(measure: Measure, why: str | None) -> None:
    assert Range(0.02, 100, 300).refuses(measure) == why
