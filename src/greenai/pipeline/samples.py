"""A few breaks of every kind for reports."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import ibis

from greenai.comparison.breaks import cell, value_breaks
from greenai.comparison.columns import key_name, key_names
from greenai.domain.breaks import Break
from greenai.fields.render import json_key
from greenai.pipeline.reconcile import Reconciled

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from greenai.engines.base import Engine

PER_FIELD = 3
FIRST_PAIRS = 200
"""Pairs looked at in one go before rare fields are looked up on their own."""
MOST_FIELDS = 40
"""Fields with samples, those with most breaks first: a report of 500 fields is not read."""


MOST_RULES = 40
"""Failed rules with samples, those that failed most often first."""


def samples(
    engine: Engine,
    outcome: Reconciled,
    size: int = PER_FIELD,
    failed: Sequence[tuple[str, int]] = (),
) -> dict[str, tuple[Break, ...]]:
    """The first breaks by key of every field that differs, of every whole-record kind, and of failed rules.

    `failed` are the rules of checks that do not hold, with how often.
    """
    found = (
        _of_explained(engine, outcome, size, failed)
        if outcome.explained
        else _of_comparison(engine, outcome, size)
    )
    order = [*outcome.comparison.fields, "only_a", "only_b", "duplicate_a", "duplicate_b", "check"]
    return {name: tuple(found[name]) for name in order if name in found}


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


def _of_comparison(engine: Engine, outcome: Reconciled, size: int) -> dict[str, list[Break]]:
    """Samples of a plain diff: one look at the first pairs finds most, the rare fields are asked for."""
    comparison = outcome.comparison
    pairs = comparison.matches.pairs
    fields = differing_fields(outcome)
    keys = key_names(comparison.key)
    found: dict[str, list[Break]] = {name: [] for name in fields}
    if fields:
        verdicts = comparison.verdicts
        marked = pairs.mutate(**{f"different:{name}": verdicts[name].different for name in fields})
        head = marked
        if comparison.counts.different < comparison.matches.count:
            head = marked.filter(ibis.or_(*(marked[f"different:{name}"] for name in fields)))
        for row in _rows(engine, first_pairs(head.order_by(keys).limit(FIRST_PAIRS), fields, comparison.key)):
            key = tuple(json.loads(row["key"]))
            for name in fields:
                if row[f"different:{name}"] and len(found[name]) < size:
                    found[name].append(Break(key, "value", name, row[f"a:{name}"], row[f"b:{name}"]))
    rare = [name for name in fields if len(found[name]) < min(size, comparison.fields[name].different)]
    parts = [
        # The few rows are chosen before anything is rendered.
        value_breaks(
            pairs.filter(comparison.verdicts[name].different).order_by(keys).limit(size),
            ibis.literal(True),
            name,
            comparison.key,
        )
        for name in rare
    ]
    parts += [comparison.record_breaks[kind].order_by("key").limit(size) for kind in record_kinds(outcome)]
    for name in rare:
        del found[name]
    return _collected(engine, parts, found)


def first_pairs(pairs: ir.Table, fields: Sequence[str], key: Sequence[str]) -> ir.Table:
    """Key as JSON text, and of every field both texts and whether it is different."""
    columns: dict[str, ir.Value] = {"key": json_key([pairs[key_name(name)] for name in key])}
    for name in fields:
        columns[f"different:{name}"] = pairs[f"different:{name}"]
        for side in ("a", "b"):
            columns[f"{side}:{name}"], _ = cell(pairs, side, name)
    return pairs.select(**columns)


def _of_explained(
    engine: Engine, outcome: Reconciled, size: int, failed: Sequence[tuple[str, int]]
) -> dict[str, list[Break]]:
    """Samples of a run, from its breaks."""
    table = outcome.breaks.mutate(rule=ibis.null("string"))
    parts = [
        table.filter((table.kind == "value") & (table.field == name)).order_by("key").limit(size)
        for name in differing_fields(outcome)
    ]
    parts += [table.filter(table.kind == kind).order_by("key").limit(size) for kind in record_kinds(outcome)]
    if failed:
        # Few breaks are failed checks: they are looked for once, then rule by rule.
        checks = engine.materialise(outcome.breaks.filter(outcome.breaks.kind == "check"))
        for rule, _ in sorted(failed, key=lambda one: -one[1])[:MOST_RULES]:
            of_rule = checks.filter(checks.check_rule == rule).order_by("key").limit(size)
            parts.append(of_rule.mutate(rule=of_rule.check_rule))
    return _collected(engine, parts, {})


def _collected(
    engine: Engine, parts: list[ir.Table], found: dict[str, list[Break]]
) -> dict[str, list[Break]]:
    """Add the breaks of several small relations."""
    if not parts:
        return found
    for row in _rows(engine, parts[0] if len(parts) == 1 else ibis.union(*parts)):
        one = Break(
            key=tuple(json.loads(row["key"])),
            kind=row["kind"],
            field=row["field"],
            value_a=row["value_a"],
            value_b=row["value_b"],
            reason=row.get("reason"),
            explanation=row.get("explanation"),
            decision=row.get("decision"),
            resolution=row.get("resolution"),
            rule=row.get("rule") if row["kind"] == "check" else None,
        )
        found.setdefault(one.field if one.kind == "value" and one.field else one.kind, []).append(one)
    return {
        name: sorted(items, key=lambda item: (item.rule or "", item.key)) for name, items in found.items()
    }


def _rows(engine: Engine, table: ir.Table) -> list[dict[str, Any]]:
    return [dict(zip(table.columns, values, strict=True)) for values in engine.rows(table)]
