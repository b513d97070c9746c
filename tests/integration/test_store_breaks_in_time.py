"""Breaks in two times: what holds for a date, as known at a publication, against a naive model of both."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pytest

from greenai.definition.loading import loads
from greenai.engines.duckdb import DuckDBEngine
from greenai.store import breaks, decisions, definitions, runs
from greenai.store.database import connect

DEFINITION = """
recon: trades
population: full
sources: {a: {system: front, location: a.csv}, b: {system: back, location: b.csv}}
key: [id]
"""
FIRST = date(2026, 1, 30)
COLUMNS = {
    **dict.fromkeys(("break_id", "key", "field", "kind", "value_a", "value_b", "reason"), pa.string()),
    "confidence": pa.float64(),
    **dict.fromkeys(("explanation", "cause_id", "decision", "policy", "rule"), pa.string()),
    **dict.fromkeys(("resolution", "value", "decided_by"), pa.string()),
}


@dataclass(frozen=True)
class One:
    """A break as a run shows it."""

    key: str
    field: str = "amount"
    value_a: str | None = "1"
    value_b: str | None = "2"
    reason: str = "UNKNOWN"
    decision: str = "review"
    by: str = "gate"
    row: str = "{}"

    @property
    def identity(self) -> str:
        import hashlib

        return hashlib.md5(f"{self.key}|{self.field}".encode()).hexdigest()

    def decided(self) -> dict[str, Any]:
        return {
            "break_id": self.identity,
            "key": f'["{self.key}"]',
            "field": self.field,
            "kind": "value",
            "value_a": self.value_a,
            "value_b": self.value_b,
            "reason": self.reason,
            "confidence": None,
            "explanation": None,
            "cause_id": None,
            "decision": self.decision,
            "policy": "review",
            "rule": "default" if self.by == "gate" else "approved",
            "resolution": "take_a",
            "value": None,
            "decided_by": self.by,
        }

    @property
    def shown(self) -> tuple[Any, ...]:
        return (self.value_a, self.value_b, self.reason, self.decision, self.by, self.row)


@dataclass
class Shop:
    """A store with one recon, and what it takes to publish in it."""

    connection: Any
    engine: DuckDBEngine
    saved: definitions.SavedDefinition
    population: Any = "full"
    publications: list[int] = field(default_factory=list)

    def publish(self, day: date, found: list[One]) -> breaks.Published:
        """One run of a date with these breaks; its publication is the last one."""
        decided = self.engine.register(
            pa.table(
                {
                    name: pa.array([one.decided()[name] for one in found], kind)
                    for name, kind in COLUMNS.items()
                }
            )
        )
        rows = {f'["{one.key}"]': one.row for one in found}
        behind = self.engine.register(
            pa.table(
                {
                    "key": pa.array(list(rows), pa.string()),
                    "row_a": pa.array(list(rows.values()), pa.string()),
                    "row_b": pa.array([None] * len(rows), pa.string()),
                }
            )
        )
        run_id = runs.begin(self.connection, self.saved, day)
        with self.connection.transaction():
            runs.lock_recon(self.connection, self.saved.recon_id)
            publication, _ = runs.publication(self.connection, run_id, "run")
            scope = breaks.Scope(
                self.saved.recon_id,
                self.saved.key_version,
                day,
                publication,
                self.population,
                runs.next_date(self.connection, self.saved.recon_id, day),
            )
            published = breaks.publish(self.connection, self.engine, scope, decided, behind)
            runs.enter(self.connection, run_id, "completed")
        self.publications.append(publication)
        return published

    def at(self, day: date, known: int = 2**62) -> dict[tuple[str, str], tuple[Any, ...]]:
        """What is known of a date, as of a publication."""
        rows = self.connection.execute(
            "SELECT r.key ->> 0, d.field, d.value_a, d.value_b, d.reason_code, d.outcome, a.name, v.row_a::text "
            "FROM greenai.decided_at(%(recon)s, %(day)s, %(known)s) d "
            "JOIN greenai.record r USING (record_id) JOIN greenai.actor a USING (actor_id) "
            "JOIN LATERAL (SELECT row_a FROM greenai.record_version v WHERE v.record_id = d.record_id "
            "AND v.business_date <= %(day)s AND v.publication_id <= %(known)s "
            "ORDER BY v.business_date DESC, v.publication_id DESC LIMIT 1) v ON true",
            {"recon": self.saved.recon_id, "day": day, "known": known},
        ).fetchall()
        found = {(row[0], row[1]): row[2:] for row in rows}
        assert len(found) == len(rows)
        return found

    def written(self) -> tuple[int, ...]:
        """How many rows there are in every table of versions."""
        tables = ("record", "record_version", "break", "break_version", "attribution", "decision")
        return tuple(
            self.connection.execute(f"SELECT count(*) FROM greenai.{table}").fetchone()[0] for table in tables
        )


@pytest.fixture
def shop(postgres_url: str, engine: DuckDBEngine) -> Any:
    definition = loads(DEFINITION, source="test")
    with connect(postgres_url, autocommit=True) as connection:
        with connection.transaction():
            saved = definitions.save(
                connection, definition, fingerprint="f", document=DEFINITION, key_document={"key": ["id"]}
            )
        yield Shop(connection, engine, saved)


def by_key(found: list[One]) -> dict[tuple[str, str], tuple[Any, ...]]:
    return {(one.key, one.field): one.shown for one in found}


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
    snapshots: list[tuple[int, date, dict[Any, Any]]] = []

    def expected(day: date, known: int) -> dict[Any, Any]:
        holding = [one for one in snapshots if one[1] <= day and one[0] <= known]
        return max(holding, key=lambda one: (one[1], one[0]))[2] if holding else {}

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
        snapshots.append((shop.publications[-1], day, present))
    for known in [0, *shop.publications, 2**62]:
        for day in [days[0] - timedelta(1), *days, days[-1] + timedelta(9)]:
            assert shop.at(day, known) == expected(day, known), (day, known)
