"""Blanks: at the ends, between words, none at all."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final, Literal

import ibis.expr.datatypes as dt

from greenai.attribution.texts import spaced
from greenai.attribution.transformations.base import Columns, Proposal, Transformation
from greenai.engines.functions import call

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from greenai.attribution.sampling import Sample

Way = Literal["strip", "collapse", "remove", "widen", "tidy"]
BLANKS: Final = " "
WORDS: Final[dict[Way, str]] = {
    "strip": "strip(a)",
    "collapse": "collapse_spaces(a)",
    "remove": "replace(a, ' ', '')",
    "tidy": "a with plain, single blanks",
}
WIDEST: Final = 4


@dataclass(frozen=True, slots=True)
class Whitespace(Transformation):
    """Blanks stripped, collapsed, removed, made `width` wide, or all kinds of white space made plain."""

    family: ClassVar[str] = "whitespace"
    way: Way
    width: int = 1

    def apply(self, cells: Columns) -> ir.Value:
        a = cells["a"]
        text: ir.StringValue
        if self.way == "strip":
            text = call("trim", dt.string, a)
        elif self.way == "collapse":
            text = call("trim", dt.string, a.re_replace("  +", " "))
        elif self.way == "tidy":
            text = spaced(a)
        else:
            text = a.replace(BLANKS, BLANKS * (self.width if self.way == "widen" else 0))
        return text

    def describe(self) -> str:
        if self.way == "widen":
            return f"b = replace(a, ' ', '{BLANKS * self.width}')"
        return f"b = {WORDS[self.way]}"

    @property
    def bits(self) -> float:
        return 2.0 + self.width - 1


_SPACE: Final = re.compile(r"[\s\u200b\u2060\ufeff\x00]+")
FORMS: Final[dict[Way, Callable[[str], str]]] = {
    "strip": lambda text: text.strip(" "),
    "collapse": lambda text: re.sub("  +", " ", text).strip(" "),
    "remove": lambda text: text.replace(" ", ""),
    "tidy": lambda text: _SPACE.sub(" ", text).strip(" "),
}


def propose(sample: Sample) -> Iterator[Proposal]:
    """Every way that turns some a into b."""
    if sample.type.kind != "string":
        return
    blank = [(at, a, b) for at, a, b in sample.pairs if _SPACE.sub("", a) == _SPACE.sub("", b)]
    if not blank:
        return
    for way, form in FORMS.items():
        if found := tuple(at for at, a, b in blank if form(a) == b):
            yield Proposal(Whitespace(way), found)
    for width in range(2, WIDEST + 1):
        if found := tuple(at for at, a, b in blank if a.replace(" ", " " * width) == b):
            yield Proposal(Whitespace("widen", width), found)
