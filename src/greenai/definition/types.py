"""Field types of a definition: string, integer, decimal(p,s), float, boolean, date, timestamp."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["string", "integer", "decimal", "float", "boolean", "date", "timestamp"]
KINDS: tuple[Kind, ...] = ("string", "integer", "decimal", "float", "boolean", "date", "timestamp")
NUMERIC: frozenset[Kind] = frozenset({"integer", "decimal", "float"})
MAX_PRECISION = 38
ALLOWED = "string, integer, decimal(p,s), float, boolean, date, timestamp"
TYPE_PATTERN = (
    r"^\s*(string|integer|float|boolean|date|timestamp|decimal\s*\(\s*\d{1,2}\s*,\s*\d{1,2}\s*\))\s*$"
)
_DECIMAL = re.compile(r"decimal\s*\(\s*(\d{1,2})\s*,\s*(\d{1,2})\s*\)", re.ASCII)
_CUT = re.compile(r"\w+\s*\(\s*\d*\s*")
_MEANT = {
    "bigint": "integer",
    "bool": "boolean",
    "char": "string",
    "datetime": "timestamp",
    "decimal": "decimal(18,2)",
    "double": "float",
    "int": "integer",
    "long": "integer",
    "money": "decimal(18,2)",
    "number": "decimal(18,2)",
    "numeric": "decimal(18,2)",
    "real": "float",
    "str": "string",
    "text": "string",
    "time": "timestamp",
    "varchar": "string",
}


@dataclass(frozen=True, slots=True)
class FieldType:
    """A field's type; `precision` and `scale` (digits) belong to decimals only."""

    kind: Kind
    precision: int | None = None
    scale: int | None = None

    def __str__(self) -> str:
        return f"decimal({self.precision},{self.scale})" if self.kind == "decimal" else self.kind

    @property
    def numeric(self) -> bool:
        """Whether numeric tolerances apply."""
        return self.kind in NUMERIC


def parse_type(text: str) -> FieldType:
    """Read ``decimal(18,2)`` and the other type names. Raises ValueError with what is allowed."""
    word = text.strip()
    if match := _DECIMAL.fullmatch(word):
        precision, scale = int(match[1]), int(match[2])
        if not 1 <= precision <= MAX_PRECISION or scale > precision:
            raise ValueError(f"precision is 1 to {MAX_PRECISION}, scale at most the precision")
        return FieldType("decimal", precision, scale)
    if _CUT.fullmatch(word):
        raise ValueError('inside braces a type with a comma needs quotes: {type: "decimal(18,2)"}')
    for kind in KINDS:
        if word == kind and kind != "decimal":
            return FieldType(kind)
    raise ValueError(f"unknown type {text!r}{_hint(word.lower())}; allowed are {ALLOWED}")


def _hint(word: str) -> str:
    meant = (
        word if word in KINDS and word != "decimal" else _MEANT.get(word.split("(", maxsplit=1)[0].strip())
    )
    if meant is None and _DECIMAL.fullmatch(word):
        meant = word
    return f", did you mean {meant}?" if meant else ""
