"""Sums and net difference of the amount field, by currency."""

from __future__ import annotations

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


def totals_by_currency(engine: Engine, a: ir.Table, b: ir.Table, amount: Amount) -> tuple[Total, ...]:
    """One total per currency that occurs, over all readable rows of both sides; exact decimals."""
    sums: dict[str | None, dict[str, Decimal]] = {}
    for side, table in (("a", a), ("b", b)):
        for currency, value in engine.rows(side_sums(table, amount)):
            sums.setdefault(currency, {})[side] = Decimal(str(value if value is not None else 0))
    return tuple(
        Total(currency, sides.get("a", Decimal(0)), sides.get("b", Decimal(0)))
        for currency, sides in sorted(sums.items(), key=lambda item: (item[0] is None, item[0] or ""))
    )


def side_sums(table: ir.Table, amount: Amount) -> ir.Table:
    """``currency`` (null where a side has none) and ``total`` of one side."""
    if amount.field not in table.columns or not table[amount.field].type().is_numeric():
        raise FieldError(
            f"the amount field {amount.field!r} is not a number field of both sides",
            remedy="name a field of type integer, decimal or float under `amount`",
        )
    currency: ir.StringValue = ibis.null("string")
    if amount.currency is not None:
        for name in (amount.currency, context_name(amount.currency)):
            if name in table.columns:
                currency = render(table[name])
                break
    rows = table.select(currency=currency, value=table[amount.field])
    return rows.group_by("currency").aggregate(total=rows.value.sum())
