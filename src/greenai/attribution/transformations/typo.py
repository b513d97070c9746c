"""Typing errors: one letter wrong, missing, too many, or two exchanged. They never pass by themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final, Literal

import ibis
import ibis.expr.datatypes as dt

from greenai.attribution.expressions import let
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
        a, b = (typed(cells[side]) for side in ("a", "b"))
        longer = b.length() - a.length()
        same = (longer == 0).ifelse(let(_struck(a, b), _WAYS[self.way]), False)
        if self.way == "edit":
            same = same | (longer.abs() == 1).ifelse(call("levenshtein", dt.int64, a, b) == 1, False)
        if cells["a"].type().is_numeric():
            same = same & ((cells["a"] < 0) == (cells["b"] < 0))
        # One error leaves the letters before or behind the middle as they are: a cheap look first.
        half = ibis.greatest(ibis.least(a.length(), b.length()) // 2 - 1, 0)
        near = (a.left(half) == b.left(half)) | (a.right(half) == b.right(half))
        return said((near & (a.length() >= SHORTEST)).ifelse(same, False))

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


def typed(value: ir.Value) -> ir.StringValue:
    """What was typed: a text, or a number as it is written."""
    text: ir.StringValue = value if isinstance(value.type(), dt.String) else value.cast("string")
    return text


def _struck(a: ir.StringValue, b: ir.StringValue) -> ir.ArrayValue:
    """The places in which two texts of one length differ: the letters of both, and the number."""
    letters = [call("string_split", dt.Array(dt.string), side, "") for side in (a, b)]
    pairs = (
        letters[0]
        .zip(letters[1])
        .map(lambda pair, at: ibis.struct({"a": pair["f1"], "b": pair["f2"], "at": at}))
    )
    wrong: ir.ArrayValue = pairs.filter(lambda pair: pair["a"] != pair["b"])
    return wrong


def _one(wrong: ir.ArrayValue) -> ir.BooleanValue:
    return wrong.length() == 1


def _exchanged(wrong: ir.ArrayValue) -> ir.BooleanValue:
    first, second = wrong[0], wrong[1]
    turned = (first["a"] == second["b"]) & (first["b"] == second["a"]) & (second["at"] - first["at"] == 1)
    return (wrong.length() == 2) & turned


def _beside_each_other(wrong: ir.ArrayValue) -> ir.BooleanValue:
    return _one(wrong) & (wrong[0]["a"] + wrong[0]["b"]).lower().isin(sorted(BESIDE))


_WAYS: Final[dict[Way, Callable[[ir.ArrayValue], ir.BooleanValue]]] = {
    "transposition": _exchanged,
    "neighbour": _beside_each_other,
    "edit": lambda wrong: _one(wrong) | _exchanged(wrong),
}


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
        # The sign of a number is no letter.
        way = error(str(a), str(b)) if isinstance(a, str) or (a < 0) == (b < 0) else None
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
