"""Local files of one side as one relation: found, read by format, put together."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from greenai.engines.duckdb import identifier, quoted
from greenai.errors import FieldError, UsageError
from greenai.sources.base import SOURCE_FILE, RejectedRow, SourceTable
from greenai.sources.control import check_totals
from greenai.sources.dated import undated
from greenai.sources.locations import format_of, resolve
from greenai.sources.part import Part
from greenai.sources.widening import common_types

if TYPE_CHECKING:
    from greenai.definition.model import Format, Source
    from greenai.engines.duckdb import DuckDBEngine

Reader = Callable[["DuckDBEngine", Path, "Source"], Part]

_TYPED: tuple[Format, ...] = ("parquet", "arrow")
_WITHOUT_NULL: tuple[Format, ...] = ("csv", "fixed", "excel", "xml")


def read_files(
    engine: DuckDBEngine,
    source: Source,
    *,
    side: str,
    base: Path,
    variables: Mapping[str, str] = {},
    with_source_file: bool = False,
) -> SourceTable:
    """The files of a side as one relation, its rows not yet read where the format allows (csv, Parquet).

    Locations are relative to `base`; ``{business_date}`` and the other `variables` are filled in. Several
    files must have the same columns, in any order, typed ones with types that meet without loss.
    `with_source_file` adds ``source_file`` unless the data has such a column. Raises SourceError (missing,
    unreadable, empty), FieldError (column names and types), UsageError.
    """
    paths = resolve(source.location, base, variables)
    formats = {path: _format(source, path) for path in paths}
    if len({fmt in _TYPED for fmt in formats.values()}) > 1:
        raise UsageError(
            f"the files of side {side} mix formats with and without types",
            remedy="convert them to one format, or give two definitions",
            source=", ".join(path.name for path in paths),
        )
    parts = [_read(engine, path, formats[path], source) for path in paths]
    columns = _common_columns(parts)
    types = common_types(parts)
    own = any(name.casefold() == SOURCE_FILE for name in columns)
    added = with_source_file and not own
    table = engine.view(
        _union(parts, [part.scan for part in parts], columns, types, added), engine.fresh(f"source_{side}")
    )
    samples = engine.view(
        _union(parts, [part.sample for part in parts], columns, types, added), engine.fresh(f"sample_{side}")
    )

    def rejects() -> list[RejectedRow]:
        return [reject for part in parts for reject in part.rejects()]

    def finish() -> None:
        if source.control is not None:
            check_totals(engine, source.control, parts, ", ".join(path.name for path in paths))

    typed = formats[paths[0]] in _TYPED
    return SourceTable(
        name=side,
        table=table,
        columns=(*columns, SOURCE_FILE) if added else columns,
        text=not typed,
        rescannable=typed,
        sample=samples.limit,
        rejects=rejects,
        finish=finish,
        files=tuple(str(path) for path in paths),
        adds_source_file=added,
        dated=tuple(undated([path.name for path in paths], source.location, variables).items())
        if added
        else (),
        empty_is_null=any(fmt in _WITHOUT_NULL for fmt in formats.values()),
    )


def _format(source: Source, path: Path) -> Format:
    if source.format is not None:
        return source.format
    placed = any(not isinstance(column, str) for column in source.columns or ())
    return "fixed" if placed else format_of(path)


_READERS: dict[Format, tuple[str, str]] = {
    "csv": ("delimited", "read_delimited"),
    "fixed": ("fixed", "read_fixed"),
    "parquet": ("parquet", "read_parquet"),
    "arrow": ("arrow", "read_arrow"),
    "json": ("objects", "read_json"),
    "jsonl": ("objects", "read_json_lines"),
    "excel": ("workbooks", "read_excel"),
    "xml": ("elements", "read_xml"),
}


def _read(engine: DuckDBEngine, path: Path, fmt: Format, source: Source) -> Part:
    """One file by the reader of its format; each reader is imported only when it is needed."""
    module, name = _READERS[fmt]
    reader: Reader = getattr(importlib.import_module(f"greenai.sources.{module}"), name)
    return reader(engine, path, source)


def _common_columns(parts: Sequence[Part]) -> tuple[str, ...]:
    """The columns of the first file, once all files are known to have the same."""
    first = parts[0]
    for part in parts[1:]:
        missing = [name for name in first.columns if name not in part.columns]
        surplus = [name for name in part.columns if name not in first.columns]
        if missing or surplus:
            differences = [f"lacks {', '.join(missing)}"] if missing else []
            differences += [f"also has {', '.join(surplus)}"] if surplus else []
            raise FieldError(
                f"the file {' and '.join(differences)}, compared with {first.path.name}",
                remedy="give all files of a side the same columns, or name fewer files",
                source=part.path.name,
            )
    return first.columns


def _union(
    parts: Sequence[Part],
    scans: Sequence[str],
    columns: Sequence[str],
    types: Mapping[str, str],
    with_source_file: bool,
) -> str:
    return " UNION ALL ".join(
        f"SELECT {', '.join(_cell(part, name, types) for name in columns)}"
        f"{_file_column(part) if with_source_file else ''} FROM ({scan})"
        for part, scan in zip(parts, scans, strict=True)
    )


def _cell(part: Part, name: str, types: Mapping[str, str]) -> str:
    """A column of a part in the type common to all parts."""
    cell = identifier(name)
    if part.types.get(name) == types.get(name):
        return cell
    return f"CAST({cell} AS {types[name]}) AS {cell}"


def _file_column(part: Part) -> str:
    return f", {quoted(part.path.name)} AS {SOURCE_FILE}"
