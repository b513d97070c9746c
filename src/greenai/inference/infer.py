"""From two tables to what a comparison needs: pairs, types, key, context."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from typing import TYPE_CHECKING

from greenai.errors import FieldError, KeyFieldError, UsageError
from greenai.inference.cells import key_side
from greenai.inference.context import propose_context
from greenai.inference.decisions import decide_types
from greenai.inference.key_columns import likely_pairs
from greenai.inference.keys import KeyChoice, choose_key
from greenai.inference.model import ContextColumn, Inferred, Pair
from greenai.inference.names import NamePair, Pairing, pair_names, remedy, resolve_key, select
from greenai.inference.profiles import NULL_WORDS
from greenai.inference.samples import DEFAULT_NULLS, Samples
from greenai.inference.values import ValuePair, with_evidence, with_values
from greenai.sources.base import SourceTable

if TYPE_CHECKING:
    from greenai.engines.duckdb import DuckDBEngine

SAMPLE = 20_000
"""First rows of each side that are looked at unless told otherwise."""


def infer(
    engine: DuckDBEngine,
    a: SourceTable,
    b: SourceTable,
    *,
    key: Sequence[str] | None = None,
    mapping: Mapping[str, str] | None = None,
    only: Sequence[str] | None = None,
    ignore: Sequence[str] = (),
    pair_by_values: bool = False,
    sample: int | None = SAMPLE,
    null_values: Sequence[str] = DEFAULT_NULLS,
) -> Inferred:
    """Pair the columns of two sources, type the pairs, and find the key where none is given.

    `key`, `only` and `ignore` name columns by either side's name, `mapping` pairs a's columns with
    b's; `only` keeps the key's columns. `pair_by_values` is for proposing a definition: columns that
    names leave unpaired are paired by their values, dates, numbers and nulls in other notations are
    recognised, context is proposed. `sample` is the number of first rows of each side that are
    looked at (fewer of wide tables), None for all rows; columns that have types are not looked at
    unless the sides disagree or the key is unknown. `null_values` are the texts that are null in text
    sources; the default holds only where the format has no other null.

    Raises FieldError for unknown columns, UsageError for options that contradict each other,
    KeyFieldError for a key that is no pair, or where no key can be found.
    """
    words = NULL_WORDS if pair_by_values else ()
    with (
        closing(Samples(engine, "a", a, rows=sample, null_values=null_values, null_words=words)) as side_a,
        closing(Samples(engine, "b", b, rows=sample, null_values=null_values, null_words=words)) as side_b,
    ):
        named = pair_names(a.own_columns, b.own_columns, mapping)
        found: Sequence[ValuePair] = ()
        if pair_by_values:
            named, found = with_values(side_a, side_b, named, ignore)
        wanted, ignored = select(named, only=only, ignore=ignore)
        given = resolve_key(key, named) if key is not None else None
        _refuse_ignored(given or (), ignored)
        usable = [pair for pair in named.pairs if pair.column_a not in ignored]
        if given is not None:
            usable = [pair for pair in usable if pair.column_a in wanted or pair.column_a in given]
        if not usable:
            raise _nothing_pairs(named)
        pairs, notes = decide_types(side_a, side_b, usable, notation=pair_by_values)
        pairs = with_evidence(side_a, side_b, pairs, found)
        chosen = KeyChoice(given, "given") if given else _find_key(engine, side_a, side_b, pairs)
        left_a = tuple(name for name in named.left_a if name not in ignored)
        left_b = tuple(name for name in named.left_b if name not in ignored)
        context: tuple[ContextColumn, ...] = ()
        if pair_by_values:
            context = propose_context(side_a, left_a, b.columns) + propose_context(side_b, left_b, a.columns)
    return Inferred(
        pairs=tuple(pair for pair in pairs if pair.name in wanted or pair.name in chosen.names),
        key=chosen.names,
        unpaired_a=left_a,
        unpaired_b=left_b,
        context=context,
        notes=(*named.notes, *notes, *chosen.notes),
        key_evidence=chosen.evidence,
    )


def infer_types(
    engine: DuckDBEngine,
    a: SourceTable,
    b: SourceTable,
    columns: Sequence[tuple[str, str]],
    *,
    null_values: Sequence[str] = DEFAULT_NULLS,
    sample: int | None = SAMPLE,
) -> tuple[tuple[Pair, ...], tuple[str, ...]]:
    """Each given pair of columns (a's, b's) with its type, and notes, by the rules and options of `infer`.

    A column may stand in several pairs. Raises FieldError for a column that a side does not have.
    """
    read_a, read_b = [x for x, _ in columns], [y for _, y in columns]
    for side, source, names in (("a", a, read_a), ("b", b, read_b)):
        for name in names:
            if name not in source.columns:
                raise FieldError(
                    f"side {side} has no column {name!r}", remedy=remedy(name, source.columns), column=name
                )
    with (
        closing(Samples(engine, "a", a, rows=sample, null_values=null_values, columns=read_a)) as side_a,
        closing(Samples(engine, "b", b, rows=sample, null_values=null_values, columns=read_b)) as side_b,
    ):
        given = [NamePair(x, y, "given") for x, y in columns]
        return decide_types(side_a, side_b, given, notation=False)


def _find_key(engine: DuckDBEngine, a: Samples, b: Samples, pairs: Sequence[Pair]) -> KeyChoice:
    pairs = likely_pairs(pairs)
    if not pairs:
        raise KeyFieldError(
            "no key can be inferred: the sides share no column that could identify a row "
            "(floats and booleans do not)",
            remedy="name the key with --key, and pair differently named columns with --map a=b",
        )
    sides = key_side(a, pairs), key_side(b, pairs)
    try:
        return choose_key(engine, *sides, pairs)
    finally:
        for side in sides:
            engine.drop(side.sample)


def _refuse_ignored(key: Sequence[str], ignored: frozenset[str]) -> None:
    for name in key:
        if name in ignored:
            raise UsageError(
                f"column {name!r} is part of the key and cannot be ignored",
                remedy="take it out of --ignore or out of --key",
                column=name,
            )


def _nothing_pairs(pairing: Pairing) -> FieldError:
    return FieldError(
        "the two sides have no column in common to compare",
        remedy="pair columns with --map a=b; side a has "
        + _few(pairing.left_a)
        + ", side b has "
        + _few(pairing.left_b),
    )


def _few(names: Sequence[str], most: int = 8) -> str:
    shown = ", ".join(repr(name) for name in names[:most]) or "nothing unpaired"
    return shown + (f" and {len(names) - most} more" if len(names) > most else "")
