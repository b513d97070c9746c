"""Causes in words that a business user reads."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from greenai.attribution.predicates import Between, Condition, Equals, OneOf, Predicate, written
from greenai.domain.rules import Measure

WORDS: dict[str, str] = {
    "whitespace": "differ in white space alone in {side}",
    "case": "are in other capitals in {side}",
    "padding": "are filled up to another width in {side}",
    "affix": "have a fixed text added or left out in {side}",
    "numeric_format": "are numbers written in another format",
    "date_format": "are dates written in another format",
    "sign": "have the opposite sign in {side}",
    "rounding": "are rounded in {side}",
    "truncation": "are cut off in {side}",
    "offset": "are shifted by a fixed amount in {side}",
    "affine": "follow another schedule in {side}",
    "reference_multiply": "are converted by another column in {side}",
    "date_shift": "are some days off in {side}",
    "business_day_shift": "are some business days off in {side}",
    "time_shift": "show the clock of another zone in {side}",
    "day_month_swap": "have day and month exchanged in {side}",
    "encoding": "were read in a wrong encoding in {side}",
    "value_map": "are written in other codes in {side}",
    "field_swap": "hold another field's value in {side}",
    "lag": "hold the value of the record before in {side}",
    "typo": "look mistyped in {side}",
}
PLACES = {"currency": "in {}", "ccy": "in {}", "source_file": "from {}", "file": "from {}"}
"""Context columns whose values speak for themselves."""
_TIMES = re.compile(r"^[ab] = [ab] ([*/]) ([0-9.]+)$")


@dataclass(frozen=True, slots=True)
class Told:
    """The numbers that a sentence tells."""

    field: str
    family: str
    expression: str
    scope: Predicate
    breaks: int
    """Differences that are told under this cause."""
    measure: Measure
    """How it stands in its scope, whatever else explains what it does not."""
    unexplained: int
    """Differences in the scope that nothing explains."""
    agreeing: int
    """Records in the scope that agree though the expression says otherwise."""
    outside: int
    """Records beyond the scope that agree: where its first condition holds; anywhere if it has but one."""
    also: Sequence[str] = ()


def cause_sentence(told: Told) -> str:
    """``All 3,412 amounts in JPY from fo_3.csv are 100 times larger in b (b = a * 100). 0 exceptions …``"""
    among, exceptions = told.measure.size, told.measure.exceptions
    holding = among - exceptions
    amount = f"All {among:,}" if not exceptions else f"{holding:,} of {among:,}"
    where = scope_words(told.scope)
    subject = f"{amount} values of {told.field}{' ' + where if where else ''}"
    first = f"{subject} {what(told.family, told.expression)} ({told.expression})."
    if holding > told.breaks:
        first += f" {holding - told.breaks:,} of them are told under another cause."
    second = f"{exceptions:,} exception{'' if exceptions == 1 else 's'} among {among:,}"
    if exceptions:
        second += f" ({', '.join(kinds_of_exceptions(told))})"
    if told.scope.conditions:
        narrower = told.scope.conditions[:1] if len(told.scope.conditions) > 1 else ()
        words = scope_words(Predicate(tuple(narrower)))
        second += f"; {told.outside:,} other values{' ' + words if words else ''} agree"
    else:
        second += "; no slice of the context tells where"
    return f"{first} {second}.{rival_words(told.also)}"


def kinds_of_exceptions(told: Told) -> list[str]:
    """``588 otherwise explained``, ``0 unexplained``, ``4 agree``."""
    differing = told.measure.exceptions - told.agreeing
    explained = differing - told.unexplained
    kinds = []
    if explained:
        kinds += [f"{explained:,} otherwise explained", f"{told.unexplained:,} unexplained"]
    elif differing:
        kinds.append(f"{differing:,} differ otherwise")
    if told.agreeing:
        kinds.append(f"{told.agreeing:,} agree")
    return kinds


def record_sentence(
    kind: str,
    scope: Predicate,
    breaks: int,
    rows: int,
    *,
    also: Sequence[str] = (),
    repeated: int | None = None,
    gathered: tuple[Predicate, int] | None = None,
) -> str:
    """``All 4,210 records from fo_3.csv are missing in b.``, and the like for repeated keys.

    `repeated` of the breaks have a key that repeats on their own side (None: all); the others are left over
    of one that repeats on the other side. `gathered` is the slice that holds all breaks without a scope, and
    its size.
    """
    said = {"only_a": "missing in b", "only_b": "missing in a"}.get(kind) or repeats(
        kind[-1], breaks, breaks if repeated is None else repeated
    )
    where = scope_words(scope)
    if where:
        amount = f"All {rows:,}" if breaks >= rows else f"{breaks:,} of {rows:,}"
        return f"{amount} records {where} are {said}.{rival_words(also)}"
    first = f"{breaks:,} of {rows:,} records are {said}"
    if gathered is None:
        return f"{first}; no slice of the context tells which."
    return f"{first}; all are among the {gathered[1]:,} records {scope_words(gathered[0])}."


def repeats(side: str, breaks: int, repeated: int) -> str:
    """Which side repeats the keys of records that are left over on one."""
    other = "b" if side == "a" else "a"
    if repeated >= breaks:
        return f"repeated in {side}"
    if not repeated:
        return f"left over in {side}: their keys repeat in {other}, not in {side}"
    return f"left over in {side}: {repeated:,} of their keys repeat in {side}, the others in {other} alone"


def rival_words(also: Sequence[str]) -> str:
    """What else explains the same breaks."""
    return f" Equally well: {'; or '.join(also)}." if also else ""


def scope_words(scope: Predicate) -> str:
    """``in JPY from fo_3.csv``: conditions in words, those that need a preposition only at the end."""
    ordered = sorted(scope.conditions, key=lambda c: (c.column in PLACES, c.column))
    return " ".join(condition_words(condition) for condition in ordered)


def condition_words(condition: Condition) -> str:
    """One condition in words."""
    label = condition.column.replace("_", " ")
    if isinstance(condition, Between):
        return f"with {label} from {bare(condition.low)} to {bare(condition.high)}"
    if isinstance(condition, OneOf):
        values = " or ".join(bare(value) for value in condition.values)
    elif isinstance(condition, Equals):
        if condition.value is None:
            return f"without {label}"
        values = bare(condition.value)
    else:
        return f"where {condition}"
    pattern = PLACES.get(condition.column)
    return pattern.format(values) if pattern else f"of {label} {values}"


def bare(value: object) -> str:
    """A value without quotes."""
    return value if isinstance(value, str) else written(value)  # type: ignore[arg-type]


def what(family: str, expression: str) -> str:
    """What the values are, for a family of transformations."""
    side = "a" if expression.startswith(("a =", "a is")) else "b"
    if family == "null_default":
        other = "b" if side == "a" else "a"
        if expression.startswith(f"{side} is null"):
            return f"are empty in {side} where {other} has a value"
        if "coalesce(" in expression:
            return f"have a default in {side} where {other} is empty"
        return f"have a default in {side} where {other} has a value"
    if family == "scale" and (times := _TIMES.match(expression)):
        try:
            factor = Decimal(times[2])
        except InvalidOperation:
            factor = Decimal(0)
        larger = times[1] == "*"
        if 0 < factor < 1:
            factor, larger = 1 / factor, not larger
        if factor and factor == factor.to_integral_value():
            return f"are {int(factor):,} times {'larger' if larger else 'smaller'} in {side}"
    if family == "scale":
        return f"are in other units in {side}"
    return WORDS.get(family, "differ in one way in {side}").format(side=side)
