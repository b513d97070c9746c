"""The JSON Schema of a definition as it is written, short forms included, for editors and other programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from greenai.definition.words import Word

DIALECT = "https://json-schema.org/draft/2020-12/schema"
IDENTIFIER = "urn:greenai:definition:1"
_SCALAR = ["string", "number", "boolean"]
_NULL = {"type": "null"}
# Pydantic writes bounds that stand outside a validator under its own names.
_BOUNDS = {"ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum", "lt": "exclusiveMaximum"}


def json_schema() -> dict[str, Any]:
    """The schema (draft 2020-12) of the YAML as written.

    It knows every key, word, type and bound. What it cannot say (that key fields are declared, that a
    regular expression is one, ...) is checked when a definition is loaded.
    """
    from greenai.definition.consistency import MAX_NAME
    from greenai.definition.gate import CHECKS
    from greenai.definition.model import Definition
    from greenai.definition.steps import STEPS

    schema = Definition.model_json_schema(schema_generator=_AsWritten, mode="validation")
    definitions = schema.pop("$defs", {})
    definitions["FieldName"] = {"type": _SCALAR, "minLength": 1, "maxLength": MAX_NAME}
    definitions["Step"] = _words(STEPS, "One normalisation step: a word, or a word with its argument.")
    definitions["Check"] = _words(CHECKS, "One check: a word with its argument.")
    return {
        "$schema": DIALECT,
        "$id": IDENTIFIER,
        **_linked(schema),
        "title": "greenai definition",
        "description": "A reconciliation of source a against source b.",
        "$defs": _linked(dict(sorted(definitions.items()))),
    }


def _linked(schema: Any) -> Any:
    """The last touch on what pydantic made.

    The models say ``{"named": "Step"}``, since pydantic follows a reference only to its own models;
    and a mapping whose keys have a pattern has no other keys.
    """
    if isinstance(schema, dict):
        if set(schema) - {"description"} == {"named"}:
            rest = {key: value for key, value in schema.items() if key != "named"}
            return {"$ref": f"#/$defs/{schema['named']}", **rest}
        closed = {"additionalProperties": False} if "patternProperties" in schema else {}
        return {_BOUNDS.get(key, key): _linked(value) for key, value in schema.items()} | closed
    return [_linked(value) for value in schema] if isinstance(schema, list) else schema


def _words(words: Mapping[str, type[Word]], description: str) -> dict[str, Any]:
    """One of the words alone, or a mapping of exactly one word to its argument."""
    bare = [word.name for word in words.values() if not _required(word)]
    forms: list[dict[str, Any]] = []
    if bare:
        forms.append({"type": "string", "enum": bare})
    forms.append(
        {
            "type": "object",
            "properties": {word.name: _argument(word) for word in words.values()},
            "additionalProperties": False,
            "minProperties": 1,
            "maxProperties": 1,
        }
    )
    return {"description": description, "anyOf": forms}


def _argument(word: type[Word]) -> dict[str, Any]:
    long = word.model_json_schema(schema_generator=_AsWritten, mode="validation")
    long.pop("title", None)
    description = long.pop("description", "")
    forms: list[dict[str, Any]] = [long]
    if word.main is not None:
        forms.insert(0, long["properties"][word.main])
    if not _required(word):
        forms.append(_NULL)
    return {"description": description, "anyOf": forms}


def _required(word: type[Word]) -> bool:
    # A word of which any one field will do needs an argument too.
    some = word.model_config.get("json_schema_extra")
    return any(field.is_required() for field in word.model_fields.values()) or (
        isinstance(some, dict) and "minProperties" in some
    )


class _AsWritten(GenerateJsonSchema):
    """Pydantic's generator, taught what the loader does with unquoted scalars and empty values."""

    def str_schema(self, schema: core_schema.StringSchema) -> JsonSchemaValue:
        written = super().str_schema(schema)
        if not {"pattern", "maxLength"} & set(written):
            written["type"] = _SCALAR  # `sheet: 2026` is the text 2026
        return written

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        written = super().default_schema(schema)
        default = written.pop("default", None)
        if isinstance(default, (bool, int, float, str)):
            written["default"] = default
        if _allows_null(written):
            return written
        return {"anyOf": [{k: v for k, v in written.items() if k != "default"}, _NULL]} | {
            k: v for k, v in written.items() if k == "default"
        }

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002
        return False  # a title made from the key says nothing that the key does not


def _allows_null(schema: JsonSchemaValue) -> bool:
    return any(option == _NULL for option in schema.get("anyOf", ()))
