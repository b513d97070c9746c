"""What every transformation is: frozen, judged in the engine, and priced in bits."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Final, Protocol

import ibis

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from greenai.attribution.sampling import Sample

COLUMN_BITS: Final = 5.0
"""What it costs to name another column."""
CHOICE_BITS: Final = 1.0
"""What it costs to choose one of a few ways, the usual one first."""


class Columns(Protocol):
    """Where expressions take their columns from: a table, or one whose sides are exchanged."""

    def __getitem__(self, name: str, /) -> Any:
        """The column of a name."""


class Transformation(ABC):
    """A way in which b's value comes from a's. Subclasses are frozen dataclasses, equal by parameters.

    `family` is CONTRACT's name.
    """

    __slots__ = ()
    family: ClassVar[str]

    @abstractmethod
    def apply(self, cells: Columns) -> ir.Value:
        """T(a), of b's type, for each cell; null where the transformation says nothing."""

    @abstractmethod
    def describe(self) -> str:
        """``b = a * 100``: the transformation for a reader."""

    @property
    @abstractmethod
    def bits(self) -> float:
        """The description length of the parameters; the choice of a family is not in it."""

    @property
    def residual_bits(self) -> float:
        """What each cell still costs where T(a) does not settle b (a typing error may hit any letter)."""
        return 0.0

    @property
    def lost_bits(self) -> float:
        """What each cell of a costs where only b is known: little that b tells, or much."""
        return 2.0

    def holds(self, cells: Columns) -> ir.BooleanValue:
        """Whether b is T(a), never null."""
        return said(self.apply(cells) == cells["b"])

    def speaks(self, cells: Columns) -> ir.BooleanValue:
        """Whether it says anything of a cell, whatever b is; never null."""
        said_something: ir.BooleanValue = self.apply(cells).notnull()
        return said_something

    def inverse(self) -> Transformation | None:
        """The transformation from b to a, where a's value can be had back from b's."""
        return None


@dataclass(frozen=True, slots=True)
class Mirrored(Transformation):
    """a comes from b by `of`: side a lost what b still has, so b cannot be computed."""

    of: Transformation

    @property
    def family(self) -> str:  # type: ignore[override]
        """The family of what is mirrored."""
        return self.of.family

    @property
    def bits(self) -> float:
        return self.of.bits + CHOICE_BITS

    @property
    def residual_bits(self) -> float:
        return self.of.residual_bits + self.of.lost_bits

    def apply(self, cells: Columns) -> ir.Value:
        return ibis.null(cells["b"].type())

    def holds(self, cells: Columns) -> ir.BooleanValue:
        return self.of.holds(Exchanged(cells))

    def speaks(self, cells: Columns) -> ir.BooleanValue:
        # Of every value of a: that a has one value in a scope must not look like a rule about b's.
        said_something: ir.BooleanValue = cells["a"].notnull()
        return said_something

    def describe(self) -> str:
        return exchanged_words(self.of.describe())

    def inverse(self) -> Transformation:
        return self.of


@dataclass(frozen=True, slots=True)
class Exchanged:
    """The columns of cells with a for b and b for a."""

    cells: Columns

    def __getitem__(self, name: str, /) -> Any:
        return self.cells[exchanged_name(name)]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A transformation and the places in the sample at which it seems to hold."""

    transformation: Transformation
    places: tuple[int, ...]


class Proposer(Protocol):
    """Proposes what a sample suggests. Cheap, and free to be wrong: verification decides."""

    def __call__(self, sample: Sample, /) -> Iterable[Proposal]:
        """Transformations of one family."""


def exchanged_name(name: str) -> str:
    """``a:price`` for ``b:price``, ``raw_a`` for ``raw_b``, and so on."""
    sides = {"a": "b", "b": "a", "raw_a": "raw_b", "raw_b": "raw_a"}
    if name in sides:
        return sides[name]
    if name.startswith(("a:", "b:")):
        return sides[name[0]] + name[1:]
    return name


def exchanged_words(words: str) -> str:
    """``a = left(b, 20)`` for ``b = left(a, 20)``; what stands in quotes is left alone."""
    parts = words.split("'")
    for at in range(0, len(parts), 2):
        tokens = _tokens(parts[at])
        parts[at] = "".join({"a": "b", "b": "a"}.get(token, token) for token in tokens)
    return "'".join(parts)


def _tokens(text: str) -> Iterator[str]:
    """Words and what is between them."""
    word = ""
    for letter in text:
        if letter.isalnum() or letter == "_":
            word += letter
            continue
        if word:
            yield word
        word = ""
        yield letter
    if word:
        yield word


def said(condition: ir.BooleanValue) -> ir.BooleanValue:
    """A condition that is false where it was null."""
    return condition.fill_null(False)


def missing(cells: Columns, side: str) -> ir.BooleanValue:
    """Whether a side has no value; an unreadable one is a value."""
    absent: ir.BooleanValue = cells[side].isnull() & cells[f"raw_{side}"].isnull()
    return absent


def quoted(value: object) -> str:
    """A value as it stands in a description."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, bool | int | float):
        return str(value).lower()
    return "'" + str(value).replace("'", "''") + "'"


def integer_bits(number: int) -> float:
    """The price of an integer: small ones are cheap (Elias's gamma code, and a sign)."""
    return 2 * math.log2(abs(number) + 1) + 1


def decimal_bits(number: Decimal) -> float:
    """The price of a decimal: its digits, and where the point is."""
    _, digits, exponent = number.as_tuple()
    significant = int("".join(map(str, digits)).rstrip("0") or "0")
    zeros = int(exponent) + len(digits) - len(str(significant)) if significant else 0
    return integer_bits(significant) + integer_bits(zeros)


def text_bits(text: str) -> float:
    """The price of a text: seven bits a letter, and the end."""
    return 7.0 * len(text) + 2.0


def value_bits(value: object) -> float:
    """The price of a value of a field."""
    if isinstance(value, Decimal):
        return decimal_bits(value)
    if isinstance(value, bool):
        return 1.0
    if isinstance(value, int):
        return integer_bits(value)
    if isinstance(value, date):
        return 16.0
    return text_bits(str(value))


MIN_PLACES: Final = 2
"""A parameter that the sample suggests only once is a coincidence."""


def grouped(
    keys: Mapping[Any, list[int]], *, most: int, least: int = MIN_PLACES
) -> list[tuple[Any, list[int]]]:
    """The keys with the most places, at most `most`, none with fewer than `least`; in a stable order."""
    enough = [(key, places) for key, places in keys.items() if len(places) >= least]
    return sorted(enough, key=lambda pair: (-len(pair[1]), str(pair[0])))[:most]


class Places(dict[Any, list[int]]):
    """Places by the parameter that they suggest."""

    def __missing__(self, key: Any) -> list[int]:
        self[key] = []
        return self[key]
