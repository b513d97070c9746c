"""The recipe of a reconciliation without a store: plan, ingest, compare, explain, count, show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING

from greenai.comparison.compare import compare
from greenai.comparison.result import Comparison
from greenai.domain.breaks import Reject
from greenai.domain.causes import Cause
from greenai.domain.groups import Group
from greenai.domain.progress import SILENT, Progress
from greenai.domain.rules import Rule, Suspension
from greenai.domain.summary import RowCounts, Summary
from greenai.pipeline.ingest import Sides
from greenai.pipeline.plan import Plan
from greenai.pipeline.totals import totals_by_currency

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from greenai.attribution.reasons import ReasonRow
    from greenai.engines.duckdb import DuckDBEngine
    from greenai.pipeline.attribute import Attributed


@dataclass(slots=True)
class Clock:
    """Seconds per stage, in order."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time one stage; a stage that comes twice adds up."""
        begin = perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + perf_counter() - begin


@dataclass(frozen=True, slots=True)
class Reconciled:
    """The outcome: numbers at once, breaks as a relation (with reasons when `explained`)."""

    plan: Plan
    comparison: Comparison
    summary: Summary
    breaks: ir.Table
    explained: bool
    rejects: tuple[Reject, ...]
    reasons: dict[str, int]
    decided: bool = False
    """Whether `breaks` carry the gate's decisions."""
    causes: tuple[Cause, ...] = ()
    """What explains many breaks at once, those that explain most first."""
    groups: tuple[Group, ...] = ()
    """What nothing explains, by likeness, the largest first."""
    rules: tuple[Rule, ...] = ()
    """Approved rules that decided."""
    suspended: tuple[Suspension, ...] = ()
    """Approved rules that decided nothing: they are out of their range."""


def reconcile(
    engine: DuckDBEngine,
    sides: Sides,
    *,
    clock: Clock,
    explain: bool = False,
    causes: bool = True,
    rules: Sequence[Rule] = (),
    mapping: Sequence[ReasonRow] | None = None,
    exact: bool = False,
    progress: Progress = SILENT,
) -> Reconciled:
    """Compare two sides by their plan; with `explain`, give reasons and let every uncastable cell break.

    What no proof explains is attributed to approved `rules`, and with `causes` to what is found besides.
    `mapping` is the table from cause to reason, where it is not the shipped one.
    """
    comparison = compare_sides(engine, sides, clock=clock, explain=explain, exact=exact, progress=progress)
    found = None
    if explain:
        with clock.stage("attribute"):
            progress.stage("attribute", comparison.break_count)
            found = explained(engine, sides, comparison, causes=causes, rules=rules, mapping=mapping)
    return concluded(engine, sides, comparison, found, clock=clock, progress=progress)


def compare_sides(
    engine: DuckDBEngine,
    sides: Sides,
    *,
    clock: Clock,
    explain: bool,
    exact: bool = False,
    progress: Progress = SILENT,
) -> Comparison:
    """Find every difference between two sides; with `explain`, every uncastable cell is one."""
    with clock.stage("compare"):
        return compare(
            engine,
            sides.a.table,
            sides.b.table,
            key=sides.plan.key,
            rules=sides.plan.rules,
            exact=exact,
            invalid_differs=explain,
            progress=progress,
        )


def concluded(
    engine: DuckDBEngine,
    sides: Sides,
    comparison: Comparison,
    found: Explained | None,
    *,
    clock: Clock,
    progress: Progress = SILENT,
) -> Reconciled:
    """The outcome in numbers, once breaks have their reasons (None: nobody asked for them)."""
    plan = sides.plan
    totals = None
    if plan.amount is not None:
        with clock.stage("totals"):
            progress.stage("totals")
            a, b = (side.table if side.today is None else side.today for side in (sides.a, sides.b))
            totals = totals_by_currency(engine, a, b, plan.amount, plan.key)
    counts, carried = comparison.counts, sides.carried
    attributed = found.attributed if found else None
    return Reconciled(
        plan=plan,
        comparison=comparison,
        summary=Summary(
            rows=RowCounts(
                a=counts.a - (carried.a if carried else 0),
                b=counts.b - (carried.b if carried else 0),
                matched=counts.matched,
                equal=counts.equal,
                different=counts.different,
                only_a=counts.only_a,
                only_b=counts.only_b,
                duplicates_a=counts.duplicates_a,
                duplicates_b=counts.duplicates_b,
                rejected_a=sides.a.rejected,
                rejected_b=sides.b.rejected,
                carried_a=carried.a if carried else None,
                carried_b=carried.b if carried else None,
            ),
            fields=dict(comparison.fields),
            breaks=comparison.break_count,
            timings=clock.seconds,
            amount=plan.amount.field if plan.amount else None,
            totals=totals,
            causes=tuple(one.as_dict() for one in attributed.causes) if attributed else None,
            unexplained=tuple(one.as_dict() for one in attributed.groups) if attributed else None,
        ),
        breaks=attributed.breaks if attributed else comparison.breaks,
        explained=found is not None,
        rejects=(*sides.a.rejects, *sides.b.rejects),
        reasons=found.reasons if found else {},
        causes=attributed.causes if attributed else (),
        groups=attributed.groups if attributed else (),
        rules=attributed.applied if attributed else (),
        suspended=attributed.suspended if attributed else (),
    )


@dataclass(frozen=True, slots=True)
class Explained:
    """Breaks with their reasons, and how many have each."""

    attributed: Attributed
    reasons: dict[str, int]


def explained(
    engine: DuckDBEngine,
    sides: Sides,
    comparison: Comparison,
    *,
    causes: bool,
    rules: Sequence[Rule],
    mapping: Sequence[ReasonRow] | None,
) -> Explained:
    """The breaks with reasons, computed once, and what explains them; breaks by reason."""
    from greenai.attribution.explain import explain
    from greenai.attribution.reasons import DEFAULT_REASONS
    from greenai.pipeline.attribute import attribute, unattributed

    proven = engine.materialise(explain(comparison.breaks))
    if causes or rules:
        found = attribute(
            engine,
            sides,
            comparison,
            proven,
            rules=rules,
            reasons=DEFAULT_REASONS if mapping is None else mapping,
            search=causes,
        )
    else:
        found = unattributed(engine, proven)
    engine.drop(proven)
    counted = found.breaks.group_by("reason").aggregate(n=found.breaks.count())
    rows = engine.rows(counted.order_by(counted.n.desc(), counted.reason))
    return Explained(found, {str(reason): int(n) for reason, n in rows})
