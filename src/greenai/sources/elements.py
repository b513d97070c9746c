"""XML: one row per element at a path, streamed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING
from xml.parsers import expat

from greenai.errors import UnreadableSourceError
from greenai.sources.base import RejectedRow
from greenai.sources.opened import opened_text
from greenai.sources.part import Part
from greenai.sources.rows import part_of_rows
from greenai.sources.spill import TextRows, new_folder

if TYPE_CHECKING:
    from greenai.definition.model import Source
    from greenai.engines.duckdb import DuckDBEngine

_DECLARED = 200


def read_xml(engine: DuckDBEngine, path: Path, source: Source) -> Part:
    """The elements at `row_path` (``trades/trade``; without one, the children of the root) as rows.

    Attributes and child elements are columns; what lies deeper is named by its path (``price.currency``),
    a repeated child ``leg[2]``. An empty element is an empty text, an absent one null. Documents that
    declare entities are refused. Raises UnreadableSourceError with the line where the XML breaks.
    """
    rows = TextRows(new_folder(engine))
    reader = _Rows(source.row_path, rows.append_dict)
    # The parser finds the encoding of a document by itself; the bytes come as UTF-8 where we were told it.
    with ExitStack() as stack:
        opened = opened_text(stack, path, source)
        as_it_is = source.encoding is None and opened.encoding == "utf-8"
        declared = None if as_it_is and _says_encoding(opened.head) else "utf-8"
        parser = expat.ParserCreate(declared)
        parser.buffer_text = True
        parser.StartElementHandler = reader.start
        parser.EndElementHandler = reader.end
        parser.CharacterDataHandler = reader.text
        parser.EntityDeclHandler = _refuse
        try:
            data = opened.head
            while data:
                parser.Parse(data, False)
                data = opened.stream.read(1 << 19)
            parser.Parse(b"", True)
        except (expat.ExpatError, ValueError, LookupError) as error:
            raise UnreadableSourceError(
                f"this is no XML: {error}",
                remedy="check that the file is complete, and its `encoding:`",
                source=path.name,
                line=parser.CurrentLineNumber,
            ) from error
        except _EntityError as error:
            raise UnreadableSourceError(
                f"the document declares the entity {error.args[0]!r}, which may be an attack",
                remedy="remove the entity declarations from the document",
                source=path.name,
                line=parser.CurrentLineNumber,
            ) from error
    if not rows.count:
        raise UnreadableSourceError(
            f"there is no element {source.row_path or 'below the root'}",
            remedy=f"set `row_path:` to one of {', '.join(reader.seen[:5])}"
            if reader.seen
            else "check the file",
            source=path.name,
        )
    return part_of_rows(path, source, rows, list[RejectedRow]())


class _EntityError(Exception):
    """An entity declaration in a document."""


def _refuse(name: str, *_: object) -> None:
    raise _EntityError(name)


def _says_encoding(head: bytes) -> bool:
    start = head[:_DECLARED]
    return start.startswith(b"<?xml") and b"encoding" in start.split(b"?>")[0]


class _Rows:
    """Turns the events of a parser into rows."""

    def __init__(self, row_path: str | None, found: Callable[[dict[str, str | None]], None]) -> None:
        self._wanted = [step for step in (row_path or "").split("/") if step]
        self._found = found
        self._path: list[str] = []
        self._row: dict[str, str | None] | None = None
        self._depth = 0
        self._texts: list[list[str]] = []
        self._leaf = False
        self.seen: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._path.append(_local(name))
        self._leaf = True
        if self._row is None:
            if self._begins_row():
                self._row, self._depth = {}, len(self._path)
            else:
                self._remember()
                return
        self._texts.append([])
        for attribute, value in attributes.items():
            self._put(".".join([*self._path[self._depth :], _local(attribute)]), value)

    def text(self, data: str) -> None:
        if self._row is not None:
            self._texts[-1].append(data)

    def end(self, _: str) -> None:
        if self._row is not None:
            text = "".join(self._texts.pop())
            inside = ".".join(self._path[self._depth :])
            if len(self._path) == self._depth:
                if text.strip():
                    self._put("text", text)
                self._found(self._row)
                self._row = None
            elif self._leaf or text.strip():
                self._put(inside, text)
        self._leaf = False
        self._path.pop()

    def _begins_row(self) -> bool:
        if not self._wanted:
            return len(self._path) == 2
        return self._path[-len(self._wanted) :] == self._wanted

    def _remember(self) -> None:
        path = "/".join(self._path)
        if len(self.seen) < 20 and len(self._path) > 1 and path not in self.seen:
            self.seen.append(path)

    def _put(self, name: str, value: str) -> None:
        assert self._row is not None
        unique, times = name, 1
        while unique in self._row:
            times += 1
            unique = f"{name}[{times}]"
        self._row[unique] = value


def _local(name: str) -> str:
    """The name without its namespace prefix."""
    return name.rpartition(":")[2]
