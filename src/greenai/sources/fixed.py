"""Fixed-width files: cells by position in the line, counted in characters."""

from __future__ import annotations

import re
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from greenai.definition.model import FixedColumn
from greenai.sources.bytestreams import bad_byte
from greenai.sources.cleaning import clean
from greenai.sources.control import promised
from greenai.sources.dialect import Dialect
from greenai.sources.grammar import Check, Data, Taken
from greenai.sources.names import column_names
from greenai.sources.opened import opened_text
from greenai.sources.part import Part, order_matters
from greenai.sources.scan import csv_scan
from greenai.sources.spill import new_folder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from greenai.definition.model import Source
    from greenai.engines.duckdb import DuckDBEngine

# DuckDB reads the line as one cell: this control character separates nothing, and a line that holds it
# is split in Python.
_NO_DELIMITER = "\x1f"


def read_fixed(engine: DuckDBEngine, path: Path, source: Source) -> Part:
    """One fixed-width file. The blanks that pad a cell are not part of it; the cells are text.

    A line must reach into the last column; the rest of it may be cut off, as editors do with blanks. A
    header line is expected only where the definition says ``header: true`` itself.
    """
    places = [column for column in source.columns or () if isinstance(column, FixedColumn)]
    columns = column_names([place.name for place in places], path.name)
    with ExitStack() as stack:
        opened = opened_text(stack, path, source)
        if source.header and "header" in source.model_fields_set:
            opened.drop(opened.first_line())
        grammar = FixedWidth(places, opened.newline, source.comment or "", opened.encoding)
        trailer = source.control.trailer if source.control else None
        cleaned = clean(
            opened.input(), grammar, new_folder(engine), trailer=trailer, in_order=order_matters(source)
        )
    cells = [f"trim(substr(c0, {place.start}, {place.length}))" for place in places]
    # Nothing regular is ever rejected by the scan, so it needs no rejects table.
    scan = csv_scan(cleaned, Dialect(_NO_DELIMITER, "", ""), cells, columns, width=1)
    return Part(
        path,
        columns,
        scan,
        scan,
        lambda: cleaned.rejects,
        promised(source.control, cleaned.trailer, path.name),
    )


class FixedWidth:
    """Lines of fixed places. Regular: long enough, and not blank."""

    def __init__(self, places: Sequence[FixedColumn], newline: bytes, comment: str, encoding: str) -> None:
        self.width = len(places)
        self._places = places
        self._newline = newline
        self._comment = comment.encode()
        self._encoding = encoding
        self._shortest = max(place.start for place in places)
        letter = rb"(?:[\x00-\x09\x0b\x0c\x0e-\x7f\xc0-\xff][\x80-\xbf]*+)"
        ascii_line = rb"[\x00-\x09\x0b\x0c\x0e-\x7f]{%d,}+" % self._shortest
        any_line = letter + rb"{%d,}+" % self._shortest
        end = rb"(?:\r?\n|\r|\Z)"
        self._ascii = re.compile(rb"(?:" + ascii_line + end + rb")*+")
        self._any = re.compile(rb"(?:" + any_line + end + rb")*+")

    def checks(self) -> list[Check]:
        return [self._short, self._marked]

    def take(self, data: bytes, at: int, final: bool) -> Taken | None:
        found = data.find(self._newline, at)
        if found < 0 and not final:
            return None
        end = len(data) if found < 0 else found + 1
        line = data[at:end].rstrip(b"\r\n")
        if not line.strip(b" ") or (self._comment and line.startswith(self._comment)):
            return Taken(end)
        if why := bad_byte(line, self._encoding):
            return Taken(end, why=why)
        text = line.decode()
        if len(text) < self._shortest:
            return Taken(
                end, why=f"the line ends at character {len(text)}, the last column begins at {self._shortest}"
            )
        cells = [text[place.start - 1 : place.start - 1 + place.length].strip(" ") for place in self._places]
        return Taken(end, cells=[cell.encode() for cell in cells])

    def _short(self, data: Data, at: int, end: int) -> int:
        match = (self._ascii if data.isascii() else self._any).match(data, at, end)
        return match.end() if match else at

    def _marked(self, data: Data, at: int, end: int) -> int:
        places = [data.find(_NO_DELIMITER.encode(), at, end)]
        if self._comment:
            if data.startswith(self._comment, at):
                return at
            found = data.find(self._newline + self._comment, at, end)
            places.append(found + 1 if found >= 0 else -1)
        return min((place for place in places if place >= 0), default=end)
