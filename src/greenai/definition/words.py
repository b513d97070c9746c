"""Things written as one word with arguments: ``strip``, ``{prefix: TRD}``, ``{range: {field: x, min: 0}}``.

Steps and checks share this form. A word's argument is either a mapping of its fields (the long form)
or, when the word has a `main` field, just the value of that field (the short form).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, TypeVar

from pydantic import ValidationError

from greenai.definition.problems import Problem, UnfitError, explain, unknown
from greenai.definition.written import Part, is_null


class Word(Part):
    """One word. `name` is what is written, `main` the field that takes the short form."""

    name: ClassVar[str]
    main: ClassVar[str | None] = None
    main_is_mapping: ClassVar[bool] = False


W = TypeVar("W", bound=Word)


def parse_word(written: Any, words: Mapping[str, type[W]], what: str) -> W:
    """Read one word as it is written. Raises UnfitError (a ValueError) with what is allowed."""
    if isinstance(written, Word):
        return written  # type: ignore[return-value]
    if isinstance(written, str):
        word = _look_up(written, words, what)
        missing = [field.alias or name for name, field in word.model_fields.items() if field.is_required()]
        if missing:
            raise UnfitError(
                [Problem((), f"`{written}` needs an argument", f"Write it as {_example(word)}.")]
            )
        return _build(word, {})
    if isinstance(written, dict) and len(written) == 1:
        name, argument = next(iter(written.items()))
        word = _look_up(str(name), words, what)
        return _build(word, argument)
    raise UnfitError(
        [
            Problem(
                (),
                f"a {what} is one word, or one word with its argument",
                f"Write a list of words, each like {_forms(words)}.",
            )
        ]
    )


def write_word(word: Word) -> str | dict[str, Any]:
    """The shortest way to write a word, the inverse of `parse_word`; numbers stay exact."""
    given = word.model_dump(by_alias=True, exclude_defaults=True)
    required = {field.alias or name for name, field in type(word).model_fields.items() if field.is_required()}
    given = {
        key: list(value) if isinstance(value, tuple) else value
        for key, value in given.items()
        if value is not None or key in required
    }
    if not given:
        return word.name
    if word.main is not None and set(given) == {word.main}:
        return {word.name: given[word.main]}
    return {word.name: given}


def is_long(word: type[Word], argument: Any) -> bool:
    """Whether an argument is a mapping of the word's fields rather than the value of its main one."""
    if word.main is None:
        return True
    if not word.main_is_mapping:
        return isinstance(argument, dict)
    return (
        isinstance(argument, dict) and set(argument) == {word.main} and isinstance(argument[word.main], dict)
    )


def _build(word: type[W], argument: Any) -> W:
    long = is_long(word, argument)
    if long and is_null(argument):
        argument = {}
    elif long and not isinstance(argument, dict):
        if not word.model_fields:
            raise UnfitError(
                [Problem((word.name,), f"`{word.name}` takes no argument", f"Write {word.name}.")]
            )
        keys = ", ".join(word.written_keys())
        raise UnfitError([Problem((word.name,), f"must be a mapping with the keys {keys}", None, argument)])
    elif not long:
        if is_null(argument):
            raise UnfitError([Problem((word.name,), "needs an argument", f"Write it as {_example(word)}.")])
        argument = {word.main: argument}
    try:
        return word.model_validate(argument)
    except ValidationError as error:
        problems = explain(error, word)
        if not long:
            problems = [Problem(p.path[1:], p.message, p.remedy, p.value) for p in problems]
        raise UnfitError([problem.below((word.name,)) for problem in problems]) from None


def _look_up(name: str, words: Mapping[str, type[W]], what: str) -> type[W]:
    if name not in words:
        message, remedy = unknown(what, name, words)
        raise UnfitError([Problem((), message, remedy)])
    return words[name]


def _example(word: type[Word]) -> str:
    if word.main is not None:
        return f"{{{word.name}: …}}"
    return f"{{{word.name}: {{{', '.join(f'{key}: …' for key in word.written_keys())}}}}}"


def _forms(words: Mapping[str, type[W]]) -> str:
    bare = next((name for name, word in words.items() if not word.model_fields), None)
    with_argument = next(word for word in words.values() if word.model_fields)
    return f"`{bare}` or `{_example(with_argument)}`" if bare else f"`{_example(with_argument)}`"
