"""Opening both sources of a definition."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from greenai.sources.base import SourceTable

if TYPE_CHECKING:
    from greenai.definition.model import Definition
    from greenai.engines.duckdb import DuckDBEngine


def open_sources(
    engine: DuckDBEngine, definition: Definition, base: Path, variables: Mapping[str, str]
) -> tuple[SourceTable, SourceTable]:
    """Both sources of a definition, relative locations from `base`. Raises SourceError, FieldError."""
    from greenai.sources.files import read_files

    a, b = (
        read_files(engine, spec, side=side, base=base, variables=variables, with_source_file=True)
        for side, spec in (("a", definition.sources.a), ("b", definition.sources.b))
    )
    return a, b
