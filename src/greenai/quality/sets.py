"""Checks that see all rows that would be stored: unique, depends."""

from __future__ import annotations

import functools
import operator
from collections.abc import Sequence
from typing import TYPE_CHECKING

import ibis

from greenai.definition.checks import Depends, Unique
from greenai.engines.functions import all_of, any_of
from greenai.quality.failures import Judged, each, shown
from greenai.quality.rows import key_text
from greenai.quality.rules import Rule

if TYPE_CHECKING:
    import ibis.expr.types as ir

ROWS = "greenai:rows"


def set_failures(rows: ir.Table, key: Sequence[str], rules: Sequence[Rule]) -> list[ir.Table]:
    """The failures of set rules: one relation per unique rule and per left side of dependencies."""
    unique = [unique_failures(rows, key, rule) for rule in rules if isinstance(rule.check, Unique)]
    by_left: dict[tuple[str, ...], list[Rule]] = {}
    for rule in rules:
        if isinstance(rule.check, Depends):
            by_left.setdefault(rule.check.on, []).append(rule)
    return [*unique, *(dependency_failures(rows, key, on, some) for on, some in by_left.items())]


def unique_failures(rows: ir.Table, key: Sequence[str], rule: Rule) -> ir.Table:
    """Every row that shares its values with another; as in SQL, null is like nothing, not even null."""
    assert isinstance(rule.check, Unique)
    names = list(rule.check.fields)
    known = _known(rows, [*key, *names], names)
    groups = known.group_by(names).aggregate(**{ROWS: known.count()})
    hit = known.inner_join(groups.filter(groups[ROWS] > 1), names)
    said = _values(hit, names) + " is in " + hit[ROWS].cast("string") + " rows"
    return each(hit, key_text(hit, key), [Judged(rule, ibis.literal(True), said)])


def dependency_failures(
    rows: ir.Table, key: Sequence[str], on: Sequence[str], rules: Sequence[Rule]
) -> ir.Table:
    """Every row of a group that agrees in `on` and not in what a rule gives; groups with null have none.

    A null beside a value is a disagreement; one pass over the groups serves all `rules`.
    """
    on, given = list(on), [str(rule.field) for rule in rules]
    known = _known(rows, [*key, *on, *given], on)
    groups = known.group_by(on).aggregate(
        **{_least(name): known[name].min() for name in given},
        **{_most(name): known[name].max() for name in given},
        **{_gaps(name): known[name].isnull().any() for name in given},
    )
    split = groups.filter(any_of([_differs(groups, name) for name in given]))
    hit = known.inner_join(split, on)
    with_ = ibis.literal(" also goes with ") + _values(hit, on)
    return each(
        hit,
        key_text(hit, key),
        [
            Judged(
                rule,
                _differs(hit, name),
                ibis.literal(f"{name} is ") + shown(hit[name]) + ", but " + _other(hit, name) + with_,
            )
            for rule, name in zip(rules, given, strict=True)
        ],
    )


def _least(name: str) -> str:
    return f"greenai:least:{name}"


def _most(name: str) -> str:
    return f"greenai:most:{name}"


def _gaps(name: str) -> str:
    return f"greenai:gaps:{name}"


def _differs(groups: ir.Table, name: str) -> ir.BooleanValue:
    """Whether a group has two values of a field; null where the only value is null."""
    least, most = groups[_least(name)], groups[_most(name)]
    differs: ir.BooleanValue = (least != most) | (groups[_gaps(name)] & least.notnull())
    return differs


def _other(hit: ir.Table, name: str) -> ir.StringValue:
    """Another value that the group of a row has."""
    value, least, most = hit[name], hit[_least(name)], hit[_most(name)]
    other: ir.StringValue = ibis.cases(
        (value.isnull() | (value != least), shown(least)), (least != most, shown(most)), else_="null"
    )
    return other


def _known(rows: ir.Table, columns: Sequence[str], names: Sequence[str]) -> ir.Table:
    """These columns of the rows in which none of `names` is null."""
    few = rows.select(*dict.fromkeys(columns))
    return few.filter(all_of([few[name].notnull() for name in names]))


def _values(rows: ir.Table, names: Sequence[str]) -> ir.StringValue:
    """``book 'A' and currency 'EUR'``."""
    parts = [
        ibis.literal(f"{' and ' if i else ''}{name} ") + shown(rows[name]) for i, name in enumerate(names)
    ]
    words: ir.StringValue = functools.reduce(operator.add, parts)
    return words
