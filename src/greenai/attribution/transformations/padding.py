"""Codes filled up to a width, or without what they were filled with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final, Literal

import ibis.expr.datatypes as dt

from greenai.attribution.transformations.base import (
    CHOICE_BITS,
    Columns,
    Places,
    Proposal,
    Transformation,
    integer_bits,
)
from greenai.engines.functions import call

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from greenai.attribution.sampling import Sample

End = Literal["left", "right"]
FILLS: Final = "0 *#_-.xX"
WIDTHS: Final = 3


@dataclass(frozen=True, slots=True)
class Padding(Transformation):
    """``b = lpad(a, width, fill)``, or ``rpad``; texts that are wider already stay as they are."""

    family: ClassVar[str] = "padding"
    width: int
    fill: str = "0"
    end: End = "left"

    def apply(self, cells: Columns) -> ir.Value:
        a = cells["a"]
        filled = a.lpad(self.width, self.fill) if self.end == "left" else a.rpad(self.width, self.fill)
        # The engine's function cuts what is longer.
        text: ir.StringValue = (a.length() < self.width).ifelse(filled, None)
        return text

    def describe(self) -> str:
        return f"b = {self.end[0]}pad(a, {self.width}, '{self.fill}')"

    def inverse(self) -> Unpadding:
        return Unpadding(self.fill, self.end)

    @property
    def bits(self) -> float:
        return integer_bits(self.width) + 3.0 + CHOICE_BITS * (self.end == "right")


@dataclass(frozen=True, slots=True)
class Unpadding(Transformation):
    """``b = ltrim(a, fill)``, or ``rtrim``."""

    family: ClassVar[str] = "padding"
    fill: str = "0"
    end: End = "left"

    def apply(self, cells: Columns) -> ir.Value:
        text: ir.StringValue = call(f"{self.end[0]}trim", dt.string, cells["a"], self.fill)
        return text

    def describe(self) -> str:
        return f"b = {self.end[0]}trim(a, '{self.fill}')"

    @property
    def bits(self) -> float:
        return 3.0 + CHOICE_BITS * (self.end == "right")


def propose(sample: Sample) -> Iterator[Proposal]:
    """Widths and fills by which a is filled, and fills that a has lost."""
    if sample.type.kind != "string":
        return
    filled, stripped = Places(), Places()
    for at, a, b in sample.pairs:
        longer, shorter, found = (b, a, filled) if len(b) > len(a) else (a, b, stripped)
        if not shorter or len(longer) == len(shorter):
            continue
        if longer.endswith(shorter) and (fill := _fill(longer[: -len(shorter)])):
            found[fill, "left"].append(at)
        elif longer.startswith(shorter) and (fill := _fill(longer[len(shorter) :])):
            found[fill, "right"].append(at)
    for (fill, end), places in filled.items():
        widths = Counter(len(sample.b[at]) for at in places)
        for width, _ in sorted(widths.items(), key=lambda w: (-w[1], w[0]))[:WIDTHS]:
            same = tuple(at for at in places if len(sample.b[at]) == width)
            yield Proposal(Padding(width, fill, end), same)
    for (fill, end), places in stripped.items():
        strip = str.lstrip if end == "left" else str.rstrip
        bare = tuple(at for at in places if strip(sample.a[at], fill) == sample.b[at])
        if bare:
            yield Proposal(Unpadding(fill, end), bare)


def _fill(text: str) -> str | None:
    """The one character that a text consists of, if codes are filled with it."""
    return text[0] if len(set(text)) == 1 and text[0] in FILLS else None
