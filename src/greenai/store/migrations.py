"""Ordered migrations: SQL files that are applied once, in order, each whole or not at all.

The files are ``NNNN_name.sql`` in ``greenai/database/schema``. What was applied is kept in
``greenai.schema_migration`` with a checksum, so that an edited file is noticed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING, Any

from greenai.errors import MigrationError, StoreError
from greenai.store.partitions import TABLES

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[Any]

LOCK = int.from_bytes(b"greenai", "big")
"""The advisory lock under which migrations run."""

WAITING = "10min"
"""How long another migration, or a transaction that uses a table to be changed, is waited for."""

BOOTSTRAP = """
CREATE SCHEMA IF NOT EXISTS greenai;
CREATE TABLE IF NOT EXISTS greenai.schema_migration (
    version    integer     PRIMARY KEY CHECK (version > 0),
    name       text        NOT NULL,
    checksum   text        NOT NULL CHECK (checksum ~ '^[0-9a-f]{64}$'),
    applied_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE greenai.schema_migration IS 'The migrations of this database; written by the runner';
COMMENT ON COLUMN greenai.schema_migration.checksum IS 'SHA-256 of the file as it was applied';
"""


@dataclass(frozen=True, slots=True)
class Migration:
    """One file: its number, its name without number and ending, and its SQL."""

    version: int
    name: str
    sql: str

    @property
    def file(self) -> str:
        """The name of the file."""
        return f"{self.version:04}_{self.name}.sql"

    @property
    def checksum(self) -> str:
        """SHA-256 of the SQL; ends of lines do not count."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


def shipped(folder: Traversable | None = None) -> list[Migration]:
    """The migrations in `folder` (those of the package by default), in order.

    Raises MigrationError when the files are not numbered 1, 2, 3 and so on.
    """
    where = files("greenai").joinpath("database", "schema") if folder is None else folder
    found = []
    for entry in where.iterdir():
        if not entry.name.endswith(".sql"):
            continue
        match = re.fullmatch(r"(\d{4})_([a-z0-9_]+)\.sql", entry.name)
        if not match:
            raise MigrationError(
                "a migration is not called NNNN_name.sql", source=entry.name, remedy="rename it"
            )
        sql = entry.read_bytes().decode("utf-8").replace("\r\n", "\n")
        found.append(Migration(int(match[1]), match[2], sql))
    found.sort(key=lambda one: (one.version, one.name))
    for number, migration in enumerate(found, 1):
        if migration.version != number:
            raise MigrationError(
                f"migrations are not numbered in sequence: {number:04} was expected",
                source=migration.file,
                remedy="renumber those that were not released; install greenai again",
            )
    return found


def migrate(connection: Connection, *, folder: Traversable | None = None) -> list[str]:
    """Bring the database up to date; the names of the files that were applied, none when it is.

    The connection must be outside a transaction: each file is a transaction of its own. Two commands at
    once are safe: the second waits for the first. Raises MigrationError: a file that was applied has
    changed since, the database is newer than this program, a statement failed (the files before it
    stay applied); StoreError when the user may not create tables.
    """
    known = shipped(folder)
    done = []
    with rights_explained(connection), one_at_a_time(connection):
        if applied(connection) is None:
            with connection.transaction():
                connection.execute(BOOTSTRAP.encode())
        for migration in outstanding(known, applied(connection) or {}):
            apply(connection, migration)
            done.append(migration.file)
        with connection.transaction():
            (granting,) = connection.execute(
                "SELECT to_regprocedure('greenai.grant_application()')"
            ).fetchone() or (None,)
            if granting is not None:  # tables that came later, or a role that somebody created meanwhile
                connection.execute("SELECT greenai.grant_application()")
    return done


def pending(connection: Connection, *, folder: Traversable | None = None) -> list[str]:
    """The files that `migrate` would apply; nothing is written. Raises MigrationError like `migrate`."""
    return [one.file for one in outstanding(shipped(folder), applied(connection) or {})]


def applied(connection: Connection) -> dict[int, tuple[str, str]] | None:
    """Name and checksum by version of what was applied; None in a database without our tables."""
    with connection.transaction():
        (there,) = connection.execute("SELECT to_regclass('greenai.schema_migration')").fetchone() or (None,)
        if there is None:
            return None
        rows = connection.execute("SELECT version, name, checksum FROM greenai.schema_migration").fetchall()
    return {version: (name, checksum) for version, name, checksum in rows}


def outstanding(known: list[Migration], done: dict[int, tuple[str, str]]) -> list[Migration]:
    """Those of `known` that are not `done`. Raises MigrationError when the two contradict each other."""
    if done and max(done) > len(known):
        raise MigrationError(
            f"the database is newer than this program: it has migration {max(done):04}_{done[max(done)][0]}, "
            f"the program knows {len(known)}",
            remedy="upgrade greenai",
        )
    if len(done) != max(done, default=0):
        raise MigrationError(
            "greenai.schema_migration has gaps; somebody changed it", remedy="restore the database"
        )
    for migration in known[: len(done)]:
        if done[migration.version] != (migration.name, migration.checksum):
            raise MigrationError(
                f"the database was migrated with another file ({migration.version:04}_"
                f"{done[migration.version][0]}); applied migrations never change",
                source=migration.file,
                remedy="install a released greenai no older than the database, or use a new database",
            )
    return known[len(done) :]


def apply(connection: Connection, migration: Migration) -> None:
    """Run one file and note it, in one transaction. Raises MigrationError with the line that failed."""
    import psycopg

    try:
        with connection.transaction():
            connection.execute(f"SET LOCAL lock_timeout = '{WAITING}'".encode())
            # Alone with the tables: who publishes meanwhile would hold some and wait for others.
            connection.execute("SELECT pg_advisory_xact_lock(%s)", (TABLES,))
            connection.execute(migration.sql.encode())
            connection.execute(
                "INSERT INTO greenai.schema_migration (version, name, checksum) VALUES (%s, %s, %s)",
                (migration.version, migration.name, migration.checksum),
            )
    except psycopg.errors.InsufficientPrivilege:
        raise
    except psycopg.Error as error:
        position = error.diag.statement_position
        raise MigrationError(
            error.diag.message_primary or str(error).strip(),
            source=migration.file,
            line=migration.sql.count("\n", 0, int(position) - 1) + 1 if position else None,
            remedy="nothing of this file was applied; mend what it says and run greenai db migrate again",
        ) from error


@contextmanager
def one_at_a_time(connection: Connection) -> Iterator[None]:
    """Hold the advisory lock of the database; it falls when the connection does."""
    import psycopg

    try:
        with connection.transaction():
            connection.execute(f"SET LOCAL lock_timeout = '{WAITING}'".encode())
            connection.execute("SELECT pg_advisory_lock(%s)", (LOCK,))
    except psycopg.errors.LockNotAvailable:
        raise MigrationError(
            f"another migration of this database has not ended in {WAITING}",
            remedy="look for it in pg_stat_activity, and run greenai db migrate again",
        ) from None
    try:
        yield
    finally:
        if not connection.closed:
            with connection.transaction():
                connection.execute("SELECT pg_advisory_unlock(%s)", (LOCK,))


@contextmanager
def rights_explained(connection: Connection) -> Iterator[None]:
    """Turn a missing right into a StoreError that says which to grant."""
    import psycopg

    try:
        yield
    except psycopg.errors.InsufficientPrivilege as error:
        user, database = connection.info.user, connection.info.dbname
        raise StoreError(
            f"{user} may not create greenai's tables in {database}: {error.diag.message_primary}",
            remedy=f"let the owner of the database run greenai db migrate, or: GRANT CREATE ON DATABASE "
            f'"{database}" TO "{user}"',
        ) from None
