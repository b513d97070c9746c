"""What the cells of text columns look like: counted over the distinct values of a sample.

All columns of a side are profiled by two statements whatever their number: the sample is turned
into long form (column, value), made distinct, and then described with one aggregate per property.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import ibis
import ibis.selectors as s

from greenai.definition.types import FieldType
from greenai.engines.functions import regexp_full
from greenai.fields.casts import cast

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from greenai.engines.duckdb import DuckDBEngine

INTEGER = r"[+-]?[0-9]+"
ZERO_LED = r"[+-]?0[0-9]+(\.[0-9]*)?"
DECIMAL = r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)"
FLOAT = r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)[eE][+-]?[0-9]{1,3}|[+-]?(inf|Inf|INF|infinity|Infinity)|nan|NaN"
GROUPED = r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?|\(([0-9]{1,3}(,[0-9]{3})+|[0-9]+)(\.[0-9]+)?\)"
BOOLEAN = r"(?i)true|false"
DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
TIMESTAMP = DATE + r"([ T][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?)?"
WRITTEN_DATE = (
    r"[0-9]{1,2}[/.-]([0-9]{1,2}|[A-Za-z]{3})[/.-][0-9]{4}"
    r"|[0-9]{4}[/.][0-9]{1,2}[/.][0-9]{1,2}|(19|20)[0-9]{6}"
    r"|[0-9]{1,2} [A-Za-z]{3,9} [0-9]{4}"
)
NULL_WORDS = ("N/A", "NA", "n/a", "#N/A", "NULL", "null", "None", r"\N", "-", "--", "?")

_FLOAT = FieldType("float")
_DATE = FieldType("date")
_TIMESTAMP = FieldType("timestamp")


@dataclass(frozen=True, slots=True)
class Profile:
    """One text column of a sample. Counts from `distinct` on are of distinct non-null values.

    `integers` have no leading zeros; `zero_led` do. `plain` counts all plain decimals, integers and
    zero-led ones included; `whole_digits` and `scale` are the most digits before and after the point
    of `plain` and `grouped` numbers (``1,234.50``, ``(12.00)``). `null_words` are texts such as ``N/A``
    that were seen.
    """

    rows: int = 0
    nulls: int = 0
    distinct: int = 0
    longest: int = 0
    integers: int = 0
    zero_led: int = 0
    plain: int = 0
    whole_digits: int = 0
    scale: int = 0
    floats: int = 0
    grouped: int = 0
    booleans: int = 0
    dates: int = 0
    timestamps: int = 0
    written_dates: int = 0
    null_words: tuple[str, ...] = ()


def distinct_values(engine: DuckDBEngine, table: ir.Table, columns: Sequence[str]) -> ir.Table:
    """The distinct values of text columns in long form: `position` in `columns`, `value`, `cells`."""
    # Short names: Ibis reads names through a regular expression, and a column may be called anything.
    short = table.select(**{f"c{i}": table[name].cast("string") for i, name in enumerate(columns)})
    long = short.pivot_longer(s.all(), names_to="position", values_to="value", names_pattern="c(.+)")
    long = long.group_by("position", "value").aggregate(cells=long.count())
    return engine.materialise(
        long.select(position=long.position.cast("int64"), value=long.value, cells=long.cells)
    )


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
    values = distinct_values(engine, table, columns)
    rows = engine.rows(profiled(values, null_values=null_values, null_words=null_words))
    engine.drop(values)
    names = ("position", *Profile.__dataclass_fields__)
    profiles = {}
    for row in rows:
        named = dict(zip(names, row, strict=True))
        position = named.pop("position")
        named["null_words"] = tuple(sorted(named["null_words"] or ()))
        profiles[columns[position]] = Profile(**named)
    # A table without rows has no values: every column is empty.
    return {name: profiles.get(name, EMPTY) for name in columns}


def profiled(values: ir.Table, *, null_values: Sequence[str], null_words: Sequence[str]) -> ir.Table:
    """One row per column of a long table of distinct values, with the properties of `Profile`."""
    text = values.value.strip()
    is_word = text.isin(null_words) if null_words else ibis.literal(False)
    absent = (
        values.value.isnull()
        | is_word
        | (values.value.isin(null_values) if null_values else ibis.literal(False))
    )
    known = values.mutate(absent=absent.fill_null(True), word=is_word.fill_null(False), text=text)
    known = known.mutate(
        plain=~known.absent & regexp_full(known.text, DECIMAL) & cast(known.value, _FLOAT).notnull(),
        stamp=~known.absent & regexp_full(known.text, TIMESTAMP),
    )
    here, text = ~known.absent, known.text
    grouped = here & regexp_full(text, GROUPED)
    number = known.plain | grouped
    digits = text.re_replace(r"\..*$", "").re_replace(r"[^0-9]", "").length()
    scale = text.re_extract(r"\.([0-9]*)\)?$", 1).length()
    whole = known.plain & regexp_full(text, INTEGER)
    zero_led = known.plain & regexp_full(text, ZERO_LED)
    dated = known.stamp & cast(known.value, _TIMESTAMP).notnull()
    return (
        known.group_by("position")
        .aggregate(
            rows=known.cells.sum(),
            nulls=known.cells.sum(where=known.absent).fill_null(0),
            distinct=known.count(where=here),
            longest=text.length().max(where=here).fill_null(0),
            integers=known.count(where=whole & ~zero_led),
            zero_led=known.count(where=zero_led),
            plain=known.count(where=known.plain),
            whole_digits=digits.max(where=number).fill_null(0),
            scale=scale.max(where=number).fill_null(0),
            floats=known.count(where=here & regexp_full(text, FLOAT)),
            grouped=known.count(where=grouped),
            booleans=known.count(where=here & regexp_full(text, BOOLEAN)),
            dates=known.count(where=dated & regexp_full(text, DATE) & cast(known.value, _DATE).notnull()),
            timestamps=known.count(where=dated),
            written_dates=known.count(where=here & regexp_full(text, WRITTEN_DATE)),
            null_words=text.collect(where=known.word),
        )
        .order_by("position")
    )


EMPTY = Profile()
