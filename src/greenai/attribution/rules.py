"""Approved rules, computed again for every row: what they explain, what not, and which may not decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from greenai.attribution.causes import tell
from greenai.attribution.cells import CELL, Cells
from greenai.attribution.contrast import Paired
from greenai.attribution.counting import measured, surroundings
from greenai.attribution.documents import Recipe
from greenai.attribution.fields import FieldRule, FieldRules
from greenai.attribution.judging import flagged
from greenai.attribution.predicates import Predicate
from greenai.attribution.reasons import DEFAULT_REASONS
from greenai.attribution.transformations.base import Transformation
from greenai.domain.causes import Cause
from greenai.domain.rules import Measure, Range, Rule, Suspension
from greenai.engines.functions import any_of
from greenai.errors import GreenaiError

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from greenai.engines.base import Engine

CERTAIN = 1.0
"""The confidence of a rule: a person approved it, and it was computed for every row."""
ASSURANCE = 0.99
"""How surely the true share of exceptions lies in the range that is approved by default."""
SPREAD = 3
"""How many times smaller and larger than what was seen a scope may be, by default."""
NEVER = frozenset({"typo"})
"""Families that settle nothing: which letter is wrong cannot be computed."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A rule with its document read."""

    rule: Rule
    recipe: Recipe


@dataclass(frozen=True, slots=True)
class Outcome:
    """What rules came to: `links` are ``break_id``, ``cause_id``, ``exception``, None without any.

    `explained` are the cells (``cell``) or records (key fields, ordinal) that they explain.
    """

    causes: tuple[Cause, ...] = ()
    links: ir.Table | None = None
    explained: ir.Table | None = None
    applied: tuple[Rule, ...] = ()
    suspended: tuple[Suspension, ...] = ()


def default_range(measure: Measure) -> Range:
    """The range in which a rule is approved, where the person who accepts it names none.

    As many exceptions as the true share of them may have been, exactly, with `ASSURANCE`; and scopes from
    a third of what was seen to three times as much.
    """
    from greenai.attribution.statistics import upper_bound

    highest = upper_bound(measure.exceptions, measure.size, 1 - ASSURANCE)
    return Range(highest, max(1, measure.size // SPREAD), max(1, measure.size * SPREAD))


def value_rules(engine: Engine, cells: Cells, paired: Paired, rules: Sequence[Loaded]) -> Outcome:
    """Apply the rules of one field to all its cells and rows.

    A rule out of its range, or that cannot be computed for these columns, explains nothing; the others
    do not see it.
    """
    suspended: list[Suspension] = []
    allowed: list[tuple[Loaded, FieldRule]] = []
    judged_rules = [(one, prepared(one.recipe)) for one in rules]
    for (one, known), stand in zip(
        judged_rules, standing(engine, cells, paired, [known for _, known in judged_rules]), strict=True
    ):
        measure = stand if isinstance(stand, Measure) else None
        why = one.rule.range.refuses(stand) if isinstance(stand, Measure) else stand
        if why is not None:
            suspended.append(Suspension(one.rule, why, measure))
        else:
            allowed.append((one, known))
    if not allowed:
        return Outcome(suspended=tuple(suspended))
    judged = flagged(engine, cells, [known.transformation for _, known in allowed])
    found = FieldRules(
        cells,
        judged,
        tuple(replace(known, flag=flag) for (_, known), flag in zip(allowed, judged.flags, strict=True)),
    )
    causes, links = tell(engine, found, paired, DEFAULT_REASONS)
    table = judged.table
    held = [table[rule.flag] & rule.scope.holds(table) for rule in found.rules]
    explained = engine.materialise(table.filter(any_of(held)).select(CELL))
    engine.drop(table)
    applied = tuple(one.rule for one, _ in allowed)
    return Outcome(approved(causes, applied), links, explained, applied, tuple(suspended))


def prepared(recipe: Recipe) -> FieldRule:
    """The rule of a field as the counting of causes takes it."""
    assert recipe.transformation is not None
    return FieldRule(recipe.transformation, "", recipe.scope, (), CERTAIN)


def approved(causes: Sequence[Cause], rules: Sequence[Rule]) -> tuple[Cause, ...]:
    """The causes of rules, with the reasons that were approved."""
    by_cause = {rule.cause_id: rule for rule in rules}
    return tuple(
        replace(
            one,
            reason=by_cause[one.cause_id].reason,
            functional=by_cause[one.cause_id].functional,
            confidence=CERTAIN,
            approved=True,
        )
        for one in causes
    )


def standing(engine: Engine, cells: Cells, paired: Paired, rules: Sequence[FieldRule]) -> list[Measure | str]:
    """How each rule stands, or why it cannot be computed; all at once where all of them can be."""
    try:
        return list(measured(engine, cells, rules, surroundings(engine, cells, rules, paired)))
    except Exception as error:  # an expression that does not fit today's columns fails in many ways
        # An error that says what to do is about the machine, and no word about the rule.
        if isinstance(error, GreenaiError) and error.remedy is not None:
            raise
        if len(rules) > 1:
            return [stand for rule in rules for stand in standing(engine, cells, paired, [rule])]
        return [unfit(cells, rules[0].transformation, rules[0].scope)]


def unfit(cells: Cells, transformation: Transformation, scope: Predicate) -> str:
    """What a rule needs that these columns do not have, in words."""
    lacking = sorted(scope.columns - set(cells.context))
    if lacking:
        return f"there is no column {', '.join(lacking)} to tell its scope"
    return f"{transformation.describe()} cannot be computed for {cells.type} and the columns beside it"
