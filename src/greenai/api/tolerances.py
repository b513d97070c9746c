"""Comparison rules from the options of `diff`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from greenai.definition.model import Compare
from greenai.errors import UsageError

Number = int | float | str | Decimal
LONGEST = 50
"""Digits before or after the point that a tolerance may have."""


def comparison_rules(
    absolute: Mapping[str, Number] | None,
    relative: Mapping[str, Number] | None,
    days: Mapping[str, Number] | None,
    seconds: Mapping[str, Number] | None,
    similarity: Mapping[str, float] | None,
    ignore_case: Iterable[str],
) -> dict[str, Compare]:
    """One rule per field from options per kind. Raises UsageError."""
    for kind, given in (("absolute", absolute), ("relative", relative), ("days", days), ("seconds", seconds)):
        if given is not None and not isinstance(given, Mapping):
            raise UsageError(
                f"the tolerance `{kind}` is given per field",
                value=given,
                remedy=f"e.g. {kind}={{'amount': 1}}",
            )
    options: dict[str, dict[str, Any]] = {}
    for kind, given in (("absolute", absolute), ("relative", relative), ("seconds", seconds)):
        for field, value in (given or {}).items():
            options.setdefault(field, {})[kind] = distance(kind, field, value)
    for field, number in (days or {}).items():
        whole = distance("days", field, number)
        if whole != whole.to_integral_value():
            raise UsageError(
                "days are whole numbers",
                column=field,
                value=str(number),
                remedy="use seconds for less than a day",
            )
        options.setdefault(field, {})["days"] = int(whole)
    for field, share in (similarity or {}).items():
        if not 0 < share <= 1:
            raise UsageError(
                "a similarity is above 0 and at most 1", column=field, value=share, remedy="e.g. 0.9"
            )
        options.setdefault(field, {})["similarity"] = share
    for field in ignore_case:
        options.setdefault(field, {})["ignore_case"] = True
    return {field: comparison_rule(field, given) for field, given in options.items()}


def comparison_rule(field: str, options: Mapping[str, Any]) -> Compare:
    """The rule of one field. Raises UsageError for what the definition would refuse, too."""
    from pydantic import ValidationError

    try:
        return Compare(**options)
    except ValidationError as error:
        first = error.errors()[0]
        raise UsageError(
            f"the tolerance `{first['loc'][0]}` {first['msg'].removeprefix('Value error, ')}",
            column=field,
            value=str(first["input"]),
            remedy="e.g. 0.01",
        ) from error


def distance(kind: str, field: str, value: Number) -> Decimal:
    """A tolerance as an exact number. Raises UsageError for anything but a number of zero or more."""
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or number < 0 or abs(number.adjusted()) > LONGEST:
        raise UsageError(
            f"the tolerance `{kind}` is not a number of zero or more, written in up to {LONGEST} digits",
            column=field,
            value=value,
            remedy="e.g. 0.01",
        )
    return number
