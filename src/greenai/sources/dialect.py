"""How a delimited file is written, and finding it out from its first lines."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from greenai.errors import UsageError

if TYPE_CHECKING:
    from greenai.definition.model import Source

_DELIMITERS = (",", ";", "\t", "|", ":", "^", "~")
_BY_EXTENSION = {".tsv": "\t", ".tab": "\t", ".psv": "|"}
_SNIFFED_LINES = 200


@dataclass(frozen=True, slots=True)
class Dialect:
    """Delimiter, quote and escape of a delimited file; an empty quote means that nothing is quoted.

    `escape` equal to `quote` means that a quote inside quotes is written twice.
    """

    delimiter: str
    quote: str = '"'
    escape: str = '"'


def sniff(text: str, source: Source, name: str) -> Dialect:
    """The dialect of a file by its first lines (after `skip_rows`); what the definition says is kept.

    A delimiter is judged by how many rows have as many cells as the first one; among equals, the one that
    makes more cells wins. A file that no delimiter splits has one column.
    """
    if source.delimiter is not None and any(c in source.delimiter for c in "\r\n"):
        raise UsageError(
            "a delimiter cannot hold a line end", remedy="set `delimiter:` to what separates cells"
        )
    quote = source.quote if source.quote is not None else _quote(text)
    escape = source.escape or quote
    if source.delimiter is not None:
        return Dialect(source.delimiter, quote, escape)
    if source.escape is None and quote and _backslashed(text, quote):
        escape = "\\"
    suffix = next((suffix for suffix in _BY_EXTENSION if suffix in Path(name.lower()).suffixes), "")
    best, score = _BY_EXTENSION.get(suffix, ","), (0.0, 0)
    candidates = (_BY_EXTENSION[suffix],) if suffix in _BY_EXTENSION else _DELIMITERS
    for delimiter in candidates:
        widths = _widths(text, Dialect(delimiter, quote, escape))
        if not widths or widths[0] < 2:
            continue
        found = (sum(width == widths[0] for width in widths) / len(widths), widths[0])
        # A delimiter that fits a little worse but much wider is usual in dirty files.
        if found[0] >= score[0] + 0.1 or (found[0] >= score[0] - 0.1 and found[1] > score[1]):
            best, score = delimiter, found
    return Dialect(best, quote, escape)


def usual_width(text: str, dialect: Dialect) -> int:
    """How many cells most of the first rows have, for a file without header."""
    widths = _widths(text, dialect)
    return Counter(widths).most_common(1)[0][0] if widths else 1


def rows_of(text: str, dialect: Dialect) -> list[list[str]]:
    """The rows of a short text, read leniently: for headers and for sniffing only."""
    if len(dialect.delimiter) > 1:
        return [line.split(dialect.delimiter) for line in text.splitlines() if line]
    if len(text) > csv.field_size_limit():
        return _long_rows(text, dialect)
    doubled = dialect.escape == dialect.quote or not dialect.escape
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=dialect.delimiter,
        quotechar=dialect.quote or None,
        quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
        doublequote=doubled,
        escapechar=None if doubled else dialect.escape,
    )
    rows: list[list[str]] = []
    try:
        for row in reader:
            if row:
                rows.append(row)
            if len(rows) == _SNIFFED_LINES:
                break
    except csv.Error:
        pass  # what was read so far is enough to judge by
    return rows


def _long_rows(text: str, dialect: Dialect) -> list[list[str]]:
    """The rows of a text whose cells may be longer than Python's reader takes; its limit is the process's."""
    from greenai.sources.records import Record, Splitter

    splitter, data, at = Splitter(dialect), text.encode(), 0
    rows: list[list[str]] = []
    while at < len(data) and len(rows) < _SNIFFED_LINES:
        record = splitter.split(data, at)
        if not isinstance(record, Record):
            break
        if data[at : record.end].strip(b"\r\n"):
            rows.append([cell.decode() for cell in record.cells])
        at = record.end
    return rows


def _widths(text: str, dialect: Dialect) -> list[int]:
    return [len(row) for row in rows_of(text, dialect)]


def _quote(text: str) -> str:
    if '"' in text or "'" not in text:
        return '"'
    lines = text.splitlines()[:_SNIFFED_LINES]
    quoted = sum(line.startswith("'") or line.rstrip().endswith("'") for line in lines)
    return "'" if quoted > 0.5 * len(lines) else '"'


def _backslashed(text: str, quote: str) -> bool:
    # `\"` at the end of a cell (a Windows folder) is no escape; followed by more text it is one.
    inside = text.count("\\" + quote)
    at_end = sum(text.count("\\" + quote + end) for end in (*_DELIMITERS, "\n", "\r"))
    return inside > at_end
