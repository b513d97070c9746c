"""Something put before or behind a text, taken away, or exchanged: a market's mark, a unit, a prefix."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

import ibis
import ibis.expr.datatypes as dt

from greenai.attribution.transformations.base import (
    Columns,
    Places,
    Proposal,
    Transformation,
    grouped,
    quoted,
    text_bits,
)
from greenai.engines.functions import all_of, call

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from greenai.attribution.sampling import Sample

MOST: Final = 10
LONGEST: Final = 24


@dataclass(frozen=True, slots=True)
class Affix(Transformation):
    """a without `prefix_off` and `suffix_off`, with `prefix` before and `suffix` behind.

    It says nothing of texts that do not have what is to be taken off.
    """

    family: ClassVar[str] = "affix"
    prefix: str = ""
    suffix: str = ""
    prefix_off: str = ""
    suffix_off: str = ""

    def apply(self, cells: Columns) -> ir.Value:
        a = cells["a"]
        off = len(self.prefix_off) + len(self.suffix_off)
        text = a
        if off:
            text = call(
                "substring", dt.string, a, len(self.prefix_off) + 1, ibis.greatest(a.length() - off, 0)
            )
        if self.prefix:
            text = ibis.literal(self.prefix) + text
        if self.suffix:
            text = text + self.suffix
        has = [a.length() >= off] if off else []
        if self.prefix_off:
            has.append(a.startswith(self.prefix_off))
        if self.suffix_off:
            has.append(a.endswith(self.suffix_off))
        said: ir.StringValue = all_of(has).ifelse(text, None) if has else text
        return said

    def describe(self) -> str:
        inner = "a"
        if self.prefix_off or self.suffix_off:
            parts = [("prefix", self.prefix_off), ("suffix", self.suffix_off)]
            inner = "a without " + " and ".join(f"{end} {quoted(text)}" for end, text in parts if text)
        before = f"{quoted(self.prefix)} || " if self.prefix else ""
        behind = f" || {quoted(self.suffix)}" if self.suffix else ""
        if (before or behind) and inner != "a":
            inner = f"({inner})"
        return f"b = {before}{inner}{behind}"

    def inverse(self) -> Affix:
        return Affix(self.prefix_off, self.suffix_off, self.prefix, self.suffix)

    @property
    def bits(self) -> float:
        texts = (self.prefix, self.suffix, self.prefix_off, self.suffix_off)
        return sum(text_bits(text) for text in texts)


def propose(sample: Sample) -> Iterator[Proposal]:
    """Affixes that several pairs of texts differ by."""
    if sample.type.kind != "string":
        return
    found = Places()
    for at, a, b in sample.pairs:
        for affix in between(a, b):
            found[affix].append(at)
    for affix, places in grouped(found, most=MOST, least=3):
        yield Proposal(affix, tuple(places))


def between(a: str, b: str) -> Iterator[Affix]:
    """What makes b of a, where one holds the other or both share the larger part at one end."""
    if not a or not b:
        return
    if (at := b.find(a)) >= 0:
        if len(b) - len(a) <= LONGEST:
            yield Affix(b[:at], b[at + len(a) :])
        return
    if (at := a.find(b)) >= 0:
        if len(a) - len(b) <= LONGEST:
            yield Affix(prefix_off=a[:at], suffix_off=a[at + len(b) :])
        return
    start, end = shared(a, b), shared(a[::-1], b[::-1])
    shorter = min(len(a), len(b))
    if 2 * start > shorter and len(b) - start <= LONGEST:
        yield Affix(suffix=b[start:], suffix_off=a[start:])
    elif 2 * end > shorter and len(b) - end <= LONGEST:
        yield Affix(prefix=b[: len(b) - end], prefix_off=a[: len(a) - end])


def shared(one: str, other: str) -> int:
    """How many letters two texts begin with alike."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
