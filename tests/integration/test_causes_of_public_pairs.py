"""What must be found in public data, on small tables of the same make.

`make bench-attribution` has the real ones. The rates, ounces and types below are made up. They differ as the
euro reference rates of the ECB do from the H.10 release, the two versions of the `beers` table of the
Quintet, and two FlightAware registries.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from causeshop import Row, reconciled

CURRENCIES = {"AUD": 1.5, "CAD": 1.4, "CHF": 1.1, "DKK": 7.44, "GBP": 0.87, "HKD": 8.7, "JPY": 134.0}
CURRENCIES |= {"KRW": 1320.0, "NOK": 8.9, "NZD": 1.65, "SEK": 9.4, "SGD": 1.52, "ZAR": 15.1}
EURO = {date(2016, 3, 25), date(2016, 3, 28), date(2016, 5, 16)}
DOLLAR = {date(2016, 2, 15), date(2016, 5, 30), date(2016, 7, 4)}


def places(value: float) -> Decimal:
    return Decimal(f"{value:.4f}")


def rates(seed: int) -> tuple[list[Row], list[Row]]:
    """Rates per euro, and per dollar some hours later; each bank has its own holidays."""
    draw = random.Random(seed)
    per_euro, per_dollar = [], []
    level = dict(CURRENCIES)
    usd = 1.12
    for day in (date(2016, 1, 4) + timedelta(days=n) for n in range(220)):
        usd *= 1 + draw.gauss(0, 0.004)
        for currency in CURRENCIES:
            level[currency] *= 1 + draw.gauss(0, 0.004)
            row = {"date": day, "currency": currency, "month": f"{day:%Y-%m}"}
            if day not in EURO:
                per_euro.append({**row, "rate": places(level[currency]), "usd": places(usd)})
            if day not in DOLLAR:
                later = level[currency] / usd * (1 + draw.gauss(0, 0.0008))
                per_dollar.append({**row, "rate": places(later), "usd": places(usd)})
    return per_euro, per_dollar


def test_the_other_quote_base_is_a_quotient_by_the_reference_rate(tmp_path: Path) -> None:
    a, b = rates(1)
    fields = "{date: {}, currency: {}, rate: {}, usd: {compare: {relative: 0.02}}}"
    found = reconciled(tmp_path, a, b, key="[date, currency]", fields=fields, context="[currency, month]")
    best = max(found.of("rate"), key=lambda cause: cause["breaks"])
    assert best["transformation"] == "reference_multiply"
    assert best["expression"] in {"b = a / a.usd, within 0.5 %", "b = a / b.usd, within 0.5 %"}
    assert best["reason"] == "FX_RATE"
    different = sum(one["field"] == "rate" for one in found.breaks)
    assert best["breaks"] >= 0.95 * different > 2_000


def test_holidays_of_one_bank_are_causes_of_whole_records(tmp_path: Path) -> None:
    a, b = rates(2)
    fields = "{date: {}, currency: {}, rate: {}, usd: {compare: {relative: 0.02}}}"
    found = reconciled(tmp_path, a, b, key="[date, currency]", fields=fields, context="[currency, month]")
    gaps = found.of(None)
    explained = {cause["expression"]: cause for cause in gaps}
    assert len(gaps) == 2
    for expression, days in (("no record in b", DOLLAR), ("no record in a", EURO)):
        cause = explained[expression]
        assert all(day.isoformat() in cause["scope"] for day in days)
        assert cause["scope"].startswith("date in (")
        assert cause["breaks"] == len(days) * len(CURRENCIES)
        assert cause["exceptions"] == 0


def test_dollars_per_euro_are_one_over_euros_per_dollar(tmp_path: Path) -> None:
    draw = random.Random(3)
    a, b = [], []
    for day in (date(2014, 1, 1) + timedelta(days=n) for n in range(600)):
        quote = 1.25 + 0.12 * draw.random()
        later = (1 + draw.gauss(0, 0.0008)) / quote
        a.append({"date": day, "rate": places(quote), "year": str(day.year)})
        b.append({"date": day, "rate": places(later), "year": str(day.year)})
    found = reconciled(tmp_path, a, b, key="date", fields="[date, rate]", context="[year]")
    (cause,) = found.of("rate")
    assert cause["transformation"] == "reference_multiply"
    assert cause["expression"].startswith("b = 1 / a")
    # How close it may be is chosen by what it saves: the last few days lie beyond.
    assert cause["breaks"] >= 0.75 * len(a)


def test_ounces_in_every_spelling_are_one_cause(tmp_path: Path) -> None:
    draw = random.Random(4)
    spellings = (" oz", " oz.", " ounce", " OZ.", " oz. Alumi-Tek", " oz. Silo Can")
    sizes = ("12.0", "16.0", "24.0", "19.2", "8.4", "32.0")
    a, b = [], []
    for n in range(800):
        size = draw.choice(sizes)
        row = {"id": n, "style": draw.choice(("IPA", "Lager", "Stout"))}
        a.append({**row, "ounces": size + draw.choice(spellings)})
        b.append({**row, "ounces": size.removesuffix(".0")})
    found = reconciled(tmp_path, a, b, key="id", fields="[id, ounces]", context="[style]")
    (cause,) = found.of("ounces")
    assert (cause["transformation"], cause["scope"], cause["exceptions"]) == ("numeric_format", "true", 0)
    assert cause["breaks"] == len(a)


def test_blanked_types_of_one_registry_are_one_cause_with_its_scope(tmp_path: Path) -> None:
    draw = random.Random(5)
    types = ("C172", "P28A", "B738", "A320", "SR22", "BE35", "GLID", "J3")
    a, b = [], []
    for n in range(6_000):
        mark = draw.choice("NNNNNNNDFGOS")
        row = {"icao24": f"{n:06X}", "mark": mark, "block": "A" if mark == "N" else draw.choice("348")}
        kind = draw.choice(types)
        a.append({**row, "type": kind})
        lost = draw.random() < (0.4 if mark == "N" else 0.02)
        b.append({**row, "type": None if lost else draw.choice(types) if draw.random() < 0.03 else kind})
    found = reconciled(tmp_path, a, b, key="icao24", fields="[icao24, type]", context="[mark, block]")
    us = [n for n, row in enumerate(a) if row["mark"] == "N" and b[n]["type"] is None]
    (cause,) = [one for one in found.of("type") if one["transformation"] == "null_default"]
    assert cause["scope"] in {"mark = 'N'", "block = 'A'"}
    assert cause["reason"] == "MISSING_VALUE"
    assert cause["breaks"] == len(us)
