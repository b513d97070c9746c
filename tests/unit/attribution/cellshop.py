"""Cells made of lists, and what the miner says of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from greenai.attribution.cells import Cells
from greenai.attribution.propose import propose
from greenai.attribution.sampling import draw
from greenai.attribution.transformations.base import Transformation
from greenai.engines.duckdb import DuckDBEngine
from greenai.fields.types import field_type_of
from verifying import verify

MONEY = pa.decimal128(18, 2)


def cells_from(
    engine: DuckDBEngine,
    a: Sequence[Any],
    b: Sequence[Any],
    *,
    type: pa.DataType | None = None,
    raw_a: Sequence[str | None] | None = None,
    raw_b: Sequence[str | None] | None = None,
    others: dict[str, tuple[Sequence[Any], pa.DataType]] | None = None,
    context: dict[str, Sequence[Any]] | None = None,
) -> Cells:
    """Cells in the order given; `others` are named ``a:<field>`` and ``b:<field>``."""
    count = len(a)
    nothing: list[str | None] = [None] * count
    columns = {
        "cell": pa.array(range(count), pa.int64()),
        "a": pa.array(a, type),
        "b": pa.array(b, type),
        "raw_a": pa.array(raw_a or nothing, pa.string()),
        "raw_b": pa.array(raw_b or nothing, pa.string()),
        **{name: pa.array(values, kind) for name, (values, kind) in (others or {}).items()},
        "key:id": pa.array([f"K{n:06d}" for n in range(count)]),
        **{f"context:{name}": pa.array(values) for name, values in (context or {}).items()},
    }
    table = engine.register(pa.table(columns))
    return Cells(
        table=table,
        field="x",
        type=field_type_of(table["a"].type()),
        key=("id",),
        fields=tuple(name[2:] for name in columns if name.startswith("a:")),
        context=tuple(context or {}),
        count=count,
    )


def mined(engine: DuckDBEngine, cells: Cells, *, least: int = 1) -> dict[str, int]:
    """What is proposed for the cells, and in how many it holds."""
    verified = verify(engine, cells, propose(draw(engine, cells)), least=least)
    return {
        one.describe(): count for one, count in zip(verified.transformations, verified.counts, strict=True)
    }


def held(engine: DuckDBEngine, cells: Cells, one: Transformation) -> list[bool]:
    """Where a transformation holds, cell by cell."""
    rows = engine.rows(cells.table.select("cell", held=one.holds(cells.table)).order_by("cell"))
    return [row[1] for row in rows]


def applied(engine: DuckDBEngine, cells: Cells, one: Transformation) -> list[Any]:
    """T(a), cell by cell."""
    rows = engine.rows(cells.table.select("cell", value=one.apply(cells.table)).order_by("cell"))
    return [row[1] for row in rows]
