"""Golden tables in business and system time, against a naive model that keeps every day of every moment."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pyarrow as pa
import pytest

from greenai.definition.store import Store
from greenai.definition.types import FieldType
from greenai.engines.duckdb import DuckDBEngine
from greenai.fields.render import json_key
from greenai.store import golden
from greenai.store.database import connect
from greenai.store.layout import Layout, layouts
from greenai.store.merging import Moment, Publisher

FIRST = date(2026, 1, 30)
DAYS = [FIRST + timedelta(days=n) for n in range(4)]
SHOWN = [FIRST - timedelta(days=1), *DAYS, FIRST + timedelta(days=9)]
KEYS = ["k1", "k2", "k3", "k4", "k5"]
PARTIES = ["A", "B", None]
TYPES = {name: FieldType("string") for name in ("id", "party", "party_name", "note")}
Row = tuple[Any, ...]
State = dict[date, dict[str, Row]]


@dataclass
class Model:
    """What a table shows on each day, as believed after each publication; every belief is kept."""

    removes: bool
    now: State = field(default_factory=lambda: {day: {} for day in SHOWN})
    beliefs: list[tuple[datetime, State]] = field(default_factory=list)

    def publish(self, moment: Moment, rows: dict[str, Row], held: set[str]) -> None:
        before = {day: dict(shown) for day, shown in self.now.items()}
        on_day = before[moment.business_date]
        for day in SHOWN:
            if day < moment.business_date:
                continue
            if moment.next_date is None or day < moment.next_date:
                kept = {k: r for k, r in on_day.items() if not self.removes or k in held}
                self.now[day] = {**kept, **rows}
            elif not self.removes:
                for key, row in rows.items():
                    unknown = [d for d in SHOWN if moment.business_date <= d <= day]
                    if all(key not in before[d] for d in unknown):
                        self.now[day][key] = row
        self.beliefs.append((moment.published_at, {day: dict(shown) for day, shown in self.now.items()}))


@dataclass
class Scene:
    """One recon with a main and a reference table, published at random."""

    connection: psycopg.Connection[Any]
    engine: DuckDBEngine
    name: str
    chance: random.Random
    folder: Path
    removes: bool

    def __post_init__(self) -> None:
        reference = {"key": ["party"], "fields": ["party_name"]}
        store = Store.model_validate({"table": f"t_{self.name}", "references": {f"r_{self.name}": reference}})
        self.layouts: tuple[Layout, ...] = layouts(store, ["id"], TYPES)
        row = self.connection.execute(
            "INSERT INTO greenai.recon (name) VALUES (%s) RETURNING recon_id", [self.name]
        ).fetchone()
        assert row is not None
        self.recon_id = row[0]
        self.models = {one.table: Model(one.main and self.removes) for one in self.layouts}
        self.published: list[date] = []
        self.marks: set[str] = set()

    def publish(self, number: int) -> None:
        """One publication of a random day: rows inserted, changed and gone, some held."""
        day = self.chance.choice(DAYS)
        names = {party: f"{party}{self.chance.randint(1, 2)}" for party in PARTIES if party}
        rows, waiting = {}, {}
        for key in KEYS:
            lot = self.chance.random()
            if lot < 0.55:
                party = self.chance.choice(PARTIES)
                note = self.chance.choice(["x", "y", "", None])
                rows[key] = (key, party, names.get(party), note)  # type: ignore[arg-type]
            elif lot < 0.75:
                waiting[key] = self.chance.random() < 0.6
        later = [one for one in self.published if one > day]
        with self.connection.transaction():
            (at,) = self.connection.execute("SELECT clock_timestamp()").fetchone()  # type: ignore[misc]
            moment = Moment(day, min(later, default=None), number, at)
            publisher = Publisher(self.connection, self.engine, self.recon_id, moment, self.folder)
            self.write(publisher, rows, waiting)
        self.published.append(day)
        self.check_marks(rows, waiting, moment.next_date is None)

    def write(self, publisher: Publisher, rows: dict[str, Row], waiting: dict[str, bool]) -> None:
        held = self.table({"id": list(waiting), "pending": list(waiting.values())}, pa.bool_())
        held = held.select(key=json_key([held.id]), pending=held.pending)
        for layout in self.layouts:
            columns = [column.name for column in layout.columns]
            if layout.main:
                given = {key: self.of(row, columns) for key, row in rows.items()}
            else:
                given = {row[1]: self.of(row, columns) for row in rows.values() if row[1] is not None}
            relation = self.table({c: [row[n] for row in given.values()] for n, c in enumerate(columns)})
            before = self.models[layout.table].now[publisher.moment.business_date]
            changes = golden.publish(
                publisher, layout, relation, held if layout.main else None,
                removes=layout.main and self.removes,
            )  # fmt: skip
            removed = set(before) - set(given) - set(waiting) if layout.main and self.removes else ()
            assert (changes.inserted, changes.removed) == (len(set(given) - set(before)), len(removed))
            assert changes.updated == sum(1 for k in set(given) & set(before) if given[k] != before[k])
            self.models[layout.table].publish(publisher.moment, given, set(waiting))

    def of(self, row: Row, columns: list[str]) -> Row:
        return tuple(row[list(TYPES).index(name)] for name in columns)

    def table(self, columns: dict[str, list[Any]], last: pa.DataType | None = None) -> Any:
        kinds = [pa.string()] * len(columns)
        if last is not None:
            kinds[-1] = last
        arrays = {n: pa.array(v, k) for (n, v), k in zip(columns.items(), kinds, strict=True)}
        return self.engine.register(pa.table(arrays))

    def check(self) -> None:
        """Every past belief about every day is still told, and the current table is the last day's."""
        for layout in self.layouts:
            columns = ", ".join(f'"{column.name}"' for column in layout.columns)
            model = self.models[layout.table]
            for known, state in model.beliefs:
                for day, shown in state.items():
                    found = self.connection.execute(
                        f"SELECT {columns} FROM golden.{layout.table}_as_of(%s, %s)".encode(), [day, known]
                    ).fetchall()
                    assert sorted(found, key=str) == sorted(shown.values(), key=str), (layout.table, day)
            current = self.connection.execute(f"SELECT {columns} FROM golden.{layout.table}".encode())
            assert sorted(current.fetchall(), key=str) == sorted(model.now[SHOWN[-1]].values(), key=str)

    def check_marks(self, rows: dict[str, Row], waiting: dict[str, bool], latest: bool) -> None:
        main = next(one for one in self.layouts if one.main).table
        if latest:
            told = set(KEYS) if self.removes else {*rows, *waiting}
            self.marks = (self.marks - told) | {key for key in waiting if waiting[key]}
        self.marks &= set(self.models[main].now[SHOWN[-1]])
        query = f"SELECT id FROM golden.{main} WHERE _pending".encode()
        assert {key for (key,) in self.connection.execute(query)} == self.marks


@pytest.mark.parametrize("removes", [True, False], ids=["full", "flow"])
def test_what_was_known_of_any_day_at_any_moment_is_told_for_ever(
    removes: bool, new_database: Callable[[], str], tmp_path: Path
) -> None:
    with DuckDBEngine() as engine, connect(new_database(), autocommit=True) as connection:
        for seed in range(12):
            chance = random.Random(f"{seed} {removes}")
            scene = Scene(connection, engine, f"s{seed}", chance, tmp_path, removes)
            for number in range(1, 8):
                scene.publish(number)
                scene.check()
