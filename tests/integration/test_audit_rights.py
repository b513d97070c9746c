"""What the platform's processes may do in the database: add to the audit, and neither change nor remove."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import psycopg
import pytest
from auditroom import Room, open_room
from jobshop import run_state, work_off

from greenai.definition.loading import loads
from greenai.embedded.rights import GROUP, limited, make_service, working_as
from greenai.pipeline import anchors, submission
from greenai.pipeline.review import approve
from greenai.store import actors, jobs
from greenai.store.database import connect
from greenai.store.migrations import migrate

REFUSED = (psycopg.errors.InsufficientPrivilege, psycopg.errors.RestrictViolation)
KEPT = (
    "audit_event",
    "audit_link",
    "audit_head",
    "decision",
    "break_version",
    "attribution",
    "approved_rule",
)
DEFINITION = """
recon: trades
sources:
  a: {system: front, location: a.csv}
  b: {system: back, location: b.csv}
key: [id]
store: {table: trades}
"""


@pytest.fixture
def room(postgres_url: str, tmp_path: Path) -> Iterator[Room]:
    opened = open_room(postgres_url, tmp_path)
    yield opened
    opened.connection.close()


@pytest.fixture
def narrow(room: Room) -> str:
    """The URL of a process of the embedded platform."""
    url, why = limited(room.url, own=True)
    assert why is None
    return url


CHANGES = (
    "UPDATE greenai.{table} SET {column} = {column}",
    "DELETE FROM greenai.{table}",
    "TRUNCATE greenai.{table} CASCADE",
    "ALTER TABLE greenai.{table} DISABLE TRIGGER ALL",
    "ALTER TABLE greenai.{table} ADD COLUMN more text",
    "ALTER TABLE greenai.{table} OWNER TO greenai_service",
    "DROP TABLE greenai.{table} CASCADE",
    "DROP TRIGGER append_only ON greenai.{table}",
    "CREATE TRIGGER other BEFORE INSERT ON greenai.{table} FOR EACH ROW"
    " EXECUTE FUNCTION greenai.refuse_change()",
)


def test_a_process_cannot_change_what_was_written(room: Room, narrow: str) -> None:
    room.decide(3)
    room.happen(2)
    room.anchor()
    with connect(narrow, autocommit=True) as connection:
        for table in KEPT:
            (column,) = room.connection.execute(
                "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass ORDER BY attnum DESC LIMIT 1",
                [f"greenai.{table}"],
            ).fetchone()
            for change in CHANGES:
                with pytest.raises(REFUSED):
                    connection.execute(change.format(table=table, column=column).encode())
            connection.execute(f"GRANT ALL ON greenai.{table} TO greenai_service".encode())  # warns only
            with pytest.raises(REFUSED):
                connection.execute(f"DELETE FROM greenai.{table}".encode())
    assert room.verify().holds


def test_no_other_role_gives_a_process_more(room: Room, narrow: str) -> None:
    room.happen(2)
    with connect(narrow, autocommit=True) as connection:
        for statement in ("SET ROLE NONE", "RESET ROLE", "SET ROLE greenai_app"):
            connection.execute(statement.encode())
            for change in ("DELETE FROM greenai.audit_event", "DELETE FROM greenai.audit_link"):
                with pytest.raises(REFUSED):
                    connection.execute(change.encode())


WAYS_ROUND = (
    "SET ROLE greenai",
    "SET SESSION AUTHORIZATION greenai",
    "SET session_replication_role = replica",
    "CREATE TABLE greenai.another (a integer)",
    "CREATE OR REPLACE FUNCTION greenai.refuse_change() RETURNS trigger LANGUAGE plpgsql"
    " AS 'BEGIN RETURN OLD; END'",
    "CREATE OR REPLACE FUNCTION greenai.link_event() RETURNS trigger LANGUAGE plpgsql"
    " AS 'BEGIN RETURN NULL; END'",
    "INSERT INTO greenai.audit_link VALUES (9, 1, sha256(''), sha256(''))",
    "UPDATE greenai.actor SET name = 'eve'",
    "DELETE FROM greenai.publication",
    "SELECT greenai.unwrite(1, '2026-03-02', 1, ARRAY[md5('1')::uuid])",
    "DELETE FROM greenai.decision_r1_202603",
    "DELETE FROM greenai.schema_migration",
    "CREATE ROLE eve SUPERUSER",
    "ALTER ROLE greenai_service SUPERUSER",
)


def test_a_process_cannot_get_round_the_chain(room: Room, narrow: str) -> None:
    room.decide(2)
    with connect(narrow, autocommit=True) as connection:
        for statement in WAYS_ROUND:
            with pytest.raises(REFUSED):
                connection.execute(statement.encode())
    assert room.verify().holds


def test_no_table_that_only_grows_may_be_changed_by_a_process(room: Room, narrow: str) -> None:
    query = """
        SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        WHERE t.tgname = 'append_only' AND c.relnamespace = 'greenai'::regnamespace AND NOT c.relispartition
          AND has_table_privilege('greenai_app', c.oid, 'UPDATE, DELETE, TRUNCATE, TRIGGER')
    """
    assert room.connection.execute(query).fetchall() == []
    with connect(narrow) as connection:
        owned = (
            "SELECT count(*) FROM pg_tables WHERE schemaname = 'greenai' AND tableowner LIKE 'greenai\\_%'"
        )
        assert connection.execute(owned).fetchone() == (0,)


def test_partitions_are_made_of_our_own_tables_alone(room: Room, narrow: str) -> None:
    room.decide(1)
    with connect(narrow, autocommit=True) as connection:
        connection.execute("SELECT greenai.ensure_partition('decision', 1, '2027-05-01')")
        with pytest.raises(psycopg.Error):
            connection.execute("SELECT greenai.ensure_partition('audit_event', 1, '2027-05-01')")
    assert room.connection.execute(
        "SELECT tableowner FROM pg_tables WHERE tablename = 'decision_r1_202705'"
    ).fetchone() == ("greenai",)


def table(path: Path, amounts: dict[str, str]) -> None:
    path.write_text("id,amount\n" + "".join(f"{key},{amount}\n" for key, amount in amounts.items()))


def submitted(url: str, folder: Path, day: date) -> int:
    with connect(url, autocommit=True) as connection:
        return submission.submit(
            connection, loads(DEFINITION, source="test"), base=folder, business_date=day, requested_by="ann"
        )


def test_whole_runs_reviews_and_anchors_work_with_these_rights(
    room: Room, narrow: str, tmp_path: Path
) -> None:
    table(tmp_path / "a.csv", {f"k{n}": "1.00" for n in range(50)})
    table(tmp_path / "b.csv", {f"k{n}": "1.00" if n else "2.00" for n in range(50)})
    run = submitted(narrow, tmp_path, date(2026, 3, 2))
    work_off(narrow, tmp_path / "work")
    assert run_state(narrow, run).state == "awaiting_review"
    (break_id,) = room.connection.execute("SELECT break_id::text FROM greenai.present_break").fetchone()
    approve(narrow, run, [break_id], actor="ben")
    table(tmp_path / "b.csv", {f"k{n}": "1.00" if n < 49 else "3.00" for n in range(50)})
    later = submitted(narrow, tmp_path, date(2026, 4, 2))
    work_off(narrow, tmp_path / "work")
    assert run_state(narrow, later).state == "awaiting_review"
    with connect(narrow, autocommit=True) as connection:
        assert anchors.anchor(connection, room.places) is not None
    found = room.verify()
    assert found.holds, found.findings
    assert found.publications == 3
    actions = room.connection.execute("SELECT action FROM greenai.audit_event ORDER BY event_id").fetchall()
    assert [one for (one,) in actions] == ["submit", "publish", "decide", "publish", "submit", "publish"]


def test_a_frozen_worker_is_expelled_with_these_rights(room: Room, narrow: str, tmp_path: Path) -> None:
    submitted(narrow, tmp_path, date(2026, 3, 2))
    (job,) = room.connection.execute("UPDATE greenai.job SET token = 2 RETURNING job_id").fetchone()
    with connect(f"{narrow}&application_name=greenai%20job%20{job}/1") as frozen:
        frozen.execute("SELECT 1")
        with connect(narrow, autocommit=True) as connection:
            assert jobs.expel(connection) == [job]
            assert connection.execute("SELECT current_user::text").fetchone() == (GROUP,)
        with pytest.raises(psycopg.OperationalError):
            frozen.execute("SELECT 1")


def test_golden_tables_are_the_applications_whoever_ran_first(room: Room, tmp_path: Path) -> None:
    for side in "ab":
        table(tmp_path / f"{side}.csv", {"k1": "1.00", "k2": "2.00"})
    first = submitted(room.url, tmp_path, date(2026, 3, 2))
    work_off(room.url, tmp_path / "work")
    assert run_state(room.url, first).state == "completed"
    owners = "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'golden'"
    assert room.connection.execute(owners).fetchall() == [(GROUP,)]
    narrow, _ = limited(room.url, own=True)
    for side in "ab":
        (tmp_path / f"{side}.csv").write_text("id,amount,colour\nk1,1.50,red\nk3,2.00,blue\n")
    later = submitted(narrow, tmp_path, date(2026, 3, 3))
    work_off(narrow, tmp_path / "work")
    assert run_state(narrow, later).state == "completed"
    assert room.connection.execute("SELECT id, colour FROM golden.trades ORDER BY 1").fetchall() == [
        ("k1", "red"),
        ("k3", "blue"),
    ]


@pytest.fixture
def owner(empty_database: Callable[[], str]) -> Iterator[str]:
    """The URL of an empty database of a user who is no superuser and may not create roles."""
    url = empty_database()
    with connect(url, autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS greenai_other")
        connection.execute("CREATE ROLE greenai_other")
        granting = f"GRANT CREATE, TEMPORARY ON DATABASE {connection.info.dbname} TO greenai_other"
        connection.execute(granting.encode())
    yield url
    with connect(url, autocommit=True) as connection:
        connection.execute("DROP OWNED BY greenai_other CASCADE")
        connection.execute("DROP ROLE greenai_other")


def as_other(url: str) -> str:
    return working_as(url).replace(GROUP, "greenai_other")


def test_who_owns_tables_but_no_roles_migrates_and_grants(owner: str) -> None:
    with connect(as_other(owner)) as connection:
        assert migrate(connection)
        actors.person(connection, "ann")
        actors.audit(connection, "ann", "login", {})
        connection.commit()
    with connect(owner, autocommit=True) as connection:
        held = "SELECT has_table_privilege(%s, 'greenai.audit_event', 'INSERT'), has_table_privilege(%s,"
        held += " 'greenai.audit_event', 'UPDATE')"
        assert connection.execute(held, [GROUP, GROUP]).fetchone() == (True, False)
        assert connection.execute(held, ["greenai_other"] * 2).fetchone() == (True, True)


def test_where_the_role_is_missing_all_rights_stay_and_the_remedy_is_told(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("greenai.embedded.rights.GROUP", "greenai_nobody")
    url, why = limited(room.url, own=False)
    assert url == room.url
    assert why is not None
    assert "CREATE ROLE greenai_nobody" in why


def test_the_member_is_made_once(room: Room) -> None:
    make_service(room.connection)
    make_service(room.connection)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "postgresql://ann:p%40ss@db:5432/x",
            "postgresql://ann:p%40ss@db:5432/x?options=-c%20role%3Dgreenai_app",
        ),
        (
            "postgresql://ann@db/x?sslmode=require&options=-c%20jit%3Doff",
            "postgresql://ann@db/x?sslmode=require&options=-c%20jit%3Doff%20-c%20role%3Dgreenai_app",
        ),
    ],
)
def test_what_a_url_said_before_stays(url: str, expected: str) -> None:
    assert working_as(url) == expected
