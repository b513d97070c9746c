"""Causes as documents: what a transformation and its scope are, so that a later run computes the same.

A document is JSON. Values that JSON does not tell apart are objects that name their type:
``{"decimal": "0.01"}``, ``{"date": "2026-01-05"}``.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from greenai.attribution.compositions import Composed
from greenai.attribution.predicates import Between, Condition, Equals, OneOf, Predicate
from greenai.attribution.transformations.affine import Affine
from greenai.attribution.transformations.affix import Affix
from greenai.attribution.transformations.base import Mirrored, Transformation
from greenai.attribution.transformations.business_day_shift import BusinessDayShift
from greenai.attribution.transformations.case import Case
from greenai.attribution.transformations.date_format import ParsedDate, RewrittenDate
from greenai.attribution.transformations.date_shift import DateShift
from greenai.attribution.transformations.day_month_swap import DayMonthSwap
from greenai.attribution.transformations.encoding import Encoding
from greenai.attribution.transformations.field_swap import FieldSwap
from greenai.attribution.transformations.lag import Frozen, Lag
from greenai.attribution.transformations.null_default import Blank, Default, Sentinel
from greenai.attribution.transformations.numeric_format import BareNumber, ParsedNumber, RewrittenNumber
from greenai.attribution.transformations.offset import Offset
from greenai.attribution.transformations.padding import Padding, Unpadding
from greenai.attribution.transformations.reference_multiply import Reciprocal, ReferenceMultiply
from greenai.attribution.transformations.rounding import Rounding
from greenai.attribution.transformations.scale import Scale
from greenai.attribution.transformations.sign import Sign
from greenai.attribution.transformations.time_shift import TimeShift, ZoneShift
from greenai.attribution.transformations.truncation import (
    NumberTruncation,
    TextTruncation,
    TimeTruncation,
)
from greenai.attribution.transformations.typo import Typo
from greenai.attribution.transformations.value_map import ValueMap
from greenai.attribution.transformations.whitespace import Whitespace
from greenai.calendars import Calendar
from greenai.errors import StoreError

TRANSFORMATIONS: Final[Mapping[str, type[Transformation]]] = {
    "affine": Affine,
    "affix": Affix,
    "bare_number": BareNumber,
    "blank": Blank,
    "business_day_shift": BusinessDayShift,
    "case": Case,
    "composed": Composed,
    "date_shift": DateShift,
    "day_month_swap": DayMonthSwap,
    "default": Default,
    "encoding": Encoding,
    "field_swap": FieldSwap,
    "frozen": Frozen,
    "lag": Lag,
    "mirrored": Mirrored,
    "number_truncation": NumberTruncation,
    "offset": Offset,
    "padding": Padding,
    "parsed_date": ParsedDate,
    "parsed_number": ParsedNumber,
    "reciprocal": Reciprocal,
    "reference_multiply": ReferenceMultiply,
    "rewritten_date": RewrittenDate,
    "rewritten_number": RewrittenNumber,
    "rounding": Rounding,
    "scale": Scale,
    "sentinel": Sentinel,
    "sign": Sign,
    "text_truncation": TextTruncation,
    "time_shift": TimeShift,
    "time_truncation": TimeTruncation,
    "typo": Typo,
    "unpadding": Unpadding,
    "value_map": ValueMap,
    "whitespace": Whitespace,
    "zone_shift": ZoneShift,
}
"""Every transformation by the name that documents have for it; a name once given stays."""
CONDITIONS: Final[Mapping[str, type[Condition]]] = {"equals": Equals, "one_of": OneOf, "between": Between}
NAMES: Final = {of: name for names in (TRANSFORMATIONS, CONDITIONS) for name, of in names.items()}
WRITTEN: Final[Mapping[str, Callable[[str], Any]]] = {
    "decimal": Decimal,
    "float": float,
    "date": date.fromisoformat,
    "timestamp": datetime.fromisoformat,
}
"""Values that are texts in a document, by the word before them."""


@dataclasses.dataclass(frozen=True, slots=True)
class Recipe:
    """What a document says: how to compute the rule again.

    `transformation` is None where whole records of a `kind` are concerned, and so is `field`.
    """

    kind: str
    field: str | None
    transformation: Transformation | None
    scope: Predicate

    def document(self) -> str:
        """The canonical JSON text: equal recipes have equal texts."""
        return json.dumps(
            {
                "kind": self.kind,
                "field": self.field,
                "transformation": None if self.transformation is None else written(self.transformation),
                "scope": [written(condition) for condition in self.scope.conditions],
            },
            sort_keys=True,
            ensure_ascii=False,
            separators=(",", ":"),
        )


def identity(document: str) -> str:
    """The identity of a cause: MD5 (hex) of its canonical document, the same in every run."""
    return hashlib.md5(document.encode(), usedforsecurity=False).hexdigest()


def load(document: str | Mapping[str, Any]) -> Recipe:
    """The recipe of a document. Raises StoreError for one that this program cannot compute."""
    try:
        given = json.loads(document) if isinstance(document, str) else document
        transformation = given["transformation"]
        scope = tuple(read(condition, CONDITIONS) for condition in given["scope"])
        return Recipe(
            kind=given["kind"],
            field=given["field"],
            transformation=None if transformation is None else read(transformation, TRANSFORMATIONS),
            scope=Predicate(scope),
        )
    except (KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise StoreError(
            f"a rule is written in a way that this program does not know: {error!r}",
            remedy="use the program that wrote it, or a newer one",
        ) from None


def written(one: object) -> Any:
    """A transformation, a condition or one of their parameters as JSON."""
    if one is None or isinstance(one, bool | int | str):
        return one
    if isinstance(one, Decimal):
        # 100, 1E+2 and 100.0 are one number; a zero has no sign that matters.
        text = f"{one:f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
        return {"decimal": "0" if text in ("-0", "") else text}
    if isinstance(one, float):
        return {"float": repr(one)}
    if isinstance(one, date):
        return {"timestamp" if isinstance(one, datetime) else "date": one.isoformat()}
    if isinstance(one, tuple):
        return [written(part) for part in one]
    return made(one)


def made(one: object) -> dict[str, Any]:
    """A calendar, or what one of our classes is made with."""
    if isinstance(one, Calendar):
        return {"calendar": {"name": one.name, "holidays": sorted(d.isoformat() for d in one.holidays)}}
    name = NAMES[type(one)]  # type: ignore[index]
    values = {field.name: written(getattr(one, field.name)) for field in dataclasses.fields(one)}  # type: ignore[arg-type]
    return {name: values}


def read(given: Any, known: Mapping[str, type[Any]]) -> Any:
    """What `written` wrote; objects are made of classes in `known`, or are values."""
    if isinstance(given, list):
        return tuple(read(part, known) for part in given)
    if not isinstance(given, Mapping):
        return given
    ((name, value),) = given.items()
    if name in WRITTEN:
        return WRITTEN[name](value)
    if name == "calendar":
        return Calendar(value["name"], frozenset(map(date.fromisoformat, value["holidays"])))
    return known[name](**{word: read(part, known) for word, part in value.items()})
