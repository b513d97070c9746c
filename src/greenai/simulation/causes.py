"""The catalogue of planted causes: what can go wrong in a slice, and how side b then reads.

Each kind is a recipe. A seed settles its parameters (`draw`) and its slice (`greenai.simulation.slices`);
the result is a `Plant`, one cause in one world.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from greenai.simulation.chance import Chance, text_list
from greenai.simulation.names import Counterparties
from greenai.simulation.text import quoted


@dataclass(frozen=True, slots=True)
class Change:
    """What a cause does, with its parameters: for a reader, and as SQL over the relation `trade`.

    `value` is the typed value of side b; or `written` is the text of side a where b is as it should be.
    """

    expression: str
    value: str | None = None
    written: str | None = None


@dataclass(frozen=True, slots=True)
class Making:
    """What a recipe may use: `random` for parameters, `chance` for one draw per row, and the names."""

    random: Random
    chance: Chance
    counterparties: Counterparties


@dataclass(frozen=True, slots=True)
class CauseKind:
    """One row of the catalogue.

    `scopes` are the sets of context columns its slice may be made of; `share` is the part of all
    trades that it should break; `holds` is the part of its slice where it is true; `within` names a
    cause whose slice it lies in; `same_slice_as` one whose slice it shares.
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


def _scale(making: Making) -> Change:
    factor = making.random.choice([100, 100, 1000])
    return Change(f"b = a * {factor}", f"notional * {factor}")


def _fee_units(making: Making) -> Change:
    factor = making.random.choice([10, 100])
    return Change(f"b = a * {factor}", f"fee * {factor}")


def _sign(_: Making) -> Change:
    return Change("b = -a", "-fee")


def _multiply(_: Making) -> Change:
    return Change("b = round(a * fx_rate, 2)", "round(notional * fx_rate, 2)")


def _divide(_: Making) -> Change:
    # Whole numbers, because a division of decimals goes through a float: half away from zero, exactly.
    cents, micros = "(notional * 100)::HUGEINT", "(fx_rate * 1000000)::HUGEINT"
    value = f"(((2 * {cents} * 1000000 + {micros}) // (2 * {micros}))::DECIMAL(16,0) * 0.01)"
    return Change("b = round(a / fx_rate, 2)", value)


def _round(making: Making) -> Change:
    digits = making.random.choice([1, 2, 2])
    return Change(f"b = round(a, {digits})", f"round(price, {digits})")


def _affine(making: Making) -> Change:
    factor = making.random.choice(["1.1", "1.05", "0.9"])
    plus = making.random.choice(["2", "2.5", "5"])
    return Change(f"b = round(a * {factor} + {plus}, 2)", f"round(fee * {factor} + {plus}, 2)")


def _offset(making: Making) -> Change:
    spread = making.random.choice(["0.0125", "0.05", "0.25"])
    return Change(f"b = a + {spread}", f"price + {spread}")


def _lag(_: Making) -> Change:
    return Change("b = lag(a)", "coalesce(lagged_price, price)")


def _frozen(making: Making) -> Change:
    price = f"{making.random.randrange(50, 2_000)}.{making.random.randrange(10_000):04d}"
    return Change(f"b = {price}", price)


def _quantity_from_price(_: Making) -> Change:
    return Change("b = price", "price")


def _price_from_quantity(_: Making) -> Change:
    return Change("b = quantity", "quantity")


def _truncate(making: Making) -> Change:
    length = making.random.choice([16, 20, 20, 30])
    return Change(f"b = left(a, {length})", f"left(counterparty_name, {length})")


def _upper(making: Making) -> Change:
    case = making.random.choice(["upper", "lower"])
    return Change(f"b = {case}(a)", f"{case}(counterparty_name)")


def _spaces(making: Making) -> Change:
    gap = " " * making.random.choice([2, 3])
    value = f"replace(counterparty_name, ' ', '{gap}')"
    return Change(f"b = replace(a, ' ', '{gap}')", value)


def _garble(making: Making) -> Change:
    value = f"{text_list(making.counterparties.garbled)}[counterparty_no]"
    return Change("b = latin1(utf8(a))", value)


def _typo(making: Making) -> Change:
    # Two neighbours change places, somewhere inside the name.
    place = making.chance.uniform("typo place")
    at = f"(2 + floor({place} * (length(counterparty_name) - 4))::INTEGER)"
    value = (
        f"left(counterparty_name, {at} - 1) || counterparty_name[{at} + 1] || counterparty_name[{at}]"
        f" || substr(counterparty_name, {at} + 2)"
    )
    return Change("b = a with two neighbouring letters exchanged", value)


def _pad(making: Making) -> Change:
    width = making.random.choice([9, 10, 12])
    return Change(f"b = lpad(a, {width}, '0')", f"lpad(account, {width}, '0')")


def _affix(making: Making) -> Change:
    mark = making.random.choice([".OTC", ".X", "/001", " Corp"])
    return Change(f"b = a || {quoted(mark)}", f"isin || {quoted(mark)}")


def _status_codes(making: Making) -> Change:
    codes = dict(
        making.random.choice(
            [
                (("CONFIRMED", "C"), ("SETTLED", "S"), ("PENDING", "P"), ("AMENDED", "A")),
                (("CONFIRMED", "30"), ("SETTLED", "50"), ("PENDING", "10"), ("AMENDED", "20")),
            ]
        )
    )
    cases = " ".join(f"WHEN {quoted(old)} THEN {quoted(new)}" for old, new in codes.items())
    shown = ", ".join(f"{old}: {new}" for old, new in codes.items())
    return Change(f"b = map(a, {{{shown}}})", f"CASE status {cases} END")


def _venue_default(making: Making) -> Change:
    default = making.random.choice(["N/A", "UNKNOWN", "-"])
    return Change(f"b = coalesce(a, {quoted(default)})", f"coalesce(venue, {quoted(default)})")


def _accrued_default(_: Making) -> Change:
    return Change("b = coalesce(a, 0)", "coalesce(accrued, 0)")


def _european(_: Making) -> Change:
    whole, cents = "split_part(accrued::VARCHAR, '.', 1)::BIGINT", "split_part(accrued::VARCHAR, '.', 2)"
    written = f"replace(format('{{:,}}', {whole}), ',', '.') || ',' || {cents}"
    return Change("b = parse_number(a, decimal ',', group '.')", written=written)


def _iso_date(_: Making) -> Change:
    return Change("b = parse_date(a, '%Y-%m-%d')", written="strftime(settlement_date, '%Y-%m-%d')")


def _business_day(making: Making) -> Change:
    days = making.random.choice([1, 1, -1])
    if days > 0:
        value = "settlement_date + CASE isodow(settlement_date) WHEN 5 THEN 3 WHEN 6 THEN 2 ELSE 1 END"
    else:
        value = "settlement_date - CASE isodow(settlement_date) WHEN 1 THEN 3 WHEN 7 THEN 2 ELSE 1 END"
    return Change(f"b = business_days(a, {days:+d})", f"({value}::INTEGER)::DATE")


def _day(making: Making) -> Change:
    days = making.random.choice([1, 2, 7])
    return Change(f"b = a + {days} days", f"(trade_date + {days})::DATE")


def _hours(making: Making) -> Change:
    hours = making.random.choice([5, 5, 1, -4, 9])
    return Change(f"b = a {'+' if hours > 0 else '-'} {abs(hours)} hours", f"executed_at + to_hours({hours})")


def _day_month(_: Making) -> Change:
    value = (
        "CASE WHEN day(trade_date) <= 12 THEN make_date(year(trade_date), day(trade_date), month(trade_date))"
        " ELSE trade_date END"
    )
    return Change("b = swap_day_month(a)", value)


def _late(_: Making) -> Change:
    return Change("b is not there yet")


LATE = "late-slice"
LAG = "lagged-price"
_DESKS = (("desk", "region", "product"), ("desk", "currency", "product"), ("book", "product"))
_PEOPLE = (("trader", "product"), ("counterparty_code",))
_FILES = (("source_file", "currency", "product"), ("source_file", "desk", "product"))

CAUSES: tuple[CauseKind, ...] = (
    CauseKind(LATE, "unknown", None, "LATE_ARRIVAL", "a whole slice is missing on b", (("book", "currency"), ("book", "product")), _late, 0.003),
    CauseKind("fee-units", "scale", "fee", "SCALE_ERROR", "a minority inside the slice of `fee-schedule`: fee in other units", (("product",), ("trader",), ("region",)), _fee_units, 0.001, within="fee-schedule"),
    CauseKind("fee-schedule", "affine", "fee", "REFERENCE_DATA", "an old fee schedule", (("desk", "currency"), ("desk", "product")), _affine, 0.006),
    CauseKind("fee-sign", "sign", "fee", "SIGN_ERROR", "the fee's sign is turned; true on 97 % of its slice", _DESKS, _sign, 0.003, holds=0.97),
    CauseKind("notional-scale", "scale", "notional", "SCALE_ERROR", "notional in units of a currency without cents", (("currency", "source_file"),), _scale, 0.003),
    CauseKind("notional-converted", "reference_multiply", "notional", "FX_RATE", "notional converted with the rate", (("desk", "region", "currency"), ("book", "currency")), _multiply),
    CauseKind("notional-inverse", "reference_multiply", "notional", "FX_RATE", "notional converted with the inverse quote", (("trader", "product"), ("book", "currency")), _divide),
    CauseKind("quantity-swap", "field_swap", "quantity", "FIELD_SWAP", "quantity holds the price", (("trader", "currency"), ("trader", "product")), _quantity_from_price, 0.0015),
    CauseKind("price-swap", "field_swap", "price", "FIELD_SWAP", "price holds the quantity", (), _price_from_quantity, 0.0015, same_slice_as="quantity-swap"),
    CauseKind(LAG, "lag", "price", "STALE_DATA", "the price of the trade before, in key order of the slice", (("book", "product"), ("book", "currency")), _lag, 0.0015),
    CauseKind("frozen-price", "unknown", "price", "STALE_DATA", "a feed stands still at one price", (("trader", "product"), ("book", "currency")), _frozen, 0.001),
    CauseKind("price-rounding", "rounding", "price", "ROUNDING", "price rounded to fewer places", _DESKS, _round, 0.003),
    CauseKind("price-spread", "offset", "price", "PRICE_SOURCE", "price from the other side of the spread", (("region", "product", "currency"), ("desk", "region", "currency")), _offset),
    CauseKind("name-truncation", "truncation", "counterparty_name", "TRUNCATION", "names cut to a column's width", _DESKS, _truncate),
    CauseKind("name-case", "case", "counterparty_name", "FORMAT", "names in capitals or in small letters", _DESKS, _upper),
    CauseKind("name-spaces", "whitespace", "counterparty_name", "FORMAT", "wide gaps inside names", _FILES, _spaces),
    CauseKind("name-encoding", "encoding", "counterparty_name", "ENCODING", "UTF-8 read as Latin-1", _DESKS, _garble),
    CauseKind("name-typos", "typo", "counterparty_name", "MANUAL_ENTRY", "someone types names by hand, and one in four wrong", (("trader",),), _typo, 0.001, holds=0.25),
    CauseKind("account-padding", "padding", "account", "FORMAT", "account numbers filled with zeros", _FILES, _pad),
    CauseKind("isin-affix", "affix", "isin", "FORMAT", "a market's mark behind the identifier", (("product", "currency", "region"), ("trader", "product")), _affix),
    CauseKind("status-codes", "value_map", "status", "CODE_MAPPING", "status written in codes of another system", _DESKS, _status_codes),
    CauseKind("venue-default", "null_default", "venue", "MISSING_VALUE", "a text in place of nothing", _DESKS, _venue_default),
    CauseKind("accrued-default", "null_default", "accrued", "MISSING_VALUE", "zero in place of nothing", (("desk", "region", "currency"), ("book", "product")), _accrued_default),
    CauseKind("accrued-european", "numeric_format", "accrued", "FORMAT", "side a writes 1.234,56", _FILES, _european, 0.0015),
    CauseKind("settlement-business-day", "business_day_shift", "settlement_date", "TIMING", "settlement a business day apart", (("book", "product"), ("counterparty_code",)), _business_day),
    CauseKind("settlement-iso", "date_format", "settlement_date", "FORMAT", "side a writes 2026-11-19", _FILES, _iso_date, 0.0015),
    CauseKind("trade-date-swap", "day_month_swap", "trade_date", "DATE_SWAP", "day and month change places where both readings exist", _FILES, _day_month, 0.0015),
    CauseKind("trade-date-shift", "date_shift", "trade_date", "TIMING", "booked on a later calendar day", _PEOPLE, _day),
    CauseKind("execution-zone", "time_shift", "executed_at", "TIMING", "clock of another zone, or daylight saving", (("region", "currency", "source_file"), ("desk", "region", "product")), _hours, 0.003),
)  # fmt: skip
"""Every kind, in the order in which slices are chosen; the first that claims a cell has it."""
