"""What a definition means, as a number: two definitions with one fingerprint do the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from greenai.definition.model import Definition
from greenai.definition.words import Word, write_word
from greenai.definition.written import Part

VERSION = "greenai definition 1"
# Words for people, and when a run begins: neither changes what a run finds.
_NO_MEANING = frozenset({"description", "system", "schedule"})
# Lists of which every order means the same. All others (key, steps, locations, columns, formats that
# are tried in turn, context, from which the report takes its order) keep theirs.
_SETS = frozenset({"null_values", "null_if", "not_null", "unique", "allowed", "checks"})


def fingerprint(definition: Definition) -> str:
    """SHA-256 (hex) over the meaning of a definition, the same on every machine and in every process.

    Not part of the meaning: comments, the order of keys in mappings (so the order of `fields` too),
    short or long forms, values equal to the default, digits such as ``0.010``, `description`,
    `system` and `schedule`. Part of it: every rule, the recon's name, the locations as written, and the
    order of lists in which order does something (the key's order is the order of a break's key values).
    """
    text = json.dumps(_canonical(definition), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{VERSION}\n{text}".encode("utf-8", "surrogatepass")).hexdigest()


def _canonical(value: Any, name: str = "") -> Any:
    if isinstance(value, Word):
        written = write_word(value)
        if isinstance(written, str):
            return written
        return {word: _canonical(argument, word) for word, argument in written.items()}
    if isinstance(value, Part):
        return {
            key: _canonical(given, key)
            for key, field in type(value).model_fields.items()
            if key not in _NO_MEANING
            and (given := getattr(value, key)) != field.get_default(call_default_factory=True)
        }
    if isinstance(value, Mapping):
        return {key: _canonical(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        items = [_canonical(one) for one in value]
        return sorted(items, key=lambda one: json.dumps(one, sort_keys=True)) if name in _SETS else items
    return _canonical_scalar(value)


def _canonical_scalar(value: Any) -> Any:
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, (int, float, Decimal)):
        return plain_number(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def plain_number(value: float | Decimal) -> str:
    """A number in positional digits without trailing zeros: 0.010 and 1E-2 are both ``0.01``."""
    number = value if isinstance(value, Decimal) else Decimal(repr(value))
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
