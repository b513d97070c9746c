"""Excel and OpenDocument workbooks, one sheet of them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from greenai.errors import MissingSourceError, UnreadableSourceError
from greenai.sources.base import RejectedRow
from greenai.sources.names import column_names
from greenai.sources.part import Part
from greenai.sources.rows import part_of_rows
from greenai.sources.spill import TextRows, new_folder

if TYPE_CHECKING:
    from greenai.definition.model import Source
    from greenai.engines.duckdb import DuckDBEngine


def read_excel(engine: DuckDBEngine, path: Path, source: Source) -> Part:
    """One sheet (`sheet`, else the first one) as text; the first row that is not empty is the header.

    Numbers are written as the shortest text that is exact (1 and 0.1, never 1.0 or an exponent), dates
    in ISO, booleans as true and false, an empty cell as an empty text. Rows that are empty are no rows.
    """
    sheet = _sheet(path, source.sheet)
    lines = [
        (number, row) for number, row in enumerate(_rows(sheet), 1) if number > source.skip_rows and any(row)
    ]
    given = [column for column in source.columns or () if isinstance(column, str)]
    if source.header and lines:
        header = lines.pop(0)[1]
        while header and not header[-1]:
            header.pop()
        names = given or header
    else:
        names = given or [""] * max((len(row) for _, row in lines), default=0)
    columns = column_names(names, path.name)
    rows, rejects = TextRows(new_folder(engine), columns), list[RejectedRow]()
    for number, row in lines:
        if any(row[len(columns) :]):
            why = f"too many cells: {len(row)} instead of {len(columns)}"
            rejects.append(RejectedRow(path.name, number, "\t".join(row), why))
        else:
            cells = row[: len(columns)]
            rows.append(cells + [""] * (len(columns) - len(cells)))
    return part_of_rows(path, source, rows, rejects)


def _sheet(path: Path, name: str | None) -> Any:
    import python_calamine as calamine

    try:
        book = calamine.load_workbook(str(path))
    except calamine.PasswordError as error:
        raise UnreadableSourceError(
            "the workbook is protected by a password", remedy="save it without one", source=path.name
        ) from error
    except (calamine.CalamineError, OSError) as error:
        raise UnreadableSourceError(
            f"this is no workbook that can be read: {error}",
            remedy="open and save it again",
            source=path.name,
        ) from error
    try:
        if name is not None and name not in book.sheet_names:
            raise MissingSourceError(
                f"there is no sheet {name!r}",
                remedy=f"the sheets are {', '.join(map(repr, book.sheet_names))}",
                source=path.name,
            )
        if not book.sheet_names:
            raise MissingSourceError("the workbook has no sheets", source=path.name)
        return book.get_sheet_by_name(name if name is not None else book.sheet_names[0])
    except (calamine.CalamineError, OSError) as error:
        raise UnreadableSourceError(
            f"the sheet cannot be read: {error}", remedy="open and save the workbook again", source=path.name
        ) from error


def _rows(sheet: Any) -> Iterable[list[str]]:
    # Empty rows and columns are kept, so that row numbers are those of the sheet.
    return ([_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False))


def _text(cell: Any) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return _number(cell)
    if isinstance(cell, datetime):
        return (cell.date() if cell.time() == time() else cell).isoformat(
            *([" "] if cell.time() != time() else [])
        )
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return "" if cell is None else str(cell)


def _number(value: float) -> str:
    if not math.isfinite(value):
        return str(value)
    text = f"{Decimal(repr(value)):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
