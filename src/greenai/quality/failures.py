"""The failures of checks as a relation: which record, which field, which rule, and why.

Columns: ``key`` (JSON array of the key values as text, ``[]`` for the whole input), ``field`` (null
where it is about no single field), ``rule`` (see `greenai.quality.rules`), ``explanation``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import ibis

from greenai.engines.functions import any_of
from greenai.fields.render import render
from greenai.quality.rules import Rule

if TYPE_CHECKING:
    import ibis.expr.types as ir

COLUMNS = ("key", "field", "rule", "explanation")
WHOLE_INPUT = "[]"
"""The key of what is about the whole input: no record has a key without values."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One rule over the rows of a relation: where it fails (null: it holds), and why there."""

    rule: Rule
    fails: ir.BooleanValue
    explanation: ir.StringValue


def listed(rows: ir.Table, key: ir.StringValue, judged: Sequence[Judged]) -> ir.Table:
    """One failure per row and rule that fails there; reads `rows` once, however many rules there are."""
    # Most rows keep every rule: explanations are written for those only that break one.
    return each(rows.filter(any_of([one.fails for one in judged])), key, judged)


def each(rows: ir.Table, key: ir.StringValue, judged: Sequence[Judged]) -> ir.Table:
    """`listed` for rows that are few already."""
    unnested = rows.select(key=key, found=ibis.array([_found(one) for one in judged]).unnest())
    kept = unnested.filter(unnested.found.notnull())
    return kept.select(key=kept.key, **{name: kept.found[name] for name in COLUMNS[1:]})


def shown(value: ir.Value) -> ir.StringValue:
    """A value in an explanation: text in quotes, the others as they are written, ``null`` in words."""
    text = render(value)
    if value.type().is_string():
        text = ibis.literal("'") + text + "'"
    words: ir.StringValue = ibis.coalesce(text, "null")
    return words


def _found(judged: Judged) -> ir.StructValue:
    found: ir.StructValue = judged.fails.ifelse(_record(judged), None)
    return found


def _record(judged: Judged) -> ir.StructValue:
    field = judged.rule.field
    name = ibis.null("string") if field is None else ibis.literal(field)
    return ibis.struct(
        {"field": name, "rule": ibis.literal(judged.rule.text), "explanation": judged.explanation}
    )
