"""The checks of a definition over the rows that would be stored: their failures, and the breaks these are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

import ibis

from greenai.definition.checks import Check
from greenai.definition.problems import InvalidDefinitionError
from greenai.fields.types import field_type_of
from greenai.quality.failures import COLUMNS, WHOLE_INPUT
from greenai.quality.inputs import input_failures
from greenai.quality.rows import row_failures
from greenai.quality.rules import Split, misfits, rules, split, verify
from greenai.quality.sets import set_failures

if TYPE_CHECKING:
    import ibis.expr.types as ir

CHECK_FAILED = "CHECK_FAILED"


def failures(
    checks: Iterable[Check],
    candidates: ir.Table,
    *,
    key: Sequence[str],
    business_date: date,
    last_rows: int | None = None,
) -> ir.Table | None:
    """All failures of the checks, with the columns of `greenai.quality.failures`; None without checks.

    `candidates` has the key fields and all fields under their own names, typed. Row checks read it
    once, set checks twice each, so it should be computed already. `last_rows` is the number of rows of the
    last published run, None where there is none. Raises DefinitionError for a check of a field that
    the candidates lack, or of a type that it cannot judge; `verify` says so before anything is read.
    """
    checks = tuple(checks)
    types = {name: field_type_of(type) for name, type in candidates.schema().items()}
    # Of a part of the checks nobody knows which numbers they have in the definition.
    if problems := [one.below((check.name,)) for check in checks for one in misfits(check, types)]:
        raise InvalidDefinitionError(problems, source=None)
    kinds = split(checks)
    found: list[ir.Table] = []
    if kinds.rows:
        found.append(row_failures(candidates, key, rules(kinds.rows)))
    if kinds.sets:
        found += set_failures(candidates, key, rules(kinds.sets))
    if kinds.inputs:
        found.append(
            input_failures(candidates, rules(kinds.inputs), business_date=business_date, last_rows=last_rows)
        )
    return ibis.union(*found) if found else None


def check_breaks(failures: ir.Table) -> ir.Table:
    """The failures as breaks of kind check: the columns of `attribution.explain`, and ``check_rule``.

    One break per key, field and rule: rows of one key that fail alike are one break.
    """
    alike = failures.group_by("key", "field", "rule").aggregate(explanation=failures.explanation.min())
    no_text = ibis.null("string")
    return alike.select(
        break_id=check_id(alike.key, alike.field, alike.rule),
        key=alike.key,
        field=alike.field,
        check_rule=alike.rule,
        kind=ibis.literal("check"),
        value_a=no_text,
        value_b=no_text,
        invalid_a=no_text,
        invalid_b=no_text,
        reason=ibis.literal(CHECK_FAILED),
        functional=ibis.literal(False),
        confidence=ibis.literal(1).cast("float64"),
        explanation=alike.explanation,
        cause_id=no_text,
        group_id=no_text,
        method=ibis.literal("check"),
    )


def check_id(key: ir.StringValue, field: ir.StringValue, rule: ir.StringValue) -> ir.StringValue:
    """The identity of a failed check across runs."""
    identity: ir.StringValue = key + "|check|" + ibis.coalesce(field, "") + "|" + rule
    return identity.hexdigest("md5")


__all__ = [
    "CHECK_FAILED",
    "COLUMNS",
    "WHOLE_INPUT",
    "Split",
    "check_breaks",
    "check_id",
    "failures",
    "rules",
    "split",
    "verify",
]
