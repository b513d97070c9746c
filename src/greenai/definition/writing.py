"""Write a definition as YAML, in its shortest forms, for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from greenai.definition.model import Definition, FieldRule, FieldSide
from greenai.definition.scalars import scalar, value
from greenai.definition.words import Word, write_word
from greenai.definition.written import Part

WIDTH = 100
LONGEST_KEY = 1000  # YAML reads longer keys only after a question mark
_INDENT = "  "
_ALONE = frozenset({"location", "parse_date", "parse_timestamp"})  # a list of one is written as the one
# One entry a line, however short.
_OPEN = frozenset({"sources", "fields", "gate", "checks", "store", "references"})


def dumps(definition: Definition) -> str:
    """YAML that `greenai.definition.loading.loads` reads back as the same definition.

    Only what differs from the defaults is written. Fields without any rule become a list of names.
    """
    return "".join(f"{line}\n" for line in _block(written(definition), 0))


def flow(given: Any) -> str:
    """A value on one line, in the shortest forms: scalars, lists, mappings, parts of a definition."""
    return _flow(_short(given))


def written(definition: Definition) -> dict[str, Any]:
    """The definition as plain data in the shortest forms; numbers are exact Decimals."""
    data: dict[str, Any] = _short(definition)
    if definition.fields is not None and all(rule == FieldRule() for rule in definition.fields.values()):
        data["fields"] = list(definition.fields)
    return data


def _short(given: Any) -> Any:
    if isinstance(given, Word):
        word = write_word(given)
        return (
            word
            if isinstance(word, str)
            else {name: _alone(name, _short(argument)) for name, argument in word.items()}
        )
    if isinstance(given, FieldSide) and given.column is not None and not given.normalise:
        return given.column
    if isinstance(given, Part):
        return {
            field.alias or name: _alone(name, _short(one))
            for name, field in type(given).model_fields.items()
            if (one := getattr(given, name)) != field.get_default(call_default_factory=True)
        }
    if isinstance(given, Mapping):
        return {name: _alone(name, _short(one)) for name, one in given.items()}
    if isinstance(given, (list, tuple)):
        return [_short(one) for one in given]
    return str(given) if type(given).__name__ == "FieldType" else given


def _alone(key: str, given: Any) -> Any:
    return given[0] if key in _ALONE and isinstance(given, list) and len(given) == 1 else given


def _block(data: Mapping[str, Any], depth: int) -> list[str]:
    lines: list[str] = []
    indent = _INDENT * depth
    for key, one in data.items():
        head = f"{indent}{_key(key, indent)}:"
        line = _flow(one) if isinstance(one, (dict, list)) else value(one, flow=False)
        if (
            not isinstance(one, (dict, list))
            or not one
            or (key not in _OPEN and len(head) + len(line) < WIDTH)
        ):
            lines.append(f"{head} {line}")
        elif isinstance(one, dict):
            lines += [head, *_block(one, depth + 1)]
        elif key in _OPEN and len(head) + len(line) < WIDTH and all(isinstance(item, str) for item in one):
            lines.append(f"{head} {line}")
        else:
            lines.append(head)
            lines += [f"{indent}{_INDENT}- {_flow(item)}" for item in one]
    return lines


def _flow(data: Any) -> str:
    if isinstance(data, Mapping):
        return "{" + ", ".join(f"{_key(key)}: {_flow(one)}" for key, one in data.items()) + "}"
    if isinstance(data, list):
        return "[" + ", ".join(_flow(one) for one in data) + "]"
    return value(data)


def _key(key: str, indent: str | None = None) -> str:
    name = scalar(key)
    if len(name) <= LONGEST_KEY:
        return name
    return f"? {name} " if indent is None else f"? {name}\n{indent}"
