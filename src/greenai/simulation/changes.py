"""Recipes of the planted causes: each settles its parameters and says how side b then reads."""

from __future__ import annotations

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


def scale(making: Making) -> Change:
    factor = making.random.choice([100, 100, 1000])
    return Change(f"b = a * {factor}", f"notional * {factor}")


def fee_units(making: Making) -> Change:
    factor = making.random.choice([10, 100])
    return Change(f"b = a * {factor}", f"fee * {factor}")


def sign(_: Making) -> Change:
    return Change("b = -a", "-fee")


def multiply(_: Making) -> Change:
    return Change("b = round(a * fx_rate, 2)", "round(notional * fx_rate, 2)")


def divide(_: Making) -> Change:
    # Whole numbers, because a division of decimals goes through a float: half away from zero, exactly.
    cents, micros = "(notional * 100)::HUGEINT", "(fx_rate * 1000000)::HUGEINT"
    value = f"(((2 * {cents} * 1000000 + {micros}) // (2 * {micros}))::DECIMAL(16,0) * 0.01)"
    return Change("b = round(a / fx_rate, 2)", value)


def rounded(making: Making) -> Change:
    digits = making.random.choice([1, 2, 2])
    return Change(f"b = round(a, {digits})", f"round(price, {digits})")


def affine(making: Making) -> Change:
    factor = making.random.choice(["1.1", "1.05", "0.9"])
    plus = making.random.choice(["2", "2.5", "5"])
    return Change(f"b = round(a * {factor} + {plus}, 2)", f"round(fee * {factor} + {plus}, 2)")


def offset(making: Making) -> Change:
    spread = making.random.choice(["0.0125", "0.05", "0.25"])
    return Change(f"b = a + {spread}", f"price + {spread}")


def lag(_: Making) -> Change:
    return Change("b = lag(a)", "coalesce(lagged_price, price)")


def frozen(making: Making) -> Change:
    price = f"{making.random.randrange(50, 2_000)}.{making.random.randrange(10_000):04d}"
    return Change(f"b = {price}", price)


def quantity_from_price(_: Making) -> Change:
    return Change("b = price", "price")


def price_from_quantity(_: Making) -> Change:
    return Change("b = quantity", "quantity")


def truncate(making: Making) -> Change:
    length = making.random.choice([16, 20, 20, 30])
    return Change(f"b = left(a, {length})", f"left(counterparty_name, {length})")


def change_case(making: Making) -> Change:
    case = making.random.choice(["upper", "lower"])
    return Change(f"b = {case}(a)", f"{case}(counterparty_name)")


def spaces(making: Making) -> Change:
    gap = " " * making.random.choice([2, 3])
    value = f"replace(counterparty_name, ' ', '{gap}')"
    return Change(f"b = replace(a, ' ', '{gap}')", value)


def garble(making: Making) -> Change:
    value = f"{text_list(making.counterparties.garbled)}[counterparty_no]"
    return Change("b = latin1(utf8(a))", value)


def typo(making: Making) -> Change:
    # Two neighbours change places, somewhere inside the name.
    place = making.chance.uniform("typo place")
    at = f"(2 + floor({place} * (length(counterparty_name) - 4))::INTEGER)"
    value = (
        f"left(counterparty_name, {at} - 1) || counterparty_name[{at} + 1] || counterparty_name[{at}]"
        f" || substr(counterparty_name, {at} + 2)"
    )
    return Change("b = a with two neighbouring letters exchanged", value)


def pad(making: Making) -> Change:
    width = making.random.choice([9, 10, 12])
    return Change(f"b = lpad(a, {width}, '0')", f"lpad(account, {width}, '0')")


def affix(making: Making) -> Change:
    mark = making.random.choice([".OTC", ".X", "/001", " Corp"])
    return Change(f"b = a || {quoted(mark)}", f"isin || {quoted(mark)}")


def status_codes(making: Making) -> Change:
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


def venue_default(making: Making) -> Change:
    default = making.random.choice(["N/A", "UNKNOWN", "-"])
    return Change(f"b = coalesce(a, {quoted(default)})", f"coalesce(venue, {quoted(default)})")


def accrued_default(_: Making) -> Change:
    return Change("b = coalesce(a, 0)", "coalesce(accrued, 0)")


def european(_: Making) -> Change:
    whole, cents = "split_part(accrued::VARCHAR, '.', 1)::BIGINT", "split_part(accrued::VARCHAR, '.', 2)"
    written = f"replace(format('{{:,}}', {whole}), ',', '.') || ',' || {cents}"
    return Change("b = parse_number(a, decimal ',', group '.')", written=written)


def iso_date(_: Making) -> Change:
    return Change("b = parse_date(a, '%Y-%m-%d')", written="strftime(settlement_date, '%Y-%m-%d')")


def business_day(making: Making) -> Change:
    days = making.random.choice([1, 1, -1])
    if days > 0:
        value = "settlement_date + CASE isodow(settlement_date) WHEN 5 THEN 3 WHEN 6 THEN 2 ELSE 1 END"
    else:
        value = "settlement_date - CASE isodow(settlement_date) WHEN 1 THEN 3 WHEN 7 THEN 2 ELSE 1 END"
    return Change(f"b = business_days(a, {days:+d})", f"({value}::INTEGER)::DATE")


def day(making: Making) -> Change:
    days = making.random.choice([1, 2, 7])
    return Change(f"b = a + {days} days", f"(trade_date + {days})::DATE")


def hours(making: Making) -> Change:
    hours = making.random.choice([5, 5, 1, -4, 9])
    return Change(f"b = a {'+' if hours > 0 else '-'} {abs(hours)} hours", f"executed_at + to_hours({hours})")


def day_month(_: Making) -> Change:
    value = (
        "CASE WHEN day(trade_date) <= 12 THEN make_date(year(trade_date), day(trade_date), month(trade_date))"
        " ELSE trade_date END"
    )
    return Change("b = swap_day_month(a)", value)


def late(_: Making) -> Change:
    return Change("b is not there yet")
