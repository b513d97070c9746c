"""Numbers written otherwise: another decimal mark, groups of thousands, a unit behind."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, ClassVar, Final

import ibis
import ibis.expr.datatypes as dt

from greenai.attribution.expressions import let
from greenai.attribution.numbers import number
from greenai.attribution.transformations import arithmetic
from greenai.attribution.transformations.base import (
    Columns,
    Proposal,
    Transformation,
    quoted,
    said,
    text_bits,
)
from greenai.engines.functions import call

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from greenai.attribution.sampling import Sample

MOST: Final = 6
WRITTEN: Final = re.compile(r"^([^\d()+\-.,']*?)\s*([(+\-]?\d[\d.,' \u00a0\u202f]*[)\-]?)\s*([^\d]*)$")
LEADING: Final = r"^\s*([+-]?[0-9]+(?:\.[0-9]+)?)(?:\s*[^0-9.,\s].*)?$"
ZEROS: Final = r"^([^.]*(?:\.[0-9]*[1-9])?)\.?0*$"
MARKS: Final = ((".", ","), (",", "."), (".", " "), (",", " "), (".", "'"), (",", "'"), (",", "\u00a0"))


@dataclass(frozen=True, slots=True)
class ParsedNumber(Transformation):
    """``b = parse_number(a)`` of a text that was no number of the field's type.

    `before` and `behind` (a unit, a currency) are taken off first; then `group` separators are
    dropped and `mark` is the decimal mark; brackets and a minus behind mean below zero.
    """

    family: ClassVar[str] = "numeric_format"
    mark: str = "."
    group: str = ","
    before: str = ""
    behind: str = ""

    def apply(self, cells: Columns) -> ir.Value:
        return parsed(self, cells["raw_a"], cells["b"].type())

    def holds(self, cells: Columns) -> ir.BooleanValue:
        return said(arithmetic.equal(self.apply(cells), cells["b"]))

    def describe(self) -> str:
        off = [quoted(text.strip()) for text in (self.before, self.behind) if text]
        inner = f"a without {' and '.join(off)}" if off else "a"
        return f"b = parse_number({inner}, decimal {quoted(self.mark)}, group {quoted(self.group)})"

    @property
    def bits(self) -> float:
        units = sum(text_bits(text) for text in (self.before, self.behind) if text)
        return 3.0 + units


@dataclass(frozen=True, slots=True)
class RewrittenNumber(Transformation):
    """Two texts that say one number; `behind` is a unit that only a has."""

    family: ClassVar[str] = "numeric_format"
    behind: str = ""

    def apply(self, cells: Columns) -> ir.Value:
        a, b = cells["a"], cells["b"]
        if self.behind:
            bare = call("substring", dt.string, a, 1, a.length() - len(self.behind))
            a = a.endswith(self.behind).ifelse(bare, None)
        # Says b where it is the same number: the value is a's, its writing is not settled.
        text: ir.StringValue = (number(a) == number(b)).ifelse(b, None)
        return text

    def describe(self) -> str:
        return f"number(b) = number(a{f' without {quoted(self.behind)}' if self.behind else ''})"

    @property
    def bits(self) -> float:
        return 1.0 + (text_bits(self.behind) if self.behind else 0.0)

    @property
    def residual_bits(self) -> float:
        return 1.0


@dataclass(frozen=True, slots=True)
class BareNumber(Transformation):
    """The number that a text begins with, whatever unit is behind it; as text without zeros at its end."""

    family: ClassVar[str] = "numeric_format"

    def apply(self, cells: Columns) -> ir.Value:
        kind = cells["b"].type()
        leading = (cells["a"] if kind.is_string() else cells["raw_a"]).re_extract(LEADING, 1).nullif("")
        return leading.re_replace(ZEROS, r"\1") if kind.is_string() else exactly(leading, kind)

    def holds(self, cells: Columns) -> ir.BooleanValue:
        value, b = self.apply(cells), cells["b"]
        return said(value == b if b.type().is_string() else arithmetic.equal(value, b))

    def describe(self) -> str:
        return "b = the number that a begins with, without its unit"

    @property
    def bits(self) -> float:
        return 3.0


def parsed(way: ParsedNumber, text: ir.StringValue, type: dt.DataType) -> ir.Value:
    """The number of a text, null where it is none of the type."""
    has = ibis.literal(True)
    if way.before:
        has = has & text.startswith(way.before)
    if way.behind:
        has = has & text.endswith(way.behind)
    length = text.length() - len(way.before) - len(way.behind)
    bare = call("substring", dt.string, text, len(way.before) + 1, ibis.greatest(length, 0))
    plain = call("translate", dt.string, bare, way.mark + way.group + " ", ".")

    def signed(digits: ir.StringValue) -> ir.Value:
        below = digits.re_search(r"^\(.*\)$|-$")
        size = call("translate", dt.string, digits, "()-", "")
        value = below.ifelse(ibis.literal("-") + size, digits)
        return exactly(value, type)

    return let(has.ifelse(plain, None), signed)


def exactly(text: ir.StringValue, type: dt.DataType) -> ir.Value:
    """A text with a point as a number of the type; no digit without a place in it is rounded away."""
    if not isinstance(type, dt.Decimal | dt.Integer):
        return text.try_cast(type)
    wide = text.try_cast(dt.Decimal(38, 12))
    narrow = wide.try_cast(type)
    return (narrow.cast(dt.Decimal(38, 12)) == wide).ifelse(narrow, None)


def propose(sample: Sample) -> Iterator[Proposal]:
    """Marks, groups and units with which texts of a are the numbers of b."""
    if sample.type.kind == "string":
        yield from _texts(sample)
        return
    if not sample.type.numeric:
        return
    unread = [
        (at, raw, Decimal(str(b)))
        for at, (raw, b) in enumerate(zip(sample.raw_a, sample.b, strict=True))
        if raw is not None and b is not None
    ]
    units: Counter[tuple[str, str]] = Counter()
    for _, raw, _ in unread:
        if match := WRITTEN.match(raw):
            units[raw[: match.start(2)], raw[len(raw[: match.end(2)].rstrip()) :]] += 1
    if len(units) > 1:
        bare = [at for at, raw, b in unread if (number := bare_number(raw)) and Decimal(number) == b]
        if len(bare) >= 2:
            yield Proposal(BareNumber(), tuple(bare))
    for (before, behind), _ in sorted(units.items(), key=lambda u: (-u[1], u[0]))[:MOST]:
        for mark, group in MARKS:
            way = ParsedNumber(mark, group, before, behind)
            if found := tuple(at for at, raw, b in unread if read(way, raw) == b):
                yield Proposal(way, found)


def read(way: ParsedNumber, text: str) -> Decimal | None:
    """The number of one text."""
    if not text.startswith(way.before) or not text.endswith(way.behind):
        return None
    bare = text[len(way.before) : len(text) - len(way.behind)]
    plain = bare.replace(way.group, "").replace(" ", "").replace(way.mark, ".")
    below = (plain.startswith("(") and plain.endswith(")")) or plain.endswith("-")
    try:
        return Decimal("-" + plain.strip("()-") if below else plain)
    except InvalidOperation:
        return None


def _texts(sample: Sample) -> Iterator[Proposal]:
    units: dict[str, list[int]] = {}
    for at, a, b in sample.pairs:
        one, other = WRITTEN.match(a), WRITTEN.match(b)
        if one and other and one[1] == other[1] == "" and other[3] == "":
            values = _canonical(one[2]), _canonical(other[2])
            if values[0] is not None and values[0] == values[1]:
                units.setdefault(a[len(a[: one.end(2)].rstrip()) :], []).append(at)
    bare = [at for at, a, b in sample.pairs if bare_number(a) == b]
    if len(bare) >= 2:
        yield Proposal(BareNumber(), tuple(bare))
    for behind, places in sorted(units.items(), key=lambda u: (-len(u[1]), u[0]))[:MOST]:
        if len(places) >= 2:
            yield Proposal(RewrittenNumber(behind), tuple(places))


def bare_number(text: str) -> str | None:
    """What `BareNumber` makes of one text."""
    match = re.match(LEADING, text, re.ASCII)
    if match is None:
        return None
    return re.sub(ZEROS, r"\1", match[1])


def _canonical(text: str) -> Decimal | None:
    """The number of a text with a point, commas as groups only where a point follows."""
    for mark, group in MARKS[:2]:
        found = read(ParsedNumber(mark, group), text)
        if found is not None:
            return found
    return None
