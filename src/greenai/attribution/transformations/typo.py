"""Typing errors: one letter wrong, missing, too many, or two exchanged. They never pass by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final, Literal

import ibis
import ibis.expr.datatypes as dt

from greenai.attribution.transformations.base import Columns, Proposal, Transformation, said
from greenai.engines.functions import call

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from greenai.attribution.sampling import Sample

Way = Literal["transposition", "neighbour", "edit"]
WORDS: Final[dict[Way, str]] = {
    "transposition": "a with two neighbouring letters exchanged",
    "neighbour": "a with one letter struck on the key beside it",
    "edit": "a with one letter wrong, missing or too many",
}
RESIDUAL: Final[dict[Way, float]] = {"transposition": 5.0, "neighbour": 8.0, "edit": 12.0}
"""Bits to say which error was made: where in the text, and which of two, six or all letters."""
SHORTEST: Final = 4
"""In a shorter code another letter is another code."""
ROWS: Final = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")


@dataclass(frozen=True, slots=True)
class Typo(Transformation):
    """b is one typing error away from a. What it should be cannot be computed: `apply` says nothing."""

    family: ClassVar[str] = "typo"
    way: Way = "edit"

    def apply(self, cells: Columns) -> ir.Value:
        return ibis.null(cells["b"].type())

    def holds(self, cells: Columns) -> ir.BooleanValue:
        a, b = (text_of(cells[side]) for side in ("a", "b"))
        near = (a.length() - b.length()).abs() <= 1
        one = near.ifelse(call("damerau_levenshtein", dt.int64, a, b) == 1, False) & (a.length() >= SHORTEST)
        if self.way == "edit":
            return said(one)
        same = a.length() == b.length()
        if self.way == "transposition":
            # One exchange, but two letters replaced.
            return said(one & same.ifelse(call("hamming", dt.int64, a, b) == 2, False))
        return said((one & same).ifelse(_neighbours(a, b), False))

    def describe(self) -> str:
        return f"b = {WORDS[self.way]}"

    def inverse(self) -> Typo:
        return self

    @property
    def bits(self) -> float:
        return 2.0

    @property
    def residual_bits(self) -> float:
        return RESIDUAL[self.way]


def text_of(value: ir.Value) -> ir.StringValue:
    """What was typed: a text, or the digits of a number."""
    text: ir.StringValue = value if isinstance(value.type(), dt.String) else value.cast("string")
    return text


def _neighbours(a: ir.StringValue, b: ir.StringValue) -> ir.BooleanValue:
    """Whether the letters in which two texts of one length differ lie beside each other."""
    letters = [call("string_split", dt.Array(dt.string), side.lower(), "") for side in (a, b)]
    struck = letters[0].zip(letters[1]).map(lambda pair: pair["f1"] + pair["f2"])
    wrong = struck.filter(lambda pair: pair.substr(0, 1) != pair.substr(1, 1))
    beside = wrong.map(lambda pair: pair.isin(sorted(BESIDE)))
    found: ir.BooleanValue = beside.contains(True)
    return found


def _beside() -> frozenset[str]:
    """Pairs of keys of an English keyboard that touch each other."""
    places = {key: (row, at + row / 2) for row, keys in enumerate(ROWS) for at, key in enumerate(keys)}
    return frozenset(
        one + other
        for one, (row, at) in places.items()
        for other, (row2, at2) in places.items()
        if one != other and abs(row - row2) <= 1 and abs(at - at2) <= 1
    )


BESIDE: Final = _beside()


def propose(sample: Sample) -> Iterator[Proposal]:
    """Exchanged letters, neighbouring keys, and any single error, where the sample has some."""
    if sample.type.kind not in ("string", "integer", "decimal"):
        return
    found: dict[Way, list[int]] = {"transposition": [], "neighbour": [], "edit": []}
    for at, a, b in sample.pairs:
        way = error(str(a), str(b))
        if way is not None:
            found[way].append(at)
    for sure, places in found.items():
        if sure != "edit" and len(places) >= 2:
            yield Proposal(Typo(sure), tuple(places))
    every = sorted(at for places in found.values() for at in places)
    if len(every) >= 2:
        yield Proposal(Typo("edit"), tuple(every))


def error(a: str, b: str) -> Way | None:
    """The one typing error between two texts, None where there is none or more."""
    if len(a) < SHORTEST or abs(len(a) - len(b)) > 1 or a == b:
        return None
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    if len(a) != len(b):
        longer, shorter = (a, b) if len(a) > len(b) else (b, a)
        return "edit" if longer[start + 1 :] == shorter[start:] else None
    if a[start + 1 :] == b[start + 1 :]:
        return "neighbour" if (a[start] + b[start]).lower() in BESIDE else "edit"
    exchanged = a[start : start + 2] == b[start : start + 2][::-1]
    return "transposition" if exchanged and a[start + 2 :] == b[start + 2 :] else None
