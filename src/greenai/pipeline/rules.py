"""Approved rules as a step of a run: each is computed again for every row before causes are looked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from greenai.attribution.cells import CELL, Cells
from greenai.attribution.contrast import Paired
from greenai.attribution.documents import load
from greenai.attribution.record_causes import Records
from greenai.attribution.record_rules import record_rules, without
from greenai.attribution.rules import Loaded, Outcome, value_rules
from greenai.domain.causes import Cause
from greenai.domain.rules import Rule, Suspension
from greenai.errors import StoreError

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from greenai.engines.duckdb import DuckDBEngine


@dataclass(frozen=True, slots=True)
class Ruled:
    """What the approved rules of a run came to. `links` are ``break_id``, ``cause_id``, ``exception``."""

    causes: tuple[Cause, ...] = ()
    links: tuple[ir.Table, ...] = ()
    applied: tuple[Rule, ...] = ()
    suspended: tuple[Suspension, ...] = ()

    def beside(self, outcome: Outcome) -> Ruled:
        """Both."""
        return Ruled(
            (*self.causes, *outcome.causes),
            self.links if outcome.links is None else (*self.links, outcome.links),
            (*self.applied, *outcome.applied),
            (*self.suspended, *outcome.suspended),
        )


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of a run by what they speak of."""

    fields: Mapping[str, Sequence[Loaded]]
    kinds: Mapping[str, Sequence[Loaded]]
    unknown: tuple[Suspension, ...] = ()
    """Rules that cannot be applied to this run at all."""


def loaded(rules: Sequence[Rule], fields: Sequence[str]) -> Rules:
    """Read the documents of rules. `fields` are those that the run compares."""
    by_field: dict[str, list[Loaded]] = {}
    by_kind: dict[str, list[Loaded]] = {}
    unknown: list[Suspension] = []
    for rule in rules:
        try:
            one = Loaded(rule, load(rule.document))
        except StoreError as error:
            unknown.append(Suspension(rule, error.message, None))
            continue
        field = one.recipe.field
        if one.recipe.transformation is None:
            by_kind.setdefault(one.recipe.kind, []).append(one)
        elif field in fields:
            by_field.setdefault(str(field), []).append(one)
        else:
            unknown.append(Suspension(rule, f"the run does not compare a field {field}", None))
    return Rules(by_field, by_kind, tuple(unknown))


def rule_values(
    engine: DuckDBEngine, cells: Mapping[str, Cells], around: Paired, rules: Rules
) -> tuple[Ruled, dict[str, Cells]]:
    """What rules of fields explain, and the cells that are left of each field."""
    ruled = Ruled(suspended=rules.unknown)
    left = dict(cells)
    for field, asked in rules.fields.items():
        outcome = value_rules(engine, cells[field], around, asked)
        ruled = ruled.beside(outcome)
        if outcome.explained is not None:
            left[field] = rest(engine, cells[field], outcome.explained)
            engine.drop(outcome.explained)
    return ruled, left


def rest(engine: DuckDBEngine, cells: Cells, explained: ir.Table) -> Cells:
    """The cells that no rule explains."""
    table = engine.materialise(cells.table.anti_join(explained, CELL))
    return replace(cells, table=table, count=engine.count(table))


def rule_records(
    engine: DuckDBEngine, records: Sequence[Records], rules: Rules
) -> tuple[Ruled, list[Records]]:
    """What rules of whole records explain, and the records that are left of each kind."""
    ruled, left = Ruled(), []
    for one in records:
        asked = rules.kinds.get(one.kind)
        outcome = record_rules(engine, one, asked) if asked else Outcome()
        ruled = ruled.beside(outcome)
        left.append(one if outcome.explained is None else without(one, outcome.explained))
    return ruled, left
