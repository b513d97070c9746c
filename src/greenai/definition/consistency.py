"""What must hold between the parts of a definition."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator, WithJsonSchema

from greenai.definition.locations import check_location
from greenai.definition.problems import Path, Problem, UnfitError, unknown

if TYPE_CHECKING:
    from greenai.definition.model import Definition
    from greenai.definition.source import Sources

MAX_NAME = 255
MAX_STORED_NAME = 63  # bytes of a PostgreSQL identifier
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_RESERVED = ("raw:", "context:", "greenai:")


def _name(text: str) -> str:
    if not text.strip():
        raise ValueError("a field needs a name")
    if len(text) > MAX_NAME or _CONTROL.search(text):
        raise ValueError(f"a field's name has at most {MAX_NAME} characters and no control characters")
    if text.startswith(_RESERVED):
        raise ValueError(f"a field's name does not start with {' or '.join(_RESERVED)}")
    return text


Name = Annotated[
    str,
    AfterValidator(_name),
    WithJsonSchema({"type": ["string", "number", "boolean"], "minLength": 1, "maxLength": MAX_NAME}),
]


def check_locations(sources: Sources) -> Sources:
    """Refuse placeholders that nobody fills in."""
    problems = []
    for side, source in (("a", sources.a), ("b", sources.b)):
        for index, location in enumerate(source.location):
            try:
                check_location(location)
            except ValueError as error:
                problems.append(Problem((side, "location", index), str(error), None, location))
    if problems:
        raise UnfitError(problems)
    return sources


def check_whole(definition: Definition) -> None:
    """Refuse parts that do not fit together. Raises UnfitError with every problem found."""
    problems = [
        *_names(definition),
        *_key(definition),
        *_amount(definition),
        *_age(definition),
        *_groups(definition),
        *_checks(definition),
        *_stored_names(definition),
    ]
    if problems:
        raise UnfitError(problems)


def _names(definition: Definition) -> list[Problem]:
    problems = []
    seen: dict[str, str] = {}
    for name in definition.fields or {}:
        other = seen.setdefault(name.casefold(), name)
        if other != name:
            problems.append(Problem(("fields", name), f"differs from {other!r} only in case"))
    for where, names in (("key", definition.key or ()), ("context", definition.context)):
        problems += [
            Problem((where, index), f"{name!r} is listed twice")
            for index, name in enumerate(names)
            if name in names[:index]
        ]
    return problems


def _key(definition: Definition) -> list[Problem]:
    problems: list[Problem] = []
    if definition.fields is None:
        return problems
    for index, name in enumerate(definition.key or ()):
        rule = definition.fields.get(name)
        if rule is None:
            problems.append(_undeclared(("key", index), name, definition))
        elif not rule.compare.exact:
            problems.append(
                Problem(
                    ("fields", name, "compare"),
                    "is a field of the key, and keys are matched exactly",
                    "Normalise the key on both sides instead, e.g. with `upper` or `round`.",
                )
            )
    return problems


def _amount(definition: Definition) -> list[Problem]:
    amount, fields = definition.amount, definition.fields
    if amount is None or fields is None:
        return []
    problems = []
    rule = fields.get(amount.field)
    if rule is None:
        problems.append(_undeclared(("amount", "field"), amount.field, definition))
    elif rule.type is not None and not rule.type.numeric:
        problems.append(
            Problem(
                ("amount", "field"),
                f"{amount.field!r} is of type {rule.type}, and amounts are numbers",
                "Name a field of type decimal(p,s), integer or float.",
            )
        )
    if amount.currency is not None and amount.currency not in (*fields, *definition.context):
        problems.append(
            Problem(
                ("amount", "currency"),
                f"{amount.currency!r} is neither a field nor a context column",
                f"Add it to `context: [{amount.currency}]` or to `fields`.",
            )
        )
    return problems


def _age(definition: Definition) -> list[Problem]:
    age, fields = definition.age, definition.fields
    if age is None or fields is None:
        return []
    rule = fields.get(age.field)
    if rule is None:
        return [_undeclared(("age", "field"), age.field, definition)]
    if rule.type is None or rule.type.kind in ("date", "timestamp"):
        return []
    return [
        Problem(
            ("age", "field"),
            f"{age.field!r} is of type {rule.type}, and ages are counted from dates",
            "Name a field of type date or timestamp.",
        )
    ]


def _groups(definition: Definition) -> list[Problem]:
    problems = []
    for side, source in (("a", definition.sources.a), ("b", definition.sources.b)):
        for name in source.group or {}:
            path: Path = ("sources", side, "group", name)
            if name in (definition.key or ()):
                problems.append(Problem(path, "is a field of the key, which is grouped by already"))
            elif definition.fields is not None and name not in definition.fields:
                problems.append(_undeclared(path, name, definition))
    return problems


def _checks(definition: Definition) -> list[Problem]:
    """Fields of a check whose declared type it cannot judge; that they exist is seen with the sources."""
    rules = definition.fields or {}
    types = {name: rule.type for name, rule in rules.items() if rule.type is not None}
    return [
        problem.below(("gate", "checks", index, check.name))
        for index, check in enumerate(definition.gate.checks if definition.gate else ())
        for _, name in check.named()
        if name in types and (problem := check.misfit(types[name])) is not None
    ]


def _stored_names(definition: Definition) -> list[Problem]:
    if definition.store is None:
        return []
    return [
        Problem(
            ("fields", name),
            f"is too long to be stored (at most {MAX_STORED_NAME} bytes)",
            "Give the field a shorter name and name the columns with `a:` and `b:`.",
        )
        for name in definition.fields or {}
        if len(name.encode()) > MAX_STORED_NAME
    ]


def _undeclared(path: Path, name: str, definition: Definition) -> Problem:
    message, remedy = unknown("field", name, definition.fields or {})
    return Problem(path, message, remedy.replace("Allowed:", "Fields:"))
