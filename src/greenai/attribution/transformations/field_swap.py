"""b holds what belongs to another field: two columns changed places."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import ibis
import ibis.expr.datatypes as dt

from greenai.attribution.transformations.base import (
    CHOICE_BITS,
    COLUMN_BITS,
    Columns,
    Proposal,
    Transformation,
    said,
)

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from greenai.attribution.sampling import Sample


@dataclass(frozen=True, slots=True)
class FieldSwap(Transformation):
    """``b = a.field``; with `both` also ``a = b.field``: a true exchange, told of every cell."""

    family: ClassVar[str] = "field_swap"
    field: str
    both: bool = False

    def apply(self, cells: Columns) -> ir.Value:
        b, other = cells["b"], cells[f"a:{self.field}"]
        value = other if other.type() == b.type() else other.try_cast(b.type())
        if not self.both:
            return value
        returned = equal(cells["a"], cells[f"b:{self.field}"])
        return returned.ifelse(value, ibis.null(b.type()))

    def holds(self, cells: Columns) -> ir.BooleanValue:
        holds = equal(cells["b"], cells[f"a:{self.field}"])
        if self.both:
            holds = holds & equal(cells["a"], cells[f"b:{self.field}"])
        return said(holds)

    def describe(self) -> str:
        back = f" and a = b.{self.field}" if self.both else ""
        return f"b = a.{self.field}{back}"

    @property
    def bits(self) -> float:
        return COLUMN_BITS + CHOICE_BITS * (not self.both)


def equal(one: ir.Value, other: ir.Value) -> ir.BooleanValue:
    """Whether two columns of a like type hold the same value."""
    types = one.type(), other.type()
    if types[0] != types[1] and all(isinstance(type, dt.Integer | dt.Decimal) for type in types):
        scale = max(type.scale if isinstance(type, dt.Decimal) else 0 for type in types)
        wide = dt.Decimal(38, scale)
        return one.try_cast(wide) == other.try_cast(wide)
    same: ir.BooleanValue = one == other
    return same


def propose(sample: Sample) -> Iterator[Proposal]:
    """Other fields whose a is b; as an exchange where that is as true."""
    fields = [name[2:] for name in sample.others if name.startswith("a:")]
    for field in fields:
        mine, theirs = sample.others[f"a:{field}"], sample.others[f"b:{field}"]
        one_way = [at for at, b in enumerate(sample.b) if b is not None and mine[at] == b]
        if not one_way:
            continue
        exchanged = [at for at in one_way if sample.a[at] is not None and sample.a[at] == theirs[at]]
        yield Proposal(FieldSwap(field), tuple(one_way))
        if exchanged:
            yield Proposal(FieldSwap(field, both=True), tuple(exchanged))
