"""What a cause says is exact: its exceptions are the real errors; a small cause in a large one is found."""

from __future__ import annotations

import json
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
    # Both kinds are shown, the agreeing ones with the value that both sides have.
    against = json.loads(cause["counter_examples"])
    shown = {one["key"][0]: (one["value_a"], one["value_b"]) for one in against}
    agreeing = {f"T{n:06}": (str(a[n]["amount"]), str(a[n]["amount"])) for n in spared}
    assert len(against) == 3
    assert {key: pair for key, pair in shown.items() if pair[0] == pair[1]}.items() <= agreeing.items()
    assert 1 <= sum(one["value_a"] == one["value_b"] for one in against) < 3
    assert len(json.loads(cause["examples"])) == 3


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
    # The exceptions of the large one are those of its scope that the small one explains.
    among = len(inside)
    assert large["exceptions"] == len(minority)
    assert large["explanation"].startswith(f"{among - len(minority):,} of {among:,} values of amount of desk")
    assert f"({len(minority)} otherwise explained, 0 unexplained)" in large["explanation"]


def test_a_small_cause_does_not_say_all_where_a_larger_one_explains_the_rest_of_its_scope(
    tmp_path: Path,
) -> None:
    a = trades(3)
    b = [dict(row) for row in a]
    desk = [n for n, row in enumerate(a) if row["desk"] == "desk 2"]
    bonds = [n for n in desk if a[n]["product"] == "Bond"]
    small = set(bonds[::20])
    for n in desk:
        b[n]["amount"] = -a[n]["amount"] if n in small else a[n]["amount"] + 1000
    found = reconciled(tmp_path, a, b, key="id", fields="[id, amount]", context="[desk, product]")
    by_expression = {cause["expression"]: cause for cause in found.of("amount")}
    assert by_expression["b = a + 1000"]["exceptions"] == len(small)
    for cause in found.of("amount"):
        size = cause["breaks"] + cause["exceptions"]
        whole = desk if cause["scope"] == "desk = 'desk 2'" else bonds
        assert size == len(whole)
        assert cause["explanation"].startswith(f"{cause['breaks']:,} of {size:,} values")
        assert "0 unexplained" in cause["explanation"]


def test_values_that_agree_within_a_tolerance_are_shown_as_they_are(tmp_path: Path) -> None:
    a = trades(4)
    b = [dict(row) for row in a]
    desk = [n for n, row in enumerate(a) if row["desk"] == "desk 1"]
    for n in desk[4:]:
        b[n]["amount"] = -a[n]["amount"]
    for n in desk[:4]:
        b[n]["amount"] = a[n]["amount"] + Decimal("0.01")
    found = reconciled(
        tmp_path,
        a,
        b,
        key="id",
        fields="{id: {type: string}, amount: {type: 'decimal(18,2)', compare: {absolute: 0.05}}}",
        context="[desk, product]",
    )
    (cause,) = found.of("amount")
    against = json.loads(cause["counter_examples"])
    assert cause["exceptions"] == 4
    assert [Decimal(one["value_b"]) - Decimal(one["value_a"]) for one in against] == [Decimal("0.01")] * 3
