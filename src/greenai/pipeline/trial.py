"""Trying a definition: its run on a sample of both sides, of which nothing is stored.

The sample is one of keys, the same on both sides, so that what is missing in it is missing indeed.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from greenai.domain.progress import SILENT
from greenai.engines.functions import fingerprint
from greenai.errors import EngineError, UsageError
from greenai.pipeline.activating import NOWHERE
from greenai.pipeline.connections import Rooted
from greenai.pipeline.definition_plan import plan_definition
from greenai.pipeline.gate import verify_gate
from greenai.pipeline.ingest import Ingested, Sides, ingest_both
from greenai.pipeline.opening import open_sources
from greenai.pipeline.reconcile import Clock
from greenai.pipeline.running import Task, ungated
from greenai.pipeline.submission import size_of

if TYPE_CHECKING:
    from greenai.domain.summary import Summary
    from greenai.engines.duckdb import DuckDBEngine
    from greenai.pipeline.plan import Plan
    from greenai.sources.base import SourceTable

MOST_BYTES: Final = 512_000_000
"""Files of both sides that are read for a trial."""
LONGEST: Final = 60.0
"""Seconds that a trial may take."""
SHOWN: Final = ("key", "field", "kind", "value_a", "value_b", "reason", "explanation", "decision")
"""What is told of a break."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What a run on a sample came to. `share` of the keys were compared: 1 is all of them."""

    summary: Summary
    reasons: dict[str, int]
    share: float
    rows_read: dict[str, int]
    key: tuple[str, ...]
    types: dict[str, str]
    notes: tuple[str, ...]
    breaks: tuple[dict[str, Any], ...]
    rejects: tuple[dict[str, Any], ...]


def tried(
    engine: DuckDBEngine,
    files: Rooted,
    day: date,
    *,
    most_rows: int,
    causes: bool,
    shown: int,
) -> Trial:
    """Run a definition on up to about `most_rows` rows of each side. Raises GreenaiError.

    `shown` bounds the breaks and rejects that are told one by one.
    """
    definition, variables = files.definition, {"business_date": day.isoformat()}
    with files.telling(), stopped(engine):
        files.insist_contained(variables)
        if (size := size_of(definition, NOWHERE, day)) > MOST_BYTES:
            raise UsageError(
                f"the files of {day} have {size / 1e6:,.0f} MB, and a trial reads {MOST_BYTES / 1e6:,.0f} MB",
                remedy="try a business date with smaller files, or files that were cut",
            )

        def opened() -> tuple[SourceTable, SourceTable]:
            return open_sources(engine, definition, NOWHERE, variables)

        def planned(a: SourceTable, b: SourceTable, sample: int | None) -> Plan:
            plan = plan_definition(engine, definition, a, b, sample=sample)
            verify_gate(definition, plan)
            return plan

        clock = Clock()
        with clock.stage("ingest"):
            whole = ingest_both(engine, opened, planned, max_rejects=1.0, progress=SILENT)
        rows = {"a": engine.count(whole.a.table), "b": engine.count(whole.b.table)}
        parts = max(1, -(-max(rows.values()) // most_rows))
        sides = sampled(engine, whole, parts)
        done = ungated(engine, Task(definition, day, None, causes=causes), sides, clock, SILENT)
        outcome = done.outcome
        breaks = engine.rows(outcome.breaks.select(*SHOWN).order_by("kind", "field", "key").limit(shown))
    return Trial(
        summary=outcome.summary,
        reasons=dict(outcome.reasons),
        share=1 / parts,
        rows_read=rows,
        key=whole.plan.key,
        types={one.name: str(one.type) for one in whole.plan.a.fields},
        notes=whole.plan.notes,
        breaks=tuple(dict(zip(SHOWN, row, strict=True)) for row in breaks),
        rejects=tuple(
            {"side": one.side, "source": one.source, "line": one.line, "raw": one.raw, "why": one.why}
            for one in outcome.rejects[:shown]
        ),
    )


def sampled(engine: DuckDBEngine, sides: Sides, parts: int) -> Sides:
    """Both sides with one of `parts` of the keys, the same keys on both."""
    if parts == 1:
        return sides
    return replace(
        sides,
        a=_part(engine, sides.a, sides.plan.key, parts),
        b=_part(engine, sides.b, sides.plan.key, parts),
    )


def _part(engine: DuckDBEngine, side: Ingested, key: tuple[str, ...], parts: int) -> Ingested:
    table = side.table
    chosen = table.filter(fingerprint([table[name] for name in key]) % parts == 0)
    return replace(side, table=engine.materialise(chosen))


@contextmanager
def stopped(engine: DuckDBEngine, after: float = LONGEST) -> Iterator[None]:
    """Stop an engine after some seconds. Raises UsageError then."""
    over = threading.Event()

    def stop() -> None:
        over.set()
        engine.abandon()

    timer = threading.Timer(after, stop)
    timer.daemon = True
    timer.start()
    try:
        yield
    except EngineError:
        if not over.is_set():
            raise
        raise UsageError(
            f"it took longer than {after:.0f} seconds", remedy="try it with smaller files"
        ) from None
    finally:
        timer.cancel()
