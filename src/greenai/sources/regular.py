"""Whether the quotes of a block are regular: each opens or closes a whole cell on one line, or is mere text.

Nearly every block is, so it is first matched as a whole by RE2 (in Arrow's compute library), which is a
state machine, runs on all cores and cannot say where it failed. Python's own expression then finds where.
"""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property

from greenai.sources.dialect import Dialect

_WORTH_RE2 = 1 << 16


class QuoteRules:
    """The regular use of quotes in a dialect whose lines end in `newline`, looked at by up to `threads`."""

    def __init__(self, dialect: Dialect, newline: bytes, *, threads: int = 1) -> None:
        self._threads = threads
        self._newline = newline
        self._quote = dialect.quote.encode()
        self._delimiter = dialect.delimiter.encode()
        # The block that RE2 refused: from there on it is cheaper to look from one irregular line to the next.
        self._refused: bytes | bytearray | None = None

    def irregular(self, data: bytes | bytearray, at: int, end: int) -> int:
        """Where in ``data[at:end]`` (whole lines) the first irregular quote is, `end` when there is none."""
        first = data.find(self._quote, at, end)
        if first < 0:
            return end
        start = max(at, data.rfind(self._newline, at, first) + 1)
        if end - start > _WORTH_RE2 and self._whole is not None and data is not self._refused:
            if self._all(data, start, end):
                return end
            self._refused = data
        match = self._located.match(data, start, end)
        return match.end() if match else first

    @cached_property
    def _located(self) -> re.Pattern[bytes]:
        quote, delimiter = re.escape(self._quote), re.escape(self._delimiter)
        inside = rb"[^" + quote + rb"\r\n]*+"
        opening = rb"(?:(?<=" + delimiter + rb")|(?<=" + self._newline + rb")|\A)"
        closing = quote + rb"(?=" + delimiter + rb"|[\r\n]|\Z)"
        cell = opening + quote + inside + rb"(?:" + quote * 2 + inside + rb")*+" + closing
        # A quote after other text is text; after a blank it may be either, which is for the careful splitter.
        text = rb"(?<!" + delimiter + rb")(?<![\s" + quote + rb"])(?<!\A)" + quote
        return re.compile(rb"(?:[^" + quote + rb"]*+(?:" + cell + rb"|" + text + rb"))*+[^" + quote + rb"]*+")

    @cached_property
    def _whole(self) -> str | None:
        if len(self._delimiter) != 1:
            return None
        quote, delimiter = rf"\x{self._quote[0]:02x}", rf"\x{self._delimiter[0]:02x}"
        after = rf"[{delimiter}\r\n]"
        text = rf"[ \t]*(?:[^ \t{quote}{delimiter}\r\n][^{delimiter}\r\n]*)?"
        if self._delimiter in (b" ", b"\t"):
            text = rf"(?:[^\s{quote}{delimiter}][^{delimiter}\r\n]*)?"
        return rf"\A(?:{text}{after}|{quote}(?:[^{quote}\r\n]|{quote}{quote})*{quote}{after})*\z"

    def _all(self, data: bytes | bytearray, start: int, end: int) -> bool:
        import pyarrow as pa
        import pyarrow.compute as pc

        buffer = pa.py_buffer(data)

        def fits(piece: tuple[int, int]) -> bool:
            offsets = pa.array(piece, pa.int32()).buffers()[1]
            block = pa.Array.from_buffers(pa.binary(), 1, [None, offsets, buffer])
            return bool(pc.match_substring_regex(block, pattern=self._whole)[0].as_py())

        pieces = self._pieces(data, start, end)
        if len(pieces) == 1:
            return fits(pieces[0])
        # Threads of this call alone: they cost far less than a block, and nobody else waits for them.
        with ThreadPoolExecutor(
            min(len(pieces), self._threads), thread_name_prefix="greenai-quotes"
        ) as workers:
            return all(workers.map(fits, pieces))

    def _pieces(self, data: bytes | bytearray, start: int, end: int) -> list[tuple[int, int]]:
        """The block in about as many pieces as there are threads, cut at line ends."""
        size = max(_WORTH_RE2, (end - start) // self._threads + 1)
        pieces = []
        while start < end:
            cut = end if start + size >= end else data.rfind(self._newline, start, start + size) + 1 or end
            pieces.append((start, cut))
            start = cut
        return pieces
