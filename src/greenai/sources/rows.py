"""Rows that Python has read and spilled, as a part that DuckDB can scan."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from greenai.engines.duckdb import identifier
from greenai.errors import UnreadableSourceError
from greenai.sources.base import RejectedRow
from greenai.sources.names import column_names
from greenai.sources.part import Part
from greenai.sources.scan import no_rows, parquet
from greenai.sources.spill import TextRows

if TYPE_CHECKING:
    from greenai.definition.model import Source


def part_of_rows(path: Path, source: Source, rows: TextRows, rejects: list[RejectedRow]) -> Part:
    """The rows as a part; a column that a row lacks is null there.

    Raises UnreadableSourceError where no row gave a column.
    """
    rows.flush()
    columns = column_names(list(rows.columns), path.name)
    if not columns:
        raise UnreadableSourceError(
            "no row could be read, so there are no columns"
            if rejects
            else "there are no rows, so there are no columns",
            remedy=f"the first problem: {rejects[0].why}"
            if rejects
            else "check the file, its `format` and `row_path`",
            source=path.name,
            line=rejects[0].line if rejects else None,
        )
    listed = ", ".join(identifier(name) for name in columns)
    scan = f"SELECT {listed} FROM {parquet(rows.files, union=True)}" if rows.files else no_rows(columns)
    if source.control is not None and source.control.trailer is not None:
        raise UnreadableSourceError(
            "a trailer line can be taken off csv and fixed-width files only",
            remedy="give `control.count` and `control.sum` directly",
            source=path.name,
        )
    return Part(path, columns, scan, scan, lambda: rejects)
