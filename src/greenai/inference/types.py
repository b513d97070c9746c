"""Which type both columns of a pair are compared as."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from greenai.definition.types import MAX_PRECISION, FieldType, Kind
from greenai.inference.profiles import Profile

STRING = FieldType("string")
INTEGER = FieldType("integer")
FLOAT = FieldType("float")

LONG = 18
"""Digits that every 64-bit integer can hold, and that DuckDB's fast decimals have."""
HEAD_ROOM = 4
"""Digits before the point that later rows may have beyond those of the sample."""
SCALE_ROOM = 2
"""The same behind the point, where there are rows beyond the sample: more places would not be read."""
_KINDS: dict[str, Kind] = {"booleans": "boolean", "dates": "date", "timestamps": "timestamp"}
NEARLY_ALL = 0.9
"""Share of a text column's cells that must read as the other side's own type."""


@dataclass(frozen=True, slots=True)
class Column:
    """What is known of one side's column: its `own` type (None: text of a format without types),
    and the `profile` of its texts (None unless it holds text)."""

    own: FieldType | None
    profile: Profile | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """The type to compare as; `conflict` and `note` as they are told to a person."""

    type: FieldType
    conflict: str | None = None
    note: str | None = None


def choose(a: Column, b: Column) -> Choice:
    """The type of a pair where at least one side holds text (typed pairs have `common_type`).

    Text is read as a type only when every cell of the sample reads so, exactly.
    Against a typed side, nine of ten suffice where that side's values are no text: a cell that does
    not read as the type becomes a visible break, and the others are compared by value.
    """
    if a.profile is not None and b.profile is not None:
        return _of_texts(a.own, a.profile, b.own, b.profile)
    typed, text = (a.own, b) if b.profile is not None else (b.own, a)
    if typed is None or text.profile is None:
        raise AssertionError("one side holds text, the other has a type")
    fitting, share = against(typed, text.profile)
    chosen = fitting if fitting is not None else STRING
    note = None
    if fitting is None and share >= NEARLY_ALL:
        chosen = typed
        note = f"some values do not read as {typed} and will break"
    if text.own is None:
        if chosen == STRING and typed != STRING:
            note = f"the text side does not read as {typed}: compared as string"
        return Choice(chosen, None, note)
    if typed == STRING:
        return Choice(STRING)
    said = (str(typed), "string") if b.profile is not None else ("string", str(typed))
    return Choice(chosen, f"a is {said[0]}, b is {said[1]}: compared as {chosen}", note)


def _of_texts(own_a: FieldType | None, a: Profile, own_b: FieldType | None, b: Profile) -> Choice:
    # A typed text column (Parquet) says that it is text; what it holds does not overrule that.
    if own_a is not None or own_b is not None:
        return Choice(STRING)
    read = text_type((a, b))
    if read == FLOAT and not (a.complete and b.complete):
        return Choice(
            read, None, f"{read} for its first rows; numbers of more than 15 digits would lose some"
        )
    return Choice(read)


def text_type(profiles: Sequence[Profile]) -> FieldType:
    """The narrowest type that reads every value of all profiles without losing anything.

    Numbers with leading zeros are codes and stay text. Numbers become float only where decimals
    cannot hold them all (NaN, ``1e-50``) and floats tell them apart.
    """
    known = [profile for profile in profiles if profile.filled]
    if not known:
        return STRING
    for kind in ("booleans", "dates", "timestamps"):
        if all(getattr(profile, kind) == profile.filled for profile in known):
            return FieldType(_KINDS[kind])
    if any(p.zero_led for p in known) or not all(p.plain + p.exponents + p.floats == p.filled for p in known):
        return STRING
    inexact = STRING if any(p.beyond_float for p in known) else FLOAT
    if any(p.floats for p in known):
        return inexact
    whole_digits, scale = max(p.whole_digits for p in known), max(p.scale for p in known)
    if all(p.integers == p.filled for p in known) and whole_digits <= LONG:
        return INTEGER
    room = 0 if all(p.complete for p in known) else SCALE_ROOM
    exact = decimal(whole_digits, scale + room) or decimal(whole_digits, scale)
    return exact or (inexact if any(p.exponents for p in known) else STRING)


def against(typed: FieldType, text: Profile) -> tuple[FieldType | None, float]:
    """The type that holds both a typed column and every value of a text column, or None; and the
    share of the text's cells that read as the typed side's own type."""
    if not text.filled:
        return typed, 1.0
    reads = {
        "string": text.filled,
        "boolean": text.booleans,
        "date": text.dates,
        "timestamp": text.timestamps,
        "integer": text.integers + text.zero_led + text.exponents,
        "decimal": text.plain + text.exponents,
        "float": text.plain + text.exponents + text.floats,
    }[typed.kind]
    share = reads / text.filled
    if typed.kind in ("integer", "decimal") and text.plain + text.exponents == text.filled:
        whole = (typed.precision or 0) - (typed.scale or 0) if typed.kind == "decimal" else LONG
        if text.scale <= (typed.scale or 0) and text.whole_digits <= whole:
            return typed, share
        return decimal(max(whole, text.whole_digits), max(typed.scale or 0, text.scale)), share
    if typed.kind == "date" and reads < text.filled == text.timestamps:
        return FieldType("timestamp"), share
    return (typed if reads == text.filled else None), share


def decimal(whole_digits: int, scale: int) -> FieldType | None:
    """A decimal with head-room before the point; None where 38 digits do not suffice."""
    if whole_digits + scale > MAX_PRECISION:
        return None
    precision = LONG if whole_digits + HEAD_ROOM + scale <= LONG else MAX_PRECISION
    return FieldType("decimal", precision, scale)
