"""Capitals: all, none, at the beginning of words, or anyhow."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final, Literal

import ibis.expr.datatypes as dt

from greenai.attribution.texts import lowered
from greenai.attribution.transformations.base import Columns, Proposal, Transformation
from greenai.engines.functions import call

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from greenai.attribution.sampling import Sample

Way = Literal["upper", "lower", "title", "any"]


@dataclass(frozen=True, slots=True)
class Case(Transformation):
    """``b = upper(a)``, ``lower(a)``, ``title(a)`` (each word), or the same letters in any case."""

    family: ClassVar[str] = "case"
    way: Way

    def apply(self, cells: Columns) -> ir.Value:
        a = cells["a"]
        text: ir.StringValue
        if self.way == "title":
            words = call("string_split", dt.Array(dt.string), a, " ")
            text = call(
                "array_to_string",
                dt.string,
                words.map(lambda word: word.left(1).upper() + word.substr(1).lower()),
                " ",
            )
        elif self.way == "any":
            # Says b where only capitals differ: the text is a's, its writing is not settled.
            text = (lowered(a) == lowered(cells["b"])).ifelse(cells["b"], None)
        else:
            text = a.upper() if self.way == "upper" else a.lower()
        return text

    def describe(self) -> str:
        return "lower(b) = lower(a)" if self.way == "any" else f"b = {self.way}(a)"

    @property
    def bits(self) -> float:
        return 2.0

    @property
    def lost_bits(self) -> float:
        return 4.0

    @property
    def residual_bits(self) -> float:
        return 2.0 if self.way == "any" else 0.0


FORMS: Final[dict[Way, Callable[[str], str]]] = {
    "upper": str.upper,
    "lower": str.lower,
    "title": lambda text: " ".join(word[:1].upper() + word[1:].lower() for word in text.split(" ")),
}


def propose(sample: Sample) -> Iterator[Proposal]:
    """Every way that turns some a into b; any case where none of them explains all."""
    if sample.type.kind != "string":
        return
    alike = [(at, a, b) for at, a, b in sample.pairs if a.lower() == b.lower()]
    explained: set[int] = set()
    for way, form in FORMS.items():
        if found := tuple(at for at, a, b in alike if form(a) == b):
            explained.update(found)
            yield Proposal(Case(way), found)
    if any(at not in explained for at, *_ in alike):
        yield Proposal(Case("any"), tuple(at for at, *_ in alike))
