"""The difference engine, as a recipe: pair, set repeats apart, fetch what differs, judge, report.

Tables in, tables out: the inputs are relations with fields under their own names, prepared so that
both sides have the same type for every field (see `greenai.fields`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import ibis

from greenai.comparison.breaks import duplicate_breaks, record_breaks, value_breaks
from greenai.comparison.columns import compared_columns
from greenai.comparison.differences import Verdict, judge
from greenai.comparison.joins import Work
from greenai.comparison.matching import Found, find
from greenai.comparison.pairing import Likeness, matching
from greenai.comparison.result import Comparison, Counts, Matches
from greenai.definition.model import Compare
from greenai.domain.progress import SILENT, Progress
from greenai.domain.summary import FieldCounts
from greenai.engines.base import Engine
from greenai.engines.functions import any_of
from greenai.errors import KeyFieldError
from greenai.fields.plan import RAW

if TYPE_CHECKING:
    import ibis.expr.types as ir


def compare(
    engine: Engine,
    a: ir.Table,
    b: ir.Table,
    *,
    key: Sequence[str],
    rules: Mapping[str, Compare],
    exact: bool = False,
    invalid_differs: bool = False,
    progress: Progress = SILENT,
) -> Comparison:
    """Find every difference between two prepared sides.

    `a` and `b` hold the key fields (never null) and the fields of `rules` under their own names,
    with equal types on both sides; ``raw:<field>`` columns keep the text of cells that could not be
    cast, ``context:`` columns are carried along. `rules` names the compared fields. With `exact` no
    fingerprint is trusted: all columns of all rows are compared. With `invalid_differs` an
    uncastable cell differs even from its like. Raises KeyFieldError without a key.
    """
    if not key:
        raise KeyFieldError("no key: rows cannot be paired", remedy="name the key with --key")
    fields = [name for name, rule in rules.items() if not rule.ignore and name not in key]
    columns = compared_columns((a, b), fields)
    a, b = completed(a, columns), completed(b, columns)
    never_alike = tuple(name for name in columns if name.startswith(RAW)) if invalid_differs else ()
    found = find(Work(engine, a, b, tuple(key), Likeness(tuple(columns), exact, never_alike)), progress)

    progress.stage("compare")
    verdicts = {
        name: judge(found.pairs, name, rules[name], invalid_differs=invalid_differs) for name in fields
    }
    judged = engine.row(judgement(found.pairs, verdicts))
    field_counts = {
        name: FieldCounts(int(judged[f"different:{name}"]), int(judged[f"within:{name}"])) for name in fields
    }
    counts = Counts(
        a=found.rows_a,
        b=found.rows_b,
        matched=found.identical + judged["pairs"],
        equal=found.identical + judged["pairs"] - judged["different"],
        different=judged["different"],
        only_a=found.only_a,
        only_b=found.only_b,
        duplicates_a=found.duplicate_count_a,
        duplicates_b=found.duplicate_count_b,
    )
    records = whole_record_breaks(found, key)
    return Comparison(
        key=tuple(key),
        counts=counts,
        fields=field_counts,
        break_count=sum(c.different for c in field_counts.values())
        + counts.only_a
        + counts.only_b
        + counts.duplicates_a
        + counts.duplicates_b,
        matches=Matches(found.pairs, tuple(key), int(judged["pairs"])),
        verdicts=verdicts,
        breaks=all_breaks(found, verdicts, field_counts, records, key),
        record_breaks=records,
        only_a=matching(a, found.keys_only_a, key),
        only_b=matching(b, found.keys_only_b, key),
        duplicates_a=found.duplicates_a,
        duplicates_b=found.duplicates_b,
        repeated=found.repeated,
    )


def completed(table: ir.Table, columns: Sequence[str]) -> ir.Table:
    """The table with a null text column for every ``raw:`` column that only the other side has."""
    missing = {name: ibis.null("string") for name in columns if name not in table.columns}
    return table.mutate(**missing) if missing else table


def judgement(pairs: ir.Table, verdicts: Mapping[str, Verdict]) -> ir.Table:
    """One row: ``pairs``, how many are ``different``, and both counts of every field."""
    flags = {}
    for name, verdict in verdicts.items():
        flags[f"different:{name}"] = verdict.different
        flags[f"within:{name}"] = verdict.within
    if not flags:
        return pairs.aggregate(pairs=pairs.count(), different=ibis.literal(0))
    judged = pairs.select(**flags)
    different = any_of([judged[f"different:{name}"] for name in verdicts])
    return judged.aggregate(
        pairs=judged.count(),
        different=different.sum().fill_null(0),
        **{name: judged[name].sum().fill_null(0) for name in flags},
    )


def whole_record_breaks(found: Found, key: Sequence[str]) -> dict[str, ir.Table]:
    """The breaks of records without a partner, by kind."""
    return {
        "only_a": record_breaks(found.keys_only_a, "only_a", key),
        "only_b": record_breaks(found.keys_only_b, "only_b", key),
        "duplicate_a": duplicate_breaks(found.duplicates_a, "duplicate_a", key),
        "duplicate_b": duplicate_breaks(found.duplicates_b, "duplicate_b", key),
    }


def all_breaks(
    found: Found,
    verdicts: Mapping[str, Verdict],
    counts: Mapping[str, FieldCounts],
    records: Mapping[str, ir.Table],
    key: Sequence[str],
) -> ir.Table:
    """All breaks as one relation: only what was counted is looked at, so an equal field costs nothing."""
    parts = [
        value_breaks(found.pairs, verdict.different, name, key)
        for name, verdict in verdicts.items()
        if counts[name].different
    ]
    sizes = {
        "only_a": found.only_a,
        "only_b": found.only_b,
        "duplicate_a": found.duplicate_count_a,
        "duplicate_b": found.duplicate_count_b,
    }
    parts += [records[kind] for kind, size in sizes.items() if size]
    if not parts:
        return records["only_a"].limit(0)
    return parts[0] if len(parts) == 1 else ibis.union(*parts)
