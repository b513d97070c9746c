"""From a cause to its reason: by a table that a store may edit."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from greenai.domain.reasons import UNKNOWN, is_functional


@dataclass(frozen=True, slots=True)
class ReasonRow:
    """One row: causes of `family` (None: any), `kind` and `field` (None: any) have `reason`.

    `columns` are context columns that the scope must speak of; `whole` says whether nothing of the scope may
    be left out (None: either). `functional` None takes the reason's own.
    """

    reason: str
    family: str | None = None
    kind: str = "value"
    field: str | None = None
    columns: frozenset[str] = frozenset()
    whole: bool | None = None
    functional: bool | None = None


def row(family: str, reason: str) -> ReasonRow:
    """A row that looks at the family alone."""
    return ReasonRow(reason, family)


DEFAULT_REASONS: tuple[ReasonRow, ...] = (
    row("whitespace", "FORMAT"),
    row("case", "FORMAT"),
    row("padding", "FORMAT"),
    row("affix", "FORMAT"),
    row("null_default", "MISSING_VALUE"),
    row("numeric_format", "FORMAT"),
    row("date_format", "FORMAT"),
    row("scale", "SCALE_ERROR"),
    row("sign", "SIGN_ERROR"),
    row("rounding", "ROUNDING"),
    row("truncation", "TRUNCATION"),
    row("offset", "PRICE_SOURCE"),
    row("affine", "REFERENCE_DATA"),
    row("reference_multiply", "FX_RATE"),
    row("date_shift", "TIMING"),
    row("business_day_shift", "TIMING"),
    row("time_shift", "TIMING"),
    row("day_month_swap", "DATE_SWAP"),
    row("encoding", "ENCODING"),
    row("value_map", "CODE_MAPPING"),
    row("field_swap", "FIELD_SWAP"),
    row("lag", "STALE_DATA"),
    row("typo", "MANUAL_ENTRY"),
    # A slice of which nothing came is on its way; where some came, the rest is missing.
    *(ReasonRow("LATE_ARRIVAL", kind=kind, whole=True) for kind in ("only_a", "only_b")),
    *(ReasonRow("MISSING_RECORD", kind=kind) for kind in ("only_a", "only_b")),
    *(ReasonRow("DUPLICATE_RECORD", kind=kind) for kind in ("duplicate_a", "duplicate_b")),
)


def digest(table: Iterable[ReasonRow]) -> str | None:
    """What tells a table from others (12 hexadecimal digits); None for one that says what greenai ships.

    The order of rows of which no two can fit the same cause does not count, nor does what a reason's
    being functional is when that is what greenai ships.
    """
    rows, shipped = _said(table), _said(DEFAULT_REASONS)
    if sorted(rows) == sorted(shipped):
        return None
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()[:12]


def _said(table: Iterable[ReasonRow]) -> list[str]:
    """The rows as texts."""
    return [
        repr((one.kind, one.family, one.field, sorted(one.columns), one.whole, one.reason, functional(one)))
        for one in table
    ]


def functional(one: ReasonRow) -> bool | None:
    """Whether causes of a row are functional."""
    return is_functional(one.reason) if one.functional is None else one.functional


def reason_of(
    family: str,
    columns: Iterable[str],
    *,
    kind: str = "value",
    field: str | None = None,
    whole: bool = False,
    table: Iterable[ReasonRow] = DEFAULT_REASONS,
) -> tuple[str, bool | None]:
    """The reason of a cause and whether it is functional, by the first row that fits; else UNKNOWN and None.

    `columns` are those its scope speaks of; `whole` says that no row of the scope is left out.
    """
    spoken = frozenset(columns)
    for one in table:
        if one.kind != kind or one.family not in (None, family) or one.field not in (None, field):
            continue
        if not one.columns <= spoken or one.whole not in (None, whole):
            continue
        return one.reason, functional(one)
    return UNKNOWN, None
