"""What no rule explains: single wrong cells, cells that cannot be read, and small legitimate differences."""

from __future__ import annotations

from typing import Final

from greenai.simulation.chance import Chance
from greenai.simulation.names import Counterparties

NOISE: Final = 201
"""Code of a wrong cell without any pattern."""
MISTAKE: Final = 202
"""Code of a real error among the rows of a slice whose cause does not hold there."""
UNREADABLE: Final = 203
"""Code of a cell on side a that is no value at all."""

UNREADABLE_TEXT: Final = "#REF!"
UNREADABLE_FIELD: Final = "fee"

_NOISY = (
    "quantity", "price", "notional", "fee", "accrued", "counterparty_name", "counterparty_code", "isin",
    "account", "settlement_date", "trade_date", "side", "status", "fx_rate",
)  # fmt: skip
_SHARE = 0.003
_UNREADABLE_SHARE = 0.0003


def noise_marks(chance: Chance, draw: str) -> dict[str, list[tuple[str, int]]]:
    """For each field the conditions, as SQL, under which a row has noise there, and the noise's code.

    `draw` is a uniform number of the row, as SQL.
    """
    width = _SHARE / len(_NOISY)
    marks = {
        field: [(f"{draw} >= {place * width!r} AND {draw} < {(place + 1) * width!r}", NOISE)]
        for place, field in enumerate(_NOISY)
    }
    marks[UNREADABLE_FIELD].append((f"{chance.uniform('unreadable')} < {_UNREADABLE_SHARE!r}", UNREADABLE))
    return marks


def noise_values(chance: Chance, firm: Counterparties) -> dict[str, str]:
    """A wrong value for each field, as SQL; it may happen to be right, then it is no break."""
    draw = chance.uniform("noise value")
    days = f"({chance.index('noise days', 40)} - 20)"
    return {
        "quantity": f"quantity + (1 + floor({draw} * 900)) * 10",
        "price": f"price * (0.8 + 0.4 * {draw})",
        "notional": f"notional * (0.9 + 0.2 * {draw})",
        "fee": f"fee + 0.01 + 90 * {draw}",
        "accrued": f"coalesce(accrued, 0) + 0.01 + 5000 * {draw}",
        "counterparty_name": chance.pick("noise name", firm.names),
        "counterparty_code": chance.pick("noise code", firm.codes),
        "isin": f"left(isin, 2) || (1000000000 + floor({draw} * 8999999999)::BIGINT)::VARCHAR",
        "account": f"(10000 + floor({draw} * 9000000)::BIGINT)::VARCHAR",
        "settlement_date": f"(settlement_date + {days})::DATE",
        "trade_date": f"(trade_date + {days})::DATE",
        "side": "CASE side WHEN 'BUY' THEN 'SELL' ELSE 'BUY' END",
        "status": chance.pick("noise status", ("CONFIRMED", "SETTLED", "PENDING", "CANCELLED")),
        "fx_rate": f"fx_rate * (0.9 + 0.2 * {draw})",
    }


def legitimate_values(chance: Chance) -> dict[str, str]:
    """Differences inside the definition's tolerances, as SQL: side b's value where nothing is wrong."""
    cents, clock = chance.uniform("cents"), chance.uniform("clock")
    cent = f"CASE WHEN {cents} < 0.01 THEN 0.01 WHEN {cents} < 0.02 THEN -0.01 ELSE 0 END"
    seconds = f"CASE WHEN {clock} < 0.03 THEN 1 WHEN {clock} < 0.05 THEN 2 ELSE 0 END"
    return {"notional": f"notional + {cent}", "executed_at": f"executed_at + to_seconds({seconds})"}
