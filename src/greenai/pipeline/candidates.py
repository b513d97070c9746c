"""The rows that would be stored: one per record, every field with the value that its resolution says.

Two kinds: *clean* rows, which have no break and are the rows of one side; *settled* rows, put
together from both sides of a pair or taken from one side, as the resolutions of their breaks say.
The values of breaks that still wait are those of their default resolution, so that checks judge what
would be stored.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import ibis

from greenai.comparison.breaks import break_id
from greenai.comparison.columns import ORDINAL, key_name, side_name
from greenai.comparison.result import Comparison
from greenai.domain.breaks import Kind
from greenai.fields.casts import cast
from greenai.fields.plan import raw_name
from greenai.fields.render import json_key
from greenai.fields.types import field_type_of
from greenai.quality.gate import Side
from greenai.quality.records import takes_its_side

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from greenai.engines.base import Engine

KEY = "greenai:key"
"""The key of a row as breaks show it (JSON array of texts)."""
UNREADABLE = "greenai:unreadable"
"""The first field whose value would be one that could not be read, else null."""
COUNT = "greenai:count"
CHOICE = "greenai:choice"


@dataclass(frozen=True, slots=True)
class Candidates:
    """Rows with the key fields, all fields, and `UNREADABLE`; `settled` has `KEY` beside them.

    `clean` is read where the side lies, `settled` is computed. No record is in both.
    """

    clean: ir.Table
    settled: ir.Table
    fields: tuple[str, ...]
    apart: ir.Table
    """Keys (``key:`` columns) of all rows that are not simply equal on both sides."""

    @property
    def all(self) -> ir.Table:
        """Both, without `KEY`."""
        return self.clean.union(self.settled.select(self.clean.columns))


@dataclass(frozen=True, slots=True)
class Inputs:
    """What candidates are made of: both sides, what was found between them, and who is believed."""

    sides: Mapping[Side, ir.Table]
    comparison: Comparison
    fields: tuple[str, ...]
    """All fields that are stored, the key's first."""
    usual: Side
    """The side whose rows are taken where nothing says otherwise."""
    authorities: Mapping[str, Side]
    """Fields that are taken from a certain side."""
    key_version: int = 1
    """Which way to identify records this is; breaks have other identities with another one."""


def candidates(engine: Engine, inputs: Inputs, decided: ir.Table) -> Candidates:
    """The rows that would be stored if every break were resolved as `decided` says."""
    apart = engine.materialise(keys_apart(inputs))
    rows = ibis.union(*settled_rows(inputs, decided))
    # What a resolution excludes is not stored, so no check judges it.
    excluded = decided.filter((decided.kind == "value") & (decided.resolution == "exclude"))
    excluded = excluded.select(greenai_out="key")
    settled = engine.materialise(rows.anti_join(excluded, rows[KEY] == excluded.greenai_out))
    return Candidates(engine.define(clean_rows(inputs, apart)), settled, inputs.fields, apart)


def keys_apart(inputs: Inputs) -> ir.Table:
    """The keys (``key:`` columns) of all rows that are not simply equal on both sides."""
    comparison = inputs.comparison
    names = [key_name(name) for name in comparison.key]
    lone = (comparison.only_a, comparison.only_b, comparison.duplicates_a, comparison.duplicates_b)
    parts = [comparison.matches.pairs.select(names)]
    parts += [rows.select(**{key_name(name): rows[name] for name in comparison.key}) for rows in lone]
    if comparison.repeated is not None:
        parts.append(comparison.repeated.select(names))
    return ibis.union(*parts)


def clean_rows(inputs: Inputs, apart: ir.Table) -> ir.Table:
    """The rows of the usual side that equal their partner, in keys that do not repeat."""
    side = inputs.sides[inputs.usual]
    rows = side.anti_join(apart, [side[name] == apart[key_name(name)] for name in inputs.comparison.key])
    return rows.select(*inputs.fields, **{UNREADABLE: ibis.null("string")})


def settled_rows(inputs: Inputs, decided: ir.Table) -> list[ir.Table]:
    """The relations of rows that need a word: pairs, one-sided rows that are taken, repeated keys."""
    comparison = inputs.comparison
    parts = [paired_rows(inputs, decided)]
    taken = decided.filter(takes_its_side(decided)).select(taken_break="break_id")
    one_sided: tuple[tuple[Kind, ir.Table], ...] = (
        ("only_a", comparison.only_a),
        ("only_b", comparison.only_b),
        ("duplicate_a", comparison.duplicates_a),
        ("duplicate_b", comparison.duplicates_b),
    )
    for kind, rows in one_sided:
        key = json_key([rows[name] for name in comparison.key])
        number = rows[ORDINAL] if ORDINAL in rows.columns else None
        known = rows.mutate(**{KEY: key, "break_id": break_id(key, kind, None, number)})
        known = identified(known, inputs.key_version)
        parts.append(shaped(known.semi_join(taken, known["break_id"] == taken.taken_break), inputs))
    if comparison.repeated is not None:
        parts.append(equal_copies(inputs, comparison.repeated))
    return parts


def identified(breaks: ir.Table, key_version: int) -> ir.Table:
    """The breaks under the identities that they have in a store with this way to identify records."""
    if key_version == 1:
        return breaks
    from greenai.store.breaks import identified as in_store

    return in_store(breaks, key_version)


def shaped(rows: ir.Table, inputs: Inputs) -> ir.Table:
    """Rows of one side, with `KEY`, as candidates."""
    raws = [name for name in inputs.fields if raw_name(name) in rows.columns]
    first = first_of([(rows[raw_name(name)].notnull(), name) for name in raws])
    return rows.select(*inputs.fields, **{UNREADABLE: first, KEY: rows[KEY]})


def first_of(flags: Sequence[tuple[ir.BooleanValue, str]]) -> ir.StringValue:
    """The name beside the first flag that holds, else null."""
    name: ir.StringValue = ibis.cases(*flags, else_=None).cast("string") if flags else ibis.null("string")
    return name


def paired_rows(inputs: Inputs, decided: ir.Table) -> ir.Table:
    """Pairs that are not identical, each field as its break's resolution, or else its authority, says."""
    key = inputs.comparison.key
    pairs = inputs.comparison.matches.pairs
    pairs = pairs.mutate(**{KEY: json_key([pairs[key_name(name)] for name in key])})
    chosen = choices(decided, [name for name in inputs.fields if name not in key], inputs.comparison)
    joined = pairs.left_join(chosen, pairs[KEY] == chosen[CHOICE])
    uncompared = [n for n in inputs.fields if n not in key and side_name("a", n) not in pairs.columns]
    if uncompared:
        # Fields that are not compared are not among the pairs; they come from the usual side's row.
        side = inputs.sides[inputs.usual]
        others = side.select(**{_beside(name): side[name] for name in (*key, *uncompared)})
        if inputs.comparison.repeated is not None:
            others = others.distinct(on=[_beside(name) for name in key], keep="first")
        joined = joined.inner_join(others, [joined[key_name(n)] == others[_beside(n)] for n in key])
    values: dict[str, ir.Value] = {}
    unreadable: list[tuple[ir.BooleanValue, str]] = []
    for name in inputs.fields:
        if name in key:
            values[name] = joined[key_name(name)]
        elif name in uncompared:
            values[name] = joined[_beside(name)]
        else:
            values[name], failed = chosen_value(joined, name, inputs.authorities.get(name, inputs.usual))
            if failed is not None:
                unreadable.append((failed, name))
    return joined.select(**values, **{UNREADABLE: first_of(unreadable), KEY: joined[KEY]})


def _beside(name: str) -> str:
    return f"greenai:of:{name}"


def choices(decided: ir.Table, fields: Sequence[str], comparison: Comparison) -> ir.Table:
    """Per key of a value break: ``resolution:<field>`` and ``value:<field>`` of the fields that differ."""
    differing = [name for name in fields if name in comparison.fields and comparison.fields[name].different]
    values = decided.filter(decided.kind == "value")
    aggregates: dict[str, ir.Value] = {}
    for name in differing:
        here = values.field == name
        aggregates[f"resolution:{name}"] = values.resolution.max(where=here)
        aggregates[f"value:{name}"] = values.value.max(where=here)
    grouped = values.group_by(**{CHOICE: values.key})
    return grouped.aggregate(**aggregates) if aggregates else grouped.aggregate(**{COUNT: values.count()})


def chosen_value(joined: ir.Table, name: str, authority: Side) -> tuple[ir.Value, ir.BooleanValue | None]:
    """A field's value by its resolution, and whether that value could not be read as its type."""
    a, b = joined[side_name("a", name)], joined[side_name("b", name)]
    raws = [side_name(side, raw_name(name)) for side in ("a", "b")]
    invalid_a, invalid_b = (
        joined[raw].notnull() if raw in joined.columns else ibis.literal(False) for raw in raws
    )
    usual, usual_invalid = (a, invalid_a) if authority == "a" else (b, invalid_b)
    may_fail = any(raw in joined.columns for raw in raws)
    if f"resolution:{name}" not in joined.columns:
        return usual, usual_invalid if may_fail else None
    resolution, written = joined[f"resolution:{name}"], joined[f"value:{name}"]
    given = cast(written, field_type_of(a.type()))
    value = ibis.cases(
        (resolution == "take_a", a),
        (resolution == "take_b", b),
        (resolution == "take_value", given.value.cast(a.type())),
        else_=usual,
    )
    failed = ibis.cases(
        (resolution == "take_a", invalid_a),
        (resolution == "take_b", invalid_b),
        (resolution == "take_value", ibis.literal(False) if given.failed is None else given.failed),
        else_=usual_invalid,
    )
    return value, failed.fill_null(False)


def equal_copies(inputs: Inputs, repeated: ir.Table) -> ir.Table:
    """Of keys that repeat: the rows that found an identical partner, identical ones once.

    They are what is left of the usual side's rows without its duplicates and without its part of the
    pairs that differ. Told by the compared fields; of rows alike in these any is taken.
    """
    key, side = inputs.comparison.key, inputs.usual
    table = inputs.sides[side]
    compared = [*key, *(name for name in inputs.comparison.fields if name in inputs.fields)]
    others = [name for name in inputs.fields if name not in compared]
    rows = table.semi_join(repeated, [table[name] == repeated[key_name(name)] for name in key])
    whole = rows.group_by(compared).aggregate(
        **{COUNT: rows.count()}, **{name: rows[name].arbitrary() for name in others}
    )
    pairs = inputs.comparison.matches.pairs
    duplicates = inputs.comparison.duplicates_a if side == "a" else inputs.comparison.duplicates_b
    gone = duplicates.select(compared).union(
        pairs.select(
            **{name: pairs[key_name(name)] for name in key},
            **{name: pairs[side_name(side, name)] for name in compared if name not in key},
        )
    )
    named = gone.rename({f"greenai:gone:{name}": name for name in compared})
    counted = named.group_by(named.columns).aggregate(**{"greenai:gone": named.count()})
    met = whole.left_join(counted, [whole[n].identical_to(counted[f"greenai:gone:{n}"]) for n in compared])
    left = met.filter(met[COUNT] > met["greenai:gone"].fill_null(0))
    left = left.mutate(**{KEY: json_key([left[name] for name in key]), UNREADABLE: ibis.null("string")})
    return left.select(*inputs.fields, UNREADABLE, KEY)
