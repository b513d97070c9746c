"""Parquet files, scanned in place by DuckDB."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from greenai.errors import EngineError, SourceError, UnreadableSourceError
from greenai.sources.names import column_names
from greenai.sources.part import Part
from greenai.sources.scan import literal

if TYPE_CHECKING:
    from greenai.definition.model import Source
    from greenai.engines.duckdb import DuckDBEngine


def read_parquet(engine: DuckDBEngine, path: Path, _: Source) -> Part:
    """One Parquet file with its own types. Raises UnreadableSourceError where it is damaged."""
    if path.stat().st_size == 0:
        raise UnreadableSourceError(
            "the file is empty (0 bytes)", remedy="check that it was written completely", source=path.name
        )
    scan = f"SELECT * FROM read_parquet({literal(path)}, hive_partitioning = false)"
    try:
        described = engine.execute(f"DESCRIBE {scan}")
    except (EngineError, SourceError) as error:
        raise UnreadableSourceError(
            f"this is no complete Parquet file: {error.message}",
            remedy="check that the file was written and copied completely",
            source=path.name,
        ) from error
    names = [str(row[0]) for row in described]
    # DuckDB renames a column that another one has the name of but for case: `Up`, `UP` become `Up`, `UP_1`.
    written = {str(row[0]) for row in engine.execute(f"SELECT name FROM parquet_schema({literal(path)})")}
    original = [name if name in written else re.sub(r"_\d+$", "", name) for name in names]
    column_names(original, path.name)
    types = {str(name): str(written) for name, written, *_ in described}
    return Part(path, column_names(names, path.name), scan, scan, types=types)
