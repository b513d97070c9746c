"""What unexplained breaks look like: their shapes, the groups these make, and who belongs to which."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import ibis

from greenai.attribution.novelty_shapes import Sort, with_shapes
from greenai.attribution.novelty_slices import NUMBER
from greenai.attribution.novelty_words import Looks
from greenai.comparison.columns import side_name

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from greenai.comparison.result import Comparison
    from greenai.engines.duckdb import DuckDBEngine

MOST_GROUPS = 50
"""Groups of a field, the one for the rest included; slices of large groups come on top."""
LEAST, LEAST_SHARE = 5, 0.05
"""Breaks, and share of the field's, from which on a fine shape is a group of its own."""
SHAPE = ("field", "kind", "cause", "rough", "fine")


def shaped(comparison: Comparison, unexplained: ir.Table, links: ir.Table) -> ir.Table:
    """The breaks with ``rough`` and ``fine`` shape, and the ``cause`` (else empty) that excepts them."""
    exceptions = links.filter(links["exception"])
    odd = exceptions.group_by(of_break="break_id").aggregate(of_cause=exceptions["cause_id"].min())
    rows = unexplained.left_join(odd, unexplained.break_id == odd.of_break)
    sorts: dict[Sort, list[str]] = defaultdict(list)
    for name in comparison.verdicts:
        sorts[sort_of(comparison, name)].append(name)
    branches = [(rows.field.isin(names), sort) for sort, names in sorts.items() if sort != "text"]
    given = rows.select(
        "break_id",
        "key",
        "kind",
        "value_a",
        "value_b",
        field=rows.field.fill_null(""),
        cause=rows.of_cause.fill_null(""),
        sort=ibis.cases(*branches, else_="text") if branches else ibis.literal("text"),
    )
    return with_shapes(given)


def sort_of(comparison: Comparison, field: str) -> Sort:
    """What the values of a field are."""
    pairs, name = comparison.matches.pairs, side_name("a", field)
    if name not in pairs.columns:
        return "text"
    kind = pairs[name].type()
    if kind.is_numeric():
        return "number"
    if kind.is_date() or kind.is_timestamp():
        return "moment"
    return "boolean" if kind.is_boolean() else "text"


def plan(engine: DuckDBEngine, table: ir.Table) -> list[Looks]:
    """The groups to be: fine shapes that are frequent in their field, rough ones, and rests of fields."""
    rough = engine.rows(table.group_by(*SHAPE[:4]).aggregate(n=table.count()).order_by(*SHAPE[:4]))
    totals = table.group_by("field", "kind").aggregate(total=table.count())
    fine = table.filter(table.fine != "").group_by(*SHAPE).aggregate(n=ibis._.count())
    often = fine.inner_join(totals, ["field", "kind"])
    often = often.filter((often.n >= LEAST) & (often.n >= often.total * LEAST_SHARE))
    left: dict[tuple[str, str, str, str], int] = {(f, k, c, r): int(n) for f, k, c, r, n in rough}
    found: dict[tuple[str, str], list[tuple[int, Looks]]] = defaultdict(list)
    for *shape, n in engine.rows(often.select(*SHAPE, "n").order_by(*SHAPE)):
        left[shape[0], shape[1], shape[2], shape[3]] -= int(n)
        found[shape[0], shape[1]].append((int(n), Looks(*shape)))
    for roughly, n in left.items():
        if n:
            found[roughly[0], roughly[1]].append((n, Looks(*roughly)))
    looks = []
    for (field, kind), ones in sorted(found.items()):
        ranked = [look for _, look in sorted(ones, key=lambda pair: (-pair[0], pair[1].text))]
        if len(ranked) > MOST_GROUPS:
            ranked = [*ranked[: MOST_GROUPS - 1], Looks(field, kind, rest=True)]
        looks += ranked
    return looks


def number(engine: DuckDBEngine, table: ir.Table, looks: Sequence[Looks]) -> ir.Table:
    """The breaks with the ``number`` of their group: by fine shape, else by rough shape, else the rest."""
    numbers = dict(enumerate(looks))
    parts = [
        (SHAPE, {n: one for n, one in numbers.items() if one.fine}),
        (SHAPE[:4], {n: one for n, one in numbers.items() if not (one.fine or one.rest)}),
        (SHAPE[:2], {n: one for n, one in numbers.items() if one.rest}),
    ]
    rows, places = table, []
    for at, (columns, ones) in enumerate(parts):
        if not ones:
            continue
        data: dict[str, list[Any]] = {
            f"{at}:{name}": [getattr(one, name) for one in ones.values()] for name in columns
        }
        names = registered(engine, {**data, f"{at}:{NUMBER}": list(ones)})
        rows = rows.left_join(names, [rows[name] == names[f"{at}:{name}"] for name in columns])
        places.append(f"{at}:{NUMBER}")
    kept = ("break_id", "key", "field", "value_a", "value_b")
    return rows.select(*kept, **{NUMBER: ibis.coalesce(*(rows[name] for name in places))})


def registered(engine: DuckDBEngine, columns: Mapping[str, list[Any]]) -> ir.Table:
    """A small table of the engine."""
    import pyarrow as pa

    return engine.register(pa.table({name: pa.array(values) for name, values in columns.items()}))
