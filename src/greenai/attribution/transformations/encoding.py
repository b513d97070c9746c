"""Texts read with the wrong encoding: Ã© for é, ? for é, e for é."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final, Literal

import ibis
import ibis.expr.datatypes as dt

from greenai.attribution.encodings import garbles
from greenai.attribution.texts import BEYOND_ASCII
from greenai.attribution.transformations.base import Columns, Mirrored, Proposal, Transformation, said
from greenai.engines.functions import call

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from greenai.attribution.sampling import Sample

Way = Literal["latin1", "windows", "question", "replacement", "removed", "unaccented"]
WORDS: Final[dict[Way, str]] = {
    "latin1": "latin1(utf8(a))",
    "windows": "windows1252(utf8(a))",
    "question": "a with ? for letters beyond ASCII",
    "replacement": "a with \ufffd for letters beyond ASCII",
    "removed": "a without letters beyond ASCII",
    "unaccented": "strip_accents(a)",
}
_CODES: Final = tuple(byte for byte in range(0x80, 0xA0) if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D))
CONTROLS: Final = bytes(_CODES).decode("latin-1")
WINDOWS: Final = bytes(_CODES).decode("cp1252")


@dataclass(frozen=True, slots=True)
class Encoding(Transformation):
    """b is a, encoded one way and decoded another."""

    family: ClassVar[str] = "encoding"
    way: Way

    def apply(self, cells: Columns) -> ir.Value:
        a = cells["a"]
        changed: ir.StringValue
        if self.way == "unaccented":
            changed = call("strip_accents", dt.string, a)
        elif self.way in ("latin1", "windows"):
            letters = call("string_split", dt.Array(dt.string), a, "")
            changed = call("array_to_string", dt.string, letters.map(_bytes), "")
            if self.way == "windows":
                changed = call("translate", dt.string, changed, CONTROLS, WINDOWS)
        else:
            instead = {"question": "?", "replacement": "\ufffd", "removed": ""}[self.way]
            changed = a.re_replace(BEYOND_ASCII, instead)
        text: ir.StringValue = a.re_search(BEYOND_ASCII).ifelse(changed, None)
        return text

    def holds(self, cells: Columns) -> ir.BooleanValue:
        if self.way in ("latin1", "windows"):
            # Each byte of a has become a letter of b: only then the proof of step 1 is worth its price.
            bytes_of_a = call("strlen", dt.int64, cells["a"])
            return said((bytes_of_a == cells["b"].length()).ifelse(garbles(cells["b"], cells["a"]), False))
        return said(self.apply(cells) == cells["b"])

    def describe(self) -> str:
        return f"b = {WORDS[self.way]}"

    def inverse(self) -> Mirrored | None:
        return Mirrored(self) if self.way in ("latin1", "windows") else None

    @property
    def bits(self) -> float:
        return 3.0


def _bytes(letter: ir.StringValue) -> ir.StringValue:
    """The UTF-8 bytes of a letter, each as the letter of that number."""
    code = call("unicode", dt.int32, letter)

    def byte(lead: int, shift: int) -> ir.StringValue:
        part = call("chr", dt.string, (ibis.literal(lead) + (code // 2**shift) % 64).cast("int32"))
        text: ir.StringValue = part
        return text

    def first(lead: int, shift: int) -> ir.StringValue:
        part: ir.StringValue = call("chr", dt.string, (ibis.literal(lead) + code // 2**shift).cast("int32"))
        return part

    written: ir.StringValue = ibis.cases(
        (code < 0x80, letter),
        (code < 0x800, first(0xC0, 6) + byte(0x80, 0)),
        (code < 0x10000, first(0xE0, 12) + byte(0x80, 6) + byte(0x80, 0)),
        else_=first(0xF0, 18) + byte(0x80, 12) + byte(0x80, 6) + byte(0x80, 0),
    )
    return written


def _ascii(instead: str) -> Callable[[str], str]:
    return lambda text: "".join(letter if letter < "\x80" else instead for letter in text)


def _windows(text: str) -> str:
    return text.encode().decode("latin-1").translate(str.maketrans(CONTROLS, WINDOWS))


def _unaccented(text: str) -> str:
    parts = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(part for part in parts if not unicodedata.combining(part)))


FORMS: Final[dict[Way, Callable[[str], str]]] = {
    "latin1": lambda text: text.encode().decode("latin-1"),
    "windows": _windows,
    "question": _ascii("?"),
    "replacement": _ascii("\ufffd"),
    "removed": _ascii(""),
    "unaccented": _unaccented,
}


def propose(sample: Sample) -> Iterator[Proposal]:
    """Every way that turns some a beyond ASCII into b."""
    if sample.type.kind != "string":
        return
    foreign = [(at, a, b) for at, a, b in sample.pairs if not a.isascii()]
    found: dict[Way, tuple[int, ...]] = {}
    for way, form in FORMS.items():
        found[way] = tuple(at for at, a, b in foreign if form(a) == b)
    # Both garble alike unless a byte from 80 to 9F is among them: the one that explains more.
    if len(found["windows"]) <= len(found["latin1"]):
        del found["windows"]
    for way, places in found.items():
        if places:
            yield Proposal(Encoding(way), places)
