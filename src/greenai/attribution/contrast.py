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

    `table` has ``key:<field>``, ``a:<field>`` of the compared fields and ``context:<name>``; of its rows
    those of `gone` have no partner in b, and every count over `table` is less by them. `count` are the rest.
    `sample` has the same columns for a share of the paired rows chosen by their keys, once per run, and
    ``cell``, their number in key order.
    """

    table: ir.Table
    count: int
    sample: ir.Table
    sampled: int
    gone: ir.Table | None = None
    other: ir.Table | None = None
    """Side b: ``key:<field>`` and ``b:<field>``, with what has no partner in a."""

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
    alone: Sequence[ir.Table] = (),
    repeated: ir.Table | None = None,
) -> Paired:
    """The paired rows of two prepared sides, with the `context` that cells have.

    Context of side a comes with its rows. `alone` are the rows of a without a partner in b, `repeated` the
    keys that repeat (``key:`` columns): setting these apart costs no join of both sides. Only where b has
    some of the context are both joined by key; of b's rows of a repeated key one tells that context.
    """
    keys = [key_name(name) for name in key]
    plain = {key_name(name): name for name in key}
    plain |= {side_name("a", name): name for name in fields if name in a.columns}
    plain |= {context_name(name): context_name(name) for name in context if context_name(name) in a.columns}

    def chosen(table: ir.Table) -> ir.Table:
        return table.select(**{name: table[column] for name, column in plain.items()})

    other = b.select(
        **{key_name(name): b[name] for name in key},
        **{side_name("b", name): b[name] for name in fields if name in b.columns},
    )
    rows, lone = chosen(a), [chosen(one) for one in alone]
    foreign = [context_name(name) for name in context if context_name(name) not in a.columns]
    if foreign:
        partners = b.select(
            **{key_name(name): b[name] for name in key}, **{name: b[name] for name in foreign}
        )
        if repeated is not None:
            several = partners.semi_join(repeated, keys).group_by(keys)
            one = several.aggregate(**{name: (lambda t, n=name: t[n].min()) for name in foreign})
            partners = partners.anti_join(repeated, keys).union(one.select(partners.columns))
        partners = engine.define(partners)
        rows = engine.materialise(rows.inner_join(partners, keys))
        lone = [part.inner_join(partners, keys) for part in lone]
    else:
        rows = engine.define(rows)
    gone = None
    if lone:
        gone = engine.materialise(lone[0] if len(lone) == 1 else ibis.union(*lone))
    return sampled(engine, rows, gone=gone, other=engine.define(other))


def sampled(
    engine: Engine, rows: ir.Table, *, gone: ir.Table | None = None, other: ir.Table | None = None
) -> Paired:
    """`Paired` of a relation with its columns: counted, and sampled by the hash of the key.

    Of a key that has rows in `gone` the sample has none at all.
    """
    count = engine.count(rows) - (0 if gone is None else engine.count(gone))
    every = max(1, count // SAMPLE)
    names = [name for name in rows.columns if name.startswith("key:")]
    keys = [rows[name] for name in names]
    some = rows.filter(call("hash", dt.uint64, *keys) % every == 0) if every > 1 and keys else rows
    if gone is not None:
        some = some.anti_join(gone, names)
    number = ibis.row_number().over(order_by=names).cast("int64")
    sample = engine.materialise(some.mutate(**{CELL: number}))
    return Paired(rows, count, sample, engine.count(sample), gone, other)


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
