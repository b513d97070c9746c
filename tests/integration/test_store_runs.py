"""Runs in the store: states, locks, stages, inputs, and the same run again."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from storeshop import DEFINITION, EQUAL, FIRST, One, Shop, open_shop

from greenai.definition.loading import loads
from greenai.domain.runs import Input
from greenai.engines.duckdb import DuckDBEngine
from greenai.errors import StoreError
from greenai.store import definitions, living, reading, runs
from greenai.store.database import connect


@pytest.fixture
def shop(postgres_url: str, engine: DuckDBEngine) -> Iterator[Shop]:
    with open_shop(postgres_url, engine) as opened:
        yield opened


def files(a: str = "1", b: str = "2") -> tuple[Input, ...]:
    return (Input("a", "/a.csv", f"sha256:{a}", 3), Input("b", "/b.csv", f"sha256:{b}", 4))


def state(connection: Any, run_id: int) -> Any:
    return connection.execute("SELECT state, error FROM greenai.run WHERE run_id = %s", [run_id]).fetchone()


def test_a_definition_is_saved_once_and_a_new_meaning_is_a_new_version(postgres_url: str) -> None:
    definition = loads(DEFINITION, source="test")
    policies = loads(DEFINITION + "gate: {reasons: {OUR_OWN: review, FORMAT: pass}}\n", source="test")

    def save(connection: Any, what: Any, fingerprint: str, key: str) -> tuple[int, ...]:
        with connection.transaction():
            saved = definitions.save(
                connection, what, fingerprint=fingerprint, document="d", key_document={"key": [key]}
            )
        return (saved.recon_id, saved.version, saved.key_version)

    with connect(postgres_url, autocommit=True) as connection:
        assert save(connection, definition, "f", "id") == (1, 1, 1)
        assert save(connection, definition, "f", "id") == (1, 1, 1)
        assert save(connection, policies, "g", "id") == (1, 2, 1)
        assert save(connection, policies, "h", "other") == (1, 3, 2)
        assert save(connection, definition, "f", "id") == (1, 1, 1)
        stored = connection.execute(
            "SELECT version, reason_code, policy FROM greenai.definition_policy ORDER BY 1, 2"
        ).fetchall()
        assert stored == [
            (version, *rule) for version in (2, 3) for rule in (("FORMAT", "pass"), ("OUR_OWN", "review"))
        ]
        systems = connection.execute(
            "SELECT side, name FROM greenai.definition_source "
            "JOIN greenai.source_system USING (source_system_id) WHERE version = 3 ORDER BY side"
        ).fetchall()
        assert systems == [("a", "front"), ("b", "back")]


def test_two_processes_that_save_at_once_agree(postgres_url: str) -> None:
    definition = loads(DEFINITION, source="test")
    found: list[Any] = []

    def save(number: int) -> None:
        with connect(postgres_url) as connection:
            for version in range(10):
                with connection.transaction():
                    saved = definitions.save(
                        connection,
                        definition,
                        fingerprint=f"{version * (number % 2 + 1)}",
                        document="d",
                        key_document={"key": [version]},
                    )
                found.append(saved)

    threads = [threading.Thread(target=save, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 40
    assert {one.recon_id for one in found} == {1}
    assert sorted({one.version for one in found}) == list(range(1, 16))
    assert sorted({one.key_version for one in found}) == list(range(1, 11))


def test_a_run_whose_process_is_gone_is_failed_and_one_that_works_is_not(
    shop: Shop, postgres_url: str
) -> None:
    with connect(postgres_url, autocommit=True) as other:
        dead = runs.begin(other, shop.saved, FIRST)
        alive = runs.begin(shop.connection, shop.saved, FIRST)
        assert living.sweep(shop.connection, shop.saved.recon_id) == []
        other.execute("SELECT 1")
    deadline = time.monotonic() + 10
    while not (swept := living.sweep(shop.connection, shop.saved.recon_id)) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert swept == [dead]
    assert state(shop.connection, dead) == ("failed", living.ENDED)
    assert state(shop.connection, alive) == ("ingesting", None)


def test_a_run_does_not_begin_where_nobody_would_see_it(shop: Shop, postgres_url: str) -> None:
    with connect(postgres_url) as connection, pytest.raises(StoreError, match="outside a transaction"):
        runs.begin(connection, shop.saved, FIRST)


def test_a_published_run_cannot_fail_any_more(shop: Shop) -> None:
    shop.publish(FIRST, [])
    runs.fail(shop.connection, shop.runs[0], "the report could not be written")
    assert state(shop.connection, shop.runs[0]) == ("completed", None)


def test_stages_tell_their_time_rows_attempts_and_errors(shop: Shop) -> None:
    run_id = runs.begin(shop.connection, shop.saved, FIRST)
    runs.past_stage(shop.connection, run_id, "ingest", 1.5)
    with pytest.raises(ValueError, match="no"), runs.stage(shop.connection, run_id, "compare"):
        raise ValueError("no\0 more")
    failed = reading.run(shop.connection, run_id).stages
    assert [(one.stage, one.attempts, one.error) for one in failed] == [
        ("ingest", 1, None),
        ("compare", 1, "no␀ more"),
    ]
    assert failed[0].seconds == pytest.approx(1.5, abs=0.1)
    with runs.stage(shop.connection, run_id, "compare") as rows:
        assert reading.run(shop.connection, run_id).stages[1].seconds is None
        rows.rows_in, rows.rows_out = 5, 2
    done = reading.run(shop.connection, run_id).stages[1]
    assert (done.attempts, done.rows_in, done.rows_out, done.error) == (2, 5, 2, None)
    assert done.seconds is not None


def test_the_same_inputs_again_are_known_until_others_come_between(shop: Shop) -> None:
    def known(*inputs: Input, version: int = 1) -> int | None:
        from greenai.domain.runs import input_digest

        return runs.published(shop.connection, shop.saved.recon_id, FIRST, version, input_digest(inputs))

    assert known(*files()) is None
    shop.publish(FIRST, [], inputs=files())
    assert known(*files()) == shop.runs[0]
    assert known(*files("9")) is None
    assert known(*files("2", "1")) is None
    assert known(*files(), version=2) is None
    assert known() is None
    shop.publish(FIRST + timedelta(1), [], inputs=files("9"))
    assert known(*files()) == shop.runs[0]
    shop.publish(FIRST, [], inputs=files("9"))
    assert known(*files()) is None
    shop.publish(FIRST, [], inputs=())
    assert known(*files("9")) is None


def test_a_discarded_run_leaves_nothing(shop: Shop) -> None:
    run_id = runs.begin(shop.connection, shop.saved, FIRST)
    runs.inputs(shop.connection, run_id, files())
    runs.past_stage(shop.connection, run_id, "ingest", 0)
    runs.discard(shop.connection, run_id)
    for table in ("run", "run_input", "run_stage"):
        assert shop.connection.execute(f"SELECT count(*) FROM greenai.{table}").fetchone() == (0,)


def test_the_last_rows_are_those_of_the_date_before(shop: Shop) -> None:
    assert runs.last_rows(shop.connection, shop.saved.recon_id, FIRST) is None
    shop.publish(FIRST, [])
    assert runs.last_rows(shop.connection, shop.saved.recon_id, FIRST) is None
    assert runs.last_rows(shop.connection, shop.saved.recon_id, FIRST + timedelta(9)) == EQUAL
    assert runs.next_date(shop.connection, shop.saved.recon_id, FIRST) is None
    assert runs.next_date(shop.connection, shop.saved.recon_id, FIRST - timedelta(1)) == FIRST


def test_of_two_publications_at_once_one_waits(shop: Shop, postgres_url: str) -> None:
    order: list[str] = []
    with connect(postgres_url, autocommit=True) as other:
        with shop.connection.transaction():
            runs.lock_recon(shop.connection, shop.saved.recon_id)

            def second() -> None:
                with other.transaction():
                    runs.lock_recon(other, shop.saved.recon_id)
                    order.append("second")

            thread = threading.Thread(target=second)
            thread.start()
            time.sleep(0.2)
            with connect(postgres_url) as third:
                runs.lock_recon(third, shop.saved.recon_id + 1)
            order.append("first")
        thread.join(10)
    assert order == ["first", "second"]


def test_runs_of_one_recon_at_once_leave_what_some_order_of_them_leaves(
    shop: Shop, postgres_url: str
) -> None:
    one, two = [One("k1"), One("k2")], [One("k2", value_a="5"), One("k3")]

    def go(found: list[One]) -> Callable[[], None]:
        def work() -> None:
            with DuckDBEngine(threads=1) as engine, connect(postgres_url, autocommit=True) as connection:
                for _ in range(4):
                    Shop(connection, engine, shop.saved).publish(FIRST, found)

        return work

    threads = [threading.Thread(target=go(found)) for found in (one, two)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(shop.at(FIRST)) in ({("k1", "amount"), ("k2", "amount")}, {("k2", "amount"), ("k3", "amount")})
    count = shop.connection.execute("SELECT count(*) FROM greenai.publication").fetchone()
    assert count == (8,)


@pytest.mark.parametrize("table", ["break_version", "attribution", "decision", "audit_event"])
def test_history_refuses_to_be_changed(shop: Shop, table: str) -> None:
    shop.publish(FIRST, [One("k1")])
    shop.connection.execute(
        "INSERT INTO greenai.audit_event (actor_id, action, subject) VALUES (0, 'a', 's')"
    )
    column = {"break_version": "value_a", "attribution": "explanation", "decision": "comment"}.get(
        table, "action"
    )
    with pytest.raises(psycopg.errors.RestrictViolation, match="append-only"):
        shop.connection.execute(f"UPDATE greenai.{table} SET {column} = 'other'")
