"""Who acts: persons decide, programs ask, the gate does neither."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest

from greenai.domain.decisions import GATE
from greenai.errors import UsageError
from greenai.store import actors
from greenai.store.database import connect

Connection = psycopg.Connection[Any]


@pytest.fixture
def connection(postgres_url: str) -> Iterator[Connection]:
    with connect(postgres_url, autocommit=True) as opened:
        yield opened


def kinds(connection: Connection) -> dict[str, str]:
    """Every actor but the gate, which is there from the beginning."""
    rows = connection.execute("SELECT name, kind FROM greenai.actor WHERE actor_id > 0").fetchall()
    return dict(rows)


def test_persons_are_persons_and_programs_are_programs(connection: Connection) -> None:
    actors.person(connection, "ann")
    actors.asker(connection, "ben")
    actors.asker(connection, actors.SCHEDULER)
    assert kinds(connection) == {"ann": "person", "ben": "person", "scheduler": "program"}


def test_who_is_known_stays_who_he_is(connection: Connection) -> None:
    for _ in range(2):
        actors.asker(connection, "ann")
        actors.person(connection, "ann")
        actors.asker(connection, actors.SCHEDULER)
    assert kinds(connection) == {"ann": "person", "scheduler": "program"}


@pytest.mark.parametrize("name", [GATE, *actors.PROGRAMS, "", " \t"])
def test_neither_gate_nor_program_nor_nobody_decides(connection: Connection, name: str) -> None:
    with pytest.raises(UsageError) as caught:
        actors.person(connection, name)
    assert caught.value.remedy == "name who decides"
    assert kinds(connection) == {}


@pytest.mark.parametrize("name", [GATE, "", "\n"])
def test_neither_gate_nor_nobody_asks(connection: Connection, name: str) -> None:
    with pytest.raises(UsageError) as caught:
        actors.asker(connection, name)
    assert caught.value.remedy == "name who asks"
    assert kinds(connection) == {}


@pytest.mark.parametrize("known", [actors.person, actors.asker])
def test_a_name_that_postgresql_cannot_hold_is_that_of_somebody(
    connection: Connection, known: Callable[[Connection, str], None]
) -> None:
    known(connection, "ann\x00\ud800")
    (name,) = kinds(connection)
    assert name.startswith("ann")
    actors.audit(connection, "ann\x00\ud800", "test", {})
    assert connection.execute(
        "SELECT a.name FROM greenai.audit_event e JOIN greenai.actor a USING (actor_id)"
    ).fetchall() == [(name,)]


def test_nothing_is_done_by_nobody(connection: Connection) -> None:
    with pytest.raises(UsageError, match="nobody of that name"):
        actors.audit(connection, "stranger", "test", {})
