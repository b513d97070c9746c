"""What a person looks at to decide about a break: its record, field by field, and what reasons are worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any, Final, Literal

from greenai.definition.steps import write_step
from greenai.pipeline.evidence import UNREADABLE_FIELDS
from greenai.pipeline.words import rule_in_words
from greenai.store import detail
from greenai.store.detail import Alternative, Head, Latest, Precedent
from greenai.store.filters import OPEN, Filter
from greenai.store.present import CURRENCY

if TYPE_CHECKING:
    import psycopg

    from greenai.definition.model import Definition
    from greenai.definition.rules import FieldSide

    Connection = psycopg.Connection[Any]

Agreement = Literal["agrees", "differs", "tolerated", "one_side", "unreadable"]
Worth = Literal["proof", "rule", "cause", "person", "check", "model", "precedent", "elsewhere", "nothing"]
LONGEST: Final = 1_000
"""Characters up to which texts are compared one by one; of longer ones the middle that differs is told."""
REASONS: Final = 3
KEPT: Final = 128
"""Definitions that a process remembers."""
_READ: Final[dict[str, Definition]] = {}
"""Definitions by fingerprint: whose meaning is the same are the same."""


@dataclass(frozen=True, slots=True)
class Span:
    """Characters from `start` up to `end` (not included) that the other text has otherwise."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a field comes from on one side, and what is done to it before it is compared."""

    column: str | None
    expression: str | None
    steps: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """A field of the record: normalised texts of both sides, whether they agree, and where they come from."""

    field: str
    value_a: str | None
    value_b: str | None
    agreement: Agreement
    type: str | None
    compared: str
    a: Origin
    b: Origin


@dataclass(frozen=True, slots=True)
class Candidate:
    """A reason of a break: how it was found, how sure that is (None: nobody knows), and what it is worth."""

    reason: str
    name: str
    functional: bool | None
    method: str
    confidence: float | None
    worth: Worth
    words: str


def spans(one: str | None, other: str | None) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """The characters in which two texts differ, in each; everything where there is only one text."""
    if one == other:
        return (), ()
    if one is None or other is None:
        return _whole(one), _whole(other)
    if max(len(one), len(other)) > LONGEST:
        return _middle(one, other)
    found = SequenceMatcher(None, one, other, autojunk=False).get_opcodes()
    a = tuple(Span(i, j) for tag, i, j, _, _ in found if tag != "equal" and i < j)
    b = tuple(Span(i, j) for tag, _, _, i, j in found if tag != "equal" and i < j)
    return a, b


def _whole(text: str | None) -> tuple[Span, ...]:
    return (Span(0, len(text)),) if text else ()


def _middle(one: str, other: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    shorter = min(len(one), len(other))
    start = next((place for place in range(shorter) if one[place] != other[place]), shorter)
    back = next(
        (place for place in range(shorter - start) if one[-1 - place] != other[-1 - place]), shorter - start
    )
    ends = (len(one) - back, len(other) - back)
    a, b = (((Span(start, end),) if start < end else ()) for end in ends)
    return a, b


def rows_of(row: Any) -> list[Mapping[str, Any]]:
    """The rows of a side: one, several of a key that repeats, or none."""
    if row is None:
        return []
    return list(row) if isinstance(row, list) else [row]


def cells(
    row_a: Mapping[str, Any] | None,
    row_b: Mapping[str, Any] | None,
    definition: Definition | None,
    differing: Sequence[str],
) -> list[Cell]:
    """The fields of a record, in the order of the definition; `differing` are those with a break."""
    there = dict.fromkeys([*(row_a or ()), *(row_b or ())])
    first = (definition.fields or {}) if definition is not None else {}
    names = dict.fromkeys([*(name for name in first if name in there), *there])
    return [
        _cell(name, row_a, row_b, definition, differing)
        for name in names
        if name not in (UNREADABLE_FIELDS, CURRENCY)
    ]


def _cell(
    name: str,
    row_a: Mapping[str, Any] | None,
    row_b: Mapping[str, Any] | None,
    definition: Definition | None,
    differing: Sequence[str],
) -> Cell:
    a, b = ((None if row is None else row.get(name)) for row in (row_a, row_b))
    unread = any(name in (row.get(UNREADABLE_FIELDS) or ()) for row in (row_a, row_b) if row is not None)
    agreement: Agreement = "tolerated"
    if row_a is None or row_b is None:
        agreement = "one_side"
    elif unread:
        agreement = "unreadable"
    elif name in differing:
        agreement = "differs"
    elif a == b:
        agreement = "agrees"
    rule = (definition.fields or {}).get(name) if definition is not None else None
    compared = "" if rule is None else "not compared" if rule.compare.ignore else rule_in_words(rule.compare)
    return Cell(
        field=name,
        value_a=a,
        value_b=b,
        agreement=agreement,
        type=None if rule is None or rule.type is None else str(rule.type),
        compared=compared,
        a=_origin(name, None if rule is None else rule.a, definition),
        b=_origin(name, None if rule is None else rule.b, definition),
    )


def _origin(name: str, side: FieldSide | None, definition: Definition | None) -> Origin:
    usual = definition.defaults.normalise if definition is not None and definition.defaults else ()
    if side is None:
        return Origin(name, None, tuple(write_step(step) for step in usual))
    steps = side.normalise or usual
    return Origin(side.column, side.expression, tuple(write_step(step) for step in steps))


def definition_of(connection: Connection, recon_id: int, of: Latest) -> Definition:
    """The definition of a run; one meaning is read once in a process."""
    found = _READ.get(of.fingerprint)
    if found is None:
        from greenai.definition.loading import loads

        found = loads(
            detail.definition_document(connection, recon_id, of.version), source=f"version {of.version}"
        )
        if len(_READ) >= KEPT:
            _READ.clear()
        _READ[of.fingerprint] = found
    return found


def candidates(
    head: Head,
    found: tuple[int, int] | None,
    alternatives: Sequence[Alternative],
    precedents: Sequence[Precedent],
) -> list[Candidate]:
    """Up to three reasons of a break: the one it has, then what speaks for others.

    `found` are how many breaks its cause explains and how many exceptions that has. Reasons of
    precedents have the share of them as confidence; those of other causes have none, for they were
    tried and do not explain this break.
    """
    own = Candidate(
        head.reason,
        head.reason_name,
        head.functional,
        head.method,
        head.confidence,
        *worth(head.method, found),
    )
    others = [
        Candidate(
            one.reason,
            one.reason_name,
            one.functional,
            "person",
            round(one.breaks / one.of, 2),
            "precedent",
            f"people approved it for {one.breaks:,} of {one.of:,} such breaks",
        )
        for one in precedents
    ]
    others += [
        Candidate(
            one.reason,
            one.reason_name,
            one.functional,
            "cause",
            None,
            "elsewhere",
            f"{one.expression} explains {one.breaks:,} other breaks of this field"
            + ("" if one.scope == "true" else f" where {one.scope}")
            + ", not this one",
        )
        for one in alternatives
    ]
    kept: dict[str, Candidate] = {own.reason: own}
    for one in others:
        kept.setdefault(one.reason, one)
    return list(kept.values())[:REASONS]


def worth(method: str, found: tuple[int, int] | None) -> tuple[Worth, str]:
    """What a reason that was found this way is worth, in a word and in words."""
    if method == "cause" and found is not None:
        explained, exceptions = found
        return "cause", f"a cause that explains {explained:,} breaks, with {exceptions:,} exceptions"
    if method == "rule" and found is not None:
        explained, exceptions = found
        return "rule", f"an approved rule that explains {explained:,} breaks, with {exceptions:,} exceptions"
    words: dict[str, tuple[Worth, str]] = {
        "equivalence": ("proof", "a proof: both texts mean the same value"),
        "rule": ("rule", "an approved rule"),
        "cause": ("cause", "a cause of an earlier run"),
        "person": ("person", "a person said so"),
        "check": ("check", "a check of the definition fails"),
        "model": ("model", "a prediction"),
    }
    return words.get(method, ("nothing", "nothing: no proof, rule or cause explains it"))


def alike(head: Head) -> tuple[Literal["cause", "group", "field_and_reason"], Filter]:
    """What makes other breaks like one, and the filter that finds them."""
    if head.cause_id is not None:
        return "cause", Filter(cause=(head.cause_id,))
    if head.group_id is not None:
        return "group", Filter(group=(head.group_id,))
    field = () if head.field is None else (head.field,)
    return "field_and_reason", Filter(state=OPEN, kind=(head.kind,), field=field, reason=(head.reason,))
