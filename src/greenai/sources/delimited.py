"""CSV and its relatives: the dialect, the header, and a lazy parallel scan by DuckDB."""

from __future__ import annotations

from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from greenai.errors import FieldError, UnreadableSourceError
from greenai.sources.base import RejectedRow
from greenai.sources.bytestreams import bad_byte, readable
from greenai.sources.cleaning import LINE_LIMIT, Cleaned, clean, shown
from greenai.sources.control import promised
from greenai.sources.dialect import Dialect, sniff, usual_width
from greenai.sources.grammar import Delimited
from greenai.sources.names import column_names
from greenai.sources.opened import OpenedText, opened_text
from greenai.sources.part import Part, order_matters
from greenai.sources.records import Malformed, Record, Splitter
from greenai.sources.scan import csv_scan, lines_at, rejected_offsets
from greenai.sources.spill import new_folder

if TYPE_CHECKING:
    from greenai.definition.model import Source
    from greenai.engines.duckdb import DuckDBEngine

_SNIFFED = 1 << 16


def read_delimited(engine: DuckDBEngine, path: Path, source: Source) -> Part:
    """One delimited file. Cells are text, an empty cell is an empty text; nothing is trimmed or cast.

    Raises UnreadableSourceError for an empty file, FieldError for a header that cannot name columns.
    """
    with ExitStack() as stack:
        opened = opened_text(stack, path, source)
        text = readable(opened.beginning(_SNIFFED))
        dialect = sniff(text, source, path.name)
        columns, header = _columns(opened, source, dialect, text)
        grammar = Delimited(
            dialect,
            len(columns),
            newline=opened.newline,
            header=header,
            comment=source.comment or "",
            encoding=opened.encoding,
            threads=_threads(engine),
        )
        trailer = source.control.trailer if source.control else None
        cleaned = clean(
            opened.input(), grammar, new_folder(engine), trailer=trailer, in_order=order_matters(source)
        )
    table = engine.fresh("rejects")
    cells = [f"c{at}" for at in range(len(columns))]
    return Part(
        path,
        columns,
        csv_scan(cleaned, dialect, cells, columns, rejects=table),
        csv_scan(cleaned, dialect, cells, columns),
        partial(_rejects, engine, table, path.name, cleaned, grammar),
        promised(source.control, cleaned.trailer, path.name),
    )


def _threads(engine: DuckDBEngine) -> int:
    ((threads,),) = engine.execute("SELECT current_setting('threads')")
    return int(threads)


def _columns(
    opened: OpenedText, source: Source, dialect: Dialect, text: str
) -> tuple[tuple[str, ...], bytes]:
    """The names of the columns, and the header line to look out for further on (empty without one)."""
    name = opened.path.name
    given = [column for column in source.columns or () if isinstance(column, str)]
    if not source.header:
        width = len(given) or usual_width(text, dialect)
        return column_names(given or [""] * width, name), b""
    header = _header(opened, source, dialect)
    if given and len(given) != len(header.cells):
        raise FieldError(
            f"`columns` names {len(given)} columns, but the header has {len(header.cells)}",
            remedy="name all columns, or leave `columns` out to use the header",
            source=name,
        )
    line = opened.head[: header.end].rstrip(b"\r\n")
    opened.drop(header.end, header=True)
    return column_names(given or [cell.decode() for cell in header.cells], name), line


def _header(opened: OpenedText, source: Source, dialect: Dialect) -> Record:
    """The header record, at the beginning of ``opened.head`` once blank and comment lines are dropped."""
    comment = (source.comment or "").encode()
    while (end := opened.first_line()) > 0:
        line = opened.head[:end]
        if line.strip(b" \r\n") and not (comment and line.startswith(comment)):
            break
        opened.drop(end)
    name = opened.path.name
    if not opened.head:
        raise UnreadableSourceError(
            "there is no header line",
            remedy="check `skip_rows`, or set `header: false` and `columns`",
            source=name,
        )
    splitter = Splitter(dialect)
    record = splitter.split(opened.head, 0)
    while _may_go_on(record, opened.head) and opened.more():
        record = splitter.split(opened.head, 0)
    if isinstance(record, Malformed):
        raise UnreadableSourceError(
            f"the header cannot be split: {record.why}",
            remedy="check `quote`, `delimiter` and `skip_rows`",
            source=name,
            line=opened.line,
        )
    header = opened.head[: record.end]
    if b"\0" in header:
        raise UnreadableSourceError(
            "this is not a text file: its first line holds NUL bytes",
            remedy="name its `format:`, or its `encoding:` if it is text",
            source=name,
        )
    if why := bad_byte(header, opened.encoding):
        raise UnreadableSourceError(
            f"the header cannot be read: {why}",
            remedy="set `encoding:`, e.g. cp1252",
            source=name,
            line=opened.line,
        )
    return record


def _may_go_on(record: Record | Malformed, head: bytes) -> bool:
    unfinished = record.open if isinstance(record, Malformed) else record.end >= len(head)
    return unfinished and len(head) < LINE_LIMIT


def _rejects(
    engine: DuckDBEngine, table: str, name: str, cleaned: Cleaned, grammar: Delimited
) -> list[RejectedRow]:
    """What the cleaning pass and DuckDB's scan could not split, in the order of lines."""
    found = list(cleaned.rejects)
    if cleaned.path is not None:
        for line, raw in lines_at(cleaned, rejected_offsets(engine, table, name)):
            # Blanks alone are an empty line to a reader of the file.
            if grammar.width == 1 or raw.strip(b" \r\n"):
                found.append(RejectedRow(name, line, shown(raw), grammar.why(raw)))
    return sorted(found, key=lambda reject: reject.line or 0)
