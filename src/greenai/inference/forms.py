"""Values made comparable across notations, for pairing columns by what they hold.

A level reads values ever more loosely; a pair is taken at the strictest level that shows it, and the
level's steps are what a definition needs so that the values meet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import ibis

from greenai.definition.steps import (
    DigitsOnly,
    ParseDate,
    ParseNumber,
    Replace,
    Step,
    Strip,
    StripLeadingZeros,
    Upper,
)
from greenai.engines.functions import regexp_full, try_strptime
from greenai.inference.notations import Notation
from greenai.inference.profiles import DECIMAL, distinct_values
from greenai.inference.samples import Samples

if TYPE_CHECKING:
    import ibis.expr.types as ir

LEVELS: tuple[tuple[Step, ...], ...] = (
    (),
    (Strip(), Upper()),
    (Upper(), Replace(pattern=r"[^\p{L}\p{N}]+")),
    (DigitsOnly(), StripLeadingZeros()),
)
"""Steps of each level: as it is (numbers by value), without case, letters and digits, digits only."""
DIGITS = 3
"""Digits that a value must have to be compared by them alone."""


@dataclass(frozen=True, slots=True)
class Held:
    """What one column holds at one level."""

    cells: int
    distinct: int
    numbers: int
    length: float


def long_forms(side: Samples, columns: Sequence[str], seen: dict[str, Notation]) -> ir.Table:
    """The sampled values of columns, in long form: `position` in `columns`, `level`, `form`, `cells`."""
    table = side.table.select(
        **{f"v{i}": _readable(side.table[name], seen.get(name)) for i, name in enumerate(columns)}
    )
    values = distinct_values(side.engine, table, table.columns)
    text = values.value.strip()
    known = values.filter(text.notnull() & ~text.isin(["", *side.null_values, *side.null_words]))
    text = known.value.strip()
    number = regexp_full(text, DECIMAL)
    short = text.re_replace(r"^\+", "")
    short = short.contains(".").ifelse(short.re_replace(r"\.?0*$", ""), short)
    exact = number.ifelse(short, text)
    digits = text.re_replace("[^0-9]", "").re_replace("^0+", "")
    forms = [
        exact,
        exact.upper(),
        number.ifelse(exact, text.upper().re_replace(r"[^\p{L}\p{N}]+", "")),
        (digits.length() >= DIGITS).ifelse(digits, ibis.null("string")),
    ]
    every = ibis.union(
        *(
            known.select(position=known.position, level=ibis.literal(i), form=form, cells=known.cells)
            for i, form in enumerate(forms)
        )
    )
    every = every.filter(every.form.notnull() & (every.form != ""))
    every = every.group_by("position", "level", "form").aggregate(cells=every.cells.sum())
    stored = side.engine.materialise(every)
    side.engine.drop(values)
    return stored


def held(side: Samples, forms: ir.Table) -> dict[tuple[int, int], Held]:
    """What each column holds at each level, by position and level."""
    number = regexp_full(forms.form, DECIMAL)
    rows = side.engine.rows(
        forms.group_by("position", "level").aggregate(
            cells=forms.cells.sum(),
            distinct=forms.count(),
            numbers=forms.count(where=number),
            length=forms.form.length().mean(),
        )
    )
    return {(position, level): Held(*rest) for position, level, *rest in rows}


def _readable(column: ir.Value, notation: Notation | None) -> ir.Value:
    """A column as text in which dates are ISO dates and numbers have no group separators."""
    parse = notation.parse if notation else None
    if isinstance(parse, ParseDate):
        return try_strptime(column.strip(), parse.formats).date().cast("string")
    if isinstance(parse, ParseNumber):
        return column.re_replace("[,()]", "")
    return column.cast("string")
