"""The recipe of attribution: mine rules field by field, count them over all rows, tell them.

`mine` gives causes and a relation that links breaks to them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import ibis

from greenai.attribution.cells import CELL, Cells
from greenai.attribution.contrast import Paired, sample_board
from greenai.attribution.counting import judged_measures, measured, surroundings, unexplained
from greenai.attribution.documents import Recipe, identity
from greenai.attribution.doubts import Refused, expected, refused
from greenai.attribution.examples import RULE, counter_examples, examples
from greenai.attribution.fields import FieldRules, Propose, field_rules, suggest
from greenai.attribution.reasons import DEFAULT_REASONS, ReasonRow, reason_of
from greenai.attribution.sentences import Told, cause_sentence
from greenai.comparison.breaks import break_id
from greenai.comparison.columns import key_name
from greenai.domain.causes import Cause
from greenai.engines.functions import any_of
from greenai.fields.render import json_key, render

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from greenai.engines.base import Engine


@dataclass(frozen=True, slots=True)
class Mined:
    """The causes, those that explain most first, and `links`: break_id, cause_id, exception (materialised).

    A break is linked to one cause at most. With `exception` it lies in the cause's scope and is not
    explained by it, nor by another.
    """

    causes: tuple[Cause, ...]
    links: ir.Table
    expected: tuple[ir.Table, ...] = ()
    """What causes say of their exceptions: break_id, expected (materialised)."""
    refused: Mapping[str, Refused] = field(default_factory=dict)
    """By field the best that was tried for what is left."""


def mine(
    engine: Engine,
    fields: Sequence[Cells],
    paired: Paired,
    *,
    suggestions: Propose = suggest,
    reasons: Sequence[ReasonRow] = DEFAULT_REASONS,
    whole: Mapping[str, Cells] | None = None,
    done: Callable[[str], None] = lambda _: None,
) -> Mined:
    """Find the causes of value breaks: `fields` are the cells of each field that has any.

    `paired` are all paired rows, `suggestions` proposes transformations, `reasons` is the table from
    family and scope to reason, `whole` are all cells of fields of which `fields` has a part, `done` is told
    the field that is finished.
    """
    context = tuple(dict.fromkeys(name for cells in fields for name in cells.context))
    board = sample_board(engine, paired, context)
    causes: list[Cause] = []
    links: list[ir.Table] = []
    wanted: list[ir.Table] = []
    doubts: dict[str, Refused] = {}
    for cells in fields:
        found = field_rules(engine, cells, paired, board, suggestions, fields=len(fields))
        if found.rules:
            told, linked = tell(engine, found, paired, reasons, (whole or {}).get(cells.field))
            causes += told
            links.append(linked)
            odd = assignments(found).filter(lambda rows: rows["exception"])
            if (told_of := expected(engine, found, odd)) is not None:
                wanted.append(told_of)
        if (best := refused(engine, found)) is not None:
            doubts[cells.field] = best
        engine.drop(found.judged.table)
        done(cells.field)
    causes.sort(key=lambda cause: (-cause.breaks, cause.cause_id))
    return Mined(tuple(causes), union(engine, links), tuple(wanted), doubts)


def union(engine: Engine, links: Sequence[ir.Table]) -> ir.Table:
    """Relations of links as one, materialised; the parts are dropped."""
    if not links:
        empty = (
            ibis.literal("").name("break_id").as_table().mutate(cause_id=ibis.literal(""), exception=False)
        )
        return engine.materialise(empty.filter(ibis.literal(False)))
    whole = links[0] if len(links) == 1 else ibis.union(*links)
    made = engine.materialise(whole)
    for part in links:
        engine.drop(part)
    return made


def tell(
    engine: Engine,
    found: FieldRules,
    paired: Paired,
    reasons: Sequence[ReasonRow],
    whole: Cells | None = None,
) -> tuple[list[Cause], ir.Table]:
    """The causes of one field's rules, counted over all cells and rows, and their links.

    `whole` are all cells of the field, where those of `found` are only a part.
    """
    cells, rules = found.cells, found.rules
    documents = [Recipe("value", cells.field, r.transformation, r.scope).document() for r in rules]
    identities = [identity(document) for document in documents]
    assigned = engine.materialise(assignments(found))
    counts = {
        (int(rule), bool(exception)): int(n)
        for rule, exception, n in engine.rows(
            assigned.group_by(RULE, "exception").aggregate(n=assigned.count()).select(RULE, "exception", "n")
        )
    }
    around = surroundings(engine, whole or cells, rules, paired)
    measures = measured(engine, whole, rules, around) if whole else judged_measures(engine, found, around)
    left = unexplained(engine, found.judged.table, [rule.scope for rule in rules], explained_by(found))
    shown = examples(engine, assigned, cells)
    against = counter_examples(
        engine,
        whole or cells,
        rules,
        paired,
        around,
        {number: some for (number, exception), some in shown.items() if exception},
        [one.exceptions - agreeing for one, (agreeing, _) in zip(measures, around, strict=True)],
    )
    causes = []
    for number, (rule, known_as) in enumerate(zip(rules, identities, strict=True)):
        breaks = counts.get((number, False), 0)
        if not breaks:
            continue
        measure = measures[number]
        agreeing, outside = around[number]
        family, expression = rule.transformation.family, rule.transformation.describe()
        also = tuple(str(one) for one in rule.also)
        reason, functional = reason_of(
            family,
            rule.scope.columns,
            field=cells.field,
            whole=not measure.exceptions,
            table=reasons,
        )
        words = Told(
            cells.field,
            family,
            expression,
            rule.scope,
            breaks,
            measure,
            left[number],
            agreeing,
            outside,
            also,
        )
        causes.append(
            Cause(
                cause_id=known_as,
                field=cells.field,
                family=family,
                expression=expression,
                scope=str(rule.scope),
                reason=reason,
                functional=functional,
                breaks=breaks,
                exceptions=measure.exceptions,
                confidence=rule.confidence,
                explanation=cause_sentence(words),
                examples=shown.get((number, False), ()),
                counter_examples=against[number],
                agreeing=agreeing,
                outside=outside,
                also=also,
                document=documents[number],
                measure=measure,
            )
        )
    identified = ibis.cases(*((assigned[RULE] == n, one) for n, one in enumerate(identities)))
    key = json_key([assigned[key_name(name)] for name in cells.key])
    links = engine.materialise(
        assigned.select(
            break_id=break_id(key, "value", cells.field), cause_id=identified, exception=assigned["exception"]
        )
    )
    engine.drop(assigned)
    return causes, links


def explained_by(found: FieldRules) -> ir.BooleanValue:
    """Whether any rule explains a judged cell."""
    table = found.judged.table
    return any_of([table[rule.flag] & rule.scope.holds(table) for rule in found.rules])


def assignments(found: FieldRules) -> ir.Table:
    """The cells in the scope of any rule: `rule` (its place), `exception`, key and values as text.

    The first rule that explains a cell has it. A cell that none explains is an exception of the rule
    with the most conditions in whose scope it lies.
    """
    table = found.judged.table
    inside = [rule.scope.holds(table) for rule in found.rules]
    explained = [table[rule.flag] & held for rule, held in zip(found.rules, inside, strict=True)]
    narrow = sorted(range(len(inside)), key=lambda n: (-len(found.rules[n].scope.conditions), n))
    owner = ibis.cases(*((flag, n) for n, flag in enumerate(explained)), *((inside[n], n) for n in narrow))
    kept = table.mutate(**{RULE: owner, "exception": ~any_of(explained)}).filter(any_of(inside))
    return kept.select(
        CELL,
        RULE,
        "exception",
        *(name for name in kept.columns if name.startswith("key:")),
        value_a=ibis.coalesce(kept["raw_a"], render(kept["a"])),
        value_b=ibis.coalesce(kept["raw_b"], render(kept["b"])),
    )
