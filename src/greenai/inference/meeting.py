"""Bringing rows of both sides together by a candidate key, to see what that says for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import ibis

from greenai.engines.functions import fingerprint
from greenai.inference.key_columns import KeySide
from greenai.inference.model import Side

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from greenai.engines.duckdb import DuckDBEngine

LARGE = 50_000
"""Rows beyond which both sides are thinned to the keys whose hash falls into the same share."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """`overlap` is the share (0 to 1) of the keys of the side with fewer that the other side has, too;
    `agreement` the mean share of meeting rows that agree, over the witnesses (0 where none meet)."""

    overlap: float
    agreement: float


def meet(
    engine: DuckDBEngine, a: KeySide, b: KeySide, key: Sequence[str], witnesses: Sequence[str]
) -> Meeting:
    """Join both sides by `key` and count agreement in `witnesses`, on as many rows as is cheap.

    Complete samples are used whole. Two large sides that can be scanned again are thinned by the
    hash of the key, so that both keep the same keys. Otherwise the first rows of each are what there is.
    """
    left, right = a.widest, b.widest
    if left is not a.sample and right is not b.sample:
        rows = max(engine.count(left), engine.count(right))
        left, right = (_thinned(table, key, rows // LARGE) for table in (left, right))
    wanted = [*key, *witnesses]
    left = engine.materialise(left.select(**{f"a{i}": left[name] for i, name in enumerate(wanted)}))
    right = engine.materialise(right.select(**{f"b{i}": right[name] for i, name in enumerate(wanted)}))
    smaller = min(_keys(engine, left, "a", len(key)), _keys(engine, right, "b", len(key)))
    joined = left.join(right, [left[f"a{i}"] == right[f"b{i}"] for i in range(len(key))])
    # Keys, not rows: a key that repeats on both sides would hide one that is missing.
    asked: dict[str, ir.Value] = {
        "met": fingerprint([joined[f"a{i}"] for i in range(len(key))]).nunique(),
    }
    for i in range(len(key), len(wanted)):
        asked[f"agree{i}"] = joined[f"a{i}"].identical_to(joined[f"b{i}"]).mean()
    found = engine.row(joined.aggregate(**asked))
    engine.drop(left)
    engine.drop(right)
    agreements = [found[f"agree{i}"] or 0.0 for i in range(len(key), len(wanted))]
    return Meeting(
        overlap=found["met"] / smaller if smaller else 0.0,
        agreement=sum(agreements) / len(agreements) if agreements else 0.0,
    )


def _keys(engine: DuckDBEngine, table: ir.Table, side: Side, width: int) -> int:
    """How many different keys without null a table has."""
    columns = [table[f"{side}{i}"] for i in range(width)]
    known = ibis.and_(*(column.notnull() for column in columns))
    return int(engine.row(table.aggregate(keys=fingerprint(columns).nunique(where=known)))["keys"])


def _thinned(table: ir.Table, key: Sequence[str], one_in: int) -> ir.Table:
    if one_in < 2:
        return table
    return table.filter(fingerprint([table[name] for name in key]) % one_in == 0)
