"""The definition that reconciles both sides of a simulated world, as it is written to `recon.yaml`."""

from __future__ import annotations

from greenai.simulation.sides import A_COLUMNS, B_COLUMNS, BACK_OFFICE, FRONT_OFFICE
from greenai.simulation.truth import NOTIONAL_TOLERANCE, SECONDS_TOLERANCE
from greenai.simulation.world import CONTEXT

_STEPS_A = {
    "trade_id": '[strip, upper, {remove: "-"}]',
    "trade_date": '[{parse_date: "%d/%m/%Y"}]',
    "settlement_date": '[{parse_date: "%d/%m/%Y"}]',
    "executed_at": '[{parse_timestamp: "%d/%m/%Y %H:%M:%S"}]',
    "notional": "[parse_number]",
}
_STEPS_B = {
    "trade_id": "[strip, {prefix: TRD}]",
    "side": "[{map: {B: BUY, S: SELL}}]",
    "status": "[strip, upper]",
}
_FIELD_TYPES = {
    "trade_date": "date",
    "settlement_date": "date",
    "executed_at": "timestamp",
    "quantity": "decimal(18,4)",
    "price": "decimal(18,4)",
    "notional": "decimal(18,2)",
    "fx_rate": "decimal(18,6)",
    "fee": "decimal(18,2)",
    "accrued": "decimal(18,2)",
}
_COMPARE = {
    "notional": f"{{absolute: {NOTIONAL_TOLERANCE}}}",
    "executed_at": f"{{seconds: {SECONDS_TOLERANCE}}}",
}

_GATE = (
    "gate:",
    "  authority: a                         # the front office's value is taken by default",
    "  reasons:",
    "    FORMAT: pass                       # proved: one value written two ways",
    "    UNKNOWN: review                    # nothing else passes without a person",
    "  checks:",
    "    - {not_null: [trade_date, settlement_date, notional, currency]}",
    "    - {not_null: [counterparty_code, counterparty_name]}",
    "    - {range: {field: quantity, min: 0}}",
    "    - {range: {field: fee, min: 0}}",
    "    - {allowed: {field: side, values: [BUY, SELL]}}",
    "    - {depends: {on: [counterparty_code], gives: [counterparty_name]}}",
    "    - {row_count: {min: 1}}",
)
_STORE = (
    "store:",
    "  table: trade",
    "  references:                          # what depends on less than the key has its own table",
    "    counterparty: {key: [counterparty_code], fields: [counterparty_name]}",
)


def definition_text() -> str:
    """The YAML of the definition; it depends on no seed, so that runs of several days share it."""
    lines = [
        "# Written by `greenai simulate trades`: front-office trades against the back-office ledger.",
        "recon: simulated_trades",
        "description: Front-office trades against the back-office ledger (simulated)",
        "population: full",
        "sources:",
        f'  a: {{system: front_office, location: "{FRONT_OFFICE}/fo_*.csv"}}',
        f'  b: {{system: back_office, location: "{BACK_OFFICE}/bo_*.parquet"}}',
        "key: [trade_id]",
        "fields:",
    ]
    for field in A_COLUMNS:
        lines += [
            f"  {field}:",
            f"    type: {_FIELD_TYPES.get(field, 'string')}",
            f"    a: {_side(A_COLUMNS[field][0], _STEPS_A.get(field))}",
            f"    b: {_side(B_COLUMNS[field][0], _STEPS_B.get(field))}",
        ]
        if field in _COMPARE:
            lines.append(f"    compare: {_COMPARE[field]}")
    lines += [
        "amount: {field: notional, currency: currency}",
        f"context: [{', '.join(CONTEXT)}]",
        "max_rejects: 0.01",
        "defaults: {normalise: [strip]}",
        *_GATE,
        *_STORE,
    ]
    return "\n".join(lines) + "\n"


def _side(column: str, steps: str | None) -> str:
    return f"{{column: {column}, normalise: {steps}}}" if steps else column
