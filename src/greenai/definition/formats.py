"""Formats and names that a definition borrows from elsewhere: strptime, time zones, encodings, cron."""

from __future__ import annotations

import codecs
import re

DIRECTIVES = tuple("aAwdbBhmyYHIpMSTgfnzZjUWcxXGuV%")
_UNPADDED = frozenset("dmyHIMSj")
_YEAR = frozenset("YyGcx")
_HOUR = frozenset("HIcTX")
_DIRECTIVE = re.compile(r"%(-?)(.?)", re.DOTALL)


def check_strptime(text: str, *, time: bool = False) -> None:
    """Refuse a format that the engine cannot read, or that holds no year. Raises ValueError."""
    used = set()
    for match in _DIRECTIVE.finditer(text):
        unpadded, letter = match[1], match[2]
        if letter not in DIRECTIVES or not letter or (unpadded and letter not in _UNPADDED):
            raise ValueError(
                f"{text!r} holds `{match[0]}`, which is not a directive; allowed are "
                + " ".join(f"%{one}" for one in DIRECTIVES)
                + " and, without padding, "
                + " ".join(f"%-{one}" for one in sorted(_UNPADDED))
            )
        used.add(letter)
    if not used & _YEAR:
        raise ValueError(f"{text!r} holds no year; write the format like %d/%m/%Y")
    if not time and used & _HOUR - {"c"}:
        raise ValueError(f"{text!r} holds a time of day; use parse_timestamp, or leave the time out")


def check_timezone(name: str) -> None:
    """Refuse what is not the name of an IANA time zone. Raises ValueError."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        try:
            ZoneInfo("UTC")
        except ZoneInfoNotFoundError:
            return  # this machine has no time zone database to ask
        raise ValueError(
            f"{name!r} is not the name of a time zone; write one like Europe/London or UTC"
        ) from None


def check_encoding(name: str) -> None:
    """Refuse what is not the name of a text encoding. Raises ValueError."""
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):
        info = None
    if info is None or not getattr(info, "_is_text_encoding", True):
        raise ValueError(f"{name!r} is not a known encoding; write one like utf-8, latin-1, cp1252 or utf-16")


_CRON = (
    ("minute", 0, 59, ()),
    ("hour", 0, 23, ()),
    ("day of the month", 1, 31, ()),
    ("month", 1, 12, ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")),
    ("day of the week", 0, 7, ("sun", "mon", "tue", "wed", "thu", "fri", "sat")),
)
_CRON_ITEM = re.compile(r"(\*|(\w+)(?:-(\w+))?)(?:/(\d{1,2}))?")


def check_cron(text: str) -> None:
    """Refuse what is not a cron line of five fields. Raises ValueError naming the field."""
    fields = text.split()
    if len(fields) != len(_CRON):
        raise ValueError("has five fields: minute, hour, day of the month, month, day of the week")
    for written, (name, low, high, words) in zip(fields, _CRON, strict=True):
        for item in written.split(","):
            match = _CRON_ITEM.fullmatch(item)
            bounds = [_cron_number(one, low, words) for one in (match[2], match[3]) if one] if match else [-1]
            step = int(match[4]) if match and match[4] else 1
            in_range = all(low <= one <= high for one in bounds)
            if not in_range or bounds != sorted(bounds) or step < 1:
                raise ValueError(
                    f"{item!r} is not a {name}; allowed are {low} to {high}, *, lists, ranges, */n"
                )
    if not _ever(text):
        raise ValueError("names a day that no month has")


def _ever(text: str) -> bool:
    """Whether the line names any time at all; 31 February is none."""
    from datetime import datetime

    from cronsim import CronSim, CronSimError

    try:
        return next(CronSim(text, datetime(2026, 1, 1)), None) is not None
    except CronSimError:
        return False


def _cron_number(text: str, low: int, words: tuple[str, ...]) -> int:
    if text.isascii() and text.isdigit():
        return int(text)
    return low + words.index(text.lower()) if text.lower() in words else -1
