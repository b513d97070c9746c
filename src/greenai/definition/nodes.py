"""YAML into plain data that remembers where everything stands.

Scalars follow the core schema of YAML 1.2 (https://yaml.org/spec/1.2.2/#103-core-schema) in decimal
notation: only ``null``, ``true``, ``false`` and numbers are not text; ``no``, ``on``, dates, ``12:30``,
``1_000`` and ``007`` are. Keys are always text and never repeated, tags are refused, and what
aliases stand for is bounded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from greenai.definition.problems import InvalidDefinitionError, Path, Problem
from greenai.definition.written import Plain, ScalarKind

MAX_CHARACTERS = 10_000_000
MAX_NODES = 200_000
MAX_DEPTH = 40
_TEXT_TAGS = (None, "!", "tag:yaml.org,2002:str")
_SCALARS: tuple[tuple[ScalarKind, re.Pattern[str]], ...] = (
    ("null", re.compile(r"~|null|Null|NULL|")),
    ("bool", re.compile(r"true|True|TRUE|false|False|FALSE")),
    ("int", re.compile(r"[-+]?(0|[1-9][0-9]*)")),
    ("float", re.compile(r"[-+]?(\.[0-9]+|(0|[1-9][0-9]*)(\.[0-9]*)?)([eE][-+]?[0-9]+)?")),
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: 1-based line and column."""

    line: int
    column: int


@dataclass(slots=True)
class Document:
    """The data of a YAML document, and the place of every key (or list item) by its path."""

    data: Any
    places: dict[Path, Place] = field(default_factory=dict)

    def trim(self, path: Path) -> Path:
        """The longest beginning of the path that is written in the document."""
        while path and path not in self.places:
            path = path[:-1]
        return path

    def line(self, path: Path) -> int | None:
        """The line of the nearest written thing."""
        place = self.places.get(self.trim(path))
        return place.line if place else None


def read_document(text: str, *, source: str) -> Document:
    """Read one YAML document. Raises InvalidDefinitionError naming line and column."""
    import yaml

    if len(text) > MAX_CHARACTERS:
        raise _error(source, f"is larger than {MAX_CHARACTERS:,} characters, which no definition needs")
    try:
        return _Reader(yaml.parse(text, Loader=yaml.SafeLoader), source).document()
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, int(error.position)) + 1
        raise _error(
            source,
            f"holds a character that YAML does not allow (U+{int(error.character):04X})",
            Place(line, int(error.position) - (text.rfind("\n", 0, int(error.position)) + 1) + 1),
            'Remove it, or write it escaped inside double quotes, e.g. "\\x07".',
        ) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = ", ".join(part for part in (error.context, error.problem) if part)
        raise _error(
            source,
            f"is not valid YAML: {what}",
            Place(mark.line + 1, mark.column + 1) if mark else None,
            _yaml_remedy(what),
        ) from None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        if isinstance(error, InvalidDefinitionError):
            raise
        raise _error(source, f"is not valid YAML: {error}") from None


def scalar_kind(text: str) -> ScalarKind | None:
    """What the core schema takes an unquoted scalar for; None is text."""
    return next((kind for kind, pattern in _SCALARS if pattern.fullmatch(text)), None)


@dataclass(slots=True)
class _Node:
    place: Place
    value: Any  # str, list of nodes, or list of pairs of nodes
    shape: str


class _Reader:
    """Builds nodes from parser events, then data from nodes."""

    def __init__(self, events: Any, source: str) -> None:
        self.events = iter(events)
        self.source = source
        self.anchors: dict[str, _Node | None] = {}
        self.count = 0
        self.out = Document(None)

    def document(self) -> Document:
        import yaml

        root: _Node | None = None
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                if root is not None:
                    raise self._wrong("is a second document; a file holds one definition", event)
                root = self._node(next(self.events), 0)
        if root is None or (root.shape == "plain" and scalar_kind(root.value) == "null"):
            raise _error(
                self.source,
                "is empty",
                None,
                "Write a definition, or let `greenai init A B` propose one.",
            )
        if root.shape != "map":
            raise _error(
                self.source,
                "is not a mapping of keys and values",
                root.place,
                "Begin with `recon: some_name`.",
            )
        self.out.places[()] = root.place
        self.out.data = self._data(root, ())
        return self.out

    def _node(self, event: Any, depth: int) -> _Node:
        import yaml

        if depth > MAX_DEPTH:
            raise self._wrong(f"is nested more than {MAX_DEPTH} levels deep", event)
        place = _place(event)
        if isinstance(event, yaml.AliasEvent):
            known = self.anchors.get(str(event.anchor))
            if known is None:
                raise self._wrong(f"*{event.anchor} stands for nothing that is complete above it", event)
            return _Node(place, known, "alias")
        if event.tag not in _TEXT_TAGS:
            raise self._wrong(f"the tag {event.tag} is not allowed in a definition", event)
        if event.anchor:
            self.anchors[event.anchor] = None
        if isinstance(event, yaml.ScalarEvent):
            plain = event.style in (None, "") and event.tag is None
            try:
                # Two escaped halves of a character, as JSON writes them, are that character.
                text = event.value.encode("utf-16", "surrogatepass").decode("utf-16")
            except UnicodeDecodeError:
                raise self._wrong("holds half of a character, which no text has", event) from None
            node = _Node(place, text, "plain" if plain else "text")
        elif event.tag is not None:
            raise self._wrong(f"the tag {event.tag} is not allowed here", event)
        elif isinstance(event, yaml.SequenceStartEvent):
            node = _Node(place, self._until(yaml.SequenceEndEvent, depth), "list")
        else:
            flat = self._until(yaml.MappingEndEvent, depth)
            node = _Node(place, list(zip(flat[::2], flat[1::2], strict=True)), "map")
        if event.anchor:
            self.anchors[event.anchor] = node
        return node

    def _until(self, end: type[Any], depth: int) -> list[_Node]:
        nodes = []
        while not isinstance(event := next(self.events), end):
            nodes.append(self._node(event, depth + 1))
        return nodes

    def _data(self, node: _Node, path: Path) -> Any:
        if node.shape == "alias":
            return self._data(node.value, path)
        self.count += 1
        if self.count > MAX_NODES or len(path) > MAX_DEPTH:
            raise _error(
                self.source,
                f"stands for more than {MAX_NODES:,} values or {MAX_DEPTH} levels through its aliases",
                node.place,
            )
        if node.shape == "text":
            return node.value
        if node.shape == "plain":
            kind = scalar_kind(node.value)
            return node.value if kind is None else Plain(node.value, kind)
        if node.shape == "list":
            return [self._item(one, (*path, index)) for index, one in enumerate(node.value)]
        return self._mapping(node, path)

    def _item(self, node: _Node, path: Path) -> Any:
        self.out.places[path] = node.place
        return self._data(node, path)

    def _mapping(self, node: _Node, path: Path) -> dict[str, Any]:
        data: dict[str, Any] = {}
        first: dict[str, Place] = {}
        for key_node, value_node in node.value:
            target = key_node.value if key_node.shape == "alias" else key_node
            if target.shape not in ("plain", "text"):
                raise _error(
                    self.source, "a key is a text, not a list or a mapping", key_node.place, None, path
                )
            key = str(target.value)
            if key in first:
                raise _error(
                    self.source,
                    f"the key {key!r} is repeated (first on line {first[key].line})",
                    key_node.place,
                    "Keep one of the two, or merge them.",
                    (*path, key),
                )
            first[key] = key_node.place
            self.out.places[(*path, key)] = key_node.place
            data[key] = self._data(value_node, (*path, key))
        return data

    def _wrong(self, message: str, event: Any) -> InvalidDefinitionError:
        return _error(self.source, message, _place(event))


def _place(event: Any) -> Place:
    return Place(event.start_mark.line + 1, event.start_mark.column + 1)


def _yaml_remedy(what: str) -> str | None:
    if "cannot start any token" in what and "\\t" in what:
        return "Indent with blanks, not with tabs."
    if "mapping values are not allowed" in what:
        return 'Put a text that holds ": " in quotes, and check the indentation.'
    if "cannot start any token" in what or "alias" in what:
        return "Put a text that begins with @, `, %, * or & in quotes."
    return None


def _error(
    source: str, message: str, place: Place | None = None, remedy: str | None = None, path: Path = ()
) -> InvalidDefinitionError:
    if place is not None and not path:
        message = f"{message} (column {place.column})"
    line = place.line if place else None
    return InvalidDefinitionError([Problem(path, message, remedy, None, line)], source=source)
