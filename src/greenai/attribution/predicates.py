"""Predicates over context columns: what a scope is written in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol

import ibis

from greenai.engines.functions import all_of
from greenai.fields.plan import context_name

if TYPE_CHECKING:
    import ibis.expr.types as ir

Scalar = str | int | float | bool | Decimal | date | datetime | None


class Condition(Protocol):
    """One statement about one context column."""

    @property
    def column(self) -> str:
        """The name of the context column, without prefix."""

    def holds(self, rows: ir.Table) -> ir.BooleanValue:
        """Whether it holds of each row that has a ``context:`` column of the name; never null."""

    def __str__(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Equals:
    """The column has this value; None is nothing."""

    column: str
    value: Scalar

    def holds(self, rows: ir.Table) -> ir.BooleanValue:
        context = rows[context_name(self.column)]
        if self.value is None:
            return context.isnull()
        return (context == ibis.literal(self.value, context.type())).fill_null(False)

    def __str__(self) -> str:
        return (
            f"{name(self.column)} is null"
            if self.value is None
            else f"{name(self.column)} = {written(self.value)}"
        )


@dataclass(frozen=True, slots=True)
class OneOf:
    """The column has one of a few values, none of them null."""

    column: str
    values: tuple[Scalar, ...]

    def holds(self, rows: ir.Table) -> ir.BooleanValue:
        context = rows[context_name(self.column)]
        return context.isin([ibis.literal(v, context.type()) for v in self.values]).fill_null(False)

    def __str__(self) -> str:
        return f"{name(self.column)} in ({', '.join(written(value) for value in self.values)})"


@dataclass(frozen=True, slots=True)
class Between:
    """The column lies in a range, ends included; `numeric` reads a column of text as numbers."""

    column: str
    low: Scalar
    high: Scalar
    numeric: bool = False

    def holds(self, rows: ir.Table) -> ir.BooleanValue:
        context = rows[context_name(self.column)]
        if self.numeric:
            context = context.try_cast("float64")
        low, high = (ibis.literal(end, context.type()) for end in (self.low, self.high))
        return ((context >= low) & (context <= high)).fill_null(False)

    def __str__(self) -> str:
        return f"{name(self.column)} between {written(self.low)} and {written(self.high)}"


@dataclass(frozen=True, slots=True)
class Predicate:
    """All of up to three conditions, of different columns in alphabetical order; none: everywhere."""

    conditions: tuple[Condition, ...] = ()

    def also(self, condition: Condition) -> Predicate:
        """This predicate with one condition more."""
        return Predicate(tuple(sorted((*self.conditions, condition), key=lambda c: c.column)))

    @property
    def columns(self) -> frozenset[str]:
        """The context columns it speaks of."""
        return frozenset(condition.column for condition in self.conditions)

    def holds(self, rows: ir.Table) -> ir.BooleanValue:
        """Whether it holds of each row with ``context:`` columns; never null."""
        if not self.conditions:
            return ibis.literal(True)
        return all_of([condition.holds(rows) for condition in self.conditions])

    def __str__(self) -> str:
        return " and ".join(str(condition) for condition in self.conditions) or "true"


EVERYWHERE = Predicate()


def name(column: str) -> str:
    """A column as it stands in a predicate."""
    return column if column.isidentifier() else '"' + column.replace('"', '""') + '"'


def written(value: Scalar) -> str:
    """A value as it stands in a predicate."""
    if isinstance(value, bool) or value is None:
        return str(value).lower()
    if isinstance(value, int | float | Decimal):
        return f"{value:g}" if isinstance(value, float) else str(value)
    text = value.isoformat() if isinstance(value, date) else value
    return "'" + text.replace("'", "''") + "'"
