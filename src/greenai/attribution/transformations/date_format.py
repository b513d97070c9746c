"""Dates written otherwise: day first, month first, without marks, with a month's name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Final

import ibis.expr.datatypes as dt

from greenai.attribution.transformations.base import Columns, Proposal, Transformation
from greenai.engines.functions import call, try_strptime

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from greenai.attribution.sampling import Sample

DAYS: Final = (
    "%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%Y%m%d", "%Y/%m/%d", "%d-%m-%Y", "%m-%d-%Y", "%d %b %Y",
    "%d-%b-%Y", "%d%b%Y", "%b %d, %Y", "%d %B %Y", "%B %d, %Y", "%d/%m/%y", "%m/%d/%y", "%d.%m.%y",
    "%d-%b-%y", "%d%m%Y",
)  # fmt: skip
CLOCKS: Final = ("T%H:%M:%S", " %H:%M:%S", " %H:%M", "T%H:%M:%S.%f", " %H:%M:%S.%f", "T%H:%M:%SZ", "%H%M%S")
FORMATS: Final = tuple(dict.fromkeys((*DAYS, *(day + clock for clock in CLOCKS for day in DAYS[:7]))))
"""The likelier ones first: a format is priced by its place."""
TRIED: Final = 300
"""Texts on which all formats are tried before the ones that fit are tried on the whole sample."""


@dataclass(frozen=True, slots=True)
class ParsedDate(Transformation):
    """``b = parse_date(a, '%Y-%m-%d')`` of a text that was no date of the field's format."""

    family: ClassVar[str] = "date_format"
    format: str

    def apply(self, cells: Columns) -> ir.Value:
        read: ir.Value = try_strptime(cells["raw_a"], [self.format]).cast(cells["b"].type())
        return read

    def describe(self) -> str:
        return f"b = parse_date(a, '{self.format}')"

    @property
    def bits(self) -> float:
        return price(self.format)


@dataclass(frozen=True, slots=True)
class RewrittenDate(Transformation):
    """``b = strftime(strptime(a, source), to)``, of texts."""

    family: ClassVar[str] = "date_format"
    source: str
    to: str

    def apply(self, cells: Columns) -> ir.Value:
        read = try_strptime(cells["a"], [self.source])
        written: ir.Value = call("strftime", dt.string, read, self.to)
        return written

    def describe(self) -> str:
        return f"b = a, from '{self.source}' to '{self.to}'"

    def inverse(self) -> RewrittenDate:
        return RewrittenDate(self.to, self.source)

    @property
    def bits(self) -> float:
        return price(self.source) + price(self.to)


def price(format: str) -> float:
    """Bits to name a format."""
    return 2.0 + (FORMATS.index(format) if format in FORMATS else len(FORMATS)) / 4


def propose(sample: Sample) -> Iterator[Proposal]:
    """Formats with which texts of a are the dates of b."""
    if sample.type.kind == "string":
        yield from _texts(sample)
        return
    if sample.type.kind not in ("date", "timestamp"):
        return
    unread = [
        (at, raw, b)
        for at, (raw, b) in enumerate(zip(sample.raw_a, sample.b, strict=True))
        if raw is not None and b is not None
    ]
    for format in fitting([raw for _, raw, _ in unread]):
        if found := tuple(at for at, raw, b in unread if _typed(parse(raw, format), b) == b):
            yield Proposal(ParsedDate(format), found)


def fitting(texts: list[str]) -> list[str]:
    """The formats that some of the texts are in."""
    tried = texts[:: len(texts) // TRIED + 1]
    return [format for format in FORMATS if any(parse(text, format) for text in tried)]


def parse(text: str, format: str) -> datetime | None:
    """The moment of a text in a format."""
    try:
        return datetime.strptime(text, format)
    except ValueError:
        return None


def _typed(moment: datetime | None, like: Any) -> Any:
    return moment if moment is None or isinstance(like, datetime) else moment.date()


def _texts(sample: Sample) -> Iterator[Proposal]:
    # A date has a year and other digits; without this look all texts would be parsed in all formats.
    dated = [(at, a, b) for at, a, b in sample.pairs if _dated(a) and _dated(b)]
    if not dated:
        return
    for source in fitting([a for _, a, _ in dated]):
        for to in fitting([b for _, _, b in dated]):
            if source == to:
                continue
            found = [at for at, a, b in dated if (moment := parse(a, source)) and moment.strftime(to) == b]
            if found:
                yield Proposal(RewrittenDate(source, to), tuple(found))


def _dated(text: str) -> bool:
    digits = sum(letter.isdigit() for letter in text)
    return 5 <= digits <= 20 and len(text) <= 30
