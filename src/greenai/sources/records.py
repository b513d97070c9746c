"""Splitting one irregular record of a delimited file, with care instead of speed.

The regular lines of a file never come here: DuckDB reads those. A record comes here when its quotes span
lines or do not sit at the ends of cells, when it is escaped with something other than doubled quotes,
when it is very long, or when it has to be explained why it is a reject.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from greenai.sources.dialect import Dialect


@dataclass(frozen=True, slots=True)
class Record:
    """The cells of a record and where it ends (after its line end)."""

    cells: list[bytes]
    end: int
    quoted_lines: tuple[bytes, ...] = ()
    """Whole lines inside quoted cells: neither the first nor the last line of a cell."""


@dataclass(frozen=True, slots=True)
class Malformed:
    """Why the record cannot be split; `open` when its last quote has no end in the data at hand."""

    why: str
    open: bool = False


class Splitter:
    """Splits records of one dialect, given as bytes of UTF-8."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self._delimiter = dialect.delimiter.encode()
        self._quote = dialect.quote.encode()
        self._escape = dialect.escape.encode()
        self._doubled = not self._quote or self._escape in (self._quote, b"")

    @cached_property
    def _unquoted(self) -> re.Pattern[bytes]:
        escaped = b"" if self._doubled else re.escape(self._escape) + rb"[^\r\n]|"
        if self._doubled and len(self._delimiter) == 1:
            return re.compile(rb"[^\r\n" + re.escape(self._delimiter) + rb"]*+")
        return re.compile(
            rb"(?:" + escaped + rb"(?!" + re.escape(self._delimiter) + rb")[^\r\n])*+", re.DOTALL
        )

    @cached_property
    def _quoted(self) -> re.Pattern[bytes]:
        quote = re.escape(self._quote)
        if self._doubled:
            return re.compile(
                rb"[^" + quote + rb"]*+(?:" + quote * 2 + rb"[^" + quote + rb"]*+)*+", re.DOTALL
            )
        escape = re.escape(self._escape)
        return re.compile(rb"(?:[^" + quote + escape + rb"]++|" + escape + rb".)*+", re.DOTALL)

    def split(self, data: bytes, start: int) -> Record | Malformed:
        """The record that begins at `start`. Blanks around a quoted cell do not belong to it."""
        cells: list[bytes] = []
        inner: list[bytes] = []
        at = start
        while True:
            opening = self._opening(data, at)
            if opening is None:
                match = self._unquoted.match(data, at)
                end = match.end() if match else at
                cell = data[at:end]
                cells.append(cell if self._doubled else self._unescaped(cell))
            else:
                match = self._quoted.match(data, opening)
                end = match.end() if match else opening
                if end >= len(data):
                    return Malformed(f"the quote that opens cell {len(cells) + 1} is never closed", open=True)
                cell = data[opening:end]
                if b"\n" in cell:
                    inner += cell.splitlines()[1:-1]
                cells.append(self._unescaped(cell))
                end = _after_blanks(data, end + 1, self._delimiter)
            if data.startswith(self._delimiter, end):
                at = end + len(self._delimiter)
            elif end >= len(data):
                return Record(cells, end, tuple(inner))
            elif data[end : end + 1] in (b"\r", b"\n"):
                step = 2 if data.startswith(b"\r\n", end) else 1
                return Record(cells, end + step, tuple(inner))
            else:
                return Malformed(f"text follows the closing quote of cell {len(cells)}")

    def fitted(self, cells: list[bytes], width: int) -> str | None:
        """Why the cells do not fit a width, None when they do; empty cells beyond it are dropped."""
        found = len(cells)
        if found > width and not any(cells[width:]):
            del cells[width:]
        if len(cells) == width:
            return None
        kind = "too many" if found > width else "too few"
        return f"{kind} cells: {found} instead of {width}"

    def _opening(self, data: bytes, at: int) -> int | None:
        """Where the text of a quoted cell begins, None for an unquoted cell."""
        if not self._quote:
            return None
        at = _after_blanks(data, at, self._delimiter)
        return at + 1 if data.startswith(self._quote, at) else None

    def _unescaped(self, cell: bytes) -> bytes:
        if self._doubled:
            return cell.replace(self._quote * 2, self._quote)
        return re.sub(re.escape(self._escape) + rb"(.)", rb"\1", cell, flags=re.DOTALL)


def _after_blanks(data: bytes, at: int, delimiter: bytes) -> int:
    while data[at : at + 1] == b" " and delimiter != b" ":
        at += 1
    return at
