"""Files as streams of bytes: decompressed, and re-encoded to UTF-8 without losing a byte.

Bytes that do not decode travel as lone surrogates written in UTF-8, which is not valid UTF-8: so the
cleaning pass finds every line that holds one, whatever the encoding was, and makes it a reject.
"""

from __future__ import annotations

import bz2
import codecs
import errno
import gzip
import lzma
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Protocol, cast

from greenai.errors import EngineError, MissingSourceError, UnreadableSourceError, UsageError

# Two blocks are shorter than the longest line that DuckDB reads by default, 2,000,000 bytes.
BLOCK = 960_000
_MAGIC = ((b"\x1f\x8b", "gzip"), (b"\x28\xb5\x2f\xfd", "zstd"), (b"BZh", "bz2"), (b"\xfd7zXZ\x00", "xz"))
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip
_BAD_BYTE = 0xDC00
ESCAPED = "greenai-escaped"
READABLE = "greenai-readable"


class Bytes(Protocol):
    """All that is asked of a stream: some bytes (at most `size`), none at the end."""

    def read(self, size: int, /) -> bytes: ...


def compression_of(path: Path, declared: str | None) -> str:
    """How the bytes are compressed: as declared, else as the first bytes of the file say."""
    if declared is not None:
        return declared
    with open_bytes(path, "none") as stream:
        start = stream.read(6)
    return next((name for magic, name in _MAGIC if start.startswith(magic)), "none")


@contextmanager
def open_bytes(path: Path, compression: str) -> Iterator[IO[bytes]]:
    """The decompressed bytes of a file. Raises UnreadableSourceError where the compression is damaged."""
    try:
        stream = _opened(path, compression)
    except FileNotFoundError as error:
        raise MissingSourceError("no such file", remedy="check the path", source=str(path)) from error
    except OSError as error:
        raise _unreadable(path, error.strerror or str(error), "check that you may read it") from error
    try:
        yield stream
    except (OSError, EOFError, zlib.error, lzma.LZMAError) as error:
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:
            raise EngineError(
                "no space left", remedy="free disk space in the temporary folder (TMPDIR)"
            ) from error
        raise _unreadable(
            path,
            f"damaged or truncated ({error})",
            f"check that the file is complete and its compression is {compression}",
        ) from error
    finally:
        stream.close()


def _opened(path: Path, compression: str) -> IO[bytes]:
    if compression == "gzip":
        return cast("IO[bytes]", gzip.open(path, "rb"))
    if compression == "bz2":
        return bz2.open(path, "rb")
    if compression == "xz":
        return lzma.open(path, "rb")
    if compression == "zstd":
        import pyarrow

        return cast("IO[bytes]", pyarrow.input_stream(str(path), compression="zstd"))
    return path.open("rb", buffering=0)


def encoding_of(start: bytes, declared: str | None, source: str) -> tuple[str, int]:
    """The normalised encoding of a stream and how many bytes of mark to skip, by its first bytes.

    A byte order mark wins where the declared encoding is of its family or none is declared.
    """
    name = _normalised(declared, source) if declared else None
    for mark, encoding in _MARKS:
        if start.startswith(mark) and (name is None or name.split("-")[:2] == encoding.split("-")[:2]):
            return encoding, len(mark)
    if name is not None:
        # Without a mark, plain "utf-16" is what nearly every machine writes: little-endian.
        return ({"utf-16": "utf-16-le", "utf-32": "utf-32-le"}.get(name, name), 0)
    return _utf16_by_nulls(start) or "utf-8", 0


def _utf16_by_nulls(start: bytes) -> str | None:
    even, odd = start[0:512:2], start[1:512:2]
    if len(odd) >= 2 and odd.count(0) > 0.7 * len(odd) and even.count(0) == 0:
        return "utf-16-le"
    if len(odd) >= 2 and even.count(0) > 0.7 * len(even) and odd.count(0) == 0:
        return "utf-16-be"
    return None


def _normalised(encoding: str, source: str) -> str:
    try:
        name = codecs.lookup(encoding).name
        "".encode(name)  # refuses codecs that are not of text, such as base64
    except LookupError as error:
        raise UsageError(
            f"unknown encoding {encoding!r}",
            remedy="use a name such as utf-8, cp1252 or shift_jis",
            source=source,
        ) from error
    return {"utf-8-sig": "utf-8", "ascii": "utf-8"}.get(name, name)


class Utf8Stream:
    """A stream in another encoding, read as UTF-8; bytes that do not decode become escapes."""

    def __init__(self, stream: Bytes, encoding: str) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(encoding)(errors=ESCAPED)
        self._ended = False

    def read(self, size: int, /) -> bytes:
        """What about `size` bytes of the file decode to; empty at the end."""
        while not self._ended:
            raw = self._stream.read(size)
            self._ended = not raw
            if text := self._decoder.decode(raw, final=not raw):
                return text.encode("utf-8", "surrogatepass")
        return b""


def readable(line: bytes) -> str:
    """Bytes of a line as text for a person: bytes that do not decode are shown as cp1252 reads them."""
    return _unescaped(line.decode("utf-8", READABLE))


def bad_byte(line: bytes, encoding: str) -> str | None:
    """What is wrong with the encoding of a line that should be UTF-8; None when nothing is."""
    try:
        line.decode("utf-8")
    except UnicodeDecodeError as error:
        text = line[: error.start].decode("utf-8", "surrogatepass")
        byte = line[error.start]
        if byte == 0xED and encoding != "utf-8":
            byte = ord(line[error.start : error.start + 3].decode("utf-8", "surrogatepass")) - _BAD_BYTE
        shown = bytes([byte]).decode("cp1252", "replace")
        hint = f" (in cp1252 it is {shown!r})" if byte >= 0x80 and shown != "\ufffd" else ""
        return (
            f"byte 0x{byte:02X} at character {len(text) + 1} is not {encoding}{hint}; "
            "set `encoding:` to the file's encoding"
        )
    return None


def _unescaped(text: str) -> str:
    if not any(_BAD_BYTE <= ord(c) <= _BAD_BYTE + 0xFF for c in text):
        return text
    return "".join(
        _as_cp1252(bytes([ord(c) - _BAD_BYTE])) if _BAD_BYTE <= ord(c) <= _BAD_BYTE + 0xFF else c
        for c in text
    )


def _as_cp1252(raw: bytes) -> str:
    try:
        return raw.decode("cp1252")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _escape(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "".join(chr(_BAD_BYTE + byte) for byte in error.object[error.start : error.end]), error.end


def _show(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    escape = error.object[error.start : error.start + 3]
    with_surrogate = escape.decode("utf-8", "surrogatepass") if _is_escape(escape) else ""
    if with_surrogate:
        return with_surrogate, error.start + 3
    return "".join(_as_cp1252(bytes([byte])) for byte in error.object[error.start : error.end]), error.end


def _is_escape(raw: bytes) -> bool:
    return len(raw) == 3 and raw[0] == 0xED and 0xB0 <= raw[1] <= 0xB3 and 0x80 <= raw[2] <= 0xBF


def _unreadable(path: Path, message: str, remedy: str) -> UnreadableSourceError:
    return UnreadableSourceError(message, remedy=remedy, source=path.name)


# A codec's error handler may return surrogates only as text, hence the two names.
cast("Any", codecs).register_error(ESCAPED, _escape)
cast("Any", codecs).register_error(READABLE, _show)
