"""Locations of a definition: relative to its folder, with the business date filled in."""

from __future__ import annotations

import glob
import re
from datetime import date
from pathlib import Path

from greenai.definition.problems import suggestion
from greenai.errors import UsageError

PLACEHOLDER = "business_date"
_PLACEHOLDER = re.compile(r"\{" + PLACEHOLDER + r"(?::(?=[^{}]*%)((?:%[YymdjBbaAGuVUW]|[^{}%])+))?\}")
_BRACES = re.compile(r"\{([A-Za-z_][A-Za-z_ ]*)(:[^{}]*)?\}")
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]+://")


def check_location(location: str) -> None:
    """Refuse what looks like a placeholder and is none; other braces are taken as they are."""
    for match in _BRACES.finditer(location):
        if _PLACEHOLDER.fullmatch(match[0]):
            continue
        if match[1] == PLACEHOLDER:
            raise ValueError(f"`{match[0]}` is no date format; write it like {{{PLACEHOLDER}:%Y%m%d}}")
        if suggestion(match[1].strip(), (PLACEHOLDER, "date")):
            raise ValueError(f"`{match[0]}` is not known; the placeholder is {{{PLACEHOLDER}}}")


def needs_date(location: str) -> bool:
    """Whether the location names the business date."""
    return _PLACEHOLDER.search(location) is not None


def is_url(location: str) -> bool:
    """Whether the location is a URL and not a path."""
    return _URL.match(location) is not None


def resolve(location: str, *, folder: Path, business_date: date | None = None) -> str:
    """The location as it is to be opened: the date filled in, a relative path below `folder`.

    The answer is a path that exists, or else a pattern for `glob` (in which only the wild cards of
    the location count, not brackets in the name of the folder), or a URL. Raises UsageError when the
    location names the business date and there is none.
    """
    if needs_date(location):
        if business_date is None:
            raise UsageError(
                f"the location {location!r} names the business date",
                remedy="Give the date of the run, e.g. --business-date 2026-01-31.",
            )
        day = business_date
        location = _PLACEHOLDER.sub(
            lambda match: day.strftime(match[1]) if match[1] else day.isoformat(), location
        )
    if is_url(location):
        return location
    relative = Path(location).expanduser()
    path = folder / relative
    if relative.is_absolute() or not glob.has_magic(location) or path.exists():
        return str(path)
    return str(Path(glob.escape(str(folder))) / relative)
