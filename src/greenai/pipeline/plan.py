"""From a definition, or from what was inferred, to the work on both sides.

A `Plan` is fully resolved: every field with its column, steps and type on both sides, the key, the
comparison rules, what a reader should know. Everything a user may leave out has been filled in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from greenai.definition.model import EXACT, Amount, Compare, Definition, FieldRule, FieldSide
from greenai.definition.types import FieldType
from greenai.domain.report import FieldInfo
from greenai.errors import FieldError, KeyFieldError, UsageError
from greenai.fields.plan import FieldPlan, SidePlan, check_names
from greenai.inference.infer import infer
from greenai.inference.model import Inferred
from greenai.pipeline.columns import located, suggestion
from greenai.pipeline.words import rule_in_words
from greenai.sources.base import SOURCE_FILE, SourceTable

if TYPE_CHECKING:
    from greenai.engines.duckdb import DuckDBEngine

Side = Literal["a", "b"]


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do with two sources."""

    a: SidePlan
    b: SidePlan
    key: tuple[str, ...]
    rules: Mapping[str, Compare]
    fields: tuple[FieldInfo, ...]
    notes: tuple[str, ...] = ()
    amount: Amount | None = None

    def side(self, side: Side) -> SidePlan:
        """The plan of one side."""
        return self.a if side == "a" else self.b


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
    null_values: tuple[str, ...] | None = None


def plan_diff(engine: DuckDBEngine, a: SourceTable, b: SourceTable, options: DiffOptions) -> Plan:
    """The plan of a diff: columns are paired by name, types and key are found."""
    inferred = infer(
        engine,
        a,
        b,
        key=options.key,
        mapping=options.mapping or None,
        only=options.only,
        ignore=options.ignore,
        null_values=options.null_values if options.null_values is not None else ("",),
    )
    names = {pair.name for pair in inferred.pairs}
    check_names(names)
    by_column = {column: pair.name for pair in inferred.pairs for column in (pair.column_a, pair.column_b)}
    rules = {}
    for name, rule in options.rules.items():
        if by_column.get(name, name) not in names:
            raise FieldError(
                f"there is no compared field {name!r} to set a tolerance for",
                column=name,
                remedy=suggestion(name, names),
            )
        if by_column.get(name) in inferred.key:
            raise UsageError(
                f"{name!r} is part of the key, and keys are matched exactly",
                column=name,
                remedy="take it out of the tolerances, or name another key with --key",
            )
        rules[by_column.get(name, name)] = rule
    typed_rules = {
        pair.name: fitting(rules.get(pair.name, EXACT), pair.type, pair.name) for pair in inferred.pairs
    }
    if options.ignore_case:
        for pair in inferred.pairs:
            if pair.type.kind == "string":
                folded = typed_rules[pair.name].model_copy(update={"ignore_case": True})
                typed_rules[pair.name] = folded
    sides = {
        side: SidePlan(
            source=source.name,
            fields=tuple(
                FieldPlan(
                    pair.name,
                    pair.type,
                    column=pair.column_a if side == "a" else pair.column_b,
                    null_values=nulls(options.null_values, source),
                )
                for pair in inferred.pairs
            ),
            key=inferred.key,
        )
        for side, source in (("a", a), ("b", b))
    }
    return Plan(
        a=sides["a"],
        b=sides["b"],
        key=inferred.key,
        rules={name: rule for name, rule in typed_rules.items() if name not in inferred.key},
        fields=tuple(
            FieldInfo(
                pair.name,
                str(pair.type),
                rule_in_words(typed_rules[pair.name]),
                getattr(pair, "conflict", None),
            )
            for pair in inferred.pairs
            if pair.name not in inferred.key
        ),
        notes=diff_notes(inferred),
    )


def diff_notes(inferred: Inferred) -> tuple[str, ...]:
    """What the reader of a diff should know about the pairing."""
    notes = list(inferred.notes)
    for side, columns in (("a", inferred.unpaired_a), ("b", inferred.unpaired_b)):
        if columns:
            notes.append(f"only on side {side}, not compared: {', '.join(columns)}")
    return tuple(notes)


def plan_definition(engine: DuckDBEngine, definition: Definition, a: SourceTable, b: SourceTable) -> Plan:
    """The plan of a definition against its real sources. Raises FieldError for what they lack."""
    rules, key, notes = declared_fields(engine, definition, a, b)
    sources: dict[Side, SourceTable] = {"a": a, "b": b}
    check_names(rules)
    sides = {side: side_plan(definition, rules, key, side, source) for side, source in sources.items()}
    sides = with_context(definition, sides, sources)
    compared = {
        name: rule.compare
        for name, rule in rules.items()
        if name not in key and not rule.compare.ignore and is_compared(definition, name)
    }
    return Plan(
        a=sides["a"],
        b=sides["b"],
        key=key,
        rules=compared,
        fields=tuple(
            FieldInfo(name, str(rules[name].type), rule_in_words(rule)) for name, rule in compared.items()
        ),
        notes=notes,
        amount=definition.amount,
    )


def is_compared(definition: Definition, name: str) -> bool:
    """Whether a field of a grouped definition survives the grouping on both sides."""
    groups = [source.group for source in (definition.sources.a, definition.sources.b) if source.group]
    return all(name in group for group in groups)


def declared_fields(
    engine: DuckDBEngine, definition: Definition, a: SourceTable, b: SourceTable
) -> tuple[dict[str, FieldRule], tuple[str, ...], tuple[str, ...]]:
    """Every field with both columns and its type, the key, and notes; what is left out is inferred."""
    declared = dict(definition.fields or {})
    for name, rule in declared.items():
        declared[name] = rule.model_copy(
            update={"a": located(rule.a, name, a, "a"), "b": located(rule.b, name, b, "b")}
        )
    untyped = {name: rule for name, rule in declared.items() if rule.type is None}
    if declared and definition.key and not untyped:
        return declared, definition.key, ()
    mapping = {
        rule.a.column: rule.b.column
        for rule in (untyped if declared else {}).values()
        if rule.a and rule.b and rule.a.column and rule.b.column
    }
    for name, rule in untyped.items():
        if not (rule.a and rule.a.column and rule.b and rule.b.column):
            raise FieldError(
                f"field {name!r} is computed, so its type must be given", remedy="add `type:` to the field"
            )
    columns_of = {name: rule.a.column for name, rule in declared.items() if rule.a and rule.a.column}
    key = definition.key
    known = tuple(columns_of.get(name, name) for name in key) if key and declared else key
    inferred = infer(
        engine,
        a,
        b,
        key=known if known is None or not declared or set(known) <= set(mapping) else tuple(mapping)[:1],
        mapping=mapping or None,
        only=tuple(mapping) or None,
        null_values=definition.defaults.null_values if definition.defaults.null_values is not None else ("",),
    )
    types = {pair.column_a: pair.type for pair in inferred.pairs}
    if not declared:
        side = FieldSide
        rules = {
            pair.name: FieldRule(type=pair.type, a=side(column=pair.column_a), b=side(column=pair.column_b))
            for pair in inferred.pairs
        }
        return rules, inferred.key, diff_notes(inferred)
    for name, rule in untyped.items():
        assert rule.a is not None
        kind = types[str(rule.a.column)]
        fitting(rule.compare, kind, name)
        declared[name] = rule.model_copy(update={"type": kind})
    if key is None:
        names = {column: name for name, column in columns_of.items()}
        key = tuple(names[column] for column in inferred.key)
        return declared, key, (f"the key was not given; found: {', '.join(key)}",)
    return declared, key, ()


def side_plan(
    definition: Definition,
    rules: Mapping[str, FieldRule],
    key: Sequence[str],
    side: Side,
    source: SourceTable,
) -> SidePlan:
    """One side of a definition, without context."""
    spec = definition.sources.a if side == "a" else definition.sources.b
    for name in key:
        if name not in rules:
            raise KeyFieldError(f"the key field {name!r} is not a field", remedy="declare it under `fields`")
    types = source.table.schema()
    plans = []
    for name, rule in rules.items():
        origin = rule.a if side == "a" else rule.b
        assert origin is not None
        assert rule.type is not None
        steps = origin.normalise
        if not steps and (origin.column is None or types[origin.column].is_string()):
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
    if spec.group:
        plans = [plan for plan in plans if plan.name in key or plan.name in spec.group]
    return SidePlan(
        source=source.name,
        fields=tuple(plans),
        key=tuple(key),
        where=spec.where,
        group=tuple((spec.group or {}).items()),
    )


def with_context(
    definition: Definition, sides: dict[Side, SidePlan], sources: Mapping[Side, SourceTable]
) -> dict[Side, SidePlan]:
    """The plans with their context columns: from the side that has them, from a where both do."""
    wanted: dict[Side, list[tuple[str, str]]] = {"a": [], "b": []}
    names = list(definition.context)
    currency = definition.amount.currency if definition.amount else None
    fields = {plan.name for plan in sides["a"].fields} | {plan.name for plan in sides["b"].fields}
    for name in names:
        side, column = context_origin(name, sources)
        wanted[side].append((name, column))
    if currency is not None and currency not in fields:
        # Totals need the currency of both sides, context keeps one of them.
        for side, source in sources.items():
            if currency in source.columns and (currency, currency) not in wanted[side]:
                wanted[side].append((currency, currency))
    return {side: replace(plan, context=tuple(wanted[side])) for side, plan in sides.items()}


def context_origin(name: str, sources: Mapping[Side, SourceTable]) -> tuple[Side, str]:
    """Side and column of a context name; ``b.desk`` names the other side's."""
    prefix, _, rest = name.partition(".")
    candidates: tuple[Side, ...] = ("a", "b")
    column = name
    if prefix in ("a", "b") and rest:
        candidates, column = (("a",) if prefix == "a" else ("b",)), rest
    for side in candidates:
        available = (*sources[side].columns, SOURCE_FILE)
        if column in available:
            return side, column
        loose = [have for have in available if have.lower() == column.lower()]
        if len(loose) == 1:
            return side, loose[0]
    known = {column for side in candidates for column in sources[side].columns}
    raise FieldError(f"the context column {name!r} is on neither side", remedy=suggestion(column, known))


def nulls(given: tuple[str, ...] | None, source: SourceTable) -> tuple[str, ...]:
    """The texts that mean null: in text formats an empty cell unless said otherwise."""
    if given is not None:
        return given
    return ("",) if source.text else ()


def fitting(rule: Compare, kind: FieldType, name: str) -> Compare:
    """The rule, when it makes sense for the type. Raises FieldError otherwise."""
    numeric = rule.absolute is not None or rule.relative is not None
    if numeric and not kind.numeric:
        raise FieldError(
            f"field {name!r} is {kind}: a numeric tolerance does not apply",
            remedy="use it on a number field, or give the field a type in a definition",
        )
    if rule.days is not None and kind.kind not in ("date", "timestamp"):
        raise FieldError(
            f"field {name!r} is {kind}: a tolerance in days does not apply",
            remedy="use it on a date or timestamp field, or give the field a type in a definition",
        )
    if rule.seconds is not None and kind.kind != "timestamp":
        raise FieldError(
            f"field {name!r} is {kind}: a tolerance in seconds does not apply",
            remedy="use it on a timestamp field, or give the field a type in a definition",
        )
    if (rule.ignore_case or rule.similarity is not None) and kind.kind != "string":
        raise FieldError(
            f"field {name!r} is {kind}: comparing as text does not apply",
            remedy="use it on a text field, or give the field `type: string` in a definition",
        )
    return rule
