"""What breaks are contrasted with: all paired rows, of which most agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.datatypes as dt

from greenai.attribution.board import Board
from greenai.attribution.cells import CELL
from greenai.comparison.columns import key_name, side_name
from greenai.engines.functions import call
from greenai.fields.plan import CONTEXT, context_name

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from greenai.engines.base import Engine

SAMPLE = 60_000
"""Paired rows that the search looks at, about; the rules it finds are counted over all."""


@dataclass(frozen=True, slots=True)
class Paired:
    """All paired rows, equal ones included, by their values on side a.

    `table` has ``key:<field>``, ``a:<field>`` of the compared fields and ``context:<name>``; `sample` has
    the same columns for a share of the rows chosen by their keys, once per run, and ``cell``, their number in
    key order.
    """

    table: ir.Table
    count: int
    sample: ir.Table
    sampled: int

    @property
    def scale(self) -> float:
        """Rows for which one row of the sample stands."""
        return self.count / max(1, self.sampled)


def paired(
    engine: Engine,
    a: ir.Table,
    b: ir.Table,
    *,
    key: Sequence[str],
    fields: Sequence[str],
    context: Sequence[str],
) -> Paired:
    """The paired rows of two prepared sides, with the `context` that cells have.

    Context of side a comes with its rows. Rows that only a has are counted too where no context is b's:
    telling them apart would cost a join of both sides, and they are few or a cause of their own. Where b has
    some of the context, both sides are joined by key (repeated keys, being few, count once for each partner).
    """
    columns = {key_name(name): a[name] for name in key}
    columns |= {side_name("a", name): a[name] for name in fields if name in a.columns}
    columns |= {
        context_name(name): a[context_name(name)] for name in context if context_name(name) in a.columns
    }
    rows = a.select(**columns)
    foreign = [context_name(name) for name in context if context_name(name) not in a.columns]
    if foreign:
        partners = b.select(
            **{key_name(name): b[name] for name in key}, **{name: b[name] for name in foreign}
        )
        rows = engine.materialise(rows.inner_join(partners, [key_name(name) for name in key]))
    else:
        rows = engine.define(rows)
    return sampled(engine, rows)


def sampled(engine: Engine, rows: ir.Table) -> Paired:
    """`Paired` of a relation with its columns: counted, and sampled by the hash of the key."""
    count = engine.count(rows)
    every = max(1, count // SAMPLE)
    keys = [rows[name] for name in rows.columns if name.startswith("key:")]
    some = rows.filter(call("hash", dt.uint64, *keys) % every == 0) if every > 1 and keys else rows
    names = [name for name in rows.columns if name.startswith("key:")]
    number = ibis.row_number().over(order_by=names).cast("int64")
    sample = engine.materialise(some.mutate(**{CELL: number}))
    return Paired(rows, count, sample, engine.count(sample))


def as_cells(rows: ir.Table, field: str) -> ir.Table:
    """Paired rows in the shape of cells of `field`, as they would be if both sides agreed."""
    value = rows[side_name("a", field)]
    others = [name for name in rows.columns if name.startswith("a:") and name != side_name("a", field)]
    return rows.select(
        cell=rows[CELL] if CELL in rows.columns else ibis.literal(0, "int64"),
        a=value,
        b=value,
        raw_a=ibis.null("string"),
        raw_b=ibis.null("string"),
        **{name: rows[name] for name in others},
        **{side_name("b", name.removeprefix("a:")): rows[name] for name in others},
        **{name: rows[name] for name in rows.columns if name.startswith(("key:", CONTEXT))},
    )


class Agreeing:
    """Cells as if b were as a: what the rule would say of such a row."""

    def __init__(self, table: ir.Table) -> None:
        self._table = table

    def __getitem__(self, name: str) -> Any:
        if name == "b":
            return self._table["a"]
        if name.startswith("raw_"):
            return ibis.null("string")
        return self._table[f"a:{name[2:]}"] if name.startswith("b:") else self._table[name]


def sample_board(engine: Engine, paired: Paired, context: Sequence[str]) -> Board:
    """The context of the sample as bitmaps, in the order of ``cell``."""
    names = [context_name(name) for name in context]
    data = engine.arrow(paired.sample.order_by(CELL).select(*names) if names else paired.sample.select(CELL))
    return Board(data, context)


@dataclass(frozen=True, slots=True)
class Contrast:
    """The sample of paired rows as bitmaps: how many rows of a scope contradict a transformation.

    `scale` are the rows for which one of the sample stands. `contradicting` are by transformation the rows
    that, both sides being equal, are not what it says.
    """

    board: Board
    scale: float
    contradicting: tuple[int, ...]
