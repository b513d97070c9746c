"""Opening an engine and both sides, whatever they are given as."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, Literal

from greenai.definition.model import Source
from greenai.engines.duckdb import DuckDBEngine
from greenai.errors import UsageError
from greenai.settings import Settings, memory_size, thread_count
from greenai.sources.base import SourceTable

Side = Literal["a", "b"]


def open_engine(settings: Settings, memory: str | None, threads: int | None) -> DuckDBEngine:
    """The table engine, options before environment. Raises UsageError for sizes that make no sense."""
    return DuckDBEngine(
        memory=memory_size(memory, "the memory limit") if memory is not None else settings.memory,
        threads=thread_count(threads, "threads") if threads is not None else settings.threads,
        temporary=settings.temporary,
    )


def open_source(engine: DuckDBEngine, data: object, *, side: Side, name: str) -> SourceTable:
    """A path, a source description or a table in memory as a relation of the engine."""
    if isinstance(data, str | Path):
        if not str(data):
            raise UsageError(f"the path of side {side} is empty", remedy="name a file")
        data = Source(location=(str(data),))
    if isinstance(data, Source):
        from greenai.sources.files import read_files

        return read_files(engine, data, side=side, base=Path.cwd())
    from greenai.sources.frames import read_frame

    return read_frame(engine, data, name=name)


def business_day(given: str | date | None) -> str | None:
    """The business date in ISO form. Raises UsageError for anything that is not a date."""
    if given is None or isinstance(given, date):
        return given.isoformat() if given else None
    try:
        return date.fromisoformat(given).isoformat()
    except ValueError as error:
        raise UsageError(
            "the business date is not a date", value=given, remedy="write it as 2026-11-19"
        ) from error


def default_name(data: object, side: str) -> str:
    """How a side is called when nobody named it: the file's name, or the side."""
    if isinstance(data, str | Path):
        return Path(str(data)).name
    if isinstance(data, Source):
        return data.system or Path(data.location[0]).name
    return f"{side} ({type(data).__module__.split('.')[0]} {type(data).__name__})"


def location(data: object) -> str:
    """Where a side came from, for reports."""
    if isinstance(data, Source):
        return ", ".join(data.location)
    return str(data) if isinstance(data, str | Path) else "in memory"


def locations(data: object) -> str | tuple[str, ...]:
    """Where a definition finds a side again. Raises UsageError for a table in memory."""
    if isinstance(data, Source):
        return data.location if len(data.location) > 1 else data.location[0]
    if isinstance(data, str | Path):
        return str(data)
    raise UsageError(
        "a definition names files, and this is a table in memory",
        remedy="write the table to a file (Parquet keeps its types) and name that",
    )


def source_options(data: object) -> dict[str, Any]:
    """The further keys of a source description, as a definition writes them."""
    if not isinstance(data, Source):
        return {}
    return data.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude={"location"})
