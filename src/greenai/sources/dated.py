"""File names without their day: what is the same file on every business date has one name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import PurePath

from greenai.definition.locations import PLACEHOLDER

_MARK = re.compile(r"\{business_date(?::([^{}]*))?\}")
_USUAL = (None, "%Y%m%d")
"""Formats that are a day wherever they stand in a name; others count where a location has them."""


def undated(names: Sequence[str], locations: Sequence[str], variables: Mapping[str, str]) -> dict[str, str]:
    """The names that tell the business date, each with the placeholder in its place.

    ``fo_2_2026-11-02.csv`` of 2 November 2026 is ``fo_2_{business_date}.csv``. Where a location says where
    the date stands, and in which format, that is what is written; else dates like 2026-11-02 and 20261102.
    """
    if PLACEHOLDER not in variables:
        return {}
    day = date.fromisoformat(variables[PLACEHOLDER])
    patterns = [pattern for location in locations for pattern in _patterns(PurePath(location).name, day)]
    written = {name: _placed(name, patterns) or _anywhere(name, day) for name in names}
    return {name: said for name, said in written.items() if said != name}


def _text(day: date, form: str | None) -> str:
    return day.isoformat() if form is None else day.strftime(form)


def _patterns(name: str, day: date) -> Iterator[tuple[re.Pattern[str], list[str]]]:
    """A location's file name as a pattern whose groups are its dates, and how they are written there."""
    marks = list(_MARK.finditer(name))
    if not marks:
        return
    ends = [0, *(mark.end() for mark in marks)]
    starts = [*(mark.start() for mark in marks), len(name)]
    parts = [_glob(name[end:start]) for end, start in zip(ends, starts, strict=True)]
    dates = [f"({re.escape(_text(day, mark[1]))})" for mark in marks] + [""]
    pattern = "".join(part + one for part, one in zip(parts, dates, strict=True))
    yield re.compile(pattern, re.DOTALL), [mark[0] for mark in marks]


def _glob(text: str) -> str:
    """A part of a glob as a regular expression without groups."""

    def token(match: re.Match[str]) -> str:
        said = match[0]
        if len(said) > 1:
            return "[" + ("^" if said[1] == "!" else "") + said[1:-1].removeprefix("!") + "]"
        return {"*": ".*", "?": "."}.get(said, re.escape(said))

    return re.sub(r"\[!?[^\]]+\]|.", token, text, flags=re.DOTALL)


def _placed(name: str, patterns: Sequence[tuple[re.Pattern[str], list[str]]]) -> str | None:
    for pattern, marks in patterns:
        if found := pattern.fullmatch(name):
            said = name
            for group in range(len(marks), 0, -1):
                start, end = found.span(group)
                said = said[:start] + marks[group - 1] + said[end:]
            return said
    return None


def _anywhere(name: str, day: date) -> str:
    for form in _USUAL:
        mark = f"{{{PLACEHOLDER}}}" if form is None else f"{{{PLACEHOLDER}:{form}}}"
        name = re.sub(rf"(?<!\d){re.escape(_text(day, form))}(?!\d)", lambda _, mark=mark: mark, name)  # type: ignore[misc]
    return name
