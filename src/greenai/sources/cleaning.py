"""The pass before the scan: it lets DuckDB's parallel reader see nothing but regular lines.

DuckDB 2.0 silently loses rows after an unclosed quote or a very long line, and refuses a whole file for
mixed line ends. So the bytes are looked through first, mostly at the speed of `memchr`. A file without
trouble is scanned in place. In any other, the regular lines are copied to the engine's spill folder from
the first irregular one on, and the irregular ones become rows or rejects here.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from greenai.errors import TooManyRejectsError
from greenai.sources.base import RejectedRow
from greenai.sources.bytestreams import BLOCK, Bytes, readable
from greenai.sources.grammar import Grammar, Taken, Trouble
from greenai.sources.skimming import same_line_ends, skim
from greenai.sources.spill import TextRows

LINE_LIMIT = 32 << 20
REJECT_LIMIT = 1_000_000
_RAW_LIMIT = 10_000
_TRAILER_ROOM = 1 << 16


@dataclass(slots=True)
class Input:
    """A text file after its header: `head` was read already, `stream` holds the rest, all as UTF-8.

    `crlf` says that lines end in two bytes. `plain` is the file itself when its bytes are UTF-8 as they
    are, so that it can be scanned in place; `offset` and `line` say where `head` begins
    in it. `skip` lines lie before.
    """

    name: str
    head: bytes
    stream: Bytes
    newline: bytes
    crlf: bool
    line: int
    skip: int
    offset: int
    plain: Path | None


@dataclass(slots=True)
class Cleaned:
    """A file made safe to scan: regular lines in `path` (None: there are none), the rest in `rows`."""

    path: Path | None
    skip: int
    crlf: bool
    rows: TextRows
    rejects: list[RejectedRow]
    trailer: re.Match[str] | None = None
    marks: list[tuple[int, int]] = field(default_factory=list)
    """Offset in `path` and the line of the original file that begins there, ascending."""

    def mark(self, offset: int) -> int:
        """The number of the mark at or before an offset."""
        return max(0, bisect_right(self.marks, offset, key=lambda mark: mark[0]) - 1)


def clean(
    source: Input, grammar: Grammar, folder: Path, *, trailer: str | None = None, in_order: bool = False
) -> Cleaned:
    """Look a file through; raises what reading it raises. `trailer` is taken off the end of the data.

    The scanned file and then `rows` are in the file's order only with `in_order`: from its first irregular
    row on, all of them go to `rows`.
    """
    return _Cleaning(source, grammar, folder, trailer, in_order=in_order).run()


class _Cleaning:
    def __init__(
        self, source: Input, grammar: Grammar, folder: Path, trailer: str | None, *, in_order: bool
    ) -> None:
        self._source = source
        self._grammar = grammar
        self._copy_path = folder / source.name
        self._copy: IO[bytes] | None = None
        self._trailer = re.compile(trailer) if trailer else None
        self._line = source.line  # the line of the next byte, kept only while copying
        self._offset = source.offset  # of the next byte in the plain file
        self._continues = False  # whether the copy goes on without a gap
        self._any = False
        self._in_order = in_order
        rows = TextRows(folder, (f"c{i}" for i in range(grammar.width)))
        self._result = Cleaned(source.plain, source.skip, source.crlf, rows, [])

    def run(self) -> Cleaned:
        if self._source.plain is None or self._source.newline == b"\r":
            self._start_copy()
        data, ended = self._beginning(), False
        try:
            while not ended:
                raw = self._source.stream.read(BLOCK)
                ended = not raw
                data += raw
                if ended:
                    data = self._without_trailer(data)
                if not ended and len(data) > LINE_LIMIT and data.find(self._source.newline) < 0:
                    data, ended = self._oversized(data)
                consumed = self._block(data, self._cut(data, ended), ended)
                data = data[consumed:]
        finally:
            if self._copy is not None:
                self._copy.close()
        self._result.rows.flush()
        if not self._any:
            self._result.path = None
        elif self._copy is not None:
            self._result.path, self._result.skip, self._result.crlf = self._copy_path, 0, False
        else:
            self._result.marks = [(self._source.offset, self._source.line)]
        return self._result

    def _beginning(self) -> bytes:
        """What is to be worked through first: all before it is regular, and stays where it is."""
        source = self._source
        if self._copy is not None or self._trailer is not None:
            return source.head
        passed, rest = skim(source.head, source.stream, self._grammar, source.newline, crlf=source.crlf)
        self._any = passed > 0
        self._offset += passed
        return rest

    def _cut(self, data: bytes, ended: bool) -> int:
        if ended:
            return len(data)
        room = _TRAILER_ROOM if self._trailer else 0
        return data.rfind(self._source.newline, 0, max(0, len(data) - room)) + 1

    def _block(self, data: bytes, end: int, ended: bool) -> int:
        """Work through the whole lines of ``data[:end]``; returns how far it came."""
        trouble = Trouble(self._grammar, self._source.newline, data, end)
        at = 0
        while at < end:
            irregular = at if self._in_order and self._result.rows.count else trouble.line(at)
            if irregular > at:
                self._regular(data, at, irregular)
                at = irregular
            if at >= end:
                break
            taken = self._grammar.take(data, at, ended)
            if taken is None and len(data) - at > LINE_LIMIT:
                taken = self._grammar.take(data, at, True)
            if taken is None:
                return at
            self._irregular(data, at, taken)
            at = taken.end
        return at

    def _regular(self, data: bytes, at: int, end: int) -> None:
        self._any = True
        if self._copy is None and not same_line_ends(data, at, end, crlf=self._source.crlf):
            self._start_copy()
        if self._copy is not None:
            chunk = data[at:end]
            if not self._continues:
                self._result.marks.append((self._copy.tell(), self._line))
                self._continues = True
            self._line += chunk.count(self._source.newline)
            if b"\r" in chunk:
                chunk = chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
            self._copy.write(chunk)
        self._offset += end - at

    def _irregular(self, data: bytes, at: int, taken: Taken) -> None:
        if self._copy is None:
            self._start_copy()
        self._continues = False
        raw = data[at : taken.end]
        if taken.cells is not None:
            self._result.rows.append([cell.decode() for cell in taken.cells])
        elif taken.why is not None:
            self._reject(raw, taken.why)
        self._line += raw.count(self._source.newline)
        self._offset += len(raw)

    def _reject(self, raw: bytes, why: str) -> None:
        if len(self._result.rejects) >= REJECT_LIMIT:
            raise too_many_rejects(self._source.name)
        self._result.rejects.append(RejectedRow(self._source.name, self._line, shown(raw), why))

    def _oversized(self, data: bytes) -> tuple[bytes, bool]:
        """Swallow a line beyond the limit; returns what follows it and whether the file has ended."""
        if self._copy is None:
            self._start_copy()
        self._continues = False
        size, start = len(data), data[:_RAW_LIMIT]
        while raw := self._source.stream.read(BLOCK):
            end = raw.find(self._source.newline) + 1
            size += end or len(raw)
            if end:
                break
        self._reject(start, f"the line has {size:,} bytes, more than the limit of {LINE_LIMIT:,}")
        self._line += 1
        self._offset += size
        return (raw[end:], False) if raw else (b"", True)

    def _start_copy(self) -> None:
        """From here on copy regular lines; those passed so far are copied from the file itself."""
        self._copy = self._copy_path.open("wb")
        passed = self._offset - self._source.offset
        if self._source.plain is None or passed == 0:
            return
        self._result.marks.append((0, self._line))
        self._continues = True
        with self._source.plain.open("rb") as original:
            original.seek(self._source.offset)
            while passed > 0 and (raw := original.read(min(passed, 4 * BLOCK))):
                passed -= len(raw)
                self._line += raw.count(self._source.newline)
                # Every carriage return up to here belongs to a pair, but a pair may be cut in two.
                self._copy.write(raw.replace(b"\r", b""))

    def _without_trailer(self, data: bytes) -> bytes:
        """Take the trailer lines off the end of the data."""
        while self._trailer is not None:
            body = data.rstrip(b"\r\n ")
            start = max(body.rfind(b"\n"), body.rfind(b"\r")) + 1
            match = self._trailer.search(readable(body[start:])) if body else None
            if match is None:
                break
            self._result.trailer = self._result.trailer or match
            data = data[:start]
            if self._copy is None:
                self._start_copy()
        return data


def too_many_rejects(source: str) -> TooManyRejectsError:
    """The error for a file that is not what its definition says: to list its rejects would help nobody."""
    return TooManyRejectsError(
        f"more than {REJECT_LIMIT:,} rows cannot be read",
        remedy="check `delimiter`, `quote` and `encoding` against the file",
        source=source,
    )


def shown(raw: bytes) -> str:
    """The raw text of a reject: readable, without its line end, cut where it is very long."""
    text = readable(raw[: 4 * _RAW_LIMIT].rstrip(b"\r\n"))
    return text if len(text) <= _RAW_LIMIT else text[:_RAW_LIMIT] + "…"
