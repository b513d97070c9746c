"""Rules are found with their scopes, and none where there is none."""

from __future__ import annotations

import random

import pytest
from slicing import selection, world

ROWS = world(20_000, 1)


def test_a_slice_of_two_conditions_is_found_with_its_exceptions() -> None:
    draw = random.Random(3)

    def broken(place: int, row: dict[str, object]) -> list[int] | None:
        if row["currency"] == "JPY" and row["file"] == "fo_3.csv":
            return [] if place % 50 == 0 else [0]
        return [] if draw.random() < 0.003 else None

    chosen, _ = selection(ROWS, broken, transformations=1)
    (rule,) = chosen.choose()
    assert str(rule.scope.predicate) == "currency = 'JPY' and file = 'fo_3.csv'"
    assert rule.scope.exceptions > 0
    assert rule.scope.share > 0.95
    assert 0.9 < rule.confidence < 1


def test_one_transformation_in_three_slices_gives_three_rules() -> None:
    def broken(place: int, row: dict[str, object]) -> list[int] | None:
        slices = (
            row["desk"] == "desk 1" and row["currency"] == "GBP",
            row["book"] == "book 33" and row["product"] == "product 2",
            row["trader"] == "trader 7",
        )
        return [0] if any(slices) else None

    chosen, _ = selection(ROWS, broken, transformations=1)
    scopes = {str(rule.scope.predicate) for rule in chosen.choose()}
    assert scopes == {
        "currency = 'GBP' and desk = 'desk 1'",
        "book = 'book 33' and product = 'product 2'",
        "trader = 'trader 7'",
    }


def test_a_small_rule_inside_a_large_slice_is_found() -> None:
    def broken(place: int, row: dict[str, object]) -> list[int] | None:
        if row["desk"] != "desk 2":
            return None
        return [1] if row["trader"] == "trader 9" else [0]

    chosen, _ = selection(ROWS, broken, transformations=2)
    rules = chosen.choose()
    assert [rule.number for rule in rules] == [0, 1]
    assert str(rules[0].scope.predicate) == "desk = 'desk 2'"
    assert rules[1].scope.predicate.columns >= {"trader"}
    small = rules[1].scope
    assert small.breaks == (chosen.candidates[1].holds).bit_count()


def test_correlated_context_gives_the_simpler_predicate() -> None:
    def broken(place: int, row: dict[str, object]) -> list[int] | None:
        return [0] if row["book"] == "book 44" else None

    chosen, _ = selection(ROWS, broken, transformations=1)
    (rule,) = chosen.choose()
    assert str(rule.scope.predicate) == "book = 'book 44'"


def test_two_names_of_one_slice_are_both_shown() -> None:
    rows = [{**row, "city": str(row["desk"]).replace("desk", "city")} for row in ROWS]

    def broken(place: int, row: dict[str, object]) -> list[int] | None:
        return [0] if row["desk"] == "desk 5" else None

    chosen, _ = selection(rows, broken, transformations=1, columns=("city", "desk", "currency"))
    (rule,) = chosen.choose()
    named = {str(rule.scope.predicate), *(str(scope.predicate) for scope in rule.also)}
    assert named == {"city = 'city 5'", "desk = 'desk 5'"}


def test_a_transformation_of_all_breaks_everywhere_needs_no_scope() -> None:
    draw = random.Random(5)

    def broken(place: int, row: dict[str, object]) -> list[int] | None:
        return [0] if draw.random() < 0.02 else None

    chosen, _ = selection(ROWS, broken, transformations=1)
    (rule,) = chosen.choose()
    assert str(rule.scope.predicate) == "true"


def test_a_sporadic_cause_of_one_trader_is_found() -> None:
    draw = random.Random(6)

    def broken(place: int, row: dict[str, object]) -> list[int] | None:
        if row["trader"] == "trader 3" and draw.random() < 0.25:
            return [0]
        return [] if draw.random() < 0.003 else None

    chosen, _ = selection(ROWS, broken, transformations=1)
    (rule,) = chosen.choose()
    assert str(rule.scope.predicate) == "trader = 'trader 3'"


def test_a_set_of_values_is_one_rule() -> None:
    def broken(place: int, row: dict[str, object]) -> list[int] | None:
        return [0] if row["file"] in ("fo_2.csv", "fo_4.csv") and row["currency"] == "CHF" else None

    chosen, _ = selection(ROWS, broken, transformations=1)
    rules = chosen.choose()
    assert {str(rule.scope.predicate) for rule in rules} == {
        "currency = 'CHF' and file in ('fo_2.csv', 'fo_4.csv')"
    }


def test_a_range_of_numbers_is_a_scope() -> None:
    rows = [{**row, "batch": place % 1000} for place, row in enumerate(ROWS)]

    def broken(place: int, row: dict[str, object]) -> list[int] | None:
        if 400 <= int(str(row["batch"])) <= 450:
            return [0]
        return [] if place % 97 == 0 else None

    chosen, _ = selection(rows, broken, transformations=1, columns=("desk", "currency", "batch"))
    rules = chosen.choose()
    assert [str(rule.scope.predicate) for rule in rules] == ["batch between 400 and 450"]


@pytest.mark.parametrize("seed", range(50))
def test_noise_gives_no_rule(seed: int) -> None:
    draw = random.Random(seed)
    rows = ROWS[:6_000]
    # Breaks gather in some slices, and transformations hold of some of them, by chance alone.
    often = {f"desk {draw.randrange(8)}", f"trader {draw.randrange(120)}"}
    rates = [draw.choice((0.01, 0.05, 0.3, 0.5)) for _ in range(12)]

    def broken(place: int, row: dict[str, object]) -> list[int] | None:
        rate = 0.3 if row["desk"] in often or row["trader"] in often else 0.03
        if draw.random() > rate:
            return None
        return [number for number, hit in enumerate(rates) if draw.random() < hit]

    chosen, _ = selection(rows, broken, transformations=12, seed=seed, chance=0.3)
    assert chosen.choose() == []
