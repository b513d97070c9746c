"""Migrations on a real server: in order, once, whole or not at all."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from greenai.errors import MigrationError, StoreError
from greenai.store.database import connect
from greenai.store.migrations import applied, migrate, pending, shipped


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two small migrations."""
    (tmp_path / "0001_first.sql").write_text("CREATE TABLE greenai.one (n int);\n", encoding="utf-8")
    (tmp_path / "0002_second.sql").write_text(
        "-- 100 %\nINSERT INTO greenai.one VALUES (1);\nALTER TABLE greenai.one ADD m int;\n",
        encoding="utf-8",
    )
    return tmp_path


@pytest.fixture
def url(empty_database: Callable[[], str]) -> str:
    return empty_database()


def count(url: str, table: str = "greenai.one") -> Any:
    with connect(url) as connection:
        return connection.execute(f"SELECT count(*) FROM {table}".encode()).fetchone()


def test_migrations_are_applied_in_order_and_once(url: str, folder: Path) -> None:
    with connect(url) as connection:
        assert pending(connection, folder=folder) == ["0001_first.sql", "0002_second.sql"]
        assert applied(connection) is None, "pending writes nothing"
        assert migrate(connection, folder=folder) == ["0001_first.sql", "0002_second.sql"]
        assert migrate(connection, folder=folder) == []
        assert pending(connection, folder=folder) == []
    assert count(url) == (1,), "seen by others without a commit of the caller"


def test_a_connection_in_autocommit_will_do(url: str, folder: Path) -> None:
    with connect(url, autocommit=True) as connection:
        assert len(migrate(connection, folder=folder)) == 2


def test_a_later_release_adds_to_what_is_there(url: str, folder: Path) -> None:
    with connect(url) as connection:
        migrate(connection, folder=folder)
        (folder / "0003_third.sql").write_text("DROP TABLE greenai.one;", encoding="utf-8")
        assert migrate(connection, folder=folder) == ["0003_third.sql"]


def test_a_file_that_fails_is_applied_not_at_all_and_tells_its_line(url: str, folder: Path) -> None:
    (folder / "0003_third.sql").write_text("DELETE FROM greenai.one;\n\nSELECT * FROM nowhere;\n", "utf-8")
    with connect(url) as connection:
        with pytest.raises(MigrationError, match="nowhere") as caught:
            migrate(connection, folder=folder)
        assert (caught.value.source, caught.value.line) == ("0003_third.sql", 3)
        assert pending(connection, folder=folder) == ["0003_third.sql"]
        assert count(url) == (1,)
        (folder / "0003_third.sql").write_text("DELETE FROM greenai.one;", encoding="utf-8")
        assert migrate(connection, folder=folder) == ["0003_third.sql"], "the lock was given back"


def test_an_applied_file_that_changed_is_noticed_but_ends_of_lines_are_not(url: str, folder: Path) -> None:
    with connect(url) as connection:
        migrate(connection, folder=folder)
        first = folder / "0001_first.sql"
        first.write_bytes(first.read_bytes().replace(b"\n", b"\r\n"))
        assert migrate(connection, folder=folder) == []
        first.write_text("CREATE TABLE greenai.one (n bigint);\n", encoding="utf-8")
        for function in (migrate, pending):
            with pytest.raises(MigrationError, match="migrated with another file"):
                function(connection, folder=folder)


def test_a_database_newer_than_the_program_is_refused(url: str, folder: Path) -> None:
    with connect(url) as connection:
        migrate(connection, folder=folder)
        (folder / "0002_second.sql").unlink()
        with pytest.raises(MigrationError, match="newer than this program") as caught:
            migrate(connection, folder=folder)
    assert caught.value.remedy == "upgrade greenai"


def test_a_gap_in_what_was_applied_is_noticed(url: str, folder: Path) -> None:
    with connect(url) as connection:
        migrate(connection, folder=folder)
        with connection.transaction():
            connection.execute("DELETE FROM greenai.schema_migration WHERE version = 1")
        with pytest.raises(MigrationError, match="gaps"):
            migrate(connection, folder=folder)


@pytest.mark.parametrize("name", ["0004_fourth.sql", "0002_again.sql", "3_third.sql", "0003-third.sql"])
def test_files_out_of_sequence_are_refused(folder: Path, name: str) -> None:
    (folder / name).write_text("SELECT 1;", encoding="utf-8")
    with pytest.raises(MigrationError) as caught:
        shipped(folder)
    assert caught.value.source is not None


def test_two_commands_at_once_apply_each_file_once(url: str, folder: Path) -> None:
    (folder / "0003_third.sql").write_text(
        "SELECT pg_sleep(0.3); INSERT INTO greenai.one VALUES (2);", "utf-8"
    )
    done: list[list[str]] = []

    def command() -> None:
        with connect(url) as connection:
            done.append(migrate(connection, folder=folder))

    threads = [threading.Thread(target=command) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(len(names) for names in done) == [0, 0, 0, 3]
    assert count(url) == (2,)


def test_a_command_that_dies_leaves_no_lock(url: str, folder: Path) -> None:
    (folder / "0003_third.sql").write_text("SELECT pg_sleep(60);", encoding="utf-8")
    with connect(url) as doomed, connect(url, autocommit=True) as killer:
        pid = doomed.info.backend_pid
        timer = threading.Timer(0.5, lambda: killer.execute("SELECT pg_terminate_backend(%s)", (pid,)))
        timer.start()
        with pytest.raises(MigrationError):
            migrate(doomed, folder=folder)
        timer.join()
    (folder / "0003_third.sql").write_text("SELECT 1;", encoding="utf-8")
    with connect(url) as connection:
        assert migrate(connection, folder=folder) == ["0003_third.sql"]


def test_a_user_without_rights_is_told_which_to_ask_for(url: str, folder: Path) -> None:
    with connect(url) as connection:
        with connection.transaction():
            connection.execute("CREATE ROLE clerk")
        try:
            with connection.transaction():
                connection.execute("SET SESSION AUTHORIZATION clerk")
            with pytest.raises(StoreError, match="may not create greenai's tables") as caught:
                migrate(connection, folder=folder)
            assert "GRANT CREATE ON DATABASE" in (caught.value.remedy or "")
        finally:
            connection.execute("RESET SESSION AUTHORIZATION")
            connection.execute("DROP ROLE clerk")


def test_the_migrations_that_are_shipped_apply_and_need_no_second_time(url: str) -> None:
    with connect(url) as connection:
        assert migrate(connection) == [one.file for one in shipped()]
        assert pending(connection) == []
