"""The gate as a step of a run: from reasons to decisions, in breaks, numbers and rows to store."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from greenai.definition.gate import Gate
from greenai.definition.model import Definition
from greenai.definition.types import FieldType
from greenai.pipeline.ageing import verify_age
from greenai.pipeline.candidates import Inputs, identified
from greenai.pipeline.decide import Decided, Rules, decide
from greenai.pipeline.ingest import Sides
from greenai.pipeline.plan import Plan
from greenai.pipeline.reconcile import Clock, Reconciled
from greenai.quality.checks import verify
from greenai.quality.gate import Side
from greenai.store.layout import layouts

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from greenai.engines.duckdb import DuckDBEngine


def verify_gate(definition: Definition, plan: Plan) -> None:
    """Refuse checks of fields that do not exist or cannot be judged so, golden tables that cannot be, and
    ages that are counted from no date.

    Raises DefinitionError.
    """
    verify_age(definition.age, plan)
    both = {field.name for field in plan.b.fields}
    types = types_of(plan, (*plan.key, *(f.name for f in plan.a.fields if f.name in both)))
    if definition.gate is not None:
        verify(definition.gate.checks, types)
    if definition.store is not None:
        layouts(definition.store, plan.key, types)


def types_of(plan: Plan, fields: Iterable[str]) -> dict[str, FieldType]:
    """The types of some fields, in their order."""
    types = {field.name: field.type for field in plan.a.fields}
    return {name: types[name] for name in fields}


def gate_inputs(definition: Definition, sides: Sides, outcome: Reconciled, *, key_version: int = 1) -> Inputs:
    """What candidates are made of, from a plan, both sides and what was found between them."""
    plan = sides.plan
    gate = definition.gate or Gate(reasons={})
    both = set(sides.a.table.columns) & set(sides.b.table.columns)
    # A field that a grouping left out is on neither side; it was to be ignored.
    others = [f.name for f in plan.a.fields if f.name not in plan.key and f.name in both]
    authorities: dict[str, Side] = {
        name: rule.authority
        for name, rule in (definition.fields or {}).items()
        if rule.authority is not None and name in others
    }
    return Inputs(
        sides={"a": sides.a.table, "b": sides.b.table},
        comparison=outcome.comparison,
        fields=(*plan.key, *others),
        usual=gate.authority or "a",
        authorities=authorities,
        key_version=key_version,
    )


def pass_gate(
    engine: DuckDBEngine,
    definition: Definition,
    inputs: Inputs,
    outcome: Reconciled,
    *,
    business_date: date,
    clock: Clock,
    earlier: ir.Table | None = None,
    last_rows: int | None = None,
) -> tuple[Reconciled, Decided]:
    """Decide about all breaks of a run; returns the run with its decisions, and the gate's own result."""
    with clock.stage("decide"):
        decided = decide(
            engine,
            inputs,
            identified(outcome.breaks, inputs.key_version),
            Rules(definition, business_date, earlier, last_rows),
        )
        grouped = decided.breaks.group_by("reason").aggregate(n=decided.breaks.count())
        reasons = engine.rows(grouped.order_by(grouped.n.desc(), grouped.reason))
    summary = replace(
        outcome.summary,
        breaks=sum(decided.decisions.as_dict().values()),
        decisions=decided.decisions.as_dict(),
        records=decided.record_tally.as_dict(),
    )
    gated = replace(
        outcome,
        summary=summary,
        breaks=decided.breaks,
        reasons={str(reason): int(n) for reason, n in reasons},
        decided=True,
    )
    return gated, decided
