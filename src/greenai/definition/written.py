"""How values arrive from a written definition: plain scalars keep the text the user wrote.

YAML reads ``1``, ``true`` and ``null`` as something other than text. Which of these is meant depends
on where it stands: in ``map: {1: "01"}`` it is text, in ``skip_rows: 1`` a number. So the loader
hands such scalars over as `Plain`, a text that knows what YAML takes it for, and the types here decide.
A decimal is read from its text and never passes through a float.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

ScalarKind = Literal["null", "bool", "int", "float"]
MAX_MAGNITUDE = 60  # decimal digits before and after the point; beyond, a number is a slip of the pen
_WHOLE = re.compile(r"[-+]?[0-9]{1,18}")
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NUMBER_TEXT = r"^\+?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$"
_SIGNED_TEXT = _NUMBER_TEXT.replace(r"\+", "[-+]", 1)


class Plain(str):
    """An unquoted YAML scalar that is not text by the core schema; `kind` says what it is."""

    __slots__ = ("kind",)
    kind: ScalarKind

    def __new__(cls, text: str, kind: ScalarKind) -> Plain:
        plain = super().__new__(cls, text)
        plain.kind = kind
        return plain


def is_null(value: Any) -> bool:
    """Whether a written value is null: ``null``, ``~``, nothing, or Python's None."""
    return value is None or (isinstance(value, Plain) and value.kind == "null")


def as_many(value: Any) -> Any:
    """A single text is a list of one."""
    return [value] if isinstance(value, str) else value


class Part(BaseModel):
    """Base of every part of a definition: frozen; an unknown key is an error, an empty one left out."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, defer_build=True)

    @model_validator(mode="before")
    @classmethod
    def _empty_is_left_out(cls, data: Any) -> Any:
        if not isinstance(data, dict) or not any(is_null(value) for value in data.values()):
            return data
        known = cls.written_keys()
        return {key: value for key, value in data.items() if not (key in known and is_null(value))}

    @classmethod
    def written_keys(cls) -> tuple[str, ...]:
        """The keys that may be written, in the order of the documentation."""
        return tuple(field.alias or name for name, field in cls.model_fields.items())


class Short:
    """Annotation: besides the full form, a short one with this JSON Schema may be written."""

    def __init__(self, schema: dict[str, Any]) -> None:
        self.schema = schema

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        return {"anyOf": [self.schema, handler(schema)]}


def _as_truth(value: Any) -> Any:
    if isinstance(value, Plain) and value.kind == "bool":
        return value.lower() == "true"
    if isinstance(value, bool):
        return value
    raise ValueError("must be true or false")


def _as_whole(value: Any) -> Any:
    if isinstance(value, Plain) and value.kind == "int" and _WHOLE.fullmatch(value):
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise ValueError("must be a whole number")


def as_number(value: Any) -> Decimal:
    """Read an exact number; quoted text is read too, so that JSON can carry one. Raises ValueError."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float, Decimal)):
        raise ValueError("must be a number")
    text = value if isinstance(value, str) else repr(value) if isinstance(value, float) else str(value)
    if not _NUMBER.fullmatch(text):
        raise ValueError("must be a number, written like 0.01")
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise ValueError("must be a number, written like 0.01") from None
    exponent = number.as_tuple().exponent
    if number.adjusted() > MAX_MAGNITUDE or (isinstance(exponent, int) and exponent < -MAX_MAGNITUDE):
        raise ValueError(f"must have at most {MAX_MAGNITUDE} digits before and after the point")
    return number


def _as_share(value: Any) -> Any:
    if isinstance(value, str) and not isinstance(value, Plain):
        raise ValueError("must be a number, written without quotes")
    return float(as_number(value))


def _not_null(value: Any) -> Any:
    if is_null(value):
        raise ValueError("must be text; put the word in quotes if it is meant")
    return value


Truth = Annotated[bool, BeforeValidator(_as_truth)]
Whole = Annotated[int, BeforeValidator(_as_whole)]
Share = Annotated[float, BeforeValidator(_as_share)]
Number = Annotated[
    Decimal,
    BeforeValidator(as_number),
    WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "string", "pattern": _SIGNED_TEXT}]}),
]
Distance = Annotated[
    Decimal,
    Field(ge=0),
    BeforeValidator(as_number),
    WithJsonSchema(
        {"anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": _NUMBER_TEXT}]}
    ),
]
TEXT_SCHEMA = {"type": ["string", "number", "boolean"], "minLength": 1}
CELL_SCHEMA = {"type": ["string", "number", "boolean", "null"]}
Text = Annotated[str, Field(min_length=1), BeforeValidator(_not_null), WithJsonSchema(TEXT_SCHEMA)]
CellText = Annotated[str, WithJsonSchema(CELL_SCHEMA)]
Texts = Annotated[tuple[Text, ...], Field(min_length=1), Short(TEXT_SCHEMA), BeforeValidator(as_many)]
CellTexts = Annotated[tuple[CellText, ...], Field(min_length=1), Short(CELL_SCHEMA), BeforeValidator(as_many)]
