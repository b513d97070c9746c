"""The rules of one field: propose, judge, choose, compose, choose again."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import ibis.expr.datatypes as dt

from greenai.attribution.base_rates import BaseRates, maps
from greenai.attribution.board import Board
from greenai.attribution.cells import CELL, Cells
from greenai.attribution.compositions import compositions
from greenai.attribution.contrast import Contrast, Paired
from greenai.attribution.judging import Judged, chances, contradicted, flagged, judge, value_bits
from greenai.attribution.predicates import Predicate
from greenai.attribution.propose import propose
from greenai.attribution.sampling import draw
from greenai.attribution.selection import Candidate, Rule, Selection
from greenai.attribution.statistics import index_bits
from greenai.attribution.transformations import lag
from greenai.attribution.transformations.base import Mirrored, Transformation
from greenai.attribution.transformations.value_map import ValueMap
from greenai.engines.functions import all_of, call
from greenai.fields.plan import context_name

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from greenai.engines.base import Engine

FAMILY_BITS = math.log2(23)
"""What it costs to name one of CONTRACT's families."""
SEARCHED = 250_000
"""Cells of a field that scopes are searched on; of more, a share chosen by number. All are counted."""

VALUE_BITS = 8.0
"""What it costs to name a value that occurs in the field."""
SHORT_CUT = re.compile(r"(left|right)\([ab], [12]\)")

Propose = Callable[["Engine", Cells, Cells], Sequence[Transformation]]
"""Transformations suggested by the half of the cells that may be looked at; beside it, all of them."""


def suggest(engine: Engine, half: Cells, whole: Cells) -> list[Transformation]:
    """What a sample of half of the cells suggests; and what is lagged from a sample of all.

    What is lagged shows between neighbours only, of which a half has few; it has no parameters that could
    be fitted to the other half.
    """
    found = dict.fromkeys(propose(draw(engine, half)))
    found |= {one.transformation: None for one in lag.propose(draw(engine, whole))}
    return list(found)


@dataclass(frozen=True, slots=True)
class FieldRule:
    """One rule of a field: a transformation with the column that says where it holds, and its scope."""

    transformation: Transformation
    flag: str
    scope: Predicate
    also: tuple[Predicate, ...]
    confidence: float


@dataclass(frozen=True, slots=True)
class FieldRules:
    """The rules of a field in their order, and its judged cells (to be dropped by the caller)."""

    cells: Cells
    judged: Judged
    rules: tuple[FieldRule, ...]


def field_rules(
    engine: Engine,
    cells: Cells,
    paired: Paired,
    board: Board,
    suggestions: Propose,
    *,
    fields: int,
) -> FieldRules:
    """Find the rules of one field. `board` holds the sample of `paired`; `fields` are searched in all."""
    half = replace(cells, table=engine.define(cells.table.filter(is_seen(cells.table[CELL]))))
    half = replace(half, count=engine.count(half.table))
    proposed = suggestions(engine, half, cells)
    engine.drop(half.table)
    survivors = judge(engine, cells, proposed)
    rest, rules, known = _chosen(engine, cells, paired, board, survivors, fields=fields)
    if rules and rest is not None:
        # What no rule explains may be explained by two, one after the other.
        chosen = list({rule.transformation: None for rule in rules})
        pairs = judge(engine, cells, compositions(chosen, known.transformations), among=rest)
        engine.drop(rest)
        if pairs:
            everything = [*known.transformations, *pairs]
            engine.drop(known.table)
            rest, rules, known = _chosen(engine, cells, paired, board, everything, fields=fields)
            if rest is not None:
                engine.drop(rest)
    return FieldRules(cells, known, tuple(rules))


def is_seen(number: ir.IntegerValue) -> ir.BooleanValue:
    """Whether a cell, by its number, is of the half that rules are found on; the other half verifies them.

    Of every two neighbours chance takes one, so that the halves of a small slice are of a size as well.
    """
    seen: ir.BooleanValue = number % 2 == (call("hash", dt.uint64, number // 2) >> 40) % 2
    return seen


def _chosen(
    engine: Engine,
    cells: Cells,
    paired: Paired,
    board: Board,
    transformations: Sequence[Transformation],
    *,
    fields: int,
) -> tuple[ir.Table | None, list[FieldRule], Judged]:
    """The rules among transformations; where there are any also the cells that none of them explains."""
    judged = flagged(engine, cells, transformations)
    if not transformations or not paired.count:
        return None, [], judged
    every = max(1, math.ceil(cells.count / SEARCHED))
    table = judged.table
    some = table.filter(table[CELL] % every == 0) if every > 1 else table
    names = [context_name(name) for name in cells.context]
    sides = ("a", "b") if any(map(maps, transformations)) else ()
    data = engine.arrow(
        some.mutate(seen=is_seen(some[CELL])).order_by(CELL).select(*names, *judged.flags, *sides, "seen")
    )
    rows = Board(data, cells.context, (*judged.flags, "seen"))
    rates = BaseRates(rows, data) if sides else None
    likely = chances(engine, cells, paired, transformations)
    candidates = [
        Candidate(
            rows.flag(flag),
            length(one) + FAMILY_BITS,
            one.residual_bits,
            chance,
            vague(one),
            rates.of(one) if rates else None,
        )
        for one, flag, chance in zip(transformations, judged.flags, likely, strict=True)
    ]
    places = index_bits(max(paired.count, cells.count), cells.count) / max(1, cells.count)
    contrast = Contrast(
        board, paired.scale / every, contradicted(engine, paired, board, cells.field, transformations)
    )
    selection = Selection(
        rows,
        contrast,
        candidates,
        rows.flag("seen"),
        places + value_bits(engine, cells),
        fields,
    )
    rules = [told(rule, transformations, judged) for rule in selection.choose()]
    if not rules:
        return None, [], judged
    left = [~(table[rule.flag] & rule.scope.holds(table)) for rule in rules]
    unexplained = table.filter(all_of(left)).select(CELL)
    return engine.materialise(cells.table.semi_join(unexplained, CELL)), rules, judged


def length(one: Transformation) -> float:
    """The description length of a transformation where the values of the field are known.

    A break that no rule explains is charged for which value it has, not for its letters; so is a map.
    """
    mapped = one.of if isinstance(one, Mirrored) else one
    if isinstance(mapped, ValueMap):
        return min(one.bits, 2 * VALUE_BITS * len(mapped.entries))
    return one.bits


def vague(one: Transformation) -> bool:
    """Whether a transformation says less than another that explains the same.

    A text cut to a letter or two is a code of another system; two texts that are one number differ in how
    they are filled up, if filling up explains it.
    """
    words = one.describe()
    cut = one.family == "truncation" and SHORT_CUT.search(words) is not None
    return cut or (one.family == "numeric_format" and words == "number(b) = number(a)")


def told(rule: Rule, transformations: Sequence[Transformation], judged: Judged) -> FieldRule:
    """A rule by its transformation and predicate, without bitmaps."""
    return FieldRule(
        transformations[rule.number],
        judged.flags[rule.number],
        rule.scope.predicate,
        tuple(scope.predicate for scope in rule.also),
        rule.confidence,
    )
