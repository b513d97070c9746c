"""What the rooms above ask of a table engine.

Expressions are Ibis expressions over named relations (`ibis.table(schema, name)`); an engine
compiles them to its own dialect and runs them. So the same expression runs on DuckDB here and on
Spark later, and nothing above this room writes SQL for one engine.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa


class Engine(Protocol):
    """A place where relations live and expressions run. Names are unique within an engine."""

    def table(self, name: str) -> ir.Table:
        """The named relation as an unbound Ibis table with its present schema."""

    def define(self, expression: ir.Table, name: str | None = None) -> ir.Table:
        """Give an expression a name without computing it (a view)."""

    def materialise(self, expression: ir.Table, name: str | None = None) -> ir.Table:
        """Compute an expression once into a temporary relation that may spill to disk."""

    def drop(self, table: ir.Table) -> None:
        """Forget a relation that `define` or `materialise` made and free its space."""

    def rows(self, expression: ir.Table) -> list[tuple[Any, ...]]:
        """Compute an expression and fetch all its rows (for small results)."""

    def row(self, expression: ir.Table) -> dict[str, Any]:
        """The only row of an expression, by column name."""

    def count(self, expression: ir.Table) -> int:
        """How many rows an expression has."""

    def arrow(self, expression: ir.Table) -> pa.Table:
        """Compute an expression into an Arrow table in memory."""

    def write_parquet(self, expression: ir.Table, path: Path) -> int:
        """Write an expression to one Parquet file, all or nothing; returns the number of rows."""

    def sql(self, expression: ir.Table) -> str:
        """The statement the engine would run, for golden tests and explanations."""

    def memory_limit(self) -> int:
        """Bytes the engine may hold in memory before it spills."""

    def close(self) -> None:
        """Release memory and temporary files."""
