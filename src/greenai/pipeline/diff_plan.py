"""The plan of a diff: columns pair by name, types and key are found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from greenai.definition.model import EXACT, Compare
from greenai.domain.report import FieldInfo
from greenai.errors import FieldError, UsageError
from greenai.fields.plan import FieldPlan, SidePlan, check_names
from greenai.inference.infer import infer
from greenai.inference.model import Inferred
from greenai.pipeline.columns import suggestion
from greenai.pipeline.plan import SAMPLE, Plan, Side, fitting, nulls
from greenai.pipeline.words import rule_in_words
from greenai.sources.base import SourceTable

if TYPE_CHECKING:
    from greenai.engines.duckdb import DuckDBEngine


@dataclass(frozen=True, slots=True)
class DiffOptions:
    """What a diff may be told beyond the two tables."""

    key: tuple[str, ...] | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    only: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    rules: Mapping[str, Compare] = field(default_factory=dict)
    """Comparison rules by field."""
    ignore_case: bool = False
    """Whether case is ignored in every text field."""
    null_values: tuple[str, ...] = ()
    """Texts that mean null, beside an empty cell of a format that cannot say null."""


def plan_diff(
    engine: DuckDBEngine, a: SourceTable, b: SourceTable, options: DiffOptions, *, sample: int | None = SAMPLE
) -> Plan:
    """Plan a diff; types of text are guessed from `sample` rows of each side, None for all."""
    inferred = infer(
        engine,
        a,
        b,
        key=options.key,
        mapping=options.mapping or None,
        only=options.only,
        ignore=options.ignore,
        null_values=("", *options.null_values),
        sample=sample,
    )
    check_names(pair.name for pair in inferred.pairs)
    rules = rules_by_field(inferred, options)
    return Plan(
        a=side_plan(inferred, a, "a", options),
        b=side_plan(inferred, b, "b", options),
        key=inferred.key,
        rules={name: rule for name, rule in rules.items() if name not in inferred.key},
        fields=tuple(
            FieldInfo(pair.name, str(pair.type), rule_in_words(rules[pair.name]), pair.conflict)
            for pair in inferred.pairs
            if pair.name not in inferred.key
        ),
        notes=inference_notes(inferred),
        guessed=frozenset(pair.name for pair in inferred.pairs) if a.text or b.text else frozenset(),
    )


def side_plan(inferred: Inferred, source: SourceTable, side: Side, options: DiffOptions) -> SidePlan:
    """One side: every paired column with the common type."""
    null_values = tuple(dict.fromkeys((*nulls(None, source), *options.null_values)))
    return SidePlan(
        source=source.name,
        fields=tuple(
            FieldPlan(pair.name, pair.type, column=pair.column(side), null_values=null_values)
            for pair in inferred.pairs
        ),
        key=inferred.key,
    )


def rules_by_field(inferred: Inferred, options: DiffOptions) -> dict[str, Compare]:
    """The rule of every field. Raises FieldError for a field that does not exist or does not fit."""
    names = {pair.name for pair in inferred.pairs}
    # A field is called as on side a; b's name for it serves where it means nothing else.
    by_column = {pair.column_b: pair.name for pair in inferred.pairs} | {name: name for name in names}
    given: dict[str, Compare] = {}
    called: dict[str, str] = {}
    for name, rule in options.rules.items():
        if name not in by_column:
            raise FieldError(
                f"there is no compared field {name!r} to set a tolerance for",
                column=name,
                remedy=suggestion(name, names),
            )
        if by_column[name] in inferred.key:
            raise UsageError(
                f"{name!r} is part of the key, and keys are matched exactly",
                column=name,
                remedy="take it out of the tolerances, or name another key with --key",
            )
        own = by_column[name]
        if called.setdefault(own, name) != name:
            raise UsageError(
                f"{called[own]!r} and {name!r} are one field, and both have tolerances",
                column=name,
                remedy=f"give all tolerances to {own!r}",
            )
        given[own] = rule
    rules = {pair.name: fitting(given.get(pair.name, EXACT), pair.type, pair.name) for pair in inferred.pairs}
    if options.ignore_case:
        for pair in inferred.pairs:
            if pair.type.kind == "string":
                rules[pair.name] = rules[pair.name].model_copy(update={"ignore_case": True})
    return rules


def key_notes(names: Sequence[str], inferred: Inferred) -> tuple[str, ...]:
    """Which key was taken, under the names of the fields, and why; nothing where it was given."""
    if inferred.key_evidence in (None, "given"):
        return ()
    return (f"the key was not given; found: {', '.join(names)} ({inferred.key_evidence})",)


def inference_notes(inferred: Inferred) -> tuple[str, ...]:
    """What a reader should know about key and pairing."""
    notes = [*key_notes(inferred.key, inferred), *inferred.notes]
    for side, columns in (("a", inferred.unpaired_a), ("b", inferred.unpaired_b)):
        if columns:
            notes.append(f"only on side {side}, not compared: {', '.join(columns)}")
    return tuple(notes)
