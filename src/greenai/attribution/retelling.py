"""Sentences of causes told again, once everything that explains a field is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from greenai.attribution.cells import CELL, Cells
from greenai.attribution.counting import unexplained
from greenai.attribution.documents import load
from greenai.attribution.predicates import Predicate
from greenai.attribution.sentences import Told, cause_sentence
from greenai.comparison.breaks import break_id
from greenai.comparison.columns import key_name
from greenai.domain.causes import Cause
from greenai.fields.render import json_key

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from greenai.engines.base import Engine


def retold(engine: Engine, cells: Cells, causes: Sequence[Cause], links: ir.Table) -> list[Cause]:
    """The causes of one field, each with what all of them together leave unexplained in its scope.

    `cells` are all of the field, `links` (``break_id``, ``cause_id``, ``exception``) those of all causes.
    Rules are told before the search has explained the rest, which their sentences must not hide.
    """
    table = cells.table
    key = json_key([table[key_name(name)] for name in cells.key])
    known = links.filter(~links["exception"]).select(of_break="break_id")
    named = table.select(**{CELL: table[CELL]}, of=break_id(key, "value", cells.field))
    held = engine.materialise(named.semi_join(known, named["of"] == known["of_break"]).select(CELL))
    done = held.select(done=CELL)
    marked = table.left_join(done, table[CELL] == done["done"])
    recipes = [load(one.document) for one in causes]
    left = unexplained(engine, marked, [one.scope for one in recipes], marked["done"].notnull())
    engine.drop(held)
    return [
        replace(one, explanation=cause_sentence(told_of(one, recipe.scope, number)))
        for one, recipe, number in zip(causes, recipes, left, strict=True)
    ]


def told_of(one: Cause, scope: Predicate, left: int) -> Told:
    """The numbers of a cause, `left` of whose exceptions nothing explains."""
    assert one.field is not None
    assert one.measure is not None
    return Told(
        one.field,
        one.family,
        one.expression,
        scope,
        one.breaks,
        one.measure,
        left,
        one.agreeing,
        one.outside,
        one.also,
    )
