"""Looking through the regular beginning of a file, nearly always all of it, in one buffer.

Most files have nothing irregular, and most of the time spent on one would be the memory of its blocks: so
they are read into the same few bytes again and again, and become objects of their own only at the first
irregular line.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from greenai.sources.bytestreams import BLOCK
from greenai.sources.grammar import Data, Grammar, Trouble

if TYPE_CHECKING:
    from greenai.sources.bytestreams import Bytes


def skim(head: bytes, stream: Bytes, grammar: Grammar, newline: bytes, *, crlf: bool) -> tuple[int, bytes]:
    """How many bytes, from `head` on into `stream`, are whole regular lines; and what was read beyond them.

    Lines count as regular only while they end as `crlf` says. What is left may be regular still: it is for
    the careful pass, as all is of a stream that is no plain file.
    """
    if not isinstance(stream, io.RawIOBase) or len(head) > BLOCK:
        return 0, head
    buffer = bytearray(BLOCK)
    with memoryview(buffer) as view:
        view[: len(head)] = head
        filled, passed = len(head), 0
        while filled < BLOCK and (more := stream.readinto(view[filled:])):
            filled += more
            end = buffer.rfind(newline, 0, filled) + 1
            if not end:
                continue
            if Trouble(grammar, newline, buffer, end).line(0) < end or not same_line_ends(
                buffer, 0, end, crlf=crlf
            ):
                break
            passed += end
            view[: filled - end] = view[end:filled]
            filled -= end
        return passed, bytes(view[:filled])


def same_line_ends(data: Data, at: int, end: int, *, crlf: bool) -> bool:
    """Whether all line ends of ``data[at:end]`` are of one kind, as DuckDB needs them."""
    if not crlf:
        return data.find(b"\r", at, end) < 0
    feeds = data.count(b"\n", at, end)
    return feeds == data.count(b"\r\n", at, end) == data.count(b"\r", at, end)
