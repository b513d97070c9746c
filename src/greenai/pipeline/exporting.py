"""An export of a filtered list: begun with its number of rows, then told part by part, noted in the audit."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from greenai.errors import StoreError
from greenai.pipeline.export_formats import csv_parts, json_parts, parquet_parts, write_workbook
from greenai.store import exports
from greenai.store.actors import audit
from greenai.store.naming import recon_number

if TYPE_CHECKING:
    import psycopg

    from greenai.identity.callers import Caller
    from greenai.store.exports import Column, Facts
    from greenai.store.filters import Filter
    from greenai.store.lists import Sort

    Connection = psycopg.Connection[Any]

Form = Literal["csv", "xlsx", "parquet", "json"]
MEDIA_TYPES: Final[Mapping[Form, str]] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
    "json": "application/x-ndjson",
}
ENDINGS: Final[Mapping[Form, str]] = {"csv": "csv", "xlsx": "xlsx", "parquet": "parquet", "json": "jsonl"}
PART: Final = 1 << 18
"""Bytes of a part of a file."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be exported: which breaks, in which order, with which columns, in which form."""

    recon: str
    chosen: Filter
    sort: Sort
    columns: Sequence[str]
    form: Form


class Export:
    """An export that has begun. `parts` once, then `close`, whatever happened; nothing is held in memory.

    `rows` is how many it has. `length` is its bytes where they are known before: of a workbook.
    """

    def __init__(self, connection: Connection, caller: Caller, wanted: Wanted, folder: Path | None) -> None:
        """Begin. The connection is in autocommit mode and the export's alone until `close`.

        Raises NotFoundError for the recon, UsageError for a column that there is not.
        """
        self._connection = connection
        self._caller = caller.name
        self._wanted = wanted
        self._told = 0
        self._open: list[Callable[[], None]] = []
        self._columns = exports.columns_of(wanted.columns)
        self._recon_id = recon_number(connection, wanted.recon)
        self.length: int | None = None
        self._note("export", {})
        try:
            exports.begin(connection)
            self._facts: Facts = exports.facts(connection, self._recon_id, wanted.chosen)
            self.rows = self._facts.rows
            self._file = self._workbook(folder) if wanted.form == "xlsx" else None
        except BaseException:
            self.close()
            raise

    @property
    def media_type(self) -> str:
        """Its media type."""
        return MEDIA_TYPES[self._wanted.form]

    @property
    def name(self) -> str:
        """A name for the file."""
        return f"{self._wanted.recon}-breaks.{ENDINGS[self._wanted.form]}"

    def parts(self) -> Generator[bytes, None, None]:
        """Its bytes, in order. Raises StoreError where the database had other rows than it said."""
        if self._file is not None:
            with self._file.open("rb") as file:
                while part := file.read(PART):
                    yield part
            return
        batches = self._batches(self._columns)
        self._open.append(batches.close)
        if self._wanted.form == "parquet":
            yield from parquet_parts(self._columns, batches, self._facts)
        else:
            of_form = csv_parts if self._wanted.form == "csv" else json_parts
            yield from of_form(self._columns, batches)

    def close(self) -> None:
        """End it: the transaction, the file, and what the audit says of it."""
        import psycopg

        for end in reversed(self._open):
            with contextlib.suppress(psycopg.Error):
                end()
        with contextlib.suppress(psycopg.Error):  # of a connection that was lost there is nothing to end
            self._connection.rollback()
            if hasattr(self, "rows"):
                self._note("export_ended", {"rows": self._told, "complete": self._told == self.rows})

    def _batches(self, columns: dict[str, Column]) -> Generator[list[tuple[Any, ...]], None, None]:
        wanted = self._wanted
        found = exports.rows(self._connection, self._recon_id, wanted.chosen, wanted.sort, columns)
        # Its cursor is closed here, not by whoever collects garbage while others use the connection.
        with contextlib.closing(found):
            for rows in found:
                self._told += len(rows)
                yield rows
        if self._told != self.rows:
            raise StoreError(f"{self._told} rows were read of {self.rows}", remedy="export it again")

    def _workbook(self, folder: Path | None) -> Path:
        place = tempfile.TemporaryDirectory(prefix="greenai-export-", dir=folder)
        self._open.append(place.cleanup)
        path = Path(place.name) / "export.xlsx"
        write_workbook(path, self._columns, self._batches(self._columns))
        self.length = path.stat().st_size
        return path

    def _note(self, action: str, more: Mapping[str, Any]) -> None:
        wanted = self._wanted
        details = {
            "form": wanted.form,
            "filter": wanted.chosen.document(),
            "sort": str(wanted.sort),
            "columns": list(self._columns),
            **more,
        }
        audit(self._connection, self._caller, action, details, recon_id=self._recon_id)
