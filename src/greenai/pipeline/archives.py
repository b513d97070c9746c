"""Files that somebody sent: what they are by their content, and archives expanded without harm.

Nothing of a file's name or of an archive's paths decides where bytes go, and no file grows beyond a
limit while it is expanded. Cells that look like formulas stay the texts that they are.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import tarfile
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Final

from greenai.errors import UsageError
from greenai.store.uploads import UploadFile

BLOCK: Final = 1 << 20
SMALLEST_PARQUET: Final = 12
"""Bytes: both marks, and the length of the directory between them."""
LOOK: Final = 1 << 16
"""First bytes that tell what a file is."""
LONGEST_NAME: Final = 120
_UNFIT = re.compile(r"[^\w.\- ()+=@,]", re.UNICODE)
ENCRYPTED: Final = 0x1


@dataclass(frozen=True, slots=True)
class Limits:
    """How large what is expanded may be: bytes of all files, their number, and bytes for each byte sent."""

    expanded: int = 4_000_000_000
    files: int = 200
    ratio: int = 250
    free: int = 20_000_000
    """Bytes up to which nothing is said about the ratio: small files of zeros are no bomb."""


LIMITS: Final = Limits()
MEDIA_TYPES: Final = {
    "zip": "application/zip",
    "gzip": "application/gzip",
    "tar": "application/x-tar",
    "parquet": "application/vnd.apache.parquet",
    "arrow": "application/vnd.apache.arrow.file",
    "excel": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "excel-old": "application/vnd.ms-excel",
    "spreadsheet": "application/vnd.oasis.opendocument.spreadsheet",
    "xml": "application/xml",
    "json": "application/json",
    "text": "text/plain",
}
ARCHIVES: Final = ("zip", "gzip", "tar")


def harmless_name(given: str) -> str:
    """A file's name as it is kept: its last part, without anything that means something to a path or a glob.

    Raises UsageError where nothing is left.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", given))[-1]
    name = _UNFIT.sub("_", "".join(one for one in last if one.isprintable())).strip(" .")
    if len(name) > LONGEST_NAME:
        stem, dot, suffix = name.rpartition(".")
        kept = f"{dot}{suffix}" if dot and len(suffix) < 12 else ""
        name = (stem if kept else name)[: LONGEST_NAME - len(kept)] + kept
    if not name or not any(one.isalnum() for one in name):
        raise UsageError("the file has no usable name", value=given[:120], remedy="rename it, then send it")
    return name


def kind_of(path: Path) -> str:
    """What a file is, a key of `MEDIA_TYPES`. Raises UsageError for what no source can be."""
    with path.open("rb") as file:
        start = file.read(LOOK)
    signatures = (
        (b"PAR1", "parquet"), (b"ARROW1", "arrow"), (b"\x1f\x8b", "gzip"), (b"\xd0\xcf\x11\xe0", "excel-old"),
    )  # fmt: skip
    for signature, kind in signatures:
        if start.startswith(signature):
            if kind == "parquet":
                _insist_whole(path)
            return kind
    if start.startswith(b"PK\x03\x04"):
        return _zip_kind(path)
    if start[257:262] == b"ustar":
        return "tar"
    if not start:
        raise UsageError("the file is empty", remedy="send the whole file")
    text = start.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")) or b"\x00" not in start
    if not text or start.startswith((b"%PDF", b"\x7fELF", b"MZ", b"\x89PNG", b"\xff\xd8\xff", b"#!")):
        raise UsageError(
            "the file is no table",
            remedy="send CSV, Excel, Parquet, Arrow, JSON or XML, or these in a zip, gz or tar",
        )
    head = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith(b"<?xml"):
        return "xml"
    return "json" if head.startswith((b"{", b"[{", b"[\n", b"[]")) else "text"


def _insist_whole(path: Path) -> None:
    """A Parquet file ends as it begins; one that was cut short has lost the directory of its columns."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(size - 4, 0))
        end = file.read()
    if size < SMALLEST_PARQUET or end != b"PAR1":
        raise UsageError("the Parquet file is not whole: its end is missing", remedy="send the whole file")


def _zip_kind(path: Path) -> str:
    with _readable(), zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
    if "[Content_Types].xml" in names:
        return "excel"
    return "spreadsheet" if {"mimetype", "content.xml"} <= names else "zip"


def unpacked(path: Path, name: str, folder: Path, limits: Limits = LIMITS) -> tuple[UploadFile, ...]:
    """Put the files of what was sent into a folder: itself, or what its archive holds; `path` is used up.

    Raises UsageError for what is no table, and for an archive that could do harm.
    """
    kind = kind_of(path)
    sent = path.stat().st_size
    meter = Meter(sent, limits)
    if kind in ("excel", "spreadsheet"):
        _insist_bounded(path, meter)
    if kind not in ARCHIVES:
        target = folder / name
        path.rename(target)
        return (_described(target),)
    with _readable():
        if kind == "gzip":
            inner = folder / ".inner"
            with gzip.open(path) as stream:
                _copied(stream, inner, meter)
            if kind_of(inner) == "tar":
                found = _untarred(inner, folder, Meter(sent, limits))
                inner.unlink()
            else:
                found = [inner.rename(folder / harmless_name(re.sub(r"\.(gz|gzip)$", "", name, flags=re.I)))]
        elif kind == "tar":
            found = _untarred(path, folder, meter)
        else:
            found = _unzipped(path, folder, meter)
    if not found:
        raise UsageError("the archive is empty", remedy="put files into it")
    for one in found:
        if kind_of(one) in ARCHIVES:
            raise UsageError(
                "an archive in the archive is not expanded",
                value=one.name,
                remedy="send the files themselves",
            )
        if kind_of(one) in ("excel", "spreadsheet"):
            _insist_bounded(one, Meter(one.stat().st_size, limits))
    path.unlink(missing_ok=True)
    return tuple(sorted((_described(one) for one in found), key=lambda one: one.name))


class Meter:
    """Counts what is expanded, over all files of an archive."""

    def __init__(self, sent: int, limits: Limits) -> None:
        self._sent, self._limits = max(sent, 1), limits
        self._bytes = self._files = 0

    def file(self) -> None:
        """One more file. Raises UsageError above the limit."""
        self._files += 1
        if self._files > self._limits.files:
            raise UsageError(
                f"the archive holds more than {self._limits.files} files", remedy="send several archives"
            )

    def count(self, size: int) -> None:
        """So many bytes more. Raises UsageError above a limit."""
        self._bytes += size
        if self._bytes > self._limits.expanded:
            raise UsageError(
                f"expanded, it has more than {self._limits.expanded:,} bytes", remedy="send smaller files"
            )
        if self._bytes > self._limits.free and self._bytes > self._sent * self._limits.ratio:
            raise UsageError(
                f"expanded, it is more than {self._limits.ratio} times as large",
                remedy="send the files themselves",
            )


def _unzipped(path: Path, folder: Path, meter: Meter) -> list[Path]:
    found = []
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            if entry.is_dir():
                continue
            meter.file()
            if entry.flag_bits & ENCRYPTED:
                raise UsageError(
                    "the archive is encrypted", value=entry.filename[:120], remedy="send it open"
                )
            mode = entry.external_attr >> 16
            if mode and (mode & 0o170000) not in (0, 0o100000):
                raise _no_file(entry.filename)
            target = _target(folder, entry.filename)
            with archive.open(entry) as stream:
                _copied(stream, target, meter)
            found.append(target)
    return found


def _untarred(path: Path, folder: Path, meter: Meter) -> list[Path]:
    found = []
    with tarfile.open(path, "r:") as archive:
        for entry in archive:
            if entry.isdir():
                continue
            meter.file()
            if not entry.isreg() or entry.issparse():
                raise _no_file(entry.name)
            target = _target(folder, entry.name)
            stream = archive.extractfile(entry)
            assert stream is not None
            with stream:
                _copied(stream, target, meter)
            found.append(target)
    return found


def _target(folder: Path, entry: str) -> Path:
    """Where an entry goes: its last part alone counts, and an entry that points elsewhere is refused."""
    path = PurePosixPath(entry.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or re.match(r"[A-Za-z]:", entry) or "\x00" in entry:
        raise UsageError(
            "the archive holds a path that leads elsewhere", value=entry[:120], remedy="pack plain files"
        )
    target = folder / harmless_name(path.name)
    if target.exists() or any(target.name.casefold() == one.name.casefold() for one in folder.iterdir()):
        raise UsageError(
            "the archive holds two files of one name", value=target.name, remedy="give each its own name"
        )
    return target


def _no_file(name: str) -> UsageError:
    return UsageError(
        "the archive holds a link or a device", value=name[:120], remedy="pack plain files and folders"
    )


def _copied(stream: IO[bytes] | gzip.GzipFile, target: Path, meter: Meter) -> None:
    with target.open("xb") as file:
        while block := stream.read(BLOCK):
            meter.count(len(block))
            file.write(block)


def _insist_bounded(path: Path, meter: Meter) -> None:
    """Refuse a spreadsheet that is a bomb: its parts are counted, whatever it says of their sizes."""
    with _readable(), zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            meter.file()
            if entry.flag_bits & ENCRYPTED:
                raise UsageError("the spreadsheet is encrypted", remedy="send it without password")
            with archive.open(entry) as stream:
                while block := stream.read(BLOCK):
                    meter.count(len(block))


def _described(path: Path) -> UploadFile:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return UploadFile(path.name, path.stat().st_size, f"sha256:{digest}")


@contextmanager
def _readable() -> Iterator[None]:
    """Turns what a broken archive raises into UsageError."""
    try:
        yield
    except (
        zipfile.BadZipFile, tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError, NotImplementedError,
        UnicodeError,
    ) as error:  # fmt: skip
        raise UsageError(
            f"the archive cannot be read: {str(error)[:200]}", remedy="pack it again, then send it"
        ) from None
