"""What stands in the cells and lines of a Markdown report: nothing in the data can become markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from greenai.reports import gate
from greenai.reports.excerpts import Pieces, alone
from greenai.reports.text import visible

LONGEST = 120
"""Characters of a value."""
_ACTIVE = re.compile(r"[\\`*{}\[\]<>&|~#!@$]|(?<![^\W_])_|_(?![^\W_])|:(?=//)|(?<=www)\.", re.IGNORECASE)


def text(given: str) -> str:
    """Text in a line of Markdown: visible, with every active character as a numeric entity."""
    return _ACTIVE.sub(lambda found: f"&#{ord(found.group())};", visible(given))


def start(given: str) -> str:
    """Text that begins a line, where a digit, a dash or a plus could begin a list."""
    escaped = text(given.strip())
    return escaped if escaped[:1].isalpha() or escaped.startswith("&") or not escaped else (
        f"&#{ord(escaped[0])};{escaped[1:]}"
    )  # fmt: skip


def code(pieces: Pieces) -> str:
    """A value; changed characters are bold, remarks about it are not code."""
    shown = ""
    for piece in pieces:
        escaped = _ACTIVE.sub(lambda found: f"&#{ord(found.group())};", piece.text)
        shown += f"<b>{escaped}</b>" if piece.kind == "changed" else escaped
    return f"<code>{shown}</code>"


def key_of(key: Sequence[str]) -> str:
    """The parts of a key, or that it is the whole input."""
    if not key:
        return gate.WHOLE_INPUT
    return " · ".join(code(alone(part, LONGEST)) for part in key)


def table_of(heads: Sequence[str], aligns: str, lines: Iterable[Sequence[str]]) -> str:
    """A table; `aligns` has ``<`` or ``>`` for each column."""
    rule = ["---:" if align == ">" else "---" for align in aligns]
    return "\n".join(f"| {' | '.join(line)} |" for line in (heads, rule, *lines))
