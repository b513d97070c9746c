"""The plan of a definition against its real sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from greenai.definition.model import Definition, FieldRule, FieldSide
from greenai.domain.report import FieldInfo
from greenai.errors import FieldError, KeyFieldError
from greenai.fields.plan import FieldPlan, SidePlan, check_names
from greenai.inference.infer import infer, infer_types
from greenai.inference.model import Pair
from greenai.pipeline.columns import context_origin, located, loosely
from greenai.pipeline.diff_plan import inference_notes, key_notes
from greenai.pipeline.plan import SAMPLE, Plan, Side, fitting, nulls
from greenai.pipeline.words import rule_in_words
from greenai.sources.base import SOURCE_FILE, SourceTable

if TYPE_CHECKING:
    from greenai.engines.duckdb import DuckDBEngine

Sources = Mapping[Side, SourceTable]


@dataclass(frozen=True, slots=True)
class Declared:
    """The fields of a definition, complete: both origins and the type of each, and the key."""

    rules: dict[str, FieldRule]
    key: tuple[str, ...]
    notes: tuple[str, ...] = ()
    guessed: frozenset[str] = frozenset()
    conflicts: Mapping[str, str] = field(default_factory=dict)
    """In words, of the fields whose type was found: how the sides' own types disagree."""


def plan_definition(
    engine: DuckDBEngine,
    definition: Definition,
    a: SourceTable,
    b: SourceTable,
    *,
    sample: int | None = SAMPLE,
) -> Plan:
    """Plan a run. What the definition leaves out is inferred, types of text from `sample` rows.

    Raises FieldError or KeyFieldError for what the sources lack.
    """
    sources: Sources = {"a": a, "b": b}
    declared = complete(engine, definition, a, b, sample)
    check_names(declared.rules)
    context = context_columns(definition, declared.rules, sources)
    compared = {
        name: rule.compare
        for name, rule in declared.rules.items()
        if name not in declared.key and not rule.compare.ignore
    }
    sides = {
        side: replace(side_plan(definition, declared, side, source), context=context[side])
        for side, source in sources.items()
    }
    return Plan(
        a=sides["a"],
        b=sides["b"],
        key=declared.key,
        rules=compared,
        fields=tuple(
            FieldInfo(name, str(declared.rules[name].type), rule_in_words(rule), declared.conflicts.get(name))
            for name, rule in compared.items()
        ),
        notes=declared.notes,
        amount=definition.amount,
        guessed=declared.guessed,
    )


def complete(
    engine: DuckDBEngine, definition: Definition, a: SourceTable, b: SourceTable, sample: int | None
) -> Declared:
    """Every field with both columns and its type, and the key; what is left out is inferred."""
    if not definition.fields:
        return everything_shared(engine, definition, a, b, sample)
    rules = {
        name: rule.model_copy(update={"a": located(rule.a, name, a, "a"), "b": located(rule.b, name, b, "b")})
        for name, rule in definition.fields.items()
    }
    notes: list[str] = []
    conflicts: dict[str, str] = {}
    untyped = [name for name, rule in rules.items() if rule.type is None]
    if untyped:
        pairs = [columns_to_type(name, rules[name]) for name in untyped]
        typed, told = infer_types(engine, a, b, pairs, null_values=null_texts(definition), sample=sample)
        for name, pair in zip(untyped, typed, strict=True):
            fitting(rules[name].compare, pair.type, name)
            rules[name] = rules[name].model_copy(update={"type": pair.type})
        notes += dict.fromkeys(told)
        conflicts = disagreements(zip(untyped, typed, strict=True))
    guessed = frozenset(untyped) if a.text or b.text else frozenset()
    if definition.key:
        return Declared(rules, definition.key, tuple(notes), guessed, conflicts)
    key, told_of_key = key_among(engine, rules, a, b, null_texts(definition), sample)
    return Declared(rules, key, (*told_of_key, *notes), guessed, conflicts)


def everything_shared(
    engine: DuckDBEngine, definition: Definition, a: SourceTable, b: SourceTable, sample: int | None
) -> Declared:
    """A definition without fields compares every column that both sides share."""
    inferred = infer(engine, a, b, key=definition.key, null_values=null_texts(definition), sample=sample)
    rules = {
        pair.name: FieldRule(
            type=pair.type, a=FieldSide(column=pair.column_a), b=FieldSide(column=pair.column_b)
        )
        for pair in inferred.pairs
    }
    guessed = frozenset(rules) if a.text or b.text else frozenset()
    conflicts = disagreements((pair.name, pair) for pair in inferred.pairs)
    return Declared(rules, inferred.key, inference_notes(inferred), guessed, conflicts)


def disagreements(typed: Iterable[tuple[str, Pair]]) -> dict[str, str]:
    """The conflict in words of every field whose sides have types that disagree."""
    return {name: pair.conflict for name, pair in typed if pair.conflict is not None}


def columns_to_type(name: str, rule: FieldRule) -> tuple[str, str]:
    """Both columns of a field without a type. Raises FieldError where columns do not tell the type."""
    assert rule.a is not None
    assert rule.b is not None
    if rule.a.column is None or rule.b.column is None:
        raise FieldError(
            f"field {name!r} is computed, so its type must be given", remedy="add `type:` to the field"
        )
    if rule.a.normalise or rule.b.normalise:
        raise FieldError(
            f"field {name!r} has normalisation steps, so its type must be given",
            remedy="add `type:` to the field: what the steps make of a column cannot be seen in it",
        )
    return rule.a.column, rule.b.column


def key_among(
    engine: DuckDBEngine,
    rules: Mapping[str, FieldRule],
    a: SourceTable,
    b: SourceTable,
    null_values: tuple[str, ...],
    sample: int | None,
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The smallest set of fields that identifies rows, for a definition that names no key; and a note."""
    mapping: dict[str, str] = {}
    names: dict[str, str] = {}
    for name, rule in rules.items():
        if rule.a and rule.b and rule.a.column and rule.b.column and rule.a.column not in mapping:
            if rule.b.column in mapping.values():
                continue
            mapping[rule.a.column] = rule.b.column
            names[rule.a.column] = name
    if not mapping:
        raise KeyFieldError(
            "no key is given, and all fields are computed", remedy="name the key under `key:`"
        )
    others = tuple(column for column in a.own_columns if column not in mapping)
    found = infer(engine, a, b, mapping=mapping, ignore=others, null_values=null_values, sample=sample)
    key = tuple(names[column] for column in found.key)
    return key, key_notes(key, found)


def null_texts(definition: Definition) -> tuple[str, ...]:
    """The texts that the inference takes for null."""
    given = definition.defaults.null_values
    return given if given is not None else ("",)


def side_plan(definition: Definition, declared: Declared, side: Side, source: SourceTable) -> SidePlan:
    """One side of a definition, without context."""
    spec = definition.sources.a if side == "a" else definition.sources.b
    for name in declared.key:
        if name not in declared.rules:
            raise KeyFieldError(f"the key field {name!r} is not a field", remedy="declare it under `fields`")
    group = spec.group or {}
    plans = []
    for name, rule in declared.rules.items():
        if spec.group and rule.compare.ignore and name not in (*declared.key, *group):
            # Nobody asks for it, and the groups have no one value of it.
            continue
        origin = rule.a if side == "a" else rule.b
        assert origin is not None
        assert rule.type is not None
        steps = origin.normalise
        if not steps and (origin.column is None or source.table.schema()[origin.column].is_string()):
            steps = definition.defaults.normalise
        plans.append(
            FieldPlan(
                name,
                rule.type,
                column=origin.column,
                expression=origin.expression,
                steps=steps,
                null_values=nulls(definition.defaults.null_values, source),
            )
        )
    return SidePlan(
        source=source.name,
        fields=tuple(plans),
        key=declared.key,
        where=spec.where,
        group=tuple(group.items()),
        # A file of every day is one file to causes and rules, or no rule would hold on the next day.
        renamed=((SOURCE_FILE, source.dated),) if source.dated else (),
    )


def context_columns(
    definition: Definition, fields: Mapping[str, FieldRule], sources: Sources
) -> dict[Side, tuple[tuple[str, str], ...]]:
    """The context columns of each side: from the side that has them, from a where both do.

    The currency of the amount is carried on both sides, for totals need it of every row.
    """
    wanted: dict[Side, dict[str, str]] = {"a": {}, "b": {}}
    for name in definition.context:
        side, column = context_origin(name, sources)
        wanted[side][name] = column
    currency = definition.amount.currency if definition.amount else None
    if currency is not None and currency not in fields:
        origin, column = context_origin(currency, sources)
        wanted[origin][currency] = column
        if "." not in currency:
            for side, source in sources.items():
                if found := loosely(currency, source.columns):
                    wanted[side][currency] = found
    return {side: tuple(names.items()) for side, names in wanted.items()}
