"""Values as YAML on one line, safe whatever they hold."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from greenai.definition.written import Part

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*( [A-Za-z0-9_]+)*")
# What some reader of YAML takes for something else than text (1.1 has more of them than 1.2).
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\0": "\\0"}


def flow(value: object) -> str:
    """A value in flow style: text, numbers, true and false, null, lists, mappings, parts of a definition.

    Text is left bare only where no reader can take it for anything else.
    """
    match value:
        case None:
            written = "null"
        case bool():
            written = "true" if value else "false"
        case int():
            written = str(value)
        case Decimal():
            written = f"{value:f}"
        case Part():
            written = flow(value.model_dump(exclude_unset=True))
        case str():
            written = _text(value)
        case Mapping():
            written = "{" + ", ".join(f"{flow(str(key))}: {flow(one)}" for key, one in value.items()) + "}"
        case Sequence():
            written = "[" + ", ".join(flow(one) for one in value) + "]"
        case _:
            written = _text(str(value))
    return written


def comment(text: str) -> str:
    """A sentence as a comment: one line, nothing unprintable."""
    return "# " + "".join(c if c.isprintable() else " " for c in text)


def _text(text: str) -> str:
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        return text
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
