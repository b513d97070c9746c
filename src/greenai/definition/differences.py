"""The difference of two definitions, field by field: what was added, removed, changed, and if it matters.

Pure. Paths are dotted, as in problems: ``fields.notional.compare.absolute``. Values are told in the
shortest form of the YAML.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from greenai.definition.fingerprint import fingerprint
from greenai.definition.model import Definition
from greenai.definition.problems import Path, dotted
from greenai.definition.writing import flow, written

UNORDERED = ("checks", "null_values", "null_if")
"""Lists of which every order means the same: told item by item."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference at `path`; `before` and `after` are YAML on one line, None where there is nothing.

    `meaning` is false for words to people and the schedule: they make no other version.
    """

    path: str
    kind: Literal["added", "removed", "changed"]
    before: str | None
    after: str | None
    meaning: bool


def differences(before: Definition, after: Definition) -> tuple[Difference, ...]:
    """What differs between two definitions, in the order of the document. Equal ones have none."""
    found = _between((), written(before), written(after))
    return tuple(_told(path, one, other) for path, one, other in found)


def changed_paths(before: Definition, after: Definition) -> tuple[Path, ...]:
    """Where two definitions differ, as paths of the document."""
    return tuple(path for path, _, _ in _between((), written(before), written(after)))


def same_meaning(before: Definition, after: Definition) -> bool:
    """Whether both do the same, whatever they say to people."""
    return fingerprint(before) == fingerprint(after)


_ABSENT: Any = object()


def _between(path: Path, before: Any, after: Any) -> Iterator[tuple[Path, Any, Any]]:
    if before is _ABSENT or after is _ABSENT:
        yield path, before, after
    elif isinstance(before, Mapping) and isinstance(after, Mapping):
        for name in dict.fromkeys((*before, *after)):
            yield from _between((*path, str(name)), before.get(name, _ABSENT), after.get(name, _ABSENT))
    elif path == ("fields",) and {type(before), type(after)} == {list, dict}:
        yield from _between(path, _by_name(before), _by_name(after))
    elif path and path[-1] in UNORDERED and isinstance(before, list) and isinstance(after, list):
        yield from _items(path, before, after)
    elif before != after:
        yield path, before, after


def _by_name(fields: Any) -> Mapping[str, Any]:
    """Fields as a mapping: a list of names are fields without rules."""
    return fields if isinstance(fields, Mapping) else {name: {} for name in fields}


def _items(path: Path, before: list[Any], after: list[Any]) -> Iterator[tuple[Path, Any, Any]]:
    left = list(after)
    for number, item in enumerate(before):
        if item in left:
            left.remove(item)
        else:
            yield (*path, number), item, _ABSENT
    for number, item in enumerate(after):
        if item in left:
            left.remove(item)
            yield (*path, number), _ABSENT, item


def _told(path: Path, before: Any, after: Any) -> Difference:
    kind: Literal["added", "removed", "changed"] = (
        "added" if before is _ABSENT else "removed" if after is _ABSENT else "changed"
    )
    # A field may be called like a part for people; the parts stand where the model has them.
    words = path[:1] in (("description",), ("schedule",)) or (
        path[:1] == ("sources",) and path[-1] == "system"
    )
    return Difference(
        dotted(path),
        kind,
        None if before is _ABSENT else flow(before),
        None if after is _ABSENT else flow(after),
        not words,
    )
