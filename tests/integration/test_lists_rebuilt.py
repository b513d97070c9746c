"""What lists tell follows from history: runs, reviews and a rebuild from scratch leave the same."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from publishing_desk import Desk
from storeshop import FIRST, One, Shop, open_shop

from greenai.engines.duckdb import DuckDBEngine
from greenai.pipeline.review import approve
from greenai.store import decisions, present, runs
from greenai.store.database import connect

DAYS = [FIRST + timedelta(number) for number in (0, 1, 2, 30, 31)]


@pytest.fixture(params=[None, "z"], ids=["as seen", "as the row says"])
def shop(postgres_url: str, engine: DuckDBEngine, request: pytest.FixtureRequest) -> Iterator[Shop]:
    with open_shop(postgres_url, engine) as opened:
        with opened.connection.transaction():
            present.count_in(opened.connection, opened.saved.recon_id, "x", "y")
            present.age_by(opened.connection, opened.saved.recon_id, request.param)
        yield opened


def some(chance: random.Random) -> list[One]:
    rows = {
        key: json.dumps(
            {
                "x": chance.choice(["1.5", "-20", "oh", None, "1e3"]),
                "y": chance.choice(["EUR", "USD"]),
                "z": chance.choice(["2025-12-31", "2026-01-03 10:00:00", "2026-02-30", "oh", None]),
            }
        )
        for key in "abcdef"
    }
    return [
        One(
            key,
            name,
            value_a=chance.choice(["1", "2", None]),
            reason=chance.choice(["UNKNOWN", "FORMAT"]),
            decision=chance.choice(["passed", "review", "rejected"]),
            by=chance.choice(["gate", "gate", "ann"]),
            row=rows[key],
            kind=chance.choice(["value", "value", "only_a"]) if name == "amount" else "value",
        )
        for key in "abcdef"
        for name in ("amount", "price")
        if chance.random() < 0.5
    ]


def decide(shop: Shop, chance: random.Random) -> None:
    """A person decides about something that is present on a date."""
    run_id, day = shop.connection.execute(
        "SELECT run_id, business_date FROM greenai.run ORDER BY random() LIMIT 1"
    ).fetchone()
    named = [
        str(one)
        for (one,) in shop.connection.execute(
            "SELECT break_id FROM greenai.breaks_at(%s, %s, 1::bigint << 62) WHERE present ORDER BY 1",
            [shop.saved.recon_id, day],
        )
    ]
    if not named:
        return
    with shop.connection.transaction():
        runs.lock_recon(shop.connection, shop.saved.recon_id)
        publication, _ = runs.publication(shop.connection, run_id, "review")
        decisions.review(
            shop.connection,
            shop.saved.recon_id,
            day,
            chance.sample(named, chance.randint(1, len(named))),
            outcome=chance.choice(["passed", "review", "rejected"]),
            actor="ann",
            publication_id=publication,
        )


@pytest.mark.parametrize("population", ["full", "flow"])
@pytest.mark.parametrize("seed", range(4))
def test_runs_and_reviews_leave_what_a_rebuild_makes(shop: Shop, population: Any, seed: int) -> None:
    chance = random.Random(seed)
    shop.population = population
    for _ in range(12):
        if shop.runs and chance.random() < 0.4:
            decide(shop, chance)
        else:
            # Kinds and fields belong to the identity here, which only knows key and field.
            shop.publish(chance.choice(DAYS), [one for one in some(chance) if one.kind == "value"])
        assert shop.listed() == shop.from_scratch()
        sums, there = shop.counted()
        assert sums == there
    assert shop.listed()


def test_another_amount_field_changes_all_amounts(shop: Shop) -> None:
    row = '{"x": "1.5", "y": "EUR", "z": "7", "greenai:currency": "GBP"}'
    shop.publish(FIRST, [One("k1", row=row), One("k2", row=json.dumps([json.loads(row), {"x": "9"}]))])
    recon = shop.saved.recon_id

    def amounts() -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = shop.connection.execute(
            "SELECT amount::text, currency FROM greenai.present_break ORDER BY key_text"
        ).fetchall()
        return found

    assert amounts() == [("1.5", "EUR")] * 2
    for field, currency, expected in (
        ("z", present.CURRENCY, ("7", "GBP")),
        ("nothing", None, (None, None)),
        (None, None, (None, None)),
        ("x", None, ("1.5", None)),
    ):
        with shop.connection.transaction():
            present.count_in(shop.connection, recon, field, currency)
        assert amounts() == [expected] * 2
        assert shop.listed() == shop.from_scratch()
        sums, there = shop.counted()
        assert sums == there


def test_an_assignee_keeps_a_break_while_it_is_present(shop: Shop) -> None:
    shop.publish(FIRST, [One("k1"), One("k2")])
    shop.connection.execute("INSERT INTO greenai.actor (name, kind) VALUES ('ann', 'person')")
    shop.connection.execute(
        "UPDATE greenai.present_break SET due_at = '2026-02-01Z', assignee_id ="
        " (SELECT actor_id FROM greenai.actor WHERE name = 'ann')"
    )

    def assigned() -> dict[str, bool]:
        rows = shop.connection.execute(
            "SELECT key_text, assignee_id IS NOT NULL AND due_at IS NOT NULL FROM greenai.present_break"
        )
        return dict(rows.fetchall())

    shop.publish(DAYS[1], [One("k1", value_a="9"), One("k2", reason="FORMAT"), One("k3")])
    assert assigned() == {"k1": True, "k2": True, "k3": False}
    with shop.connection.transaction():
        present.rebuild(shop.connection, shop.saved.recon_id)
    assert assigned() == {"k1": True, "k2": True, "k3": False}
    shop.publish(DAYS[2], [One("k2", reason="FORMAT")])
    shop.publish(DAYS[3], [One("k1"), One("k2", reason="FORMAT")])
    assert assigned() == {"k1": False, "k2": True}
    sums, there = shop.counted()
    assert sums == there


def test_a_proposed_break_stays_so_while_its_version_holds(shop: Shop) -> None:
    shop.publish(FIRST, [One("k1"), One("k2"), One("k3")])
    shop.connection.execute("UPDATE greenai.present_break SET state = 'proposed'")
    shop.publish(DAYS[1], [One("k1"), One("k2", value_a="9"), One("k3", decision="passed")])
    states = "SELECT key_text, state FROM greenai.present_break"
    expected = {"k1": "proposed", "k2": "in_review", "k3": "passed"}
    assert dict(shop.connection.execute(states).fetchall()) == expected
    with shop.connection.transaction():
        present.rebuild(shop.connection, shop.saved.recon_id)
    assert dict(shop.connection.execute(states).fetchall()) == expected


CHECKED = {
    "key": ["id"],
    "fields": {"id": {"type": "string"}, "amount": {"type": "decimal(18,2)"}, "day": {"type": "date"}},
    "context": ["currency"],
    "amount": {"field": "amount", "currency": "currency"},
    "gate": {"checks": [{"range": {"field": "amount", "min": 0}}]},
    "store": {"table": "trade"},
}


class Sided(Desk):
    """A desk whose files have a context column beside the fields."""

    @property
    def columns(self) -> list[str]:
        return [*self.definition["fields"], "currency"]


@pytest.mark.parametrize("population", ["full", "flow"])
def test_whole_runs_with_checks_and_reviews_leave_what_a_rebuild_makes(
    postgres_url: str, tmp_path: Path, population: str
) -> None:
    desk = Sided(tmp_path, postgres_url, {**CHECKED, "population": population})
    chance = random.Random(population)

    def compare() -> None:
        listed = "SELECT to_jsonb(p)::text FROM greenai.present_break p ORDER BY break_id"
        with connect(postgres_url) as connection:
            before = connection.execute(listed).fetchall()
            connection.execute("DELETE FROM greenai.present_break")
            (recon,) = connection.execute("SELECT recon_id FROM greenai.recon").fetchone() or (0,)
            present.rebuild(connection, recon)
            assert connection.execute(listed).fetchall() == before
            connection.rollback()

    for number, day in enumerate(["2026-01-30", "2026-02-02", "2026-01-31", "2026-02-02"]):
        rows = [
            [(f"k{n}", f"{chance.choice([-5, 10, 20])}.00", "2026-01-30", "EUR") for n in range(12)]
            for _ in "ab"
        ]
        short = [[row for row in side if chance.random() < 0.8] for side in rows]
        desk.run(day, *short)
        compare()
        found = desk.ask(
            "SELECT p.break_id::text, u.run_id FROM greenai.present_break p JOIN LATERAL ("
            " SELECT max(r.run_id) AS run_id FROM greenai.run r JOIN greenai.publication q USING (run_id)"
            " WHERE q.kind = 'run' AND r.business_date = %s) u ON true"
            " WHERE p.kind IN ('value', 'only_a') AND p.state = 'in_review' ORDER BY p.break_id LIMIT 3",
            day,
        )
        for break_id, run_id in found if number != 2 else []:
            approve(
                postgres_url, run_id, [break_id], actor="ann", outcome=chance.choice(["passed", "rejected"]),
                resolution="exclude",
            )  # fmt: skip
            compare()
    amounts = desk.ask("SELECT DISTINCT currency FROM greenai.present_break WHERE amount IS NOT NULL")
    assert amounts == [("EUR",)]
