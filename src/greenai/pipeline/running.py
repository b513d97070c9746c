"""The recipe of a run: ingest, compare and explain, then gate and store, or the gate alone."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from greenai.definition.model import Definition
from greenai.domain.progress import Progress
from greenai.domain.report import GateInfo
from greenai.domain.rules import Rule
from greenai.pipeline.ageing import aged
from greenai.pipeline.definition_plan import plan_definition
from greenai.pipeline.gate import gate_inputs, pass_gate, verify_gate
from greenai.pipeline.ingest import Sides, ingest_both
from greenai.pipeline.plan import Plan
from greenai.pipeline.reconcile import Clock, Reconciled, reconcile
from greenai.sources.base import SourceTable

if TYPE_CHECKING:
    from greenai.attribution.reasons import ReasonRow
    from greenai.engines.duckdb import DuckDBEngine
    from greenai.pipeline.lineage import Lineage


@dataclass(frozen=True, slots=True)
class Task:
    """What to run, for which day, and where to store it (None: nowhere)."""

    definition: Definition
    business_date: date
    url: str | None
    exact: bool = False
    causes: bool = True
    """Whether to look for causes of what no proof explains."""


@dataclass(frozen=True, slots=True)
class Done:
    """A run that came to its end."""

    outcome: Reconciled
    gate: GateInfo
    run_id: int | None


def run_task(
    engine: DuckDBEngine,
    task: Task,
    opened: Callable[[], tuple[SourceTable, SourceTable]],
    progress: Progress,
) -> Done:
    """Run a definition; `opened` opens both sources. Raises GreenaiError, and then nothing was stored."""
    clock = Clock()
    with contextlib.ExitStack() as stack:
        lineage = Hashing(stack) if task.url is not None else None

        def watched() -> tuple[SourceTable, SourceTable]:
            sources = opened()
            if lineage is not None:
                lineage.begin(sources)
            return sources

        def planned(a: SourceTable, b: SourceTable, sample: int | None) -> Plan:
            plan = plan_definition(engine, task.definition, a, b, sample=sample)
            verify_gate(task.definition, plan)
            return plan

        with clock.stage("ingest"):
            sides = ingest_both(
                engine, watched, planned, max_rejects=task.definition.max_rejects, progress=progress
            )
        if task.url is None or lineage is None:
            return ungated(engine, task, sides, clock, progress)
        from greenai.pipeline.stored_run import recorded

        day, folder = task.business_date, engine.folder
        with recorded(task.url, task.definition, sides.plan, day, clock, folder) as recorder:
            recorder.enter("comparing")
            sides = recorder.carry(engine, sides, clock)
            mapping = recorder.reasons() if task.causes else None
            outcome = compared(engine, task, sides, clock, progress, recorder.rules(), mapping)
            progress.stage("store")
            manner = manner_of(task, outcome, mapping)
            return recorder.decide(engine, sides, outcome, lineage.files.inputs(), clock, manner=manner)


def manner_of(task: Task, outcome: Reconciled, mapping: Sequence[ReasonRow] | None) -> str:
    """In words what makes a run another one beside its definition and inputs.

    Of the approved rules those that decided: a run that suspends one is the same as a run without it.
    Of the table from cause to reason whether it is another than the shipped one.
    """
    from greenai.attribution.reasons import digest

    rules = ",".join(str(number) for number in sorted(rule.rule_id for rule in outcome.rules))
    mapped = None if mapping is None else digest(mapping)
    said = (
        "" if task.causes else "without causes",
        f"rules {rules}" if rules else "",
        f"reasons {mapped}" if mapped else "",
    )
    return ", ".join(word for word in said if word)


def compared(
    engine: DuckDBEngine,
    task: Task,
    sides: Sides,
    clock: Clock,
    progress: Progress,
    rules: Sequence[Rule] = (),
    mapping: Sequence[ReasonRow] | None = None,
) -> Reconciled:
    """Both sides compared, every break with a reason and, where there is one, a cause."""
    return reconcile(
        engine,
        sides,
        clock=clock,
        explain=True,
        causes=task.causes,
        rules=rules,
        mapping=mapping,
        exact=task.exact,
        progress=progress,
    )


def ungated(engine: DuckDBEngine, task: Task, sides: Sides, clock: Clock, progress: Progress) -> Done:
    """A run without a store: the gate decides, nothing remembers."""
    outcome = compared(engine, task, sides, clock, progress)
    inputs = gate_inputs(task.definition, sides, outcome)
    gated, decided = pass_gate(
        engine, task.definition, inputs, outcome, business_date=task.business_date, clock=clock
    )
    gated = replace(
        gated,
        breaks=aged(
            engine, gated.breaks, inputs, task.business_date, age=task.definition.age, first_seen=None
        ),
    )
    return Done(gated, GateInfo(failed_checks=decided.failed, holds_all=decided.holds_all), None)


class Hashing:
    """The hashing of input files beside their reading, begun once however often sources are opened."""

    def __init__(self, stack: contextlib.ExitStack) -> None:
        self._stack = stack
        self._lineage: Lineage | None = None

    def begin(self, sources: tuple[SourceTable, SourceTable]) -> None:
        """Start with the files of both sides."""
        from greenai.pipeline import lineage

        if self._lineage is None:
            self._lineage = lineage.start(*(source.files for source in sources))
            self._stack.callback(self._lineage.stop)

    @property
    def files(self) -> Lineage:
        """What was begun."""
        assert self._lineage is not None
        return self._lineage
