"""Examples of causes: breaks that a rule explains, and records of its scope for which it does not hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import ibis

from greenai.attribution.cells import CELL, Cells
from greenai.attribution.contrast import Paired, as_cells
from greenai.attribution.counting import counted_alone
from greenai.attribution.fields import FieldRule
from greenai.attribution.judging import contradicts
from greenai.comparison.columns import key_name, key_names, side_name
from greenai.domain.causes import Example
from greenai.fields.render import render

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from greenai.engines.base import Engine

EXAMPLES = 3
RULE = "rule"


def examples(engine: Engine, assigned: ir.Table, cells: Cells) -> dict[tuple[int, bool], tuple[Example, ...]]:
    """The first three breaks in key order that each rule explains, and the first three that it does not."""
    place = ibis.row_number().over(group_by=[RULE, "exception"], order_by=CELL)
    first = (
        assigned.mutate(place=place).filter(lambda t: t["place"] < EXAMPLES).order_by(RULE, "exception", CELL)
    )
    keys = [render(first[key_name(name)]) for name in cells.key]
    columns = {f"k{n}": key for n, key in enumerate(keys)}
    shown: dict[tuple[int, bool], tuple[Example, ...]] = {}
    for rule, exception, a, b, *key in engine.rows(
        first.select(RULE, "exception", "value_a", "value_b", **columns)
    ):
        place_of = (int(rule), bool(exception))
        example = Example(tuple(str(part) for part in key), a, b)
        shown[place_of] = (*shown.get(place_of, ()), example)
    return shown


def counter_examples(
    engine: Engine,
    cells: Cells,
    rules: Sequence[FieldRule],
    paired: Paired,
    around: Sequence[tuple[int, int]],
    odd: Mapping[int, tuple[Example, ...]],
    differing: Sequence[int],
) -> dict[int, tuple[Example, ...]]:
    """Up to three records of each rule's scope for which it does not hold.

    `odd` are those that nothing explains, by rule; of records that agree there is one at least, where there
    are any (`around`). What other causes explain comes last: `differing` counts the cells for which a rule
    does not hold. `cells` are all of the field.
    """
    agree = agreeing(engine, cells, rules, paired, [inside for inside, _ in around])
    others = otherwise(
        engine, cells, rules, [n for n, count in enumerate(differing) if count > len(odd.get(n, ()))]
    )
    found: dict[int, tuple[Example, ...]] = {}
    for n in range(len(rules)):
        first = odd.get(n, ())[: EXAMPLES - (n in agree)]
        shown = dict.fromkeys((*first, *agree.get(n, ()), *others.get(n, ())))
        found[n] = tuple(shown)[:EXAMPLES]
    return found


def otherwise(
    engine: Engine, cells: Cells, rules: Sequence[FieldRule], asked: Sequence[int]
) -> dict[int, tuple[Example, ...]]:
    """The first cells in the scope of each rule for which it does not hold, whatever explains them."""
    table = cells.table
    parts = []
    for n in asked:
        rule = rules[n]
        held = table.mutate(held=rule.transformation.holds(table))
        wrong = held.filter(rule.scope.holds(held) & ~held["held"]).order_by(CELL).limit(EXAMPLES)
        parts.append(
            wrong.select(
                CELL,
                **{RULE: ibis.literal(n)},
                **{name: wrong[name] for name in key_names(cells.key)},
                value_a=ibis.coalesce(wrong["raw_a"], render(wrong["a"])),
                value_b=ibis.coalesce(wrong["raw_b"], render(wrong["b"])),
            )
        )
    return told(engine, parts, cells.key)


def agreeing(
    engine: Engine, cells: Cells, rules: Sequence[FieldRule], paired: Paired, counts: Sequence[int]
) -> dict[int, tuple[Example, ...]]:
    """Records in the scope of each rule that agree though it says otherwise, with both values.

    From the sample, in key order; of few, which it need not hold, from all rows.
    """
    if paired.other is None:
        return {}
    names = key_names(cells.key)

    def looked(table: ir.Table, asked: Sequence[int]) -> dict[int, tuple[Example, ...]]:
        rows = as_cells(table, cells.field)
        parts = []
        for n in asked:
            rule = rules[n]
            inside = rule.scope.holds(rows)
            wrong = rows.filter(
                inside & contradicts(rule.transformation, rows) if counted_alone(rule) else inside
            ).anti_join(cells.table, names)
            if paired.gone is not None:
                wrong = wrong.anti_join(paired.gone, names)
            wrong = wrong.order_by(names).limit(EXAMPLES)
            parts.append(wrong.select(*names, "a", **{RULE: ibis.literal(n)}))
        return beside(engine, parts, cells, paired.other)

    asked = [n for n, count in enumerate(counts) if count]
    found = looked(paired.sample, asked)
    few = [n for n in asked if len(found.get(n, ())) < min(EXAMPLES, counts[n])]
    return found | (looked(paired.table, few) if paired.scale > 1 or paired.gone is not None else {})


def beside(
    engine: Engine, parts: Sequence[ir.Table], cells: Cells, other: ir.Table | None
) -> dict[int, tuple[Example, ...]]:
    """Rows with what b has for them; within a tolerance that is another value."""
    if not parts or other is None:
        return {}
    names = key_names(cells.key)
    rows = engine.materialise(parts[0] if len(parts) == 1 else ibis.union(*parts))
    value = side_name("b", cells.field)
    partners = other.semi_join(rows, names).group_by(names).aggregate(b=lambda t: t[value].min())
    joined = rows.left_join(partners, names)
    shown = joined.select(
        *names,
        RULE,
        **{CELL: ibis.row_number().over(order_by=names)},
        value_a=render(joined["a"]),
        value_b=render(joined["b"]),
    )
    found = told(engine, [shown], cells.key)
    engine.drop(rows)
    return found


def told(engine: Engine, parts: Sequence[ir.Table], key: Sequence[str]) -> dict[int, tuple[Example, ...]]:
    """Rows with ``rule``, ``cell``, key and values as text, as examples."""
    if not parts:
        return {}
    rows = (parts[0] if len(parts) == 1 else ibis.union(*parts)).order_by(RULE, CELL)
    columns: dict[str, Any] = {f"k{n}": render(rows[name]) for n, name in enumerate(key_names(key))}
    found: dict[int, tuple[Example, ...]] = {}
    for rule, a, b, *parts_of_key in engine.rows(rows.select(RULE, "value_a", "value_b", **columns)):
        example = Example(tuple(map(str, parts_of_key)), a, b)
        found[int(rule)] = (*found.get(int(rule), ()), example)
    return found
