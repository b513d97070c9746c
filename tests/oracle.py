"""A naive reconciliation in plain Python: what CONTRACT says, written as directly as it can be.

It is slow, quadratic where that is clearer, and shares nothing with greenai but the names of the
counts. The laws hold the real comparison against it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

Row = Mapping[str, Any]
Break = tuple[tuple[str | None, ...], str | None, str, str | None, str | None]
"""Key texts, field, kind, both values as texts."""


@dataclass(frozen=True)
class Rule:
    """How two values of a field are compared; every tolerance that is given suffices."""

    absolute: Decimal | None = None
    relative: Decimal | None = None
    days: int | None = None
    seconds: Decimal | None = None
    ignore_case: bool = False
    similarity: float | None = None


@dataclass
class Found:
    """What a comparison found."""

    rows: dict[str, int]
    fields: dict[str, tuple[int, int]]
    """Different and within tolerance, by field."""
    breaks: Counter[Break] = field(default_factory=Counter)


def compare(
    a: Sequence[Row],
    b: Sequence[Row],
    *,
    key: Sequence[str],
    rules: Mapping[str, Rule],
    text: Callable[[str, Any], str | None],
) -> Found:
    """Compare two lists of records field by field; `text` writes the value of a field."""
    readable_a = [row for row in a if all(row[name] is not None for name in key)]
    readable_b = [row for row in b if all(row[name] is not None for name in key)]
    counts = Counter(
        a=len(readable_a),
        b=len(readable_b),
        rejected_a=len(a) - len(readable_a),
        rejected_b=len(b) - len(readable_b),
    )
    judged = {name: [0, 0] for name in rules}
    breaks: Counter[Break] = Counter()
    for identity in distinct([identify(row, key) for row in [*readable_a, *readable_b]]):
        mine = [row for row in readable_a if identify(row, key) == identity]
        theirs = [row for row in readable_b if identify(row, key) == identity]
        written = tuple(text(name, (mine or theirs)[0][name]) for name in key)
        repeated = len(mine) > 1 or len(theirs) > 1
        pairs = pair_identical(mine, theirs, rules)
        if len(mine) == 1 and len(theirs) == 1:
            pairs.append((mine.pop(), theirs.pop()))
        for left, right in pairs:
            different = 0
            for name, rule in rules.items():
                verdict = judge(left[name], right[name], rule)
                judged[name][0] += verdict == "different"
                judged[name][1] += verdict == "within"
                if verdict == "different":
                    different += 1
                    breaks[written, name, "value", text(name, left[name]), text(name, right[name])] += 1
            counts["matched"] += 1
            counts["different" if different else "equal"] += 1
        for side, left_over in (("a", mine), ("b", theirs)):
            for _ in left_over:
                counts[f"duplicates_{side}" if repeated else f"only_{side}"] += 1
                breaks[written, None, f"duplicate_{side}" if repeated else f"only_{side}", None, None] += 1
    names = ("a", "b", "matched", "equal", "different", "only_a", "only_b")
    names += ("duplicates_a", "duplicates_b", "rejected_a", "rejected_b")
    return Found(
        {name: counts[name] for name in names},
        {name: (different, within) for name, (different, within) in judged.items()},
        breaks,
    )


def pair_identical(mine: list[Row], theirs: list[Row], rules: Mapping[str, Rule]) -> list[tuple[Row, Row]]:
    """Take pairs of identical rows out of both lists."""
    pairs = []
    for row in list(mine):
        for other in theirs:
            if all(identical(row[name], other[name]) for name in rules):
                pairs.append((row, other))
                # Not `list.remove`, which goes by equality and not by the very row.
                del mine[place_of(row, mine)], theirs[place_of(other, theirs)]
                break
    return pairs


def place_of(row: Row, rows: list[Row]) -> int:
    """The index of the very row."""
    return next(place for place, other in enumerate(rows) if other is row)


def judge(a: Any, b: Any, rule: Rule) -> str:
    """``identical``, ``within`` or ``different``."""
    if identical(a, b):
        return "identical"
    if a is None or b is None:
        return "different"
    return "within" if tolerated(a, b, rule) else "different"


def identical(a: Any, b: Any) -> bool:
    """Null is null; not-a-number is not-a-number; zero has no sign; all else as it is."""
    if a is None or b is None:
        return a is b
    if isinstance(a, float) and math.isnan(a):
        return math.isnan(b)
    return bool(a == b)


def tolerated(a: Any, b: Any, rule: Rule) -> bool:
    """Whether any tolerance of the rule lets two values pass; its limit is inside."""
    limits = []
    if rule.absolute is not None or rule.relative is not None:
        if isinstance(a, float) and not (math.isfinite(a) and math.isfinite(b)):
            return False
        left, right = exact(a), exact(b)
        larger = max(abs(left), abs(right))
        if rule.absolute is not None:
            limits.append(abs(left - right) <= exact(rule.absolute))
        if rule.relative is not None:
            limits.append(abs(left - right) <= exact(rule.relative) * larger)
    if rule.days is not None:
        limits.append(apart(a, b) <= timedelta(days=rule.days))
    if rule.seconds is not None:
        limits.append(apart(a, b) <= timedelta(seconds=float(rule.seconds)))
    if rule.ignore_case:
        limits.append(a.lower() == b.lower())
    if rule.similarity is not None:
        one, other = (a.lower(), b.lower()) if rule.ignore_case else (a, b)
        limits.append(jaro_winkler(one, other) >= rule.similarity - 1e-12)
    return any(limits)


def exact(number: float | int | Decimal) -> Fraction:
    """A number without any rounding error in what is done to it."""
    return Fraction(number)


def apart(a: date | datetime, b: date | datetime) -> timedelta:
    """How far two dates or timestamps are apart."""
    return abs(a - b)


def jaro_winkler(a: str, b: str) -> float:
    """Similarity of two texts by matching letters in reach, transpositions and a common prefix."""
    if not a or not b:
        return 0.0
    reach = max(max(len(a), len(b)) // 2 - 1, 0)
    taken = [False] * len(b)
    matched_a = []
    for place, letter in enumerate(a):
        for other in range(max(0, place - reach), min(len(b), place + reach + 1)):
            if not taken[other] and b[other] == letter:
                taken[other] = True
                matched_a.append(letter)
                break
    matched_b = [letter for letter, hit in zip(b, taken, strict=True) if hit]
    if not matched_a:
        return 0.0
    m = len(matched_a)
    crossed = sum(x != y for x, y in zip(matched_a, matched_b, strict=True)) // 2
    jaro = (m / len(a) + m / len(b) + (m - crossed) / m) / 3
    if jaro <= 0.7:
        return jaro
    prefix = 0
    while prefix < min(4, len(a), len(b)) and a[prefix] == b[prefix]:
        prefix += 1
    return jaro + prefix * 0.1 * (1 - jaro)


def identify(row: Row, key: Sequence[str]) -> tuple[Any, ...]:
    """The values that identify a record; not-a-number identifies like a value."""
    return tuple("NaN" if isinstance(v, float) and math.isnan(v) else v for v in (row[n] for n in key))


def distinct(items: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Each item once, in order."""
    return list(dict.fromkeys(items))
