"""DuckDB's SQL for scanning cleaned text files, and where its scan met rows it could not take."""

from __future__ import annotations

import mmap
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from greenai.engines.duckdb import identifier, quoted
from greenai.sources.cleaning import REJECT_LIMIT, Cleaned, too_many_rejects
from greenai.sources.dialect import Dialect

if TYPE_CHECKING:
    from pathlib import Path

    from greenai.engines.duckdb import DuckDBEngine

_STEP = 16 << 20


def csv_scan(
    cleaned: Cleaned,
    dialect: Dialect,
    cells: Sequence[str],
    columns: Sequence[str],
    *,
    width: int | None = None,
    rejects: str | None = None,
) -> str:
    """The SELECT that reads a cleaned file: `cells` are expressions on ``c0``, ``c1`` …, named `columns`
    (`width` is how many cells DuckDB finds in a line, when not one for each column).

    With `rejects`, rows that do not fit are recorded under that name (a table, and a second one with
    ``_scan`` after it); without, they are passed over. An empty cell is an empty text, never null.
    """
    selected = ", ".join(f"{cell} AS {identifier(name)}" for cell, name in zip(cells, columns, strict=True))
    parts = []
    if cleaned.path is not None:
        parts.append(f"SELECT {selected} FROM {_read_csv(cleaned, dialect, width or len(columns), rejects)}")
    if cleaned.rows.files:
        # Irregular rows are split already, so each stands under the name of its column.
        names = ", ".join(f"c{at} AS {identifier(name)}" for at, name in enumerate(columns))
        parts.append(f"SELECT {names} FROM {parquet(cleaned.rows.files)}")
    if not parts:
        parts.append(no_rows(columns))
    return " UNION ALL ".join(parts)


def parquet(files: Sequence[Path], *, union: bool = False) -> str:
    """The table function that reads Parquet files; `union` pairs their columns by name."""
    listed = ", ".join(literal(path) for path in files)
    return f"read_parquet([{listed}]{', union_by_name = true' if union else ''})"


def no_rows(columns: Sequence[str]) -> str:
    """A SELECT with text columns and no rows."""
    return "SELECT " + ", ".join(f"NULL::VARCHAR AS {identifier(name)}" for name in columns) + " WHERE false"


def literal(path: Path | None) -> str:
    """A path quoted for DuckDB, whose glob characters stand for themselves."""
    return quoted("".join(f"[{char}]" if char in "*?[" else char for char in str(path)))


def _read_csv(cleaned: Cleaned, dialect: Dialect, width: int, rejects: str | None) -> str:
    types = ", ".join(f"'c{at}': 'VARCHAR'" for at in range(width))
    names = ", ".join(f"'c{at}'" for at in range(width))
    options = [
        "auto_detect = false",
        "header = false",
        "compression = 'none'",  # whatever the name of the copy says
        f"skip = {cleaned.skip}",
        f"delim = {quoted(dialect.delimiter)}",
        f"quote = {quoted(dialect.quote)}",
        # Cells with another escape never come to DuckDB.
        f"escape = {quoted(dialect.quote)}",
        f"new_line = '{chr(92)}{'r' + chr(92) if cleaned.crlf else ''}n'",
        f"columns = {{{types}}}",
        f"force_not_null = [{names}]",
    ]
    if rejects is None:
        options.append("ignore_errors = true")
    else:
        options += [
            "store_rejects = true",
            "rejects_limit = 0",
            f"rejects_table = {quoted(rejects)}",
            f"rejects_scan = {quoted(rejects + '_scan')}",
        ]
    return f"read_csv({literal(cleaned.path)}, {', '.join(options)})"


def rejected_offsets(engine: DuckDBEngine, table: str, source: str) -> list[int]:
    """Where rejected rows are in the scanned file, ascending: a byte of the row or of the line end before."""
    known = engine.execute(f"SELECT 1 FROM duckdb_tables() WHERE table_name = {quoted(table)}")
    if not known:
        return []
    ((found,),) = engine.execute(f"SELECT count(DISTINCT line_byte_position) FROM {identifier(table)}")
    if found > REJECT_LIMIT:
        raise too_many_rejects(source)
    rows = engine.execute(f"SELECT DISTINCT line_byte_position FROM {identifier(table)} ORDER BY 1")
    return [int(position) - 1 for (position,) in rows]


def lines_at(cleaned: Cleaned, offsets: Iterable[int]) -> Iterator[tuple[int, bytes]]:
    """The original line number and the bytes of the lines at some ascending offsets of the scanned file."""
    offsets = list(offsets)
    if cleaned.path is None or not offsets:
        return
    with cleaned.path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        mark, counted, line = -1, 0, 0
        for offset in offsets:
            while data[offset : offset + 1] in (b"\r", b"\n"):
                offset += 1  # noqa: PLW2901 - DuckDB points at the line end before where that has two bytes
            start = data.rfind(b"\n", 0, offset) + 1
            end = data.find(b"\n", offset)
            if cleaned.mark(start) != mark:
                mark = cleaned.mark(start)
                counted, line = cleaned.marks[mark]
            while counted < start:
                step = min(_STEP, start - counted)
                line += data[counted : counted + step].count(b"\n")
                counted += step
            yield line, data[start : end if end >= 0 else len(data)]
