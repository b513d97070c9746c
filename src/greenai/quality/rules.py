"""Checks taken apart into single rules, each with the one text that names it everywhere."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from greenai.definition.checks import (
    Allowed,
    Check,
    Depends,
    Freshness,
    Matches,
    NotNull,
    Range,
    RowCount,
    Unique,
)
from greenai.definition.fingerprint import plain_number
from greenai.definition.problems import InvalidDefinitionError, Problem, unknown
from greenai.definition.types import FieldType

_PLAIN = re.compile(r"[^\W\d][\w.]*")


@dataclass(frozen=True, slots=True)
class Rule:
    """One condition on one thing: a check that names several fields is several rules.

    `text` is the same for checks that mean the same (``not_null(notional)``,
    ``depends(counterparty_code -> counterparty_name)``); `field` is what a failure is about, None where
    that is no single field.
    """

    check: Check
    text: str
    field: str | None


@dataclass(frozen=True, slots=True)
class Split:
    """Checks by what they need to see: one row, the rows that would be stored now, the whole input."""

    rows: tuple[Check, ...]
    sets: tuple[Check, ...]
    inputs: tuple[Check, ...]


def split(checks: Iterable[Check]) -> Split:
    """Row checks (judged first), set checks (over what would be stored then), whole-input checks."""
    checks = tuple(checks)
    return Split(
        rows=tuple(c for c in checks if isinstance(c, NotNull | Range | Allowed | Matches)),
        sets=tuple(c for c in checks if isinstance(c, Unique | Depends)),
        inputs=tuple(c for c in checks if isinstance(c, Freshness | RowCount)),
    )


def rules(checks: Iterable[Check]) -> tuple[Rule, ...]:
    """Every rule of the checks once, however often it is written."""
    apart = [rule for check in checks for rule in _apart(check)]
    return tuple({rule.text: rule for rule in apart}.values())


def verify(checks: Iterable[Check], types: Mapping[str, FieldType]) -> None:
    """Refuse checks of fields that do not exist or that they cannot judge.

    `checks` are all of a definition in its order, `types` all fields of the recon. Raises
    DefinitionError with every problem and its place.
    """
    problems = [
        problem.below(("gate", "checks", index, check.name))
        for index, check in enumerate(checks)
        for problem in misfits(check, types)
    ]
    if problems:
        raise InvalidDefinitionError(problems, source=None)


def misfits(check: Check, types: Mapping[str, FieldType]) -> list[Problem]:
    """What keeps a check from being judged over these fields, with places below the check's word."""
    found = []
    for path, name in check.named():
        if name not in types:
            message, remedy = unknown("field", name, types)
            listed = remedy.replace("Allowed:", "Fields:")
            found.append(Problem(path, message, f"{listed} Or declare it under `fields`."))
        elif (problem := check.misfit(types[name])) is not None:
            found.append(problem)
    return found


def written(value: Decimal | date) -> str:
    """A bound as a rule and its explanation show it: plain digits, or a date or moment."""
    return plain_number(value) if isinstance(value, Decimal) else str(value)


def _name(name: str) -> str:
    """A field's name in a rule's text; in quotes where it could be taken for several."""
    return name if _PLAIN.fullmatch(name) else json.dumps(name, ensure_ascii=False)


def _apart(check: Check) -> list[Rule]:
    match check:
        case NotNull():
            return [Rule(NotNull(fields=(name,)), f"not_null({_name(name)})", name) for name in check.fields]
        case Unique():
            # Of several fields no order means anything, so that none changes what a failure is called.
            fields = tuple(sorted(set(check.fields)))
            one = fields[0] if len(fields) == 1 else None
            return [Rule(Unique(fields=fields), f"unique({_names(fields)})", one)]
        case Depends():
            on = tuple(sorted(set(check.on)))
            return [
                Rule(Depends(on=on, gives=(name,)), f"depends({_names(on)} -> {_name(name)})", name)
                for name in check.gives
            ]
    arguments = ", ".join(_arguments(check))
    return [Rule(check, f"{check.name}({arguments})", getattr(check, "field", None))]


def _arguments(check: Check) -> list[str]:
    match check:
        case Range():
            bounds = (("min", check.min), ("max", check.max))
            return [_name(check.field), *(f"{k}={written(v)}" for k, v in bounds if v is not None)]
        case Allowed():
            return [_name(check.field), json.dumps(sorted(set(check.values)), ensure_ascii=False)]
        case Matches():
            return [_name(check.field), json.dumps(check.pattern, ensure_ascii=False)]
        case Freshness():
            return [_name(check.field), f"days={check.days}"]
        case RowCount():
            within = None if check.within is None else plain_number(check.within)
            limits = (("within", within), ("min", check.min), ("max", check.max))
            return [f"{k}={v}" for k, v in limits if v is not None]
    raise AssertionError(f"no rule is known for {check.name}")


def _names(names: Sequence[str]) -> str:
    return ", ".join(_name(name) for name in names)
