"""Breaks in two times: what holds for a date, as known at a publication, against a naive model of both."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from storeshop import FIRST, One, Shop, by_key, open_shop

from greenai.engines.duckdb import DuckDBEngine
from greenai.store import breaks


@pytest.fixture
def shop(postgres_url: str, engine: DuckDBEngine) -> Iterator[Shop]:
    with open_shop(postgres_url, engine) as opened:
        yield opened


def test_what_did_not_change_is_not_written_again(shop: Shop) -> None:
    found = [One("k1"), One("k2", value_b=None), One("k2", "price", row="{}")]
    assert shop.publish(FIRST, found) == breaks.Published(3, 0, 0, 0)
    before = shop.written()
    assert shop.publish(FIRST, found) == breaks.Published(0, 0, 0, 3)
    assert shop.publish(FIRST + timedelta(7), found) == breaks.Published(0, 0, 0, 3)
    assert shop.written() == before


@pytest.mark.parametrize(
    "changed",
    [
        {"value_a": "3"},
        {"value_b": None},
        {"value_b": ""},
        {"reason": "ROUNDING"},
        {"decision": "passed"},
        {"decision": "rejected"},
    ],
)
@pytest.mark.parametrize("later", [0, 1, 40])
def test_a_change_holds_from_its_date_on_and_not_before(shop: Shop, changed: Any, later: int) -> None:
    old, new = [One("k1"), One("k2")], [One("k1", **changed), One("k2")]
    day = FIRST + timedelta(later)
    shop.publish(FIRST, old)
    assert shop.publish(day, new) == breaks.Published(0, 1, 0, 1)
    assert shop.at(day) == by_key(new)
    assert shop.at(day, shop.publications[0]) == by_key(old)
    if later:
        assert shop.at(day - timedelta(1)) == by_key(old)


def test_a_break_that_a_complete_input_lacks_is_resolved_and_may_come_back(shop: Shop) -> None:
    days = [FIRST + timedelta(number) for number in range(4)]
    shop.publish(days[0], [One("k1"), One("k2")])
    assert shop.publish(days[1], [One("k2")]) == breaks.Published(0, 0, 1, 1)
    assert shop.publish(days[2], [One("k2")]) == breaks.Published(0, 0, 0, 1)
    assert shop.publish(days[3], [One("k1"), One("k2")]) == breaks.Published(1, 0, 0, 1)
    assert [len(shop.at(day)) for day in days] == [2, 1, 1, 2]


def test_absence_from_a_flow_resolves_nothing(shop: Shop) -> None:
    shop.population = "flow"
    shop.publish(FIRST, [One("k1"), One("k2")])
    assert shop.publish(FIRST + timedelta(1), [One("k3")]) == breaks.Published(1, 0, 0, 0)
    assert set(shop.at(FIRST + timedelta(1))) == {(key, "amount") for key in ("k1", "k2", "k3")}


def test_a_late_run_of_a_flow_leaves_its_new_breaks_open_on_later_dates(shop: Shop) -> None:
    shop.population = "flow"
    shop.publish(FIRST + timedelta(1), [One("k1")])
    assert shop.publish(FIRST, [One("k2")]) == breaks.Published(1, 0, 0, 0)
    assert set(shop.at(FIRST)) == {("k2", "amount")}
    assert shop.at(FIRST + timedelta(1)) == by_key([One("k1"), One("k2")])
    assert shop.indexed() == shop.holding()


def test_a_run_without_breaks_resolves_all_and_an_empty_first_run_writes_nothing(shop: Shop) -> None:
    assert shop.publish(FIRST, []) == breaks.Published(0, 0, 0, 0)
    assert shop.written() == (0,) * 6
    shop.publish(FIRST, [One("k1")])
    assert shop.publish(FIRST, []) == breaks.Published(0, 0, 1, 0)
    assert shop.at(FIRST) == {}


def test_an_old_date_run_again_changes_no_later_one(shop: Shop) -> None:
    january, february, march = FIRST, FIRST + timedelta(20), FIRST + timedelta(40)
    old = [One("same"), One("gone"), One("changed"), One("decided")]
    for day in (january, february, march):
        shop.publish(day, old)
    shop.publish(february, [*old[:3], One("decided", decision="passed")])
    expected = [shop.at(day) for day in (february, march)]
    new = [One("same"), One("changed", value_a="9"), One("decided", decision="rejected"), One("new")]
    shop.publish(january, new)
    assert shop.at(january) == by_key(new)
    assert [shop.at(day) for day in (february, march)] == expected
    assert [shop.at(day, shop.publications[-2]) for day in (february, march)] == expected


@pytest.mark.parametrize("population", ["full", "flow"])
@pytest.mark.parametrize("seed", range(6))
def test_every_date_as_known_at_every_publication_is_what_a_list_of_snapshots_says(
    shop: Shop, population: Any, seed: int
) -> None:
    chance = random.Random(seed)
    shop.population = population
    days = [FIRST + timedelta(number) for number in (0, 1, 2, 30, 31, 60)]
    # What stands on every date that was published, after each publication.
    snapshots: list[tuple[int, dict[date, dict[Any, Any]]]] = [(0, {})]

    def expected(day: date, known: int) -> dict[Any, Any]:
        dates = max((one for one in snapshots if one[0] <= known), key=lambda one: one[0])[1]
        published = [one for one in dates if one <= day]
        return dates[max(published)] if published else {}

    for _ in range(14):
        day = chance.choice(days)
        rows = {key: f'{{"x": "{chance.randrange(2)}"}}' for key in "abcdef"}
        found = [
            One(
                key,
                name,
                value_a=chance.choice(["1", "2", None]),
                reason=chance.choice(["UNKNOWN", "FORMAT"]),
                decision=chance.choice(["passed", "review", "rejected"]),
                row=rows[key],
            )
            for key in "abcdef"
            for name in ("amount", "price")
            if chance.random() < 0.4
        ]
        before = expected(day, 2**62) if population == "flow" else {}
        shop.publish(day, found)
        present = before | by_key(found)
        # The row of a record is one for all its breaks.
        shown = {one.key: one.row for one in found}
        present = {at: (*value[:-1], shown.get(at[0], value[-1])) for at, value in present.items()}
        dates = snapshots[-1][1] | {day: present}
        if population == "flow":
            # Later dates said nothing of what nobody knew until now: it is open there, too.
            for later in (one for one in dates if one > day):
                there = dates[later]
                rows_there = {at[0]: value[-1] for at, value in there.items()}
                new = {at: value for at, value in by_key(found).items() if at not in before}
                new = {at: (*v[:-1], rows_there.get(at[0], v[-1])) for at, v in new.items()}
                dates[later] = new | there
        snapshots.append((shop.publications[-1], dates))
        assert shop.indexed() == shop.holding()
        assert shop.now() == shop.then()
    for known in [0, *shop.publications, 2**62]:
        for day in [days[0] - timedelta(1), *days, days[-1] + timedelta(9)]:
            assert shop.at(day, known) == expected(day, known), (day, known)
