"""Sums and net difference of the amount field, by currency."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

import ibis

from greenai.definition.model import Amount
from greenai.domain.summary import Total
from greenai.errors import FieldError
from greenai.fields.plan import context_name
from greenai.fields.render import render

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from greenai.engines.base import Engine


def totals_by_currency(
    engine: Engine, a: ir.Table, b: ir.Table, amount: Amount, key: Sequence[str]
) -> tuple[Total, ...]:
    """One total per currency that occurs, over all readable rows of both sides; exact decimals.

    Where one side alone knows the currency, the rows of the other have that of the record with their
    key, null where there is none. Raises FieldError when the amount is not a number.
    """
    known = {side: currency_column(table, amount) for side, table in (("a", a), ("b", b))}
    values = {"a": amounts(a, amount, known["a"]), "b": amounts(b, amount, known["b"])}
    if known["a"] is None and known["b"] is not None:
        values["a"] = with_currency_of(a, b, amount, known["b"], key)
    elif known["b"] is None and known["a"] is not None:
        values["b"] = with_currency_of(b, a, amount, known["a"], key)
    sums: dict[str | None, dict[str, Decimal]] = {}
    for side, rows in values.items():
        for currency, total in engine.rows(sums_of(rows)):
            sums.setdefault(currency, {})[side] = Decimal(str(total if total is not None else 0))
    return tuple(
        Total(currency, sides.get("a", Decimal(0)), sides.get("b", Decimal(0)))
        for currency, sides in sorted(sums.items(), key=lambda item: (item[0] is None, item[0] or ""))
    )


def currency_column(table: ir.Table, amount: Amount) -> str | None:
    """The column of one side that holds the currency, None where it has none."""
    if amount.currency is None:
        return None
    names = (amount.currency, context_name(amount.currency))
    return next((name for name in names if name in table.columns), None)


def amounts(table: ir.Table, amount: Amount, currency: str | None) -> ir.Table:
    """``currency`` as text (null without a column) and ``value`` of every row of one side."""
    if amount.field not in table.columns or not table[amount.field].type().is_numeric():
        raise FieldError(
            f"the amount field {amount.field!r} is not a number field of both sides",
            remedy="name a field of type integer, decimal or float under `amount`",
        )
    text = ibis.null("string") if currency is None else render(table[currency])
    return table.select(currency=text, value=table[amount.field])


def with_currency_of(
    table: ir.Table, other: ir.Table, amount: Amount, currency: str, key: Sequence[str]
) -> ir.Table:
    """`amounts` of one side, each with the currency that the other side has under the same key."""
    places = range(len(key))
    mine = table.select(
        value=table[amount.field], **{f"mine_{place}": table[name] for place, name in enumerate(key)}
    )
    # A repeated key must not repeat the amount: the first of its currencies stands for all.
    theirs = other.group_by([other[name].name(f"theirs_{place}") for place, name in enumerate(key)])
    known = theirs.aggregate(currency=render(other[currency]).min())
    joined = mine.left_join(known, [mine[f"mine_{place}"] == known[f"theirs_{place}"] for place in places])
    return joined.select("currency", "value")


def sums_of(rows: ir.Table) -> ir.Table:
    """``currency`` and ``total``, one row per currency."""
    return rows.group_by("currency").aggregate(total=rows.value.sum())
