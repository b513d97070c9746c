"""Arrow IPC files (Feather) and Arrow streams."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from greenai.engines.duckdb import identifier
from greenai.errors import UnreadableSourceError
from greenai.sources.names import column_names
from greenai.sources.part import Part

if TYPE_CHECKING:
    from greenai.definition.model import Source
    from greenai.engines.duckdb import DuckDBEngine


def read_arrow(engine: DuckDBEngine, path: Path, _: Source) -> Part:
    """One Arrow file with its own types: mapped into memory, or read whole where it is a stream."""
    import pyarrow as pa
    from pyarrow import feather, ipc

    if path.stat().st_size == 0:
        raise UnreadableSourceError(
            "the file is empty (0 bytes)", remedy="check that it was written completely", source=path.name
        )
    try:
        with path.open("rb") as file:
            start = file.read(6)
        if start in (b"ARROW1", b"FEA1\0\0") or start.startswith(b"FEA1"):
            table = feather.read_table(path, memory_map=True)
        else:
            with pa.memory_map(str(path)) as mapped:
                table = ipc.open_stream(mapped).read_all()
    except (pa.ArrowException, OSError) as error:
        raise UnreadableSourceError(
            f"this is no complete Arrow file: {error}",
            remedy="check that the file was written and copied completely",
            source=path.name,
        ) from error
    columns = column_names(table.column_names, path.name)
    name = engine.fresh("arrow")
    engine.register(table.rename_columns(list(columns)), name)
    scan = f"SELECT * FROM {identifier(name)}"
    types = {str(name): str(written) for name, written, *_ in engine.execute(f"DESCRIBE {scan}")}
    return Part(path, columns, scan, scan, types=types)
