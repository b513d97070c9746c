"""What nothing explains, in groups of differences that look alike: a person decides groups, not rows.

A group claims no cause. Its breaks stay UNKNOWN; each is told why.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import ibis

from greenai.attribution.cells import context_sides
from greenai.attribution.doubts import Refused
from greenai.attribution.novelty_looks import number, plan, registered, shaped, sort_of
from greenai.attribution.novelty_slices import KEY, LARGE, NUMBER, Slice, context_of, slices
from greenai.attribution.novelty_words import Looks, describe, why_unknown
from greenai.domain.causes import Cause, Example
from greenai.domain.groups import Group

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from greenai.comparison.result import Comparison
    from greenai.engines.duckdb import DuckDBEngine

EXAMPLES = 3
COUNT = "count"


@dataclass(frozen=True, slots=True)
class Known:
    """What the search for causes knows of what it left.

    `links` are as `Mined.links`: an exception lies in the scope of a cause that does not explain it.
    `expected` and `refused` are as `Mined` has them; fields with fewer than `least` differences were not
    searched.
    """

    causes: Sequence[Cause]
    links: ir.Table
    expected: Sequence[ir.Table]
    refused: Mapping[str, Refused]
    least: int


@dataclass(frozen=True, slots=True)
class Unexplained:
    """The groups, the largest first, and `members`: break_id, group_id, why (materialised)."""

    groups: tuple[Group, ...]
    members: ir.Table


def group(
    engine: DuckDBEngine,
    comparison: Comparison,
    sides: Mapping[str, ir.Table],
    unexplained: ir.Table,
    known: Known,
) -> Unexplained:
    """Group breaks that nothing explains.

    `unexplained` has the columns of `greenai.comparison.breaks`, `sides` are the prepared rows of a and b.
    Time and memory are linear in the breaks; what is fetched is bounded by the groups.
    """
    table = engine.materialise(shaped(comparison, unexplained, known.links))
    looks = plan(engine, table)
    if not looks:
        nothing = table.select("break_id", group_id=ibis.null("string"), why=ibis.null("string"))
        return Unexplained((), engine.materialise(nothing))
    numbered = engine.materialise(number(engine, table, looks))
    engine.drop(table)
    numbered, looks = sliced(engine, comparison, sides, numbered, looks)
    causes = {cause.cause_id: cause for cause in known.causes}
    counts = counted(engine, numbered)
    shown = examples(engine, numbered)
    groups = {}
    for place, one in enumerate(looks):
        if not counts.get(place):
            continue
        cause = causes.get(one.cause)
        fields = comparison.fields
        differences = fields[one.field].different if one.field in fields else counts[place]
        groups[place] = Group(
            group_id=identity(one),
            kind=one.kind,
            field=one.field or None,
            shape=one.shape,
            slice=None if one.slice is None else str(one.slice),
            breaks=counts[place],
            description=describe(one, counts[place], sort_of(comparison, one.field), cause),
            why=why_unknown(one, cause, differences, known.least, known.refused.get(one.field)),
            examples=shown.get(place, ()),
        )
    names = registered(
        engine,
        {
            NUMBER: list(groups),
            "group_id": [one.group_id for one in groups.values()],
            "why": [one.why for one in groups.values()],
        },
    )
    members = engine.materialise(told_why(numbered.inner_join(names, NUMBER), known.expected))
    engine.drop(numbered)
    ordered = sorted(groups.values(), key=lambda one: (-one.breaks, one.group_id))
    return Unexplained(tuple(ordered), members)


def told_why(members: ir.Table, expected: Sequence[ir.Table]) -> ir.Table:
    """break_id, group_id and why; of exceptions with what was expected, and what is there."""
    if not expected:
        return members.select("break_id", "group_id", "why")
    said = expected[0] if len(expected) == 1 else ibis.union(*expected)
    said = said.group_by(of_break="break_id").aggregate(
        expected=said["expected"].min(), off=said["off"].min()
    )
    joined = members.left_join(said, members.break_id == said.of_break)
    found = ibis.coalesce(joined.value_b, "nothing")
    off = ibis.coalesce(ibis.literal(", off by ") + joined.off, "")
    wanted = joined.why + ": expected " + joined.expected + ", found " + found + off
    return joined.select("break_id", "group_id", why=ibis.coalesce(wanted, joined.why))


def with_groups(breaks: ir.Table, rest: Unexplained | None, unsaid: str) -> ir.Table:
    """The breaks with ``group_id``; what is explained with the words `unsaid` is told why instead."""
    if rest is None or not rest.groups:
        return breaks.mutate(group_id=ibis.null("string"))
    members = rest.members.select(of_group="break_id", group_id="group_id", why="why")
    joined = breaks.left_join(members, breaks.break_id == members.of_group)
    columns = {name: joined[name] for name in breaks.columns}
    columns["explanation"] = (joined.explanation == unsaid).ifelse(
        ibis.coalesce(joined.why, joined.explanation), joined.explanation
    )
    return joined.select(**columns, group_id=joined.group_id)


def identity(look: Looks) -> str:
    """The identity of a group: MD5 (hex) of kind, field, shape and slice."""
    parts = ["group", look.kind, look.field, look.cause, look.shape, str(look.slice or "")]
    return hashlib.md5("|".join(parts).encode(), usedforsecurity=False).hexdigest()


def sliced(
    engine: DuckDBEngine,
    comparison: Comparison,
    sides: Mapping[str, ir.Table],
    numbered: ir.Table,
    looks: list[Looks],
) -> tuple[ir.Table, list[Looks]]:
    """The same with large groups of values divided by the context; `numbered` is dropped where it changes."""
    counts = counted(engine, numbered)
    large: dict[str, list[int]] = defaultdict(list)
    for place, one in enumerate(looks):
        if one.kind == "value" and one.field in comparison.verdicts and counts.get(place, 0) >= LARGE:
            large[one.field].append(place)
    found = slices(engine, comparison, sides, numbered, large)
    if not found:
        return numbered, looks
    origin = context_sides(comparison.matches.pairs)
    by_field: dict[str, list[tuple[int, Slice]]] = defaultdict(list)
    more = list(looks)
    for piece in found:
        by_field[looks[piece.number].field].append((len(more), piece))
        more.append(replace(looks[piece.number], slice=piece))
    parts = []
    for field, ones in by_field.items():
        around = context_of(comparison, field, sorted({one.column for _, one in ones}), origin)
        rows = numbered.filter(numbered["field"] == field)
        rows = rows.inner_join(around, KEY)
        inside = [
            ((rows[NUMBER] == one.number) & (rows[one.column] == one.value), place) for place, one in ones
        ]
        told = rows.select(of_break="break_id", place=ibis.cases(*inside, else_=None).cast("int64"))
        parts.append(told.filter(told.place.notnull()))
    moved = engine.materialise(parts[0] if len(parts) == 1 else ibis.union(*parts))
    joined = numbered.left_join(moved, numbered.break_id == moved.of_break)
    columns = {name: joined[name] for name in numbered.columns if name != NUMBER}
    divided = engine.materialise(
        joined.select(**columns, **{NUMBER: ibis.coalesce(joined.place, joined[NUMBER])})
    )
    engine.drop(moved)
    engine.drop(numbered)
    return divided, more


def counted(engine: DuckDBEngine, numbered: ir.Table) -> dict[int, int]:
    """How many breaks each group has."""
    rows = numbered.group_by(NUMBER).aggregate(**{COUNT: numbered.count()})
    return {int(place): int(n) for place, n in engine.rows(rows)}


def examples(engine: DuckDBEngine, numbered: ir.Table) -> dict[int, tuple[Example, ...]]:
    """The first three breaks of every group, in the order of their keys."""
    import json

    place = ibis.row_number().over(group_by=NUMBER, order_by=[KEY, "break_id"])
    first = numbered.mutate(place=place).filter(lambda rows: rows["place"] < EXAMPLES)
    shown: dict[int, tuple[Example, ...]] = {}
    for group, key, a, b in engine.rows(
        first.order_by(NUMBER, KEY, "break_id").select(NUMBER, KEY, "value_a", "value_b")
    ):
        example = Example(tuple(str(part) for part in json.loads(key)), a, b)
        shown[int(group)] = (*shown.get(int(group), ()), example)
    return shown
