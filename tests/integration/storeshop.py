"""A store with one recon, and runs of it that are published from lists of breaks."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa

from greenai.definition.loading import loads
from greenai.domain.breaks import Reject
from greenai.domain.decisions import RULES_OF_PERSONS, Decision
from greenai.domain.runs import Input, Stored
from greenai.domain.summary import FieldCounts, RowCounts, Summary, Total
from greenai.engines.duckdb import DuckDBEngine
from greenai.store import breaks, definitions, present, runs
from greenai.store import rejects as store_rejects
from greenai.store.database import connect
from greenai.store.partitions import ensure_partitions

DEFINITION = """
recon: trades
population: full
sources: {a: {system: front, location: a.csv}, b: {system: back, location: b.csv}}
key: [id]
"""
FIRST = date(2026, 1, 30)
EQUAL = 100
GOLDEN = Stored(inserted=3, updated=2, removed=1, unchanged=94, pending=4)
COLUMNS = {
    **dict.fromkeys(("break_id", "key", "field", "kind", "value_a", "value_b", "reason"), pa.string()),
    "confidence": pa.float64(),
    **dict.fromkeys(("check_rule", "explanation", "cause_id", "decision", "policy", "rule"), pa.string()),
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
    decision: Decision = "review"
    by: str = "gate"
    row: str = "{}"
    kind: str = "value"
    explanation: str | None = None

    @property
    def identity(self) -> str:
        return hashlib.md5(f"{self.key}|{self.field}".encode()).hexdigest()

    @property
    def written(self) -> str:
        """The key as breaks have it; no key is the whole input."""
        return json.dumps([self.key] if self.key else [], ensure_ascii=False)

    def decided(self) -> dict[str, Any]:
        return {
            "break_id": self.identity,
            "key": self.written,
            "field": self.field,
            "check_rule": f"not_null({self.field})" if self.kind == "check" else None,
            "kind": self.kind,
            "value_a": self.value_a,
            "value_b": self.value_b,
            "reason": self.reason,
            "confidence": None,
            "explanation": self.explanation,
            "cause_id": None,
            "decision": self.decision,
            "policy": "review",
            "rule": "default" if self.by == "gate" else RULES_OF_PERSONS[self.decision],
            "resolution": "take_a",
            "value": None,
            "decided_by": self.by,
        }

    @property
    def shown(self) -> tuple[Any, ...]:
        return (self.value_a, self.value_b, self.reason, self.decision, self.by, self.row)


def summary(found: list[One], rejected: int) -> Summary:
    """The numbers of a run with these breaks, and some equal pairs."""
    records = len({one.key for one in found if one.kind != "check"})
    pairs = EQUAL + records
    return Summary(
        rows=RowCounts(
            a=pairs,
            b=pairs,
            matched=pairs,
            equal=EQUAL,
            different=records,
            only_a=0,
            only_b=0,
            rejected_a=rejected,
        ),
        fields={
            "price": FieldCounts(0, 7),
            "amount": FieldCounts(sum(one.field == "amount" for one in found), 0),
        },
        breaks=len(found),
        amount="amount",
        totals=(
            Total("GBP", Decimal("12345678901234567890.12"), Decimal("-0.5")),
            Total(None, Decimal(1), Decimal(1)),
        ),
    )


@dataclass
class Shop:
    """A store with one recon, and what it takes to publish in it."""

    connection: Any
    engine: DuckDBEngine
    saved: definitions.SavedDefinition
    population: Any = "full"
    publications: list[int] = field(default_factory=list)
    runs: list[int] = field(default_factory=list)

    def publish(
        self, day: date, found: list[One], *, rejects: tuple[Reject, ...] = (), inputs: tuple[Input, ...] = ()
    ) -> breaks.Published:
        """One run of a date with these breaks; its publication is the last one."""
        decided = self.engine.register(
            pa.table(
                {
                    name: pa.array([one.decided()[name] for one in found], kind)
                    for name, kind in COLUMNS.items()
                }
            )
        )
        rows = {one.written: one.row for one in found if one.key}
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
        ensure_partitions(self.connection, self.saved.recon_id, day)
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
            runs.inputs(self.connection, run_id, inputs)
            store_rejects.save(
                self.connection,
                recon_id=self.saved.recon_id,
                business_date=day,
                run_id=run_id,
                rejects=rejects,
            )
            numbers = summary(found, len(rejects))
            runs.result(self.connection, run_id, numbers, {"trade": GOLDEN}, candidates=EQUAL)
            runs.enter(self.connection, run_id, "completed")
        self.runs.append(run_id)
        self.publications.append(publication)
        return published

    def at(self, day: date, known: int = 2**62) -> dict[tuple[str, str], tuple[Any, ...]]:
        """What is known of a date, as of a publication."""
        rows = self.connection.execute(
            "SELECT r.key ->> 0, d.field, d.value_a, d.value_b, d.reason_code, d.outcome, a.name, "
            "v.row_a::text "
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

    def indexed(self) -> list[Any]:
        """The versions that the index of present ones points to."""
        found: list[Any] = self.connection.execute(
            "SELECT break_id, business_date, publication_id FROM greenai.present_break ORDER BY 1"
        ).fetchall()
        return found

    def holding(self) -> list[Any]:
        """The versions that it should point to, found in history."""
        found: list[Any] = self.connection.execute(
            "SELECT break_id, business_date, publication_id "
            "FROM greenai.breaks_at(%s, 'infinity', 9223372036854775807) WHERE present ORDER BY 1",
            [self.saved.recon_id],
        ).fetchall()
        return found

    def listed(self) -> list[Any]:
        """All that lists tell of present breaks."""
        found: list[Any] = self.connection.execute(
            "SELECT to_jsonb(p)::text FROM greenai.present_break p ORDER BY recon_id, break_id"
        ).fetchall()
        return found

    def from_scratch(self) -> list[Any]:
        """The same, made from history alone, but for what only lists know; what is there stays as it is."""
        with self.connection.transaction(force_rollback=True):
            self.connection.execute(
                "CREATE TEMP TABLE work ON COMMIT DROP AS"
                " SELECT break_id, assignee_id, assigned_group, due_at, state FROM greenai.present_break"
            )
            self.connection.execute("DELETE FROM greenai.present_break")
            present.rebuild(self.connection, self.saved.recon_id)
            self.connection.execute(
                "UPDATE greenai.present_break p SET assignee_id = w.assignee_id, due_at = w.due_at,"
                " assigned_group = w.assigned_group,"
                " state = CASE WHEN w.state IN ('proposed', 'returned') THEN w.state ELSE p.state END"
                " FROM work w WHERE w.break_id = p.break_id"
            )
            return self.listed()

    def counted(self) -> tuple[list[Any], list[Any]]:
        """What was counted of present breaks, and what there is to count."""
        sums: list[Any] = []
        there: list[Any] = []
        for table, columns, where in (
            ("present_tally", "first_date, state, kind, method, reason_code, field, currency", "true"),
            ("cause_tally", "cause_id, group_id, state, currency", "num_nonnulls(cause_id, group_id) > 0"),
        ):
            sums += self.connection.execute(
                f"SELECT {columns}, sum(breaks), sum(with_amount), sum(amount) FROM greenai.{table}"
                f" GROUP BY {columns} HAVING sum(breaks) <> 0 OR sum(with_amount) <> 0 OR sum(amount) <> 0"
                f" ORDER BY {columns}"
            ).fetchall()
            there += self.connection.execute(
                f"SELECT {columns}, count(*), count(amount), coalesce(sum(amount), 0)"
                f" FROM greenai.present_break WHERE {where} GROUP BY {columns} ORDER BY {columns}"
            ).fetchall()
        holders = "assignee_id, assigned_group, state"
        sums += self.connection.execute(
            f"SELECT {holders}, sum(breaks) FROM greenai.holder_tally GROUP BY {holders}"
            f" HAVING sum(breaks) <> 0 ORDER BY {holders}"
        ).fetchall()
        there += self.connection.execute(
            f"SELECT {holders}, count(*) FROM greenai.present_break"
            f" WHERE num_nonnulls(assignee_id, assigned_group) > 0 GROUP BY {holders} ORDER BY {holders}"
        ).fetchall()
        return sums, there

    def now(self) -> list[Any]:
        """All that is told of the latest date without history."""
        found: list[Any] = self.connection.execute(
            "SELECT * FROM greenai.decided_now(%s)", [self.saved.recon_id]
        ).fetchall()
        return found

    def then(self) -> list[Any]:
        """The same with history."""
        found: list[Any] = self.connection.execute(
            "SELECT * FROM greenai.decided_at(%s, 'infinity', 9223372036854775807)", [self.saved.recon_id]
        ).fetchall()
        return found

    def written(self) -> tuple[int, ...]:
        """How many rows there are in every table of versions."""
        tables = ("record", "record_version", "break", "break_version", "attribution", "decision")
        return tuple(
            self.connection.execute(f"SELECT count(*) FROM greenai.{table}").fetchone()[0] for table in tables
        )


@contextlib.contextmanager
def open_shop(url: str, engine: DuckDBEngine) -> Iterator[Shop]:
    """A shop in the database at `url`, its definition saved."""
    definition = loads(DEFINITION, source="test")
    with connect(url, autocommit=True) as connection:
        with connection.transaction():
            saved = definitions.save(
                connection, definition, fingerprint="f", document=DEFINITION, key_document={"key": ["id"]}
            )
            connection.execute(
                "INSERT INTO greenai.golden_table (table_name, recon_id, role, layout)"
                " VALUES ('trade', %s, 'main', '{}')",
                [saved.recon_id],
            )
        yield Shop(connection, engine, saved)


def by_key(found: list[One]) -> dict[tuple[str, str], tuple[Any, ...]]:
    return {(one.key, one.field): one.shown for one in found}
