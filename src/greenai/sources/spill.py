"""Rows of text that Python has split, written to Parquet files in the engine's spill folder."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from greenai.engines.duckdb import DuckDBEngine

_ROWS = 20_000
_BYTES = 32 << 20


def new_folder(engine: DuckDBEngine) -> Path:
    """A fresh folder among the engine's temporary files; the engine removes it when it closes."""
    ((folder,),) = engine.execute("SELECT current_setting('temp_directory')")
    Path(folder).mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(prefix="source-", dir=folder))


class TextRows:
    """Collects rows of text and writes them away batch by batch, so that memory stays small.

    Rows may be lists in the order of `columns`, or dicts that bring new columns as they come (`columns`
    grows in order of appearance; a row without a column has null there).
    """

    def __init__(self, folder: Path, columns: Iterable[str] = ()) -> None:
        self._folder = folder
        self.columns: dict[str, None] = dict.fromkeys(columns)
        self.files: list[Path] = []
        self.count = 0
        self._lists: list[Sequence[str | None]] = []
        self._dicts: list[dict[str, str | None]] = []
        self._size = 0

    def append(self, row: Sequence[str | None]) -> None:
        """Add a row in the order of the columns."""
        self._lists.append(row)
        self._added(sum(len(cell) for cell in row if cell is not None))

    def append_dict(self, row: dict[str, str | None]) -> None:
        """Add a row by column name."""
        self.columns.update(dict.fromkeys(row))
        self._dicts.append(row)
        self._added(sum(len(cell) for cell in row.values() if cell is not None))

    def _added(self, size: int) -> None:
        self.count += 1
        self._size += size
        if len(self._lists) + len(self._dicts) >= _ROWS or self._size >= _BYTES:
            self.flush()

    def flush(self) -> None:
        """Write away what is still in memory."""
        if not self._lists and not self._dicts:
            return
        import pyarrow as pa
        import pyarrow.parquet as pq

        names = list(self.columns)
        if self._lists:
            cells = [pa.array(column, pa.string()) for column in zip(*self._lists, strict=True)]
        else:
            cells = [pa.array([row.get(name) for row in self._dicts], pa.string()) for name in names]
        path = self._folder / f"rows-{len(self.files)}.parquet"
        pq.write_table(pa.table(cells, names=names), path, compression="zstd", use_dictionary=False)
        self.files.append(path)
        self._lists, self._dicts, self._size = [], [], 0
