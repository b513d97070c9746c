"""A few breaks of every kind for reports."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import ibis

from greenai.comparison.breaks import value_breaks
from greenai.comparison.columns import key_names
from greenai.domain.breaks import Break
from greenai.pipeline.reconcile import Reconciled

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from greenai.engines.base import Engine

PER_FIELD = 3
MOST_FIELDS = 40
"""Fields with samples, those with most breaks first: a report of 500 fields is not read."""


def samples(engine: Engine, outcome: Reconciled, size: int = PER_FIELD) -> dict[str, tuple[Break, ...]]:
    """The first breaks by key of every field that differs and of every whole-record kind."""
    parts = _of_explained(outcome, size) if outcome.explained else _of_comparison(outcome, size)
    found: dict[str, list[Break]] = {}
    if parts:
        columns = parts[0].columns
        union = parts[0] if len(parts) == 1 else ibis.union(*parts)
        for values in engine.rows(union):
            row = dict(zip(columns, values, strict=True))
            found.setdefault(row["field"] or row["kind"], []).append(
                Break(
                    key=tuple(json.loads(row["key"])),
                    kind=row["kind"],
                    field=row["field"],
                    value_a=row["value_a"],
                    value_b=row["value_b"],
                    reason=row.get("reason"),
                    explanation=row.get("explanation"),
                )
            )
    order = [*outcome.comparison.fields, "only_a", "only_b", "duplicate_a", "duplicate_b"]
    return {
        name: tuple(sorted(found[name], key=lambda item: item.key)) for name in order if name in found
    }


def differing_fields(outcome: Reconciled) -> list[str]:
    """The fields with breaks, most first, bounded."""
    counts = {name: c.different for name, c in outcome.comparison.fields.items() if c.different}
    return sorted(counts, key=lambda name: -counts[name])[:MOST_FIELDS]


def record_kinds(outcome: Reconciled) -> list[str]:
    """The whole-record kinds that occur."""
    counts = outcome.comparison.counts
    present = {
        "only_a": counts.only_a,
        "only_b": counts.only_b,
        "duplicate_a": counts.duplicates_a,
        "duplicate_b": counts.duplicates_b,
    }
    return [kind for kind, n in present.items() if n]


def _of_comparison(outcome: Reconciled, size: int) -> list[ir.Table]:
    comparison = outcome.comparison
    pairs = comparison.matches.pairs
    parts = []
    for name in differing_fields(outcome):
        # The few rows are chosen before anything is rendered.
        chosen = pairs.filter(comparison.verdicts[name].different).order_by(key_names(comparison.key)).limit(size)
        parts.append(value_breaks(chosen, ibis.literal(True), name, comparison.key))
    for kind in record_kinds(outcome):
        parts.append(comparison.record_breaks[kind].order_by("key").limit(size))
    return parts


def _of_explained(outcome: Reconciled, size: int) -> list[ir.Table]:
    table = outcome.breaks
    parts = []
    for name in differing_fields(outcome):
        parts.append(table.filter((table.kind == "value") & (table.field == name)).order_by("key").limit(size))
    for kind in record_kinds(outcome):
        parts.append(table.filter(table.kind == kind).order_by("key").limit(size))
    return parts
