"""Read a definition from YAML, with errors that say file, line, path and what is allowed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from greenai.definition.model import Definition
from greenai.definition.nodes import Document, read_document
from greenai.definition.problems import InvalidDefinitionError, Problem, explain
from greenai.errors import DefinitionError


@dataclass(frozen=True, slots=True)
class Loaded:
    """A definition and the file it was read from; relative locations start at `folder`."""

    definition: Definition
    path: Path
    folder: Path


def load(path: Path) -> Loaded:
    """Read a definition from a file. Raises DefinitionError, one for all problems found."""
    path = Path(path)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise DefinitionError(
            "there is no such file",
            remedy="Check the path, or let `greenai init A B > recon.yaml` write a definition.",
            source=str(path),
        ) from None
    except IsADirectoryError:
        raise DefinitionError("is a folder", remedy="Name the YAML file in it.", source=str(path)) from None
    except OSError as error:
        raise DefinitionError(
            f"cannot be read: {error.strerror or error}",
            remedy="Check that the file may be read.",
            source=str(path),
        ) from None
    definition = loads(_decode(content, str(path)), source=str(path))
    return Loaded(definition, path, path.absolute().parent)


def loads(text: str, *, source: str = "definition") -> Definition:
    """Read a definition from YAML text; `source` is its name in errors. Raises DefinitionError."""
    document = read_document(text, source=source)
    return _validated(document.data, source, document)


def from_data(data: Mapping[str, Any], *, source: str = "definition") -> Definition:
    """Read a definition from Python data in the form of the YAML. Raises DefinitionError."""
    return _validated(dict(data), source, None)


def _validated(data: Any, source: str, document: Document | None) -> Definition:
    try:
        return Definition.model_validate(data)
    except ValidationError as error:
        problems = explain(error, Definition)
    if document is not None:
        problems = [
            replace(problem, path=document.trim(problem.path), line=document.line(problem.path))
            for problem in problems
        ]
        problems.sort(key=lambda problem: problem.line or 0)
    raise InvalidDefinitionError(_distinct(problems), source=source)


def _distinct(problems: list[Problem]) -> list[Problem]:
    return list({(one.path, one.message): one for one in problems}.values())


def _decode(content: bytes, source: str) -> str:
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise DefinitionError(
            f"is not UTF-8: byte 0x{content[error.start]:02x} cannot be read",
            remedy="Save the file as UTF-8.",
            source=source,
            line=line,
        ) from None
