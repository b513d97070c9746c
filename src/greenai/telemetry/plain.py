"""What may stand in a log line: plain values, without secrets and without the values of anybody's data.

Nothing here can tell a data value from a name by looking at it. So the rules go by where a text comes from:
fields are given one by one under names of their own, names that promise data or a secret are withheld,
money (Decimal), tables, rows and other objects become the name of their class, and URLs lose everything
that may authenticate. Text that other people's code has put together is not logged at all (see `spoken`).
"""

from __future__ import annotations

import math
import re
import uuid
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from pathlib import PurePath
from types import CodeType, FrameType, TracebackType
from typing import Any

from greenai.errors import GreenaiError

WITHHELD = "[withheld]"
"""Stands where a secret or a data value was given."""

LONGEST_TEXT = 500
"""Characters; a longer text is no name of anything, and is left out."""

LONGEST_LIST = 20
DEEPEST_TRACE = 12

_SECRET = re.compile(
    r"passw(or)?d|passphrase|passwd|^pwd|secret|credential|authori[sz]ation|cookie|token|bearer|signature"
    r"|(api|private|access|secret)_?key|(^|_)(dsn|conninfo)($|_)",
    re.IGNORECASE,
)
_DATA = re.compile(
    r"(^|_)(values?|raw|cells?|row|record|keys?|texts?|message|payload|body|params|parameters"
    r"|arguments|args|examples?|sql|query|statement|details?|amounts?|expression|scope)($|_[a-z0-9]$)",
    re.IGNORECASE,
)
_COUNT = re.compile(r"(^|_)(rows|records|breaks|rejects|exceptions|differences|matches)($|_[a-z0-9]$)")
_USER = re.compile(r"(?<=://).*@", re.DOTALL)  # to the last @: a password may hold anything
_QUERY = re.compile(r"(://[^\s?#]*)[?#]\S*")
_PAIR = re.compile(
    r"((?:passw(?:or)?d|passphrase|passwd|pwd|secret|credentials?|authori[sz]ation|cookie|token"
    r"|signature|(?:api|private|access)[_-]?key)\w{0,20}[\"']?\s{0,9}[=:]\s{0,9})"
    r"((?:bearer|basic|digest)\s+\S+|'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|[^\s&,;]+)",
    re.IGNORECASE,
)
_SCHEME = re.compile(r"\b(bearer|basic)\s+[\w.~+/=-]{6,}", re.IGNORECASE)


def plain_field(name: str, value: object) -> Any:
    """The value as JSON can say it, or `WITHHELD` where the field's name promises a secret or data.

    Names of many rows take counts only (``rows=7``), and a ``token`` is a fencing token only where it is a
    whole number. Never raises.
    """
    try:
        if value is None or isinstance(value, bool):
            return value
        if _SECRET.search(name):
            return plain(value) if name == "token" and isinstance(value, int) else WITHHELD
        if _COUNT.search(name):
            return plain(value) if isinstance(value, int) else WITHHELD
        return WITHHELD if _DATA.search(name) else plain(value)
    except Exception:  # a value may do anything when it is looked at
        return WITHHELD


def plain(value: object) -> Any:  # noqa: PLR0911 (one line per kind of value)
    """The value as JSON can say it; what is no number, name, time or list of these becomes its class."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Enum):
        return scrubbed(value.name)
    if isinstance(value, int):
        return int(value) if abs(value) < 2**63 else "[int]"
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else str(float(value))
    if isinstance(value, str):
        return scrubbed(value)
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, (date, uuid.UUID, PurePath)):
        return scrubbed(value.isoformat() if isinstance(value, date) else str(value))
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, (list, tuple)) and not hasattr(value, "_fields"):
        return _plain_list(value)
    return f"[{type(value).__name__}]"


def _plain_list(values: Sequence[object]) -> list[Any]:
    """At most `LONGEST_LIST` of them, none of them a list itself; then how many more there are."""
    shown = [f"[{type(one).__name__}]" if isinstance(one, (list, tuple)) else plain(one) for one in values]
    if len(shown) > LONGEST_LIST:
        return [*shown[:LONGEST_LIST], f"[{len(shown) - LONGEST_LIST} more]"]
    return shown


def moment(at: datetime) -> str:
    """A time in UTC with milliseconds, e.g. ``2026-03-01T06:00:00.125Z``; naive times are kept naive."""
    if at.tzinfo is None:
        return at.isoformat(timespec="milliseconds")
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def scrubbed(text: str) -> str:
    """The text without users, passwords and queries of URLs, without ``password=...`` and tokens."""
    if len(text) > LONGEST_TEXT:
        return f"[{len(text)} characters]"
    clean = str.__str__(text).encode("utf-8", "replace").decode()
    if "://" in clean:
        clean = _QUERY.sub(r"\1", _USER.sub(f"{WITHHELD}@", clean))
    return _SCHEME.sub(rf"\1 {WITHHELD}", _PAIR.sub(rf"\1{WITHHELD}", clean))


def plain_error(error: BaseException) -> dict[str, Any]:
    """What a log may say of an error: class, code, place, remedy, causes and the lines it came through.

    Never the message and never the value: both may hold data. The remedy is kept where it stands as such
    in the code that raised it; one that was put together may repeat a value.
    """
    said: dict[str, Any] = {"error_class": _class_name(error)}
    code = getattr(error, "sqlstate", None) or getattr(error, "errno", None)
    if isinstance(code, (str, int)):
        said["error_code"] = plain(code)
    if isinstance(error, GreenaiError):
        said.update(_place(error))
        if error.remedy and _stands_in(error.remedy, _codes_of(error.__traceback__)):
            said["remedy"] = scrubbed(error.remedy)
    causes: list[str] = []
    seen, cause = {id(error)}, _cause_of(error)
    while cause is not None and id(cause) not in seen and len(causes) < DEEPEST_TRACE:
        causes.append(_class_name(cause))
        seen.add(id(cause))
        cause = _cause_of(cause)
    if causes:
        said["caused_by"] = causes
    if trace := _trace(error.__traceback__):
        said["trace"] = trace
    return said


def _place(error: GreenaiError) -> dict[str, Any]:
    """``where``: base name of the source, line and column, where known and not the value itself."""
    parts = []
    if error.source:
        parts.append(re.split(r"[/\\]", scrubbed(str(error.source)).rstrip("/\\"))[-1])
    if isinstance(error.line, int):
        parts.append(f"line {error.line}")
    if error.column and (error.value is None or str(error.value) != error.column):
        parts.append(scrubbed(str(error.column)))
    return {"where": ", ".join(parts)} if parts else {}


def _class_name(error: BaseException) -> str:
    kind = type(error)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def _cause_of(error: BaseException) -> BaseException | None:
    return error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _trace(trace: TracebackType | None) -> list[str]:
    """``file:line function`` of the innermost frames, outermost first; no line of source, no local value."""
    frames = []
    while trace is not None:
        code = trace.tb_frame.f_code
        frames.append(f"{'/'.join(PurePath(code.co_filename).parts[-2:])}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return frames[-DEEPEST_TRACE:]


def _codes_of(trace: TracebackType | None) -> list[CodeType]:
    codes = []
    while trace is not None:
        codes.append(trace.tb_frame.f_code)
        trace = trace.tb_next
    return codes


def _stands_in(text: str, codes: list[CodeType]) -> bool:
    return any(constant == text for code in codes for constant in code.co_consts if isinstance(constant, str))


def spoken(text: object, file: str, function: str, frame: FrameType | None) -> str | None:
    """The text, if it stands as such in the source of the `function` in `file` that logs it; else None.

    A library's fixed words and templates (``"Failed to process message %s"``) are nobody's data. What a
    library put together itself (an f-string, ``str(error)``) may be anything. It may stand in the function's
    caller, too. `frame`: where to look from, outwards.
    """
    while frame is not None:
        code = frame.f_code
        if code.co_filename == file and code.co_name == function:
            # Some libraries log by a function of their own, which is handed the words (gunicorn).
            near = [code] if frame.f_back is None else [code, frame.f_back.f_code]
            return scrubbed(text) if isinstance(text, str) and _stands_in(text, near) else None
        frame = frame.f_back
    return None
