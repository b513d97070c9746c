"""A real PostgreSQL for the tests that need one: one server for a session, a database for a test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from databases import databases, named, short_folder

from greenai.embedded.postgres import embedded_postgres, stop_postgres


@pytest.fixture(autouse=True)
def no_width(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables are as wide as they are without a terminal, whatever a library told others about one."""
    monkeypatch.delenv("COLUMNS", raising=False)


@pytest.fixture
def home() -> Iterator[Path]:
    """An empty ``GREENAI_HOME``; a server that a test left there is stopped."""
    folder = short_folder()
    yield folder / "home"
    stop_postgres(folder / "home")
    shutil.rmtree(folder)


@pytest.fixture(scope="session", autouse=True)
def greenai_home() -> Iterator[Path]:
    """No test touches the user's own database: commands without ``--store`` find an empty home."""
    folder = short_folder()
    before = os.environ.get("GREENAI_HOME")
    os.environ["GREENAI_HOME"] = str(folder / "home")
    os.environ.setdefault("GREENAI_BFF_PORT", "0")  # several platforms at once, and perhaps the user's own
    yield folder / "home"
    if before is None:
        del os.environ["GREENAI_HOME"]
    else:
        os.environ["GREENAI_HOME"] = before
    stop_postgres(folder / "home")
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of one server for all tests, of its first database; nothing is to be stored in that one.

    It does not wait for the disk: what is measured here says nothing about a real server.
    """
    from greenai.store.database import connect

    folder = short_folder()
    with embedded_postgres(folder / "home") as url:
        with connect(url, autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("SELECT pg_reload_conf()")
        yield url
    stop_postgres(folder / "home")
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def migrated_template(postgres_server: str) -> str:
    """The name of a database with all migrations, to copy from."""
    from greenai.store.database import connect
    from greenai.store.migrations import migrate

    with connect(postgres_server, autocommit=True) as connection:
        connection.execute("CREATE DATABASE migrated")
    with connect(named(postgres_server, "migrated")) as connection:
        migrate(connection)
    return "migrated"


@pytest.fixture
def new_database(postgres_server: str, migrated_template: str) -> Iterator[Callable[[], str]]:
    """Make an empty migrated database and give its URL: ``url = new_database()``. Dropped after the test."""
    yield from databases(postgres_server, migrated_template)


@pytest.fixture
def empty_database(postgres_server: str) -> Iterator[Callable[[], str]]:
    """Make a database without any table of ours and give its URL. Dropped after the test."""
    yield from databases(postgres_server, "template0")


@pytest.fixture
def postgres_url(new_database: Callable[[], str]) -> str:
    """The URL of an empty migrated database for one test."""
    return new_database()


@pytest.fixture(scope="session")
def redis_server() -> Iterator[str]:
    """The URL of one Redis for all tests; each takes a database of its own or flushes this one."""
    from greenai.embedded.redis import embedded_redis, stop_redis

    folder = short_folder()
    with embedded_redis(folder / "home") as url:
        yield url
    stop_redis(folder / "home")
    shutil.rmtree(folder)


@pytest.fixture
def desk(postgres_url: str, redis_server: str, tmp_path: Path) -> Iterator[object]:
    """A BFF over an empty database and an emptied Redis (see bffdesk.py)."""
    import redis
    from bffdesk import open_desk

    with redis.Redis.from_url(redis_server) as known:
        known.flushall()
    with open_desk(postgres_url, redis_server, tmp_path) as made:
        yield made


@pytest.fixture(scope="module")
def room(
    postgres_server: str, migrated_template: str, redis_server: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[object]:
    """A filled desk that is asked what it should refuse (see attackroom.py), one for all tests of a file."""
    from attackroom import opened_room

    with opened_room(
        postgres_server, migrated_template, redis_server, tmp_path_factory.mktemp("room")
    ) as made:
        yield made


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder with a short name that the server's user may enter too; processes of a platform work in it."""
    made = short_folder()
    yield made
    shutil.rmtree(made)


@pytest.fixture
def redis_url(folder: Path) -> Iterator[str]:
    """The URL of a Redis of one test alone, which may do to it what it likes."""
    from greenai.embedded.redis import embedded_redis

    with embedded_redis(folder / "home") as url:
        yield url
