"""Ingesting one side: read, map, normalise, and set aside what cannot be read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from greenai.domain.breaks import Reject
from greenai.domain.progress import Progress
from greenai.errors import TooManyRejectsError
from greenai.fields.packing import PACKED, packed, raw_columns, unpacked
from greenai.fields.plan import RAW, SidePlan
from greenai.fields.prepare import prepare, readable, unreadable
from greenai.pipeline.columns import file_names
from greenai.pipeline.plan import SAMPLE, Plan
from greenai.sources.base import SourceTable

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from greenai.engines.duckdb import DuckDBEngine
    from greenai.pipeline.carrying import Carried

SHOWN_REJECTS = 100_000
"""Unreadable keys listed one by one; all are counted."""


@dataclass(frozen=True, slots=True)
class Ingested:
    """One side, ready to be compared.

    `table` holds the readable rows; `rejects` what could not be
    split into columns and what has no readable key. `rejected` counts them all. `misfits` are the
    fields with a cell that is not of their type.
    """

    table: ir.Table
    rejects: tuple[Reject, ...]
    rejected: int
    misfits: frozenset[str]
    stored: ir.Table | None = None
    """What `table` is made of, where the source was read into a relation of the engine."""
    today: ir.Table | None = None
    """The rows of this run's input alone, where open records of earlier dates are in `table`, too."""


@dataclass(frozen=True, slots=True)
class Sides:
    """Both sides, and the plan by which they were read."""

    plan: Plan
    a: Ingested
    b: Ingested
    carried: Carried | None = None
    """What joined from earlier dates; None where nothing could."""


def ingest_both(
    engine: DuckDBEngine,
    open_sources: Callable[[], tuple[SourceTable, SourceTable]],
    make_plan: Callable[[SourceTable, SourceTable, int | None], Plan],
    *,
    max_rejects: float,
    progress: Progress,
) -> Sides:
    """Open, plan and read both sides. Raises TooManyRejectsError above `max_rejects` (a share).

    Types of text are guessed from some rows at first. A cell that does not fit disproves the guess:
    then they are taken from all rows, so that no row is judged by where it stands in its file.
    """
    for sample in (SAMPLE, None):
        progress.stage("open")
        sources = open_sources()
        plan = make_plan(*sources, sample)
        if sample is not None and guessed_floats(plan, sources):
            continue
        if sample is not None:
            plan = doubtful(plan)
        progress.stage("ingest a")
        readings: list[Reading] = []
        a = ingest(engine, sources[0], plan.a, "a", readings)
        progress.stage("ingest b")
        b = ingest(engine, sources[1], plan.b, "b", readings)
        if sample is None or not plan.guessed & (a.misfits | b.misfits):
            break
        for side in (a, b):
            engine.drop(side.table)
            if side.stored is not None:
                engine.drop(side.stored)
    for side in (a, b):
        hold_limit(engine, side, max_rejects)
    return Sides(plan, a, b)


def doubtful(plan: Plan) -> Plan:
    """The plan with its guesses marked, so that cells can disprove them."""

    def side(of: SidePlan) -> SidePlan:
        return replace(of, fields=tuple(replace(f, guessed=f.name in plan.guessed) for f in of.fields))

    return replace(plan, a=side(plan.a), b=side(plan.b)) if plan.guessed else plan


def guessed_floats(plan: Plan, sources: tuple[SourceTable, SourceTable]) -> bool:
    """Whether a guess says float: every number reads as one, so no cell would ever disprove it."""
    untyped = all(source.text for source in sources)
    return untyped and any(f.type.kind == "float" and f.name in plan.guessed for f in plan.a.fields)


@dataclass(frozen=True, slots=True)
class Reading:
    """How rows are read: `rows` over the relation `READ`, their `raws` packed, for the `asked` plan."""

    asked: tuple[object, ...]
    rows: ir.Table
    raws: tuple[str, ...]


READ = "source_read"
"""The one name by which any source is read, so that sides that are alike are read by one statement."""


def reading(
    engine: DuckDBEngine, source: SourceTable, plan: SidePlan, readings: Sequence[Reading]
) -> Reading:
    """How a source is read by its plan: as in one of `readings`, where it is alike, for writing it is dear.

    It holds until the next call: then the relation is another.
    """
    table = engine.define(source.table, READ)
    asked = (replace(plan, source=""), table.schema(), source.empty_is_null)
    known = next((known for known in readings if known.asked == asked), None)
    if known is not None:
        return known
    prepared = prepare(table, plan, text=source.empty_is_null)
    return Reading(asked, packed(prepared), raw_columns(prepared))


def ingest(
    engine: DuckDBEngine,
    source: SourceTable,
    plan: SidePlan,
    side: Literal["a", "b"],
    readings: list[Reading],
) -> Ingested:
    """Read one side; `readings` are those of the other side, and this one is added."""
    # What is cheap to scan twice stays where it is; all else is read once, into a relation that spills.
    stored = None
    if not source.rescannable or plan.group:
        readings.append(reading(engine, source, plan, readings))
        stored = engine.materialise(readings[-1].rows)
        prepared = unpacked(stored, readings[-1].raws)
    else:
        prepared = engine.define(prepare(source.table, plan, text=source.empty_is_null))
    source.finish()
    rejects = [row.on(side) for row in source.rejects()]
    keyless = unreadable(prepared, plan.key)
    without_key = engine.count(keyless)
    rejected = len(rejects) + without_key
    if without_key:
        rejects += [
            Reject(side, file_names(source), None, raw, why)
            for raw, why in engine.rows(keyless.limit(SHOWN_REJECTS))
        ]
    table = readable(prepared, plan.key)
    misfits: frozenset[str] = frozenset()
    if stored is not None:
        filled = filled_raws(engine, stored, raw_columns(prepared))
        misfits = frozenset(name.removeprefix(RAW) for name in filled)
        # A column of texts in which nothing stands says that every cell of its field was read.
        table = table.select([name for name in table.columns if not name.startswith(RAW) or name in filled])
    return Ingested(engine.define(table), tuple(rejects), rejected, misfits, stored)


def filled_raws(engine: DuckDBEngine, stored: ir.Table, raws: Sequence[str]) -> set[str]:
    """The ``raw:`` columns in which something stands, of rows stored with their texts packed."""
    if not raws or not engine.count(rows := stored.filter(stored[PACKED].notnull())):
        return set()
    rows = unpacked(rows, raws)
    filled = engine.row(rows.aggregate([rows[name].count().name(name) for name in raws]))
    return {name for name in raws if filled[name]}


def hold_limit(engine: DuckDBEngine, side: Ingested, max_rejects: float) -> None:
    """Stop above a share of unreadable rows. Raises TooManyRejectsError."""
    if not side.rejected:
        return
    rows = engine.count(side.table)
    share = side.rejected / (side.rejected + rows)
    if share <= max_rejects:
        return
    first = side.rejects[0]
    raise TooManyRejectsError(
        f"{side.rejected:,} of {side.rejected + rows:,} rows cannot be read "
        f"({share:.1%}; allowed are {max_rejects:.1%}); the first: {first.why}",
        source=first.source,
        line=first.line,
        value=first.raw,
        remedy="mend the file or its description in the definition, or raise `max_rejects`",
    )
