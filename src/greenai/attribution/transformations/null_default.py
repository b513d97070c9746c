"""Nothing on one side: a default stands for it on the other, or a value was lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal

import ibis

from greenai.attribution.transformations.base import (
    Columns,
    Places,
    Proposal,
    Transformation,
    grouped,
    missing,
    quoted,
    said,
    value_bits,
)

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from greenai.attribution.sampling import Sample

MOST: Final = 6
SAYS_NOTHING: Final = frozenset(
    {"", "-", "--", ".", "?", "0", "n/a", "na", "n.a.", "none", "null", "nil", "nan", "unknown", "unk"}
    | {"tbd", "tba", "missing", "not available", "default", "xxx", "#n/a"}
)
"""Texts, in small letters, that stand for nothing."""
LOST: Final = 20.0
"""Bits to say a value of which nothing is left."""
NO_DAYS: Final = frozenset(
    {date(1, 1, 1), date(1753, 1, 1), date(1899, 12, 30), date(1899, 12, 31), date(1900, 1, 1)}
    | {date(1970, 1, 1), date(2099, 12, 31), date(2999, 12, 31), date(9999, 12, 31)}
)
"""Days that stand for no day."""


@dataclass(frozen=True, slots=True)
class Default(Transformation):
    """``b = coalesce(a, value)``: the default where a has nothing."""

    family: ClassVar[str] = "null_default"
    value: Any

    def apply(self, cells: Columns) -> ir.Value:
        default = constant(self.value, cells["b"])
        return missing(cells, "a").ifelse(default, ibis.null(cells["b"].type()))

    def describe(self) -> str:
        return f"b = coalesce(a, {quoted(self.value)})"

    @property
    def bits(self) -> float:
        return value_bits(self.value)


@dataclass(frozen=True, slots=True)
class Sentinel(Transformation):
    """``b = value`` whatever a is: a text or day that stands for nothing took the value's place."""

    family: ClassVar[str] = "null_default"
    value: Any

    def apply(self, cells: Columns) -> ir.Value:
        return constant(self.value, cells["b"])

    def describe(self) -> str:
        return f"b = {quoted(self.value)} in place of a value"

    @property
    def bits(self) -> float:
        return value_bits(self.value)

    @property
    def lost_bits(self) -> float:
        return LOST


@dataclass(frozen=True, slots=True)
class Blank(Transformation):
    """``b is null`` though a has a value."""

    family: ClassVar[str] = "null_default"

    def apply(self, cells: Columns) -> ir.Value:
        return ibis.null(cells["b"].type())

    def holds(self, cells: Columns) -> ir.BooleanValue:
        return said(missing(cells, "b") & ~missing(cells, "a"))

    def speaks(self, cells: Columns) -> ir.BooleanValue:
        # It says null of every value: where b has one all the same, that speaks against it.
        return said(~missing(cells, "a"))

    def describe(self) -> str:
        return "b is null, a is not"

    @property
    def bits(self) -> float:
        return 1.0

    @property
    def lost_bits(self) -> float:
        return LOST


def constant(value: Any, like: ir.Value) -> ir.Value:
    """A value as a constant of a column's type."""
    if isinstance(value, Decimal):
        # By way of text: Ibis writes a literal with 28 digits.
        return ibis.literal(f"{value:f}").cast(like.type())
    return ibis.literal(value, type=like.type())


Kind = Literal["default", "sentinel"]


def propose(sample: Sample) -> Iterator[Proposal]:
    """Defaults that stand where a is null, what stands for nothing in place of a value, and lost values."""
    defaults, sentinels, lost = Places(), Places(), []
    for at, (a, b) in enumerate(zip(sample.a, sample.b, strict=True)):
        if b is not None and a is None and sample.raw_a[at] is None:
            defaults[b].append(at)
        elif b is None and sample.raw_b[at] is None:
            lost.append(at)
        elif b is not None and a is not None and stands_for_nothing(b):
            sentinels[b].append(at)
    for value, places in grouped(defaults, most=MOST):
        yield Proposal(Default(value), tuple(places))
    for value, places in grouped(sentinels, most=MOST):
        yield Proposal(Sentinel(value), tuple(places))
    if lost:
        yield Proposal(Blank(), tuple(lost))


def stands_for_nothing(value: Any) -> bool:
    """Whether a value is one that systems write when they have none."""
    if isinstance(value, str):
        return value.strip().lower() in SAYS_NOTHING
    if isinstance(value, datetime):
        return value.date() in NO_DAYS
    if isinstance(value, date):
        return value in NO_DAYS
    return not isinstance(value, bool) and (value == 0 or (value == -1 and isinstance(value, int)))
