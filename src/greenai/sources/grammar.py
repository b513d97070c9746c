"""What makes a line of a text file regular, and what becomes of an irregular one.

A regular line is one that DuckDB's parallel reader is sure to read as we mean it. Everything else is
taken out line by line: split with care, or made a reject.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from greenai.sources.bytestreams import BLOCK, bad_byte
from greenai.sources.dialect import Dialect
from greenai.sources.records import Malformed, Splitter
from greenai.sources.regular import QuoteRules

Data = bytes | bytearray
Check = Callable[[Data, int, int], int]
"""The first position of trouble in ``data[at:end]``, `end` when there is none."""

_EMPTY_LINE = {b"\n": re.compile(rb"(?m)^\r?\n"), b"\r": re.compile(rb"(?:\A|(?<=\r))\r")}
REPEATED_HEADER = "repeated header"


@dataclass(frozen=True, slots=True)
class Taken:
    """What an irregular line turned out to be: cells, a reject (`why`), or nothing at all."""

    end: int
    cells: list[bytes] | None = None
    why: str | None = None


class Grammar(Protocol):
    """The rules of one file."""

    width: int

    def checks(self) -> list[Check]:
        """What can be wrong with a line besides its encoding and its length."""

    def take(self, data: bytes, at: int, final: bool) -> Taken | None:
        """The irregular record that begins at `at`; None when more data is needed to tell."""


class Trouble:
    """Finds the irregular lines of one block; remembers what each check found further on."""

    def __init__(self, grammar: Grammar, newline: bytes, data: Data, end: int) -> None:
        self._newline = newline
        self._data = data
        self._end = end
        checks = grammar.checks() if data.isascii() else [_not_utf8, *grammar.checks()]
        self._checks = [*checks, _stray_line_feed if newline == b"\r" else _stray_carriage_return]
        if end > 2 * BLOCK:
            self._checks.append(self._long_line)
        self._ahead = [-1] * len(self._checks)

    def line(self, at: int) -> int:
        """Where the first irregular line at or after `at` begins, the end of the block without one."""
        for number, check in enumerate(self._checks):
            if self._ahead[number] < at:
                self._ahead[number] = check(self._data, at, self._end)
        first = min(self._ahead)
        if first >= self._end:
            return self._end
        return max(at, self._data.rfind(self._newline, at, first) + 1)

    def _long_line(self, data: Data, at: int, end: int) -> int:
        # DuckDB's limit is 2 MB; when each window holds a line end, no line is longer than two windows.
        while at + BLOCK < end:
            if data.find(self._newline, at, at + BLOCK) < 0:
                return at
            at += BLOCK
        return end


class Delimited:
    """Rows of `width` cells in a dialect. `header` is the header line, to notice when it comes again."""

    def __init__(
        self,
        dialect: Dialect,
        width: int,
        *,
        newline: bytes,
        header: bytes,
        comment: str,
        encoding: str,
        threads: int = 1,
    ) -> None:
        self.width = width
        self.splitter = Splitter(dialect)
        self._dialect = dialect
        self._newline = newline
        self._header = header
        self._comment = comment.encode()
        self._encoding = encoding
        self._quotes = QuoteRules(dialect, newline, threads=threads)

    def checks(self) -> list[Check]:
        checks: list[Check] = []
        if self._dialect.quote:
            checks.append(self._quotes.irregular)
        if self._dialect.quote and self._dialect.escape not in ("", self._dialect.quote):
            checks.append(self._escapes)
        if self._header:
            checks.append(self._headers)
        if self._comment:
            checks.append(self._comments)
        if self.width == 1:
            checks.append(self._blanks)
        return checks

    def take(self, data: bytes, at: int, final: bool) -> Taken | None:  # noqa: PLR0911 - one case a line
        found = data.find(self._newline, at)
        if found < 0 and not final:
            return None
        line_end = len(data) if found < 0 else found + 1
        line = data[at:line_end].rstrip(b"\r\n")
        if self._comment and line.startswith(self._comment):
            return Taken(line_end)
        if not line.strip(b" ") if self.width > 1 else not line:
            return Taken(line_end)
        if self._header and line == self._header:
            return Taken(line_end, why=REPEATED_HEADER)
        if why := bad_byte(line, self._encoding):
            return Taken(line_end, why=why)
        record = self.splitter.split(data, at)
        if not final and (record.open if isinstance(record, Malformed) else record.end >= len(data)):
            return None
        if isinstance(record, Malformed):
            return Taken(line_end, why=record.why)
        if why := self.splitter.fitted(record.cells, self.width):
            # Lines inside the quotes that look like rows: the quote is a stray one, so only its line is lost.
            alone = any(self._is_row(inner) for inner in record.quoted_lines)
            return Taken(line_end if alone else record.end, why=why)
        if why := bad_byte(data[at : record.end], self._encoding):
            return Taken(record.end, why=why)
        return Taken(record.end, cells=record.cells)

    def why(self, line: bytes) -> str:
        """Why DuckDB could not take a regular line."""
        record = self.splitter.split(line, 0)
        if isinstance(record, Malformed):
            return record.why
        return self.splitter.fitted(record.cells, self.width) or "cannot be split into columns"

    def _is_row(self, line: bytes) -> bool:
        record = self.splitter.split(line, 0)
        return self.width > 1 and not isinstance(record, Malformed) and len(record.cells) == self.width

    def _escapes(self, data: Data, at: int, end: int) -> int:
        return _found(data.find(self._dialect.escape.encode(), at, end), end)

    def _headers(self, data: Data, at: int, end: int) -> int:
        found = data.find(self._header, at, end)
        while found >= 0:
            after = found + len(self._header)
            begins = found == at or data[found - 1 : found] in (b"\n", b"\r")
            if begins and (after >= end or data[after : after + 1] in (b"\r", b"\n")):
                return found
            found = data.find(self._header, found + 1, end)
        return end

    def _blanks(self, data: Data, at: int, end: int) -> int:
        # With one column DuckDB takes an empty line for an empty cell.
        match = _EMPTY_LINE[self._newline].search(data, at, end)
        return match.start() if match else end

    def _comments(self, data: Data, at: int, end: int) -> int:
        if data.startswith(self._comment, at):
            return at
        found = data.find(self._newline + self._comment, at, end)
        return end if found < 0 else found + 1


def _not_utf8(data: Data, at: int, end: int) -> int:
    try:
        codecs.utf_8_decode(memoryview(data)[at:end], "strict", True)
    except UnicodeDecodeError as error:
        return at + error.start
    return end


def _stray_carriage_return(data: Data, at: int, end: int) -> int:
    if data.find(b"\r", at, end) < 0 or data.count(b"\r", at, end) == data.count(b"\r\n", at, end):
        return end
    found = data.find(b"\r", at, end)
    while data.startswith(b"\r\n", found):
        found = data.find(b"\r", found + 1, end)
    return _found(found, end)


def _stray_line_feed(data: Data, at: int, end: int) -> int:
    return _found(data.find(b"\n", at, end), end)


def _found(position: int, end: int) -> int:
    return end if position < 0 else position
