"""What is wrong with a definition, said in its own terms: where, what, and what is allowed.

Checks raise `UnfitError` with one or more problems; `explain` turns pydantic's errors into problems too.
"""

from __future__ import annotations

import difflib
import re
import types
import typing
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, get_args, get_origin

from greenai.definition.written import Part
from greenai.errors import DefinitionError

if TYPE_CHECKING:
    from pydantic import ValidationError

Path = tuple[str | int, ...]
SHOWN = 10
_CUT_TYPE = re.compile(r"\s*\d+\s*\)\s*")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong at `path` in the document; `line` is 1-based, None when unknown."""

    path: Path
    message: str
    remedy: str | None = None
    value: object = None
    line: int | None = None

    def below(self, prefix: Path) -> Problem:
        """The same problem seen from further up in the document."""
        return replace(self, path=(*prefix, *self.path))


class UnfitError(ValueError):
    """Raised by checks inside the model; carries several problems with paths."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = tuple(problems)


class InvalidDefinitionError(DefinitionError):
    """A definition with one or more problems; `problems` holds all of them, the message up to ten."""

    def __init__(self, problems: Sequence[Problem], *, source: str | None) -> None:
        first = problems[0]
        super().__init__(
            first.message,
            remedy=first.remedy,
            source=source,
            line=first.line,
            column=dotted(first.path) or None,
            value=first.value,
        )
        self.problems = tuple(problems)

    def __str__(self) -> str:
        if len(self.problems) == 1:
            return super().__str__()
        lines = [f"{self.source or 'definition'}: {len(self.problems)} problems"]
        for problem in self.problems[:SHOWN]:
            shown = InvalidDefinitionError([problem], source=None)
            lines.append("  " + str(shown).replace("\n", "\n  "))
        if len(self.problems) > SHOWN:
            lines.append(f"  … and {len(self.problems) - SHOWN} more")
        return "\n".join(lines)


def dotted(path: Iterable[str | int]) -> str:
    """``fields.notional.a.normalise[0]``; a name that is not a plain word is put in quotes."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            word = step if re.fullmatch(r"[^\s.\[\]'\"]+", step) else repr(step)
            text += f".{word}" if text else word
    return text


def suggestion(word: str, allowed: Iterable[str]) -> str | None:
    """The allowed word that was most likely meant, if any comes close."""
    by_fold = {name.casefold().replace("-", "_"): name for name in allowed}
    close = difflib.get_close_matches(word.casefold().replace("-", "_"), by_fold, n=1, cutoff=0.6)
    return by_fold[close[0]] if close else None


def unknown(what: str, word: str, allowed: Iterable[str]) -> tuple[str, str]:
    """Message and remedy for a word that is not in the list of allowed ones."""
    allowed = tuple(allowed)
    meant = suggestion(word, allowed)
    listed = f"Allowed: {', '.join(allowed)}."
    return f"unknown {what} {word!r}", f"Did you mean `{meant}`? {listed}" if meant else listed


def explain(error: ValidationError, model: type[Part]) -> list[Problem]:
    """Every problem in a validation error of `model`, in the order of the document's keys."""
    problems: list[Problem] = []
    missing: list[Problem] = []
    suggested: set[Path] = set()
    errors = error.errors(include_url=False)
    for found in errors:
        path: Path = tuple(part for part in found["loc"] if part != "[key]")
        if found["type"] == "too_short" and any(_below(other["loc"], path) for other in errors):
            continue  # pydantic counts only the items that are right
        context = found.get("ctx", {})
        inner = context.get("error")
        if isinstance(inner, UnfitError):
            problems += [problem.below(path) for problem in inner.problems]
        elif found["type"] == "extra_forbidden" and _CUT_TYPE.fullmatch(str(path[-1])):
            continue  # the other half of {type: decimal(18,2)} without quotes; the type says so
        elif found["type"] == "extra_forbidden":
            where = model_at(model, path[:-1])
            allowed = where.written_keys() if where else ()
            message, remedy = unknown("key", str(path[-1]), allowed)
            problems.append(Problem(path, message, remedy))
            if meant := suggestion(str(path[-1]), allowed):
                suggested.add((*path[:-1], meant))
        elif found["type"] == "missing":
            missing.append(Problem(path, f"`{path[-1]}` is missing", f"Add `{path[-1]}:`."))
        else:
            message, remedy_ = _say(found["type"], context, str(inner or found["msg"]), path, model)
            problems.append(Problem(path, message, remedy_, _shown(found["input"])))
    # A misspelt key that is required would be reported twice, once as missing.
    return problems + [problem for problem in missing if problem.path not in suggested]


def model_at(model: type[Part], path: Path) -> type[Part] | None:
    """The model that describes the mapping at `path`, None where no model stands."""
    here: Any = model
    for step in path:
        if isinstance(here, type) and issubclass(here, Part):
            here = next(
                (f.annotation for name, f in here.model_fields.items() if step in (name, f.alias)), None
            )
        else:
            arguments = get_args(here)
            here = arguments[1] if get_origin(here) is dict else arguments[0] if arguments else None
        here = _unwrapped(here)
    return here if isinstance(here, type) and issubclass(here, Part) else None


def _unwrapped(annotation: Any) -> Any:
    while get_origin(annotation) in (typing.Annotated, typing.Union, types.UnionType):
        if get_origin(annotation) is typing.Annotated:
            annotation = get_args(annotation)[0]
        else:
            annotation = next(one for one in get_args(annotation) if one is not type(None))
    return annotation


def _below(path: Path, above: Path) -> bool:
    return len(path) > len(above) and path[: len(above)] == above


def _shown(value: Any) -> object:
    return value if isinstance(value, (str, int, float)) else None


def _say(
    kind: str, context: dict[str, Any], message: str, path: Path, model: type[Part]
) -> tuple[str, str | None]:
    if kind == "literal_error":
        return "is not one of the allowed words", f"Allowed: {context['expected'].replace(chr(39), '')}."
    if kind in ("model_type", "model_attributes_type", "dict_type"):
        where = model_at(model, path)
        keys = (
            f"Write it as keys and values. Allowed keys: {', '.join(where.written_keys())}."
            if where
            else None
        )
        return "must be a mapping", keys
    plural = {
        "tuple_type": "must be a list",
        "list_type": "must be a list",
        "string_type": "must be text",
        "too_short": "must not be empty",
        "string_too_short": "must not be empty",
    }
    if kind == "string_pattern_mismatch":
        return "is not a name that is allowed here", f"Allowed is what matches {context['pattern']}"
    if kind in plural:
        return plural[kind], None
    bounds = {
        "greater_than": ("must be greater than", "gt"),
        "greater_than_equal": ("must be at least", "ge"),
        "less_than": ("must be less than", "lt"),
        "less_than_equal": ("must be at most", "le"),
        "string_too_long": ("must have no more characters than", "max_length"),
    }
    if kind in bounds:
        words, limit = bounds[kind]
        return f"{words} {context[limit]}", None
    return message, None
