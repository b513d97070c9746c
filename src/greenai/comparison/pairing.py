"""Pairing rows by key: what became of every key, found with one narrow scan of each side.

The method is the asymmetric fingerprint join of docs/decisions: the hash table holds key and
64-bit fingerprint of side b, side a is streamed through it. Rows with equal fingerprints are only
counted; the keys of all others are kept. Two different rows under one key have the same fingerprint
with probability 2^-64.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import ibis

from greenai.comparison.columns import (
    DIFFERENT,
    EQUAL,
    ONLY_A,
    ONLY_B,
    STATUS,
    key_name,
    key_names,
    side_name,
)
from greenai.engines.functions import all_of, fingerprint
from greenai.fields.plan import RAW

if TYPE_CHECKING:
    import ibis.expr.types as ir

FINGERPRINT = "greenai:fingerprint"
COPIES = "copies"


@dataclass(frozen=True, slots=True)
class JoinCounts:
    """Joined rows by what became of them; with repeated keys these are not rows of a side."""

    different: int
    only_a: int
    only_b: int
    most_copies: int
    """How often the most frequent key was yielded, of those that were not taken as one group."""

    def keys_are_unique(self, rows_a: int, rows_b: int, joined: int) -> bool:
        """Whether no key is repeated on either side, given the rows of both and of their outer join.

        A full outer join yields each row of a at least once, so it has exactly |a| + only_b rows
        precisely when every row of a met at most one row of b; and the same for b. Keys that repeat
        on one side and have no partner multiply nothing, but are yielded several times.
        """
        return joined - self.only_b == rows_a and joined - self.only_a == rows_b and self.most_copies <= 1


@dataclass(frozen=True, slots=True)
class Likeness:
    """What makes two rows of one key identical: all their compared columns.

    Told by a 64-bit fingerprint or, when `exact`, by the columns themselves (as one struct, in which
    null equals null); everything else works on either.
    """

    columns: tuple[str, ...]
    exact: bool = False
    never_alike: tuple[str, ...] = ()
    """Columns in which a value makes a row unlike every row (cells that could not be cast)."""

    def of(self, table: ir.Table) -> ir.Value:
        """The fingerprint of every row: equal for identical rows, null for a row like no other."""
        if not self.columns:
            return ibis.literal(0, "uint64")
        if self.exact:
            value = ibis.struct({f"c{i}": table[name] for i, name in enumerate(self.columns)})
        else:
            value = fingerprint([table[name] for name in self.columns])
        if not self.never_alike:
            return value
        return all_of([table[name].isnull() for name in self.never_alike]).ifelse(value, ibis.null())

    def order(self, table: ir.Table) -> list[ir.Value]:
        """What rows are sorted by: the same for the same rows wherever they come from.

        Sources of texts have columns beside for what cannot be read, whether or not there is any, and
        the columns need not come in one order.
        """
        raws = sorted(name for name in self.columns if name.startswith(RAW))
        values = sorted(set(self.columns) - set(raws))
        beside = [table[name] for name in raws]
        return [fingerprint([table[name] for name in values]), *beside] if values else beside


def key_fates(a: ir.Table, b: ir.Table, key: Sequence[str], likeness: Likeness) -> ir.Table:
    """What became of every key that is not equal on both sides, and how often.

    One row per status and key, with the number of joined rows in ``copies``; all equal rows share
    one row with a null key.
    """
    joined = outer_joined(
        a.select(*key, **{FINGERPRINT: likeness.of(a)}), b.select(*key, **{FINGERPRINT: likeness.of(b)}), key
    )
    status = joined_status(joined, key)
    kept = {
        key_name(name): (status == EQUAL).ifelse(
            ibis.null(), ibis.coalesce(joined[side_name("a", name)], joined[side_name("b", name)])
        )
        for name in key
    }
    fates = joined.select(**{STATUS: status}, **kept)
    return fates.group_by(STATUS, *kept).aggregate(**{COPIES: fates.count()})


def outer_joined(left: ir.Table, right: ir.Table, key: Sequence[str]) -> ir.Table:
    """Both sides in one row per joined pair, all columns as ``a:`` and ``b:``; unpaired rows with nulls."""
    left = left.rename({side_name("a", name): name for name in left.columns})
    right = right.rename({side_name("b", name): name for name in right.columns})
    return left.outer_join(right, [left[side_name("a", name)] == right[side_name("b", name)] for name in key])


def joined_status(joined: ir.Table, key: Sequence[str]) -> ir.IntegerColumn:
    """The status of every row of `outer_joined`; a key is never null on a side that is there."""
    return ibis.cases(
        (joined[side_name("b", key[0])].isnull(), ONLY_A),
        (joined[side_name("a", key[0])].isnull(), ONLY_B),
        (joined[side_name("a", FINGERPRINT)] == joined[side_name("b", FINGERPRINT)], EQUAL),
        else_=DIFFERENT,
    ).cast("int8")


def streamed(a: ir.Table, b: ir.Table, key: Sequence[str], likeness: Likeness) -> ir.Table:
    """Every joined pair that is not identical with all columns of a, and every unpaired row.

    The hash table is as narrow as in `key_fates`, but a is streamed through it wide, so that only b
    has to be read again for what differs.
    """
    joined = outer_joined(
        a.mutate(**{FINGERPRINT: likeness.of(a)}), b.select(*key, **{FINGERPRINT: likeness.of(b)}), key
    )
    return unlike_rows(joined, key, [side_name("a", name) for name in a.columns if name not in key])


def joined_in_full(a: ir.Table, b: ir.Table, key: Sequence[str], likeness: Likeness) -> ir.Table:
    """Every joined pair that is not identical with all its columns, and every unpaired row.

    One wide join instead of a narrow one and a second look: cheaper where most rows differ.
    """
    joined = outer_joined(
        a.mutate(**{FINGERPRINT: likeness.of(a)}), b.mutate(**{FINGERPRINT: likeness.of(b)}), key
    )
    columns = [
        side_name(side, name)
        for side, table in (("a", a), ("b", b))
        for name in table.columns
        if name not in key
    ]
    return unlike_rows(joined, key, columns)


def unlike_rows(joined: ir.Table, key: Sequence[str], columns: Sequence[str]) -> ir.Table:
    """The rows of `outer_joined` that are not identical: status, key, and the named columns."""
    keys = {
        key_name(name): ibis.coalesce(joined[side_name("a", name)], joined[side_name("b", name)])
        for name in key
    }
    rows = joined.mutate(**{STATUS: joined_status(joined, key)}, **keys)
    return rows.filter(rows[STATUS] != EQUAL).select(STATUS, *keys, *columns)


def joined_by_key(a: ir.Table, b: ir.Table, key: Sequence[str]) -> ir.Table:
    """How many pairs an inner join by key alone has: one number, ``pairs``."""
    joined = a.select(*key).inner_join(b.select(*key), list(key))
    return joined.aggregate(pairs=joined.count())


def fate_counts(fates: ir.Table) -> ir.Table:
    """Joined rows by status: one row with the numbers of `JoinCounts`, and the ``equal`` ones."""

    def of(status: int) -> ir.IntegerScalar:
        return fates[COPIES].sum(where=fates[STATUS] == status).fill_null(0)

    return fates.aggregate(
        equal=of(EQUAL),
        different=of(DIFFERENT),
        only_a=of(ONLY_A),
        only_b=of(ONLY_B),
        most_copies=fates[COPIES].max(where=known_key(fates)).fill_null(0),
    )


def known_key(fates: ir.Table) -> ir.BooleanColumn:
    """Whether a row of fates speaks of one key, and not of a whole group."""
    names = [name for name in fates.columns if name not in (STATUS, COPIES)]
    return fates[names[0]].notnull()


def fates_of(kept: ir.Table, key: Sequence[str], *, together: bool = False) -> ir.Table:
    """The fates of the keys in the rows that a wide join kept; equal rows are not among them.

    `together` takes all different rows as one group with a null key, where nobody asks for each of
    many: should one of their keys repeat, then the join multiplied, and the number of its rows tells.
    """
    if not together:
        return kept.group_by(STATUS, *key_names(key)).aggregate(**{COPIES: lambda t: t.count()})
    alone = {name: (kept[STATUS] == DIFFERENT).ifelse(ibis.null(), kept[name]) for name in key_names(key)}
    fates = kept.select(**{STATUS: kept[STATUS]}, **alone)
    return fates.group_by(STATUS, *alone).aggregate(**{COPIES: fates.count()})


def key_sum(keys: ir.Table, columns: Sequence[str]) -> ir.Table:
    """The exact sum of the hashes of all keys: ``total``.

    Two collections of keys with unlike multiplicities have the same sum with probability 2^-64.
    """
    hashed = fingerprint([keys[name] for name in columns]).cast("decimal(38, 0)")
    return keys.aggregate(total=hashed.sum().fill_null(0))


def keys_with(fates: ir.Table, key: Sequence[str], *statuses: int) -> ir.Table:
    """The keys with one of the statuses."""
    return fates.filter(fates[STATUS].isin(statuses)).select(*key_names(key))


def matching(table: ir.Table, keys: ir.Table, key: Sequence[str]) -> ir.Table:
    """The rows of one side whose key is among `keys`."""
    return table.semi_join(keys, [table[name] == keys[key_name(name)] for name in key])


def without(table: ir.Table, keys: ir.Table, key: Sequence[str]) -> ir.Table:
    """The rows of one side whose key is not among `keys`."""
    return table.anti_join(keys, [table[name] == keys[key_name(name)] for name in key])
