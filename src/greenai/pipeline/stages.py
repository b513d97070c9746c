"""The stages of a run as functions for engines: each takes what the one before put on the shelf.

A stage writes nothing but files of its own attempt; what it found counts once its job is done. Doing a
stage twice equals doing it once. The last one publishes, and its job is done in the same transaction.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from greenai.comparison.result import Comparison
from greenai.definition.loading import loads
from greenai.definition.model import Definition
from greenai.domain.progress import SILENT, Progress
from greenai.domain.reasons import UNKNOWN
from greenai.domain.runs import Input, Stage, State
from greenai.domain.summary import Summary
from greenai.pipeline.connections import rooted
from greenai.pipeline.definition_plan import plan_definition
from greenai.pipeline.gate import verify_gate
from greenai.pipeline.ingest import Sides, ingest_both
from greenai.pipeline.opening import open_sources
from greenai.pipeline.predictions import refused
from greenai.pipeline.publish import Run
from greenai.pipeline.reconcile import Clock, Explained, Reconciled, compare_sides, concluded, explained
from greenai.pipeline.running import Hashing, Task, manner_of
from greenai.pipeline.stored_run import Fence, Recorder, key_document
from greenai.store import definitions, reasons, rules
from greenai.store.definitions import SavedDefinition
from greenai.store.requests import Request

if TYPE_CHECKING:
    import psycopg

    from greenai.engines.duckdb import DuckDBEngine
    from greenai.pipeline.plan import Plan
    from greenai.sources.base import SourceTable

    Connection = psycopg.Connection[Any]


@dataclass(frozen=True, slots=True)
class Bench:
    """What a stage works with. `connection` commits each statement; `before` is what it takes over."""

    engine: DuckDBEngine
    connection: Connection
    url: str
    request: Request
    before: object
    progress: Progress = SILENT

    @property
    def definition(self) -> Definition:
        """The definition of the run's version."""
        return loads(self.request.document, source=f"{self.request.recon}, version {self.request.version}")


@dataclass(frozen=True, slots=True)
class Read:
    """Both sides as they were read, the files, and how records are identified."""

    sides: Sides
    inputs: tuple[Input, ...]
    saved: SavedDefinition
    seconds: dict[str, float]


@dataclass(frozen=True, slots=True)
class Compared:
    """What was read, and the differences."""

    read: Read
    comparison: Comparison
    seconds: dict[str, float]


@dataclass(frozen=True, slots=True)
class Told:
    """What was read, and the outcome: every difference with its reason. `manner` as in a run's digest."""

    read: Read
    outcome: Reconciled
    manner: str
    seconds: dict[str, float]


@dataclass(frozen=True, slots=True)
class Ended:
    """How a stage ended: what it hands over (None: nothing), rows in and out.

    `repeated` is the run that said the same before, so that nothing was published.
    """

    value: object | None
    rows_in: int
    rows_out: int
    size: int = 0
    """What the next stage is about, in rows."""
    repeated: int | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    """After ingest the rows of each side, after decide the breaks by decision."""
    summary: Summary | None = None
    """After decide, of what was published."""

    @property
    def state(self) -> State:
        """After decide, what the run is now."""
        return "awaiting_review" if self.counts.get("review") or self.counts.get("rejected") else "completed"


def ingest(bench: Bench) -> Ended:
    """Read, map and normalise both sides."""
    request, definition, clock = bench.request, bench.definition, Clock()
    files = rooted(bench.connection, definition)
    with contextlib.ExitStack() as stack:
        stack.enter_context(files.telling())
        lineage = Hashing(stack)

        def opened() -> tuple[SourceTable, SourceTable]:
            variables = {"business_date": request.business_date.isoformat()}
            files.insist_contained(variables)
            sources = open_sources(bench.engine, files.definition, Path(request.folder), variables)
            lineage.begin(sources)
            return sources

        def planned(a: SourceTable, b: SourceTable, sample: int | None) -> Plan:
            plan = plan_definition(bench.engine, definition, a, b, sample=sample)
            verify_gate(definition, plan)
            return plan

        with clock.stage("ingest"):
            sides = ingest_both(
                bench.engine, opened, planned, max_rejects=definition.max_rejects, progress=bench.progress
            )
        inputs = tuple(replace(one, location=files.told(one.location)) for one in lineage.files.inputs())
    with bench.connection.transaction():
        key_version = definitions.identify(
            bench.connection, request.recon_id, request.version, key_document(sides.plan)
        )
    saved = SavedDefinition(request.recon_id, request.version, key_version)
    counts = [bench.engine.count(side.table) for side in (sides.a, sides.b)]
    rejected = sides.a.rejected + sides.b.rejected
    rows = sum(counts)
    # Files of the sides are written from what can be read; how it was stored before is of no use to others.
    bare = replace(sides, a=replace(sides.a, stored=None), b=replace(sides.b, stored=None))
    read = Read(bare, inputs, saved, clock.seconds)
    return Ended(read, rows + rejected, rows, rows, counts={"a": counts[0], "b": counts[1]})


def compare(bench: Bench) -> Ended:
    """Find every difference."""
    read = _given(bench, Read)
    clock = Clock(dict(read.seconds))
    read = replace(read, sides=recorder(bench, read.saved).carry(bench.engine, read.sides, clock))
    comparison = compare_sides(bench.engine, read.sides, clock=clock, explain=True, progress=bench.progress)
    counts = comparison.counts
    found = Compared(read, comparison, clock.seconds)
    return Ended(found, counts.a + counts.b, comparison.break_count, comparison.break_count)


def attribute(bench: Bench) -> Ended:
    """Give every difference its reason, and a cause where one can be shown."""
    found = _given(bench, Compared)
    request, sides = bench.request, found.read.sides
    clock = Clock(dict(found.seconds))
    mapping = reasons.mapping(bench.connection, request.recon_id) if request.causes else None
    with clock.stage("attribute"):
        bench.progress.stage("attribute", found.comparison.break_count)
        told: Explained = explained(
            bench.engine,
            sides,
            found.comparison,
            causes=request.causes,
            rules=rules.active(bench.connection, request.recon_id),
            mapping=mapping,
        )
    outcome = concluded(bench.engine, sides, found.comparison, told, clock=clock, progress=bench.progress)
    task = Task(bench.definition, request.business_date, bench.url, causes=request.causes)
    breaks = outcome.summary.breaks
    value = Told(found.read, outcome, manner_of(task, outcome, mapping), clock.seconds)
    return Ended(value, breaks, breaks - outcome.reasons.get(UNKNOWN, 0), breaks)


def discriminate(bench: Bench) -> Ended:
    """Accept or refuse every prediction; what is refused is UNKNOWN, however sure the model claims to be."""
    told = _given(bench, Told)
    outcome, predictions = refused(bench.engine, told.outcome, bench.definition.gate)
    return Ended(
        replace(told, outcome=outcome), predictions.made, predictions.accepted, outcome.summary.breaks
    )


def decide(bench: Bench, fence: Fence) -> Ended:
    """Pass the gate and publish, in one transaction with what `fence` does."""
    told = _given(bench, Told)
    read = told.read
    clock = Clock(dict(told.seconds))
    done, repeated = recorder(bench, read.saved).publish(
        bench.engine, read.sides, told.outcome, read.inputs, clock, manner=told.manner, fence=fence
    )
    summary = done.outcome.summary
    return Ended(
        None,
        told.outcome.summary.breaks,
        summary.breaks,
        repeated=repeated,
        counts=summary.decisions or {},
        summary=summary,
    )


def recorder(bench: Bench, saved: SavedDefinition) -> Recorder:
    """What notes of the run in the store."""
    request = bench.request
    run = Run(request.run_id, saved, bench.definition, request.business_date, None, bench.engine.folder)
    return Recorder(bench.connection, bench.url, run)


Working = Callable[[Bench], Ended]
WORK: dict[Stage, Working] = {
    "ingest": ingest,
    "compare": compare,
    "attribute": attribute,
    "discriminate": discriminate,
}
"""The stages that end with a handover."""


T = TypeVar("T")


def _given(bench: Bench, kind: type[T]) -> T:
    assert isinstance(bench.before, kind), f"{bench.before!r} is no {kind.__name__}"
    return bench.before
