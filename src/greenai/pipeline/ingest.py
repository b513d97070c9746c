"""Ingesting one side: read, map, normalise, and set aside what cannot be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from greenai.domain.breaks import Reject
from greenai.errors import TooManyRejectsError
from greenai.fields.plan import RAW, SidePlan
from greenai.fields.prepare import prepare, readable, unreadable
from greenai.pipeline.columns import file_names
from greenai.sources.base import SourceTable

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from greenai.engines.duckdb import DuckDBEngine

SHOWN_REJECTS = 100_000
"""Unreadable keys listed one by one; all are counted."""


@dataclass(frozen=True, slots=True)
class Ingested:
    """One side, ready to be compared.

    `table` holds the readable rows; `rejects` what could not be split into columns and what has no
    readable key. `rejected` counts them all.
    """

    table: ir.Table
    rejects: tuple[Reject, ...]
    rejected: int


def ingest(
    engine: DuckDBEngine,
    source: SourceTable,
    plan: SidePlan,
    side: Literal["a", "b"],
    *,
    max_rejects: float,
) -> Ingested:
    """Read one side. Raises TooManyRejectsError above the share `max_rejects` of unreadable rows."""
    prepared = prepare(source.table, plan, text=source.text)
    # What is cheap to scan twice stays where it is; all else is read once, into a relation that spills.
    if source.rescannable and not plan.group:
        prepared = engine.define(prepared)
    else:
        prepared = engine.materialise(prepared)
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
    if not source.rescannable or plan.group:
        table = table.select(telling_columns(engine, prepared))
    if rejected:
        _hold_limit(rejects, rejected, engine.count(table), max_rejects)
    return Ingested(table, tuple(rejects), rejected)


def telling_columns(engine: DuckDBEngine, prepared: ir.Table) -> list[str]:
    """All columns but the ``raw:`` ones in which nothing stands: every cell of their field was read."""
    raws = [name for name in prepared.columns if name.startswith(RAW)]
    if not raws:
        return list(prepared.columns)
    filled = engine.row(prepared.aggregate([prepared[name].count().name(name) for name in raws]))
    return [name for name in prepared.columns if filled.get(name) != 0]


def _hold_limit(rejects: list[Reject], rejected: int, rows: int, max_rejects: float) -> None:
    share = rejected / (rejected + rows)
    if share <= max_rejects:
        return
    first = rejects[0]
    raise TooManyRejectsError(
        f"{rejected:,} of {rejected + rows:,} rows cannot be read "
        f"({share:.1%}; allowed are {max_rejects:.1%}); the first: {first.why}",
        source=first.source,
        line=first.line,
        value=first.raw,
        remedy="mend the file or its description in the definition, or raise `max_rejects`",
    )
