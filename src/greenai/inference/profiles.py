"""What the cells of text columns look like, counted over a sample.

All columns of a side are profiled by one statement whatever their number: the sample is turned into
long form (column, value), values are grouped by their shape (every digit a 9),
and only the few shapes are described.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import ibis
import ibis.expr.datatypes as dt
import ibis.selectors as s

from greenai.definition.types import FieldType
from greenai.engines.functions import call, regexp_full
from greenai.fields.casts import cast

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from greenai.engines.duckdb import DuckDBEngine

# Of values.
DECIMAL = r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)"

# Of shapes.
_INTEGER = r"[+-]?9+"
_DECIMAL = r"[+-]?(9+(\.9*)?|\.9+)"
_EXPONENT = _DECIMAL + r"[eE][+-]?9{1,3}"
_GROUPED = r"[+-]?9{1,3}(,999)+(\.9+)?|\((9{1,3}(,999)+|9+)(\.9+)?\)"
_DATE = r"9999-99-99"
_TIMESTAMP = _DATE + r"([ T]99:99(:99(\.9{1,9})?)?( ?([Zz]|[+-]99(:?99)?))?)?"
_WRITTEN_DATE = (
    r"9{1,2}[/.-](9{1,2}|[A-Za-z]{3})[/.-]9999|9999[/.]9{1,2}[/.]9{1,2}|9{8}|9{1,2} [A-Za-z]{3,9} 9999"
)
_LONGEST_SHAPE = 64

# Of numbers with an exponent: what a cast to decimal reads exactly, given enough places.
_EXACT_EXPONENT = r"[+-]?0*\.?0{0,99}([0-9]\.?){1,15}[eE][+-]?0*[0-9]{1,2}"
FLOAT_DIGITS = 15
"""Significant digits up to which different numbers are different floats."""
_FLOAT_RANGE = 1e290
"""Where floats have all their digits: up to this, and down to its reciprocal."""
_BOOLEANS = ("true", "false")
_FLOAT_WORDS = ("nan", "inf", "+inf", "-inf", "infinity", "+infinity", "-infinity")
NULL_WORDS = ("N/A", "NA", "n/a", "#N/A", "NULL", "null", "None", r"\N", "-", "--", "?")

_AS_FLOAT = FieldType("float")
_AS_TIMESTAMP = FieldType("timestamp")


@dataclass(frozen=True, slots=True)
class Profile:
    """One text column of a sample, in cells. `filled` cells are not null, and so are all that follow.

    `integers` have no leading zeros; `zero_led` do. `plain` counts all plain decimals, integers and
    zero-led ones included; `exponents` numbers such as ``1e5`` that a decimal reads exactly, `floats`
    other exponents, NaN and infinities. `whole_digits` and `scale` are the most digits before and
    after the point of `plain`, `exponents` and `grouped` numbers (``1,234.50``, ``(12.00)``). `beyond_float`
    counts the numbers that a float cannot tell from their neighbours. `null_words` are texts such as
    ``N/A`` that were seen. `complete` says that the sample has every row.
    """

    filled: int = 0
    integers: int = 0
    zero_led: int = 0
    plain: int = 0
    whole_digits: int = 0
    scale: int = 0
    exponents: int = 0
    floats: int = 0
    beyond_float: int = 0
    grouped: int = 0
    booleans: int = 0
    dates: int = 0
    timestamps: int = 0
    written_dates: int = 0
    null_words: tuple[str, ...] = ()
    complete: bool = True


def long_form(table: ir.Table, columns: Sequence[str]) -> ir.Table:
    """The cells of columns as text: `position` in `columns`, `value`."""
    # Short names: Ibis reads names through a regular expression, and a column may be called anything.
    short = table.select(**{f"c{i}": table[name].cast("string") for i, name in enumerate(columns)})
    long = short.pivot_longer(s.all(), names_to="position", values_to="value", names_pattern="c(.+)")
    return long.select(position=long.position.cast("int64"), value=long.value)


def distinct_values(engine: DuckDBEngine, table: ir.Table, columns: Sequence[str]) -> ir.Table:
    """The different values of columns, stored: `position` in `columns`, `value`, `cells`."""
    long = long_form(table, columns)
    return engine.materialise(long.group_by("position", "value").aggregate(cells=long.count()))


def profile_columns(
    engine: DuckDBEngine,
    table: ir.Table,
    columns: Sequence[str],
    *,
    null_values: Sequence[str] = ("",),
    null_words: Sequence[str] = (),
) -> dict[str, Profile]:
    """The profile of each named text column of a (small) table. `null_words` are counted as null."""
    if not columns:
        return {}
    # Under one name for whichever table, so that the long statement is compiled for the first side only.
    long = engine.define(long_form(table, columns), "profiled_cells")
    rows = engine.rows(profiled(shapes(long, null_values=tuple(null_values), null_words=tuple(null_words))))
    names = ("position", *(name for name in Profile.__dataclass_fields__ if name != "complete"))
    profiles = {}
    for row in rows:
        named = dict(zip(names, row, strict=True))
        position = named.pop("position")
        named["null_words"] = tuple(sorted(set(named["null_words"] or ())))
        profiles[columns[position]] = Profile(**named)
    # A table without rows has no values: every column is empty.
    return {name: profiles.get(name, EMPTY) for name in columns}


def shapes(long: ir.Table, *, null_values: tuple[str, ...], null_words: tuple[str, ...]) -> ir.Table:
    """Cells in long form, counted by shape and by what shapes do not show."""
    # Most columns hold few different values; each is looked at once.
    values = long.group_by("position", "value").aggregate(cells=long.count())
    # Trimming costs more than asking whether there is something to trim.
    padded = call("regexp_matches", dt.boolean, values.value, r"^[\s\x0b]|[\s\x0b]$")
    values = values.mutate(text=padded.ifelse(values.value.strip(), values.value))
    text, absent = values.text, values.value.isnull()
    if null_values:
        absent = absent | values.value.isin(null_values)
    null_word = text.isin(null_words).ifelse(text, None) if null_words else ibis.null("string")
    shape = text.left(_LONGEST_SHAPE + 1).translate("012345678", "999999999")
    # A branch is computed for its own cells only: casting what is no date would cost most of the time.
    dated = regexp_full(shape, _TIMESTAMP)
    known = values.mutate(
        shape=shape,
        absent=absent.fill_null(True),
        null_word=null_word,
        zero_led=regexp_full(text.left(3), r"[+-]?0[0-9].?"),
        stamp=dated.ifelse(cast(values.value, _AS_TIMESTAMP).value.notnull(), False),
        **_scientific(text, shape),
    )
    seen = [name for name in known.columns if name not in ("value", "text", "cells")]
    return known.group_by(seen).aggregate(cells=known.cells.sum())


def _scientific(text: ir.StringValue, shape: ir.StringValue) -> dict[str, ir.Value]:
    """What the digits themselves say of numbers: `exact` exponents with their `whole` digits and
    `places`, exponents that are `too_large` for a float, and numbers `beyond_float`."""
    exponent = regexp_full(shape, _EXPONENT)
    number = cast(text, _AS_FLOAT).value.abs()
    mantissa = text.re_replace("[eE].*$", "")
    power = text.re_extract(r"[eE]([+-]?[0-9]+)$", 1).try_cast("int64")
    significant = mantissa.re_replace("[^0-9]", "").re_replace("^0+", "").re_replace("0+$", "").length()
    before = mantissa.re_extract(r"^[+-]?0*([0-9]*)", 1).length()
    behind = mantissa.re_extract(r"\.([0-9]*)$", 1).length()
    out_of_range = (number > 0) & ~number.between(1 / _FLOAT_RANGE, _FLOAT_RANGE)
    vanished = (number == 0) & (significant > 0)
    long = exponent | ((shape.length() > FLOAT_DIGITS) & regexp_full(shape, _DECIMAL))
    exact = exponent.ifelse(regexp_full(text, _EXACT_EXPONENT), False)
    return {
        "exact": exact,
        # The engine reads the mantissa first, and it must fit, too.
        "whole": exact.ifelse(ibis.greatest(before, before + power), 0),
        "places": exact.ifelse(ibis.greatest(behind - power, 0), 0),
        # 1e400 is written like a float, and none holds it.
        "too_large": exponent.ifelse(number.isnull(), False),
        "beyond_float": long.ifelse((significant > FLOAT_DIGITS) | out_of_range | vanished, False),
    }


def profiled(shaped: ir.Table) -> ir.Table:
    """One row per column with the properties of `Profile`, from its shapes."""
    known = shaped.mutate(here=~shaped.absent & shaped.null_word.isnull())
    known = known.mutate(
        plain=known.here & regexp_full(known.shape, _DECIMAL),
        grouped=known.here & regexp_full(known.shape, _GROUPED),
    )
    here, shape, cells = known.here, known.shape, known.cells
    number = known.plain | known.grouped
    exponent = known.here & known.exact
    whole = known.plain & regexp_full(shape, _INTEGER)
    digits = shape.re_replace(r"\..*$", "").re_replace("[^9]", "").length()
    scale = shape.re_extract(r"\.(9*)\)?$", 1).length()
    other = regexp_full(shape, _EXPONENT) & ~known.exact & ~known.too_large
    floats = other | shape.lower().isin(_FLOAT_WORDS)

    def count(where: ir.BooleanValue) -> ir.Value:
        return cells.sum(where=where.fill_null(False)).fill_null(0).cast("int64")

    return (
        known.group_by("position")
        .aggregate(
            filled=count(here),
            integers=count(whole & ~known.zero_led),
            zero_led=count(known.plain & known.zero_led),
            plain=count(known.plain),
            whole_digits=_most(digits.max(where=number), known.whole.max(where=exponent)),
            scale=_most(scale.max(where=number), known.places.max(where=exponent)),
            exponents=count(exponent),
            floats=count(here & floats),
            beyond_float=count(here & known.beyond_float),
            grouped=count(known.grouped),
            booleans=count(here & shape.lower().isin(_BOOLEANS)),
            dates=count(here & known.stamp & regexp_full(shape, _DATE)),
            timestamps=count(here & known.stamp),
            written_dates=count(here & regexp_full(shape, _WRITTEN_DATE)),
            null_words=known.null_word.collect(where=~known.absent & known.null_word.notnull()),
        )
        .order_by("position")
    )


def _most(one: ir.Value, other: ir.Value) -> ir.Value:
    return ibis.greatest(one.fill_null(0), other.fill_null(0)).cast("int64")


EMPTY = Profile()
