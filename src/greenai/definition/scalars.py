"""Write one value as YAML so that every reader, of YAML 1.1 or 1.2, reads it back as it was."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from greenai.definition.fingerprint import plain_number

_PLAIN = re.compile(r"[A-Za-z_][\w./()+-]*(?: [\w./()+-]+)*", re.ASCII)
_PLAIN_IN_BLOCK = re.compile(r"[A-Za-z_][\w./()+,-]*(?: [\w./()+,-]+)*", re.ASCII)
_NOT_TEXT = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})  # in YAML 1.1 or 1.2
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\0": "\\0"}


def scalar(text: str, *, flow: bool = True) -> str:
    """A text as a YAML scalar, key or value; quoted only where needed.

    With `flow` it may stand anywhere; without, only outside of brackets (where a comma needs no quotes).

    Plain only if it begins with a letter or ``_`` and no YAML version reads it as anything but text;
    single quotes where no escape is needed (regular expressions stay readable), else double quotes.
    """
    if (_PLAIN if flow else _PLAIN_IN_BLOCK).fullmatch(text) and text.lower() not in _NOT_TEXT:
        return text
    if text.isprintable():
        return f'"{text}"' if '"' not in text and "\\" not in text else "'" + text.replace("'", "''") + "'"
    return '"' + "".join(_escaped(char) for char in text) + '"'


def value(written: object, *, flow: bool = True) -> str:
    """Any scalar of a definition as YAML: text, exact number, true or false, date, null."""
    if written is None:
        return "null"
    if isinstance(written, bool):
        return "true" if written else "false"
    if isinstance(written, (int, float, Decimal)):
        return plain_number(written)
    if isinstance(written, date):
        return scalar(written.isoformat())
    return scalar(str(written), flow=flow)


def _escaped(char: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    if char.isprintable():
        return char
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
