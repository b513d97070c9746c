"""What every reader returns: one relation, and what to know about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from greenai.domain.breaks import Reject

if TYPE_CHECKING:
    import ibis.expr.types as ir

SOURCE_FILE = "source_file"


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """One row that could not be split into columns. `line` is 1-based in the file, None when unknown."""

    source: str
    line: int | None
    raw: str
    why: str

    def on(self, side: str) -> Reject:
        """The same reject as the reject of a side."""
        return Reject(side, self.source, self.line, self.raw, self.why)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class SourceTable:
    """A source as a relation of the engine.

    `table` has the columns of the source under their own names, plus ``source_file`` (base name)
    when asked for. `text` says that every column is still text to be cast (csv, fixed width, xml,
    excel, json). `rescannable` says that a second scan is cheap (Parquet, tables in memory);
    otherwise scan `table` exactly once (materialise what is made of it), and only then call
    `rejects()`. `sample(n)` gives some n first rows without disturbing that.
    """

    name: str
    table: ir.Table
    columns: tuple[str, ...]
    text: bool
    rescannable: bool
    sample: Callable[[int], ir.Table]
    rejects: Callable[[], list[RejectedRow]] = field(default=lambda: [])
    finish: Callable[[], None] = field(default=lambda: None)
    """After the scan: checks that need all rows (control totals). Raises ControlTotalError."""
    files: tuple[str, ...] = ()
    adds_source_file: bool = False
    """Whether ``source_file`` among `columns` is ours and not the data's."""
    dated: tuple[tuple[str, str], ...] = ()
    """Files of `source_file` that tell the business date, each as it is named on every date."""
    empty_is_null: bool = False
    """Whether an empty cell is null by default because the format cannot tell (csv, fixed width, excel, xml).

    JSON and typed sources say null themselves, so there an empty text and null differ.
    """

    @property
    def own_columns(self) -> tuple[str, ...]:
        """The columns of the data itself."""
        return self.columns[:-1] if self.adds_source_file else self.columns
