"""The catalogue of planted causes: what can go wrong, in slices of which columns, and how often.

Each kind is a recipe. A seed settles its parameters (`greenai.simulation.changes`) and its slice
(`greenai.simulation.slices`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from greenai.simulation import changes
from greenai.simulation.changes import Change, Making


@dataclass(frozen=True, slots=True)
class CauseKind:
    """One row of the catalogue.

    `scopes` are the sets of context columns its slice may be made of; `share` is the part of all
    trades that it should break; `holds` is the part of its slice where it is true; `within` names a
    cause whose slice it lies in; `same_slice_as` one whose slice it shares. `field` is None where
    whole records are missing.
    """

    id: str
    family: str
    field: str | None
    reason: str
    what: str
    scopes: tuple[tuple[str, ...], ...]
    draw: Callable[[Making], Change]
    share: float = 0.002
    holds: float = 1.0
    within: str | None = None
    same_slice_as: str | None = None


LATE = "late-slice"
LAG = "lagged-price"

_BOOK = (("book", "product"), ("book", "currency"))
_CLIENT = (("trader", "product"), ("counterparty_code",))
_DESK = (("desk", "region", "product"), ("desk", "currency", "product"), ("book", "product"))
_FILE = (("source_file", "currency", "product"), ("source_file", "desk", "product"))
_FILE_CURRENCY = (("source_file", "currency"),)
_HOST = (("desk", "currency"), ("desk", "product"))
_INSIDE = (("product",), ("trader",), ("region",))
_MARKET = (("region", "product", "currency"), ("desk", "region", "currency"))
_ONE_TRADER = (("trader",),)
_TRADER = (("trader", "product"), ("book", "currency"))
_ZONE = (("region", "currency", "source_file"), ("desk", "region", "product"))

_NAME = "counterparty_name"
_SETTLED = "settlement_date"

# fmt: off
CAUSES: tuple[CauseKind, ...] = (
    CauseKind(LATE, "unknown", None, "LATE_ARRIVAL",
              "a whole slice is missing on b", _BOOK, changes.late, 0.003),
    CauseKind("fee-units", "scale", "fee", "SCALE_ERROR",
              "fee in other units: one trade in a thousand, a minority inside another slice",
              _INSIDE, changes.fee_units, 0.001, within="fee-schedule"),
    CauseKind("fee-schedule", "affine", "fee", "REFERENCE_DATA",
              "an old fee schedule", _HOST, changes.affine, 0.006),
    CauseKind("fee-sign", "sign", "fee", "SIGN_ERROR",
              "the fee's sign is turned; true on 97 % of its slice", _DESK, changes.sign, 0.003, holds=0.97),
    CauseKind("notional-scale", "scale", "notional", "SCALE_ERROR",
              "notional in other units", _FILE_CURRENCY, changes.scale, 0.003),
    CauseKind("notional-converted", "reference_multiply", "notional", "FX_RATE",
              "notional converted with the rate", _MARKET, changes.multiply),
    CauseKind("notional-inverse", "reference_multiply", "notional", "FX_RATE",
              "notional converted with the inverse quote", _TRADER, changes.divide),
    CauseKind("quantity-swap", "field_swap", "quantity", "FIELD_SWAP",
              "quantity holds the price", _TRADER, changes.quantity_from_price, 0.0015),
    CauseKind("price-swap", "field_swap", "price", "FIELD_SWAP",
              "price holds the quantity", (), changes.price_from_quantity, 0.0015,
              same_slice_as="quantity-swap"),
    CauseKind(LAG, "lag", "price", "STALE_DATA",
              "the price of the trade before, in key order of the slice", _BOOK, changes.lag, 0.0015),
    CauseKind("frozen-price", "unknown", "price", "STALE_DATA",
              "a feed stands still at one price", _TRADER, changes.frozen, 0.001),
    CauseKind("price-rounding", "rounding", "price", "ROUNDING",
              "price rounded to fewer places", _DESK, changes.rounded, 0.003),
    CauseKind("price-spread", "offset", "price", "PRICE_SOURCE",
              "price from the other side of the spread", _MARKET, changes.offset),
    CauseKind("name-truncation", "truncation", _NAME, "TRUNCATION",
              "names cut to a column's width", _DESK, changes.truncate),
    CauseKind("name-case", "case", _NAME, "FORMAT",
              "names in capitals or in small letters", _DESK, changes.change_case),
    CauseKind("name-spaces", "whitespace", _NAME, "FORMAT",
              "wide gaps inside names", _FILE, changes.spaces),
    CauseKind("name-encoding", "encoding", _NAME, "ENCODING",
              "UTF-8 read as Latin-1", _DESK, changes.garble),
    CauseKind("name-typos", "typo", _NAME, "MANUAL_ENTRY",
              "someone types names by hand, and one in four wrong", _ONE_TRADER, changes.typo, 0.001,
              holds=0.25),
    CauseKind("account-padding", "padding", "account", "FORMAT",
              "account numbers filled with zeros", _FILE, changes.pad),
    CauseKind("isin-affix", "affix", "isin", "FORMAT",
              "a market's mark behind the identifier", _MARKET, changes.affix),
    CauseKind("status-codes", "value_map", "status", "CODE_MAPPING",
              "status written in codes of another system", _DESK, changes.status_codes),
    CauseKind("venue-default", "null_default", "venue", "MISSING_VALUE",
              "a text in place of nothing", _DESK, changes.venue_default),
    CauseKind("accrued-default", "null_default", "accrued", "MISSING_VALUE",
              "zero in place of nothing", _MARKET, changes.accrued_default),
    CauseKind("accrued-european", "numeric_format", "accrued", "FORMAT",
              "side a writes 1.234,56", _FILE, changes.european, 0.0015),
    CauseKind("settlement-business-day", "business_day_shift", _SETTLED, "TIMING",
              "settlement a business day apart", _BOOK, changes.business_day),
    CauseKind("settlement-iso", "date_format", _SETTLED, "FORMAT",
              "side a writes 2026-11-19", _FILE, changes.iso_date, 0.0015),
    CauseKind("trade-date-swap", "day_month_swap", "trade_date", "DATE_SWAP",
              "day and month change places where both readings exist", _FILE, changes.day_month, 0.0015),
    CauseKind("trade-date-shift", "date_shift", "trade_date", "TIMING",
              "booked on a later calendar day", _CLIENT, changes.day),
    CauseKind("execution-zone", "time_shift", "executed_at", "TIMING",
              "the clock of another zone, or daylight saving", _ZONE, changes.hours, 0.003),
)
# fmt: on
"""Every kind; where two claim a cell, the first has it."""


def causes_table() -> str:
    """The catalogue as a Markdown table, as it stands in the documentation."""
    lines = ["| cause | family | field | reason | what | slice by |", "|---|---|---|---|---|---|"]
    for kind in CAUSES:
        slices = " or ".join(" + ".join(columns) for columns in kind.scopes)
        if kind.same_slice_as is not None:
            slices = f"as `{kind.same_slice_as}`"
        elif kind.within is not None:
            slices = f"`{kind.within}`, and {slices}"
        field = kind.field or "(record)"
        lines.append(f"| `{kind.id}` | {kind.family} | {field} | {kind.reason} | {kind.what} | {slices} |")
    return "\n".join(lines) + "\n"
