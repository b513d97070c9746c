"""One recon of a benchmark: both sides compared and mined as a run does it, without gate and store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from greenai.attribution.causes import Mined, mine
from greenai.attribution.cells import Cells, cells_of
from greenai.attribution.contrast import Paired
from greenai.attribution.fields import Propose, suggest
from greenai.attribution.record_causes import mine_records
from greenai.comparison.compare import compare
from greenai.comparison.result import Comparison
from greenai.definition.loading import load
from greenai.domain.causes import Cause
from greenai.engines.duckdb import DuckDBEngine
from greenai.pipeline.attribute import FEWEST, record_breaks, surrounding
from greenai.pipeline.definition_plan import plan_definition
from greenai.pipeline.ingest import Sides, ingest_both
from greenai.sources.base import SourceTable


@dataclass(frozen=True, slots=True)
class Found:
    """The causes of value breaks and of whole-record breaks, and what finding them cost.

    `cpu` is processor time of all threads; `by_field` are seconds.
    """

    values: Mined
    records: Mined
    seconds: float
    cpu: float
    by_field: dict[str, float]

    @property
    def causes(self) -> dict[str, Cause]:
        """All causes by their identity."""
        return {one.cause_id: one for one in (*self.values.causes, *self.records.causes)}


def compared(engine: DuckDBEngine, path: Path) -> tuple[Sides, Comparison]:
    """Both sides of a definition, and their comparison as a run makes it."""
    from greenai.domain.progress import SILENT
    from greenai.sources.files import read_files

    read = load(path)

    def opened() -> tuple[SourceTable, SourceTable]:
        a, b = (
            read_files(engine, spec, side=side, base=read.folder, with_source_file=True)
            for side, spec in (("a", read.definition.sources.a), ("b", read.definition.sources.b))
        )
        return a, b

    def planned(a: SourceTable, b: SourceTable, sample: int | None) -> Any:
        return plan_definition(engine, read.definition, a, b, sample=sample)

    sides = ingest_both(engine, opened, planned, max_rejects=read.definition.max_rejects, progress=SILENT)
    comparison = compare(
        engine, sides.a.table, sides.b.table, key=sides.plan.key, rules=sides.plan.rules, invalid_differs=True
    )
    return sides, comparison


def fields_of(engine: DuckDBEngine, sides: Sides, comparison: Comparison) -> tuple[list[Cells], Paired]:
    """The differing cells of every field that has enough, and the paired rows around them."""
    names = list(comparison.verdicts)
    cells = [
        cells_of(engine, comparison.matches, name, comparison.verdicts[name].different, names)
        for name in names
        if comparison.fields[name].different >= FEWEST
    ]
    return cells, surrounding(engine, sides, comparison)


def mined(
    engine: DuckDBEngine, sides: Sides, comparison: Comparison, suggestions: Propose = suggest
) -> Found:
    """The causes of a comparison, and what they cost."""
    begin, spent = perf_counter(), process_time()
    cells, around = fields_of(engine, sides, comparison)
    seconds: dict[str, float] = {}
    last = perf_counter()

    def done(field: str) -> None:
        nonlocal last
        now = perf_counter()
        seconds[field], last = now - last, now

    values = mine(engine, cells, around, suggestions=suggestions, done=done)
    records = mine_records(engine, record_breaks(sides, comparison))
    return Found(values, records, perf_counter() - begin, process_time() - spent, seconds)


def links_of(
    engine: DuckDBEngine, comparison: Comparison, parts: Sequence[Mined]
) -> dict[tuple[str, str | None, str], str]:
    """The mined cause of every break that one explains, by key, field and kind."""
    linked = {
        str(one): str(cause)
        for part in parts
        for one, cause, exception in engine.rows(part.links.select("break_id", "cause_id", "exception"))
        if not exception
    }
    breaks = engine.rows(comparison.breaks.select("break_id", "key", "field", "kind"))
    return {
        (key, field, kind): linked[identity] for identity, key, field, kind in breaks if identity in linked
    }


def keys_as_text(engine: DuckDBEngine, comparison: Comparison, field: str) -> dict[tuple[Any, ...], str]:
    """The key of every difference of a field, as values and as the text that breaks have."""
    from greenai.comparison.columns import key_name
    from greenai.fields.render import json_key

    rows = comparison.matches.pairs.filter(comparison.verdicts[field].different)
    keys = [rows[key_name(name)] for name in comparison.key]
    return {
        tuple(row[1:]): str(row[0])
        for row in engine.rows(
            rows.select(text=json_key(keys), **{f"k{n}": key for n, key in enumerate(keys)})
        )
    }
