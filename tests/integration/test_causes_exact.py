"""What a cause says is exact: its exceptions are the real errors; a small cause in a large one is found."""

from __future__ import annotations

import random
from decimal import Decimal
from pathlib import Path

from causeshop import Row, reconciled

ROWS = 20_000


def trades(seed: int) -> list[Row]:
    draw = random.Random(seed)
    return [
        {
            "id": f"T{n:06}",
            "amount": Decimal(draw.randrange(1_001, 9_000_000)).scaleb(-2),
            "desk": f"desk {draw.randrange(8)}",
            "product": draw.choice(("Bond", "Equity", "Future", "Option", "Swap")),
            "trader": f"trader {draw.randrange(40)}",
        }
        for n in range(ROWS)
    ]


def test_a_rule_true_on_97_percent_of_its_slice_has_exactly_the_errors_as_exceptions(tmp_path: Path) -> None:
    draw = random.Random(11)
    a = trades(1)
    b = [dict(row) for row in a]
    slice = [n for n, row in enumerate(a) if row["desk"] == "desk 3" and row["product"] == "Swap"]
    errors = set(draw.sample(slice, round(0.03 * len(slice))))
    for n in slice:
        right = -a[n]["amount"]
        b[n]["amount"] = right + Decimal(draw.randrange(1, 90_000)).scaleb(-2) if n in errors else right
    found = reconciled(tmp_path, a, b, key="id", fields="[id, amount]", context="[desk, product, trader]")
    (cause,) = found.of("amount")
    assert (cause["transformation"], cause["scope"]) == ("sign", "desk = 'desk 3' and product = 'Swap'")
    assert (cause["breaks"], cause["exceptions"]) == (len(slice) - len(errors), len(errors))
    assert len(errors) >= 10

    def keys(places: set[int]) -> set[str]:
        return {f'["{a[n]["id"]}"]' for n in places}

    assert found.keys("amount", cause["cause_id"]) == keys(set(slice) - errors)
    assert found.keys("amount", None) == keys(errors)
    # What is no error and does not differ is an exception too: the slice's records that agree.
    spared = sorted(set(slice) - errors)[:5]
    for n in spared:
        b[n]["amount"] = a[n]["amount"]
    found = reconciled(
        tmp_path / "spared", a, b, key="id", fields="[id, amount]", context="[desk, product, trader]"
    )
    (cause,) = found.of("amount")
    assert cause["exceptions"] == len(errors) + len(spared)


def test_a_minority_of_a_thousandth_inside_a_larger_slice_is_found(tmp_path: Path) -> None:
    a = trades(2)
    b = [dict(row) for row in a]
    inside = {n for n, row in enumerate(a) if row["desk"] == "desk 5"}
    minority = {n for n in inside if a[n]["trader"] == "trader 7" and a[n]["product"] in ("Bond", "Swap")}
    assert 0.0008 * ROWS <= len(minority) <= 0.0015 * ROWS
    for n in inside:
        b[n]["amount"] = a[n]["amount"] * (100 if n in minority else -1)
    found = reconciled(tmp_path, a, b, key="id", fields="[id, amount]", context="[desk, product, trader]")
    by_expression = {cause["expression"]: cause for cause in found.of("amount")}
    assert set(by_expression) == {"b = -a", "b = a * 100"}
    small, large = by_expression["b = a * 100"], by_expression["b = -a"]
    assert (small["breaks"], small["exceptions"]) == (len(minority), 0)
    assert "trader = 'trader 7'" in small["scope"]
    assert (large["breaks"], large["scope"]) == (len(inside) - len(minority), "desk = 'desk 5'")
