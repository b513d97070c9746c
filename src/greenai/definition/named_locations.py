"""Locations that name a connection: ``connection://name/path``, which is all that a platform accepts.

The path is relative to the place that the connection leads to. It may be a glob and hold
``{business_date}``; it never leads out of that place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from greenai.definition.nodes import read_document
from greenai.definition.problems import InvalidDefinitionError, Problem

if TYPE_CHECKING:
    from greenai.definition.model import Definition

SCHEME: Final = "connection://"
UPLOADS: Final = "uploads"
"""The connection that leads to uploaded files: ``connection://uploads/id/name``."""
NAME: Final = re.compile(r"[a-z][a-z0-9_-]{0,62}")
REMEDY: Final = (
    "Write connection://NAME/path with a connection that an administrator has approved, "
    "or connection://uploads/ID/name for an uploaded file."
)
_LONGEST: Final = 1000
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_UPLOAD: Final = re.compile(r"[0-9a-f]{32}/[^/]+")


@dataclass(frozen=True, slots=True)
class NamedLocation:
    """A connection and a path below the place that it leads to."""

    connection: str
    path: str

    def __str__(self) -> str:
        return f"{SCHEME}{self.connection}/{self.path}"


def is_named(location: str) -> bool:
    """Whether a location names a connection, rightly or not."""
    return location.lower().startswith(SCHEME)


def named_location(location: str) -> NamedLocation:
    """Read a location of a platform. Raises ValueError that says what is wrong."""
    if not location.startswith(SCHEME):
        if is_named(location):
            raise ValueError(f"`{SCHEME}` is written in small letters")
        raise ValueError("on the platform a location names a connection, no path and no URL")
    name, slash, path = location.removeprefix(SCHEME).partition("/")
    if not NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name of a connection: small letters, digits, _ and -")
    if not slash or not path:
        raise ValueError("the path after the connection's name is missing")
    if len(path) > _LONGEST or _CONTROL.search(path) or "\\" in path:
        raise ValueError(
            f"the path has at most {_LONGEST} characters, no backslash and no control characters"
        )
    if any(step in ("", ".", "..") or step.startswith("~") for step in path.split("/")):
        raise ValueError("the path leads straight down: no empty step, no `.`, no `..`, no `~`")
    if name == UPLOADS and not _UPLOAD.fullmatch(path):
        raise ValueError("an uploaded file is written connection://uploads/ID/name")
    return NamedLocation(name, path)


def named_locations(definition: Definition) -> list[NamedLocation]:
    """The locations of both sides that name a connection. Raises ValueError for one that is wrong."""
    both = (*definition.sources.a.location, *definition.sources.b.location)
    return [named_location(one) for one in both if is_named(one)]


def unnamed_problems(definition: Definition) -> list[Problem]:
    """What a platform refuses of a definition's locations."""
    problems = []
    for side, source in (("a", definition.sources.a), ("b", definition.sources.b)):
        for index, location in enumerate(source.location):
            try:
                named_location(location)
            except ValueError as error:
                path = ("sources", side, "location", index)
                problems.append(Problem(path, str(error), REMEDY, location))
    return problems


def insist_named(definition: Definition, text: str, *, source: str = "definition") -> None:
    """Refuse a definition with a location that names no connection. Raises InvalidDefinitionError.

    `text` is the YAML that it was read from: problems tell its lines.
    """
    placed(unnamed_problems(definition), text, source=source)


def placed(problems: list[Problem], text: str, *, source: str) -> None:
    """Raise what was found, with the lines of the YAML; nothing found, nothing is raised."""
    if not problems:
        return
    document = read_document(text, source=source)
    raise InvalidDefinitionError(
        [
            Problem(document.trim(one.path), one.message, one.remedy, one.value, document.line(one.path))
            for one in problems
        ],
        source=source,
    )
