"""Exact tails and description lengths, without any table of them."""

from __future__ import annotations

import math

MOST_TERMS = 20_000
"""Terms of a tail that are summed; they fall geometrically, so hundreds are the rule."""
NEGLIGIBLE = 1e-16
WILSON = 1.6448536269514722
"""Quantile of the normal distribution for a one-sided bound of 95 %."""


def log_choose(n: int, k: int) -> float:
    """Natural logarithm of the number of ways to choose `k` of `n`."""
    if not 0 <= k <= n:
        return -math.inf
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


def index_bits(n: int, k: int) -> float:
    """Bits that say which `k` of `n` rows are meant."""
    return log_choose(n, k) / math.log(2)


def binomial_tail(hits: int, trials: int, chance: float) -> float:
    """Natural logarithm of the probability of at least `hits` in `trials`, each with `chance`."""
    if hits <= 0 or chance >= 1:
        return 0.0
    if chance <= 0 or hits > trials:
        return -math.inf
    if hits <= trials * chance:
        return 0.0
    odds = chance / (1 - chance)
    first = log_choose(trials, hits) + hits * math.log(chance) + (trials - hits) * math.log1p(-chance)
    total = term = 1.0
    for k in range(hits, min(trials, hits + MOST_TERMS)):
        term *= (trials - k) / (k + 1) * odds
        total += term
        if term < total * NEGLIGIBLE:
            break
    return min(0.0, first + math.log(total))


def hypergeometric_tail(hits: int, draws: int, marked: int, population: int) -> float:
    """Natural logarithm of the probability that `draws` of a population hit at least `hits` of its marked."""
    draws, marked = min(draws, population), min(marked, population)
    if hits <= max(0, draws + marked - population) or hits * population <= draws * marked:
        return 0.0
    if hits > min(draws, marked):
        return -math.inf
    first = (
        log_choose(marked, hits)
        + log_choose(population - marked, draws - hits)
        - log_choose(population, draws)
    )
    total = term = 1.0
    for k in range(hits, min(draws, marked, hits + MOST_TERMS)):
        term *= (marked - k) * (draws - k) / ((k + 1) * (population - marked - draws + k + 1))
        total += term
        if term < total * NEGLIGIBLE:
            break
    return min(0.0, first + math.log(total))


def lower_bound(hits: int, trials: int) -> float:
    """A lower bound (one-sided, 95 %) of a share of which `hits` of `trials` were seen (Wilson, 1927)."""
    if trials <= 0:
        return 0.0
    share, square = hits / trials, WILSON**2
    middle = share + square / (2 * trials)
    spread = WILSON * math.sqrt(share * (1 - share) / trials + square / (4 * trials**2))
    return max(0.0, (middle - spread) / (1 + square / trials))


def upper_bound(hits: int, trials: int, error: float) -> float:
    """An upper bound, exact with probability 1 - `error`, of a share of which `hits` of `trials` were seen.

    One-sided (Clopper and Pearson, 1934): the share with which so few hits still have probability `error`.
    """
    if hits >= trials:
        return 1.0
    low, high = hits / trials, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        # At most so many hits are at least so many misses.
        if binomial_tail(trials - hits, trials, 1 - middle) > math.log(error):
            low = middle
        else:
            high = middle
    return high
