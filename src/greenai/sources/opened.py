"""A text file opened: decompressed, as UTF-8, with its first bytes at hand."""

from __future__ import annotations

import re
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from greenai.errors import UnreadableSourceError
from greenai.sources.bytestreams import BLOCK, Bytes, Utf8Stream, compression_of, encoding_of, open_bytes
from greenai.sources.cleaning import Input

if TYPE_CHECKING:
    from greenai.definition.model import Source

_HEAD = 1 << 18
_QUOTES = re.compile(rb"[\"']")


class OpenedText:
    """A text file opened and looked at: `head` holds its first bytes as UTF-8, without a mark."""

    def __init__(
        self, path: Path, head: bytes, stream: Bytes, *, encoding: str, plain: Path | None, mark: int
    ) -> None:
        self.path = path
        self.head = head
        self.stream = stream
        self.encoding = encoding
        self.plain = plain
        self.offset = mark
        self.line = 1
        self.skip = 0
        first = min((at for at in (head.find(b"\n"), head.find(b"\r")) if at >= 0), default=-1)
        self.newline = (
            b"\r" if first >= 0 and head[first : first + 1] == b"\r" and b"\n" not in head else b"\n"
        )
        self.crlf = self.newline == b"\n" and head.startswith(b"\r\n", first)

    def beginning(self, size: int) -> bytes:
        """Whole lines of about `size` bytes, at least one line."""
        end = self.head.rfind(self.newline, 0, size) + 1 or self.head.find(self.newline) + 1
        return self.head[: end or len(self.head)]

    def more(self) -> bool:
        """Read on, so that `head` grows; whether there was more."""
        raw = self.stream.read(BLOCK)
        self.head += raw
        return bool(raw)

    def first_line(self) -> int:
        """Where the first line of `head` ends, after its line end."""
        while (end := self.head.find(self.newline) + 1) == 0 and self.more():
            pass
        return end or len(self.head)

    def drop(self, end: int, *, header: bool = False) -> None:
        """Take ``head[:end]`` off, whole lines that are no data.

        DuckDB skips records, not lines: where the two may differ the file is not scanned in place.
        """
        dropped, self.head = self.head[:end], self.head[end:]
        lines = dropped.count(self.newline)
        ends = (dropped.count(b"\r"), dropped.count(b"\n"))
        if ends != ((lines, lines) if self.crlf else (0, lines)) or (
            lines > 1 if header else _QUOTES.search(dropped)
        ):
            self.plain = None
        self.line += lines
        self.skip += lines
        self.offset += end

    def input(self) -> Input:
        """What is left, for the cleaning pass."""
        name, line = self.path.name, self.line
        return Input(
            name, self.head, self.stream, self.newline, self.crlf, line, self.skip, self.offset, self.plain
        )


def opened_text(stack: ExitStack, path: Path, source: Source) -> OpenedText:
    """Open a text file, find its compression and encoding, and drop its `skip_rows` first lines."""
    compression = compression_of(path, source.compression)
    stream = stack.enter_context(open_bytes(path, compression))
    start = _at_least(stream, _HEAD)
    if not start:
        raise UnreadableSourceError(
            "the file is empty (0 bytes)", remedy="check that it was written completely", source=path.name
        )
    encoding, mark = encoding_of(start, source.encoding, path.name)
    if encoding == "utf-8":
        plain = path if compression == "none" else None
        opened = OpenedText(path, start[mark:], stream, encoding=encoding, plain=plain, mark=mark)
    else:
        recoded = Utf8Stream(_Joined(start[mark:], stream), encoding)
        opened = OpenedText(path, _at_least(recoded, _HEAD), recoded, encoding=encoding, plain=None, mark=0)
    for _ in range(source.skip_rows):
        opened.drop(opened.first_line())
    return opened


class _Joined:
    """Bytes that were read already, then the rest of their stream."""

    def __init__(self, head: bytes, stream: Bytes) -> None:
        self._head = head
        self._stream = stream

    def read(self, size: int, /) -> bytes:
        if self._head:
            part, self._head = self._head[:size], self._head[size:]
            return part
        return self._stream.read(size)


def _at_least(stream: Bytes, size: int) -> bytes:
    parts: list[bytes] = []
    while size > 0 and (raw := stream.read(BLOCK)):
        parts.append(raw)
        size -= len(raw)
    return b"".join(parts)
