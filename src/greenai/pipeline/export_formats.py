"""Exports as bytes, a part at a time: CSV, JSON lines, Parquet; and workbooks, made whole in a file."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from greenai.pipeline.export_cells import as_json, fits_a_double, written

if TYPE_CHECKING:
    import pyarrow as pa

    from greenai.store.exports import Column, Facts

Batches = Iterable[Sequence[tuple[Any, ...]]]
SHEET_ROWS: Final = 1_048_576
"""Rows of a sheet, its head among them."""
LONGEST_CELL: Final = 32_767
"""Characters of a cell."""
ROW_GROUP: Final = 50_000
"""Rows of a row group of a Parquet file, which is held in memory until it is whole."""
MOST_DIGITS: Final = 38
"""Digits of a Parquet decimal that every reader knows."""


def csv_parts(columns: Mapping[str, Column], batches: Batches) -> Iterator[bytes]:
    """CSV (RFC 4180, UTF-8) with a head; texts that might be formulas have an apostrophe before them."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(columns)
    for rows in batches:
        writer.writerows([written(value) for value in row] for row in rows)
        yield _taken(buffer)
    if left := _taken(buffer):
        yield left


def json_parts(columns: Mapping[str, Column], batches: Batches) -> Iterator[bytes]:
    """JSON lines: an object for each row, decimals as strings."""
    names = list(columns)
    for rows in batches:
        lines = (
            json.dumps(dict(zip(names, map(as_json, row), strict=True)), ensure_ascii=False, allow_nan=False)
            for row in rows
        )
        yield ("\n".join(lines) + "\n").encode()


def parquet_parts(columns: Mapping[str, Column], batches: Batches, facts: Facts) -> Iterator[bytes]:
    """A Parquet file; amounts are decimals as long as 38 digits hold them all, else text."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = _schema(columns, facts)
    sink = _Sink()
    waiting: list[tuple[Any, ...]] = []
    with pq.ParquetWriter(sink, schema, compression="zstd") as writer:
        for rows in batches:
            waiting.extend(rows)
            if len(waiting) >= ROW_GROUP:
                writer.write_table(_table(pa, schema, waiting))
                waiting.clear()
                yield sink.taken()
        if waiting:
            writer.write_table(_table(pa, schema, waiting))
    yield sink.taken()


def write_workbook(
    path: Path, columns: Mapping[str, Column], batches: Batches, *, sheet_rows: int = SHEET_ROWS
) -> None:
    """Write an Excel workbook, row by row; as many sheets as the rows need, each with a head.

    Texts are written as texts, never as formulas, links or numbers. An amount is a number where a
    spreadsheet keeps all its digits, else a text; what is longer than a cell ends with an ellipsis.
    """
    from xlsxwriter import Workbook

    options = {
        "constant_memory": True,
        "tmpdir": str(path.parent),
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = Workbook(str(path), options)
    head = book.add_format({"bold": True})
    formats = {
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        "moment": book.add_format({"num_format": 'yyyy-mm-dd"T"hh:mm:ss"Z"'}),
    }
    kinds = [column.kind for column in columns.values()]
    sheet, place = None, sheet_rows
    for rows in _at_least_one(batches):
        for row in rows:
            if place >= sheet_rows:
                sheet, place = _new_sheet(book, columns, head), 1
            for column, (kind, value) in enumerate(zip(kinds, row, strict=True)):
                if value is not None:
                    _write(sheet, place, column, kind, value, formats)
            place += 1
        if sheet is None:
            sheet, place = _new_sheet(book, columns, head), 1
    book.close()


def _at_least_one(batches: Batches) -> Iterator[Sequence[tuple[Any, ...]]]:
    empty = True
    for rows in batches:
        empty = False
        yield rows
    if empty:
        yield ()


def _new_sheet(book: Any, columns: Mapping[str, Column], head: Any) -> Any:
    sheet = book.add_worksheet(f"breaks {len(book.worksheets()) + 1}")
    sheet.freeze_panes(1, 0)
    for place, name in enumerate(columns):
        sheet.write_string(0, place, name, head)
    return sheet


def _write(sheet: Any, row: int, column: int, kind: str, value: Any, formats: Mapping[str, Any]) -> None:
    if kind == "moment":
        from datetime import UTC

        sheet.write_datetime(row, column, value.astimezone(UTC).replace(tzinfo=None), formats["moment"])
    elif kind == "date" and value.year >= 1900:
        sheet.write_datetime(row, column, value, formats["date"])
    elif kind in ("integer", "float") or (kind == "decimal" and fits_a_double(value)):
        sheet.write_number(row, column, value)
    else:
        text = value if isinstance(value, str) else str(as_json(value))
        sheet.write_string(row, column, text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…")


def _schema(columns: Mapping[str, Column], facts: Facts) -> pa.Schema:
    import pyarrow as pa

    fits = facts.scale + facts.whole_digits <= MOST_DIGITS
    types: dict[str, Any] = {
        "text": pa.string(),
        "decimal": pa.decimal128(MOST_DIGITS, facts.scale) if fits else pa.string(),
        "float": pa.float64(),
        "integer": pa.int64(),
        "date": pa.date32(),
        "moment": pa.timestamp("us", "UTC"),
    }
    return pa.schema([(name, types[column.kind]) for name, column in columns.items()])


def _table(pa: Any, schema: pa.Schema, rows: Sequence[tuple[Any, ...]]) -> pa.Table:
    arrays = []
    for field, cells in zip(schema, zip(*rows, strict=True), strict=True):
        texts = pa.types.is_string(field.type)
        arrays.append(pa.array([as_json(cell) for cell in cells] if texts else cells, field.type))
    return pa.Table.from_arrays(arrays, schema=schema)


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode("utf-8")


class _Sink(io.RawIOBase):
    """Takes what is written until somebody takes it away."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._at = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        part = bytes(data)
        self._parts.append(part)
        self._at += len(part)
        return len(part)

    def tell(self) -> int:
        return self._at

    def taken(self) -> bytes:
        parts, self._parts = self._parts, []
        return b"".join(parts)
