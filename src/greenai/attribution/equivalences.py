"""The proofs that two texts are the same thing written otherwise.

A proof holds for two texts, is symmetric in them, and is false or null where there is none. A null
is never equivalent to anything, nor is a text of which a proof leaves nothing: that `` `` and the
empty text both say nothing does not make them one value.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import ibis

from greenai.attribution import encodings, texts
from greenai.attribution.dates import moment
from greenai.attribution.expressions import let
from greenai.attribution.numbers import number

if TYPE_CHECKING:
    import ibis.expr.types as ir

    Proof = Callable[[ir.StringValue, ir.StringValue], ir.BooleanValue]
    Words = Callable[[ir.StringValue, ir.StringValue], ir.StringValue]


@dataclass(frozen=True, slots=True)
class Equivalence:
    """One kind of proof: its name, when it holds, and the sentence that tells a user of it."""

    name: str
    holds: Proof
    explanation: Words


def same(form: texts.Form) -> Proof:
    """The proof that two texts have one non-empty form."""

    def holds(a: ir.StringValue, b: ir.StringValue) -> ir.BooleanValue:
        # The engine looks for an empty form only where both are equal.
        return (form(a) == form(b)).ifelse(form(a) != "", False)

    return holds


def said(sentence: str) -> Words:
    """An explanation that is the same for every pair."""

    def explanation(_a: ir.StringValue, _b: ir.StringValue) -> ir.StringValue:
        words: ir.StringValue = ibis.literal(sentence)
        return words

    return explanation


WRITINGS: tuple[tuple[str, texts.Form], ...] = (
    ("white space", texts.spaced),
    ("accents", texts.composed),
    ("case", texts.lowered),
    ("quotes and dashes", texts.plain),
)
"""What may differ in a text at once, in the order in which the forms are taken."""


def bare(text: ir.StringValue, *, keeping: str | None = None) -> ir.StringValue:
    """A text without all `WRITINGS`, or without all but one."""
    for name, form in WRITINGS:
        if name != keeping:
            text = let(text, form)
    return text


def differing_writings(a: ir.StringValue, b: ir.StringValue) -> ir.StringValue:
    """``the same text, written with different white space and case``: names what is needed."""
    needed = [
        (bare(a, keeping=name) != bare(b, keeping=name)).ifelse(f" and {name}", "") for name, _ in WRITINGS
    ]

    def sentence(names: ir.StringValue) -> ir.StringValue:
        named = ibis.literal("the same text, written with different ") + names.substr(len(" and "))
        return (names == "").ifelse("the same text, written otherwise", named)

    words: ir.StringValue = let(functools.reduce(operator.add, needed), sentence)
    return words


def garbled(a: ir.StringValue, b: ir.StringValue) -> ir.BooleanValue:
    """Whether one of the texts is the other, read with a wrong encoding."""
    return encodings.garbles(a, b) | encodings.garbles(b, a)


EQUIVALENCES: tuple[Equivalence, ...] = (
    Equivalence("text", same(bare), differing_writings),
    Equivalence("padding", same(texts.unpadded), said("the same code, with and without leading zeros")),
    Equivalence("number_format", same(number), said("the same number, written in another format")),
    Equivalence("date_format", same(moment), said("the same date, written in another format")),
    Equivalence(
        "encoding", garbled, said("the same text, its bytes read in two encodings (UTF-8 and Latin-1)")
    ),
)
"""All proofs, the simplest first: the first that holds explains a break."""
