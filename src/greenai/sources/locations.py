"""Which local files a location means, and in which format they are written."""

from __future__ import annotations

import difflib
import glob
import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from greenai.definition.named_locations import is_named
from greenai.errors import MissingSourceError, UsageError
from greenai.sources.bytestreams import compression_of, open_bytes

if TYPE_CHECKING:
    from greenai.definition.model import Format

_REMOTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_VARIABLE = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)(?::([^{}]*))?\}")
_BUSINESS_DATE = "business_date"
_COMPRESSED = {".gz", ".gzip", ".zst", ".zstd", ".bz2", ".xz"}
_FORMATS: dict[str, Format] = {
    ".csv": "csv", ".tsv": "csv", ".tab": "csv", ".psv": "csv", ".txt": "csv", ".dat": "csv",
    ".parquet": "parquet", ".pq": "parquet", ".parq": "parquet",
    ".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl",
    ".xls": "excel", ".xlsx": "excel", ".xlsm": "excel", ".xlsb": "excel", ".xla": "excel", ".xlam": "excel",
    ".ods": "excel", ".xml": "xml",
    ".arrow": "arrow", ".feather": "arrow", ".ipc": "arrow", ".arrows": "arrow", ".ftr": "arrow",
}  # fmt: skip


def resolve(locations: Sequence[str], base: Path, variables: Mapping[str, str]) -> tuple[Path, ...]:
    """The files that some locations name, each once, in a stable order.

    A location is a path or a glob, relative to `base`; ``~`` and ``{variable}`` are replaced. What exists
    literally is taken literally, folder by folder, so brackets and blanks in names do no harm. Raises
    MissingSourceError where nothing is found and UsageError for remote addresses and a missing business date.
    """
    found: dict[Path, None] = {}
    for location in locations:
        found.update(dict.fromkeys(_files(location, base, variables)))
    return tuple(found)


def format_of(path: Path) -> Format:
    """The format by extension (``trades.csv.gz`` is csv), by the first bytes where it tells nothing."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    while suffixes and suffixes[-1] in _COMPRESSED:
        suffixes.pop()
    if suffixes and suffixes[-1] in _FORMATS:
        return _FORMATS[suffixes[-1]]
    return _format_of_bytes(path)


def _format_of_bytes(path: Path) -> Format:  # noqa: PLR0911 - one format a line
    with open_bytes(path, compression_of(path, None)) as stream:
        start = stream.read(512)
    if start.startswith(b"PAR1"):
        return "parquet"
    if start.startswith(b"ARROW1"):
        return "arrow"
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return "excel"
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"<?xml"):
        return "xml"
    if text.startswith(b"{"):
        return "jsonl"
    if text.startswith((b"[{", b"[\n")):
        return "json"
    return "csv"


def _files(location: str, base: Path, variables: Mapping[str, str]) -> list[Path]:
    if location.lower().startswith("file://"):
        location = unquote(urlsplit(location).path)
    if is_named(location):
        raise UsageError(
            "the location names a connection, which a platform alone knows",
            remedy="save the definition on the platform and run it there, or name a file",
            source=location,
        )
    if remote := _REMOTE.match(location):
        raise UsageError(
            f"{remote[0]} is a remote source, and this version of greenai reads local files only",
            remedy="download the file first and give its local path",
            source=_without_password(location),
        )
    literal = _absolute(location, base)
    if literal.is_file():
        return [literal]
    location = _substituted(location, variables)
    path = _absolute(location, base)
    if path.is_file():
        return [path]
    if path.is_dir():
        raise MissingSourceError(
            "this is a folder, not a file",
            remedy=f"name its files with a glob, e.g. {path.name}/*.csv",
            source=location,
        )
    if path.exists():
        raise MissingSourceError(
            "this is no regular file", remedy="write it to a file first and name that", source=location
        )
    files = [Path(name) for name in sorted(glob.glob(_pattern(path), recursive=True)) if Path(name).is_file()]  # noqa: PTH207
    if not files:
        raise MissingSourceError(_nothing(path), remedy=_nearest(path), source=location)
    return files


def _absolute(location: str, base: Path) -> Path:
    return base / Path(location).expanduser()


def _substituted(location: str, variables: Mapping[str, str]) -> str:
    """The location with its variables filled in; other braces may be part of a file's name."""

    def value(match: re.Match[str]) -> str:
        if match[1] == _BUSINESS_DATE and match[1] not in variables:
            raise UsageError(
                "the location depends on the business date, and none is given",
                remedy="give --business-date",
                source=location,
            )
        if match[2] is not None and match[1] == _BUSINESS_DATE:
            return date.fromisoformat(variables[match[1]]).strftime(match[2])
        return variables.get(match[1], match[0]) if match[2] is None else match[0]

    return _VARIABLE.sub(value, location)


def _pattern(path: Path) -> str:
    """The path as a glob in which every leading folder that exists literally stands for itself."""
    literal = Path(path.parts[0])
    rest = list(path.parts[1:])
    while rest and (literal / rest[0]).exists():
        literal /= rest.pop(0)
    return str(Path(glob.escape(str(literal)), *rest))


def _nothing(path: Path) -> str:
    return "no file matches" if glob.has_magic(str(path)) else "no such file"


def _nearest(path: Path) -> str:
    if path.parent.is_dir():
        names = [entry.name for entry in path.parent.iterdir()]
        if close := difflib.get_close_matches(path.name, names, n=1):
            return f"did you mean {close[0]}?"
        return "check the name; the folder exists but holds no such file"
    return f"check the path; the folder {path.parent} does not exist"


def _without_password(location: str) -> str:
    return re.sub(r"//[^/@]*@", "//…@", location)
