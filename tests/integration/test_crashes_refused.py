"""Servers that cannot be reached or let nobody write: one message, what to do, and no password in it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from crashcase import FIRST, SECOND, open_folder, run, state, write_case
from greenai.store.database import connect

SECRET = "s3cr3t"


@pytest.fixture(scope="module")
def case() -> Iterator[Path]:
    folder = open_folder()
    yield write_case(folder, 300)
    shutil.rmtree(folder)


def refused(case: Path, url: str, *parts: str, day: str = FIRST) -> None:
    """Exit 2, one message with a remedy and all `parts`, and nothing of the password."""
    done = run(case, day, store=url, env={})
    assert (done.returncode, done.stdout) == (2, ""), done
    assert done.stderr.startswith("greenai: "), done.stderr
    assert "\n  → " in done.stderr, done.stderr
    for word in ("Traceback", "a bug", SECRET):
        assert word not in done.stderr, done.stderr
    for part in parts:
        assert part in done.stderr, done.stderr


def owner(url: str, *statements: str) -> None:
    """Run statements as the owner of a database."""
    with connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def name_of(url: str) -> str:
    """The database in a URL."""
    return url.partition("@/")[2].partition("?")[0]


def test_a_server_that_is_not_there(case: Path) -> None:
    refused(case, f"postgresql://ann:{SECRET}@127.0.0.1:1/recon", "does not answer", "check host and port")


def test_a_host_that_is_not_known(case: Path) -> None:
    refused(case, f"postgresql://ann:{SECRET}@no-such-host.invalid/recon", "is not a known host")


def test_a_user_whom_the_server_does_not_know(case: Path, postgres_url: str) -> None:
    url = postgres_url.replace("postgresql://greenai@", f"postgresql://ann:{SECRET}@")
    refused(case, url, "refuses this user", "check user and password")


def test_a_database_that_takes_no_changes(
    case: Path, new_database: Callable[[], str], postgres_server: str
) -> None:
    url = new_database()
    assert run(case, FIRST, store=url, env={}).returncode == 1
    before = state(url)
    owner(url, f"ALTER DATABASE {name_of(url)} SET default_transaction_read_only = on")
    refused(case, url, "read-only", "let it accept writes", day=SECOND)
    owner(postgres_server, f"ALTER DATABASE {name_of(url)} RESET default_transaction_read_only")
    assert state(url) == before


@pytest.fixture
def clerk(postgres_server: str) -> Iterator[str]:
    """A user who may connect and nothing else, for whom the server's own user can stand in."""
    owner(postgres_server, "CREATE ROLE clerk")
    yield "&options=-crole%3Dclerk"
    owner(postgres_server, "DROP ROLE clerk")


def test_a_user_who_may_not_create_tables(case: Path, empty_database: Callable[[], str], clerk: str) -> None:
    url = empty_database()
    refused(case, url + clerk, "may not create", "GRANT CREATE ON DATABASE")
    assert state(url) == {}


def test_a_user_who_may_not_write_into_the_tables(
    case: Path, new_database: Callable[[], str], clerk: str
) -> None:
    url = new_database()
    refused(case, url + clerk, "permission denied", "let the owner")
    rights = ("USAGE ON SCHEMA greenai, golden", "SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA greenai")
    owner(url, *(f"GRANT {right} TO clerk" for right in rights))
    refused(case, url + clerk, "does not let this user do that", "let the owner")
    assert state(url) == {}
    owner(url, "DROP OWNED BY clerk")
