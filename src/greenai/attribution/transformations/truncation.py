"""What did not fit is cut off: texts at a column's width, numbers behind a place, times below a unit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Final, Literal

from greenai.attribution.transformations import arithmetic
from greenai.attribution.transformations.base import (
    CHOICE_BITS,
    Columns,
    Proposal,
    Transformation,
    integer_bits,
)
from greenai.attribution.transformations.rounding import COARSEST, held, on_grid
from greenai.engines.functions import call

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from greenai.attribution.sampling import Sample

MOST: Final = 6
Unit = Literal["s", "m", "h", "D"]
UNITS: Final[dict[Unit, str]] = {"s": "second", "m": "minute", "h": "hour", "D": "day"}


@dataclass(frozen=True, slots=True)
class TextTruncation(Transformation):
    """``b = left(a, length)``, without the blank that the cut may leave at the end; or ``right``."""

    family: ClassVar[str] = "truncation"
    length: int
    end: Literal["left", "right"] = "left"
    trimmed: bool = True

    def apply(self, cells: Columns) -> ir.Value:
        a = cells["a"]
        kept = a.left(self.length) if self.end == "left" else a.right(self.length)
        text: ir.StringValue = call("trim", kept.type(), kept) if self.trimmed else kept
        return text

    def describe(self) -> str:
        return f"b = {self.end}(a, {self.length})"

    @property
    def bits(self) -> float:
        return integer_bits(self.length) + CHOICE_BITS * (self.end == "right")

    @property
    def lost_bits(self) -> float:
        return 20.0


@dataclass(frozen=True, slots=True)
class NumberTruncation(Transformation):
    """``b = trunc(a, places)``, towards zero."""

    family: ClassVar[str] = "truncation"
    places: int

    def apply(self, cells: Columns) -> ir.Value:
        return on_grid(cells, self.places, "down")

    def holds(self, cells: Columns) -> ir.BooleanValue:
        return arithmetic.equal(self.apply(cells), cells["b"]).fill_null(False)

    def describe(self) -> str:
        return f"b = trunc(a, {self.places})"

    @property
    def bits(self) -> float:
        return integer_bits(self.places) + CHOICE_BITS

    @property
    def lost_bits(self) -> float:
        return 8.0


@dataclass(frozen=True, slots=True)
class TimeTruncation(Transformation):
    """``b = trunc(a, 'minute')``."""

    family: ClassVar[str] = "truncation"
    unit: Unit

    def apply(self, cells: Columns) -> ir.Value:
        cut: ir.Value = cells["a"].truncate(self.unit)
        return cut

    def describe(self) -> str:
        return f"b = trunc(a, '{UNITS[self.unit]}')"

    @property
    def bits(self) -> float:
        return 2.0

    @property
    def lost_bits(self) -> float:
        return 8.0


def propose(sample: Sample) -> Iterator[Proposal]:
    """Widths at which texts end, places at which numbers end, units at which times end."""
    if sample.type.kind == "string":
        for end in ("left", "right"):
            yield from _texts(sample, end)
    elif sample.type.kind == "timestamp":
        yield from _times(sample)
    elif sample.type.numeric:
        for places in range(sample.places - 1, COARSEST - 1, -1):
            if found := held(sample, places, "down"):
                yield Proposal(NumberTruncation(places), found)


def _texts(sample: Sample, end: Literal["left", "right"]) -> Iterator[Proposal]:
    cut = [
        (at, a, b)
        for at, a, b in sample.pairs
        if b and len(b) < len(a) and (a.startswith(b) if end == "left" else a.endswith(b))
    ]
    # A width leaves texts of that length, and shorter ones only where a blank was trimmed.
    widths = Counter(len(b) for _, _, b in cut)
    for width, count in sorted(widths.items(), key=lambda w: (-w[1], w[0]))[:MOST]:
        if count < 2:
            break
        plain = tuple(at for at, a, b in cut if (a[:width] if end == "left" else a[-width:]) == b)
        trimmed = tuple(
            at for at, a, b in cut if (a[:width] if end == "left" else a[-width:]).strip(" ") == b
        )
        if len(plain) > len(trimmed):
            yield Proposal(TextTruncation(width, end, trimmed=False), plain)
        else:
            yield Proposal(TextTruncation(width, end), trimmed)


def _times(sample: Sample) -> Iterator[Proposal]:
    for unit in UNITS:
        if found := tuple(at for at, a, b in sample.pairs if _cut(a, unit) == b):
            yield Proposal(TimeTruncation(unit), found)


def _cut(moment: datetime, unit: Unit) -> datetime:
    zero = {"microsecond": 0, "second": 0, "minute": 0, "hour": 0}
    kept = dict(list(zero.items())[: 1 + list(UNITS).index(unit)])
    return moment.replace(**kept)  # type: ignore[arg-type]
