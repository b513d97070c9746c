"""Connections: a real server refuses in many ways, and each is one message without a password."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from greenai.errors import StoreError, UsageError
from greenai.settings import EMBEDDED, NONE, Settings, read_settings, store_url
from greenai.store.database import connect, describe

SECRET = "hunter2"


def test_a_connection_is_ours_and_ready_to_write(postgres_url: str) -> None:
    with connect(postgres_url) as connection:
        row = connection.execute(
            "SELECT current_setting('application_name'), current_setting('client_encoding'), "
            "current_setting('transaction_read_only')"
        ).fetchone()
        assert row == ("greenai", "UTF8", "off")
        assert not connection.autocommit
    with connect(postgres_url, autocommit=True) as connection:
        assert connection.autocommit


def test_what_the_url_says_comes_before_our_parameters(postgres_url: str) -> None:
    with connect(f"{postgres_url}&application_name=mine") as connection:
        assert connection.execute("SHOW application_name").fetchone() == ("mine",)


@pytest.mark.parametrize(
    ("url", "message", "remedy"),
    [
        (f"postgresql://ann:{SECRET}@127.0.0.1:1/d", "does not answer", "check host and port"),
        (f"postgresql://ann:{SECRET}@no.such.host.invalid/d", "is not a known host", "name of the host"),
        (f"postgresql://ann:{SECRET}@/d?host=/nowhere", "does not answer", "check host and port"),
        (f"postgresql://ann:{SECRET}/x@h/d", "cannot be read", "%2F"),
        (f"postgresql://ann:x@{SECRET}@h/d", "cannot be read", "%40"),
        (f"postgresql://ann:12/{SECRET}@h/d", "cannot be read", "%2F"),
        (f"postgresql://ann:x?{SECRET}@127.0.0.1:1/d", "does not answer", "check host and port"),
        (f"postgresql://h/d?{SECRET}=1", "cannot be read", "postgresql://user@host"),
        (f"host=h password={SECRET}", "cannot be read", "postgresql://user@host"),
    ],
)
def test_a_server_that_cannot_be_reached_is_explained_without_the_password(
    url: str, message: str, remedy: str
) -> None:
    with pytest.raises(StoreError, match=message) as caught:
        connect(url)
    assert remedy in (caught.value.remedy or "")
    assert SECRET not in str(caught.value)
    assert SECRET not in describe(url)


def test_a_database_that_is_missing_is_named(postgres_url: str) -> None:
    with pytest.raises(StoreError, match="has no such database"):
        connect(postgres_url.replace("/test_", "/missing_"))


def test_a_wrong_password_is_not_repeated(empty_database: Callable[[], str], tmp_path: Path) -> None:
    """The embedded server knows no passwords, so it listens here on a port that asks for one."""
    url = empty_database()
    with connect(url, autocommit=True) as admin:
        admin.execute("DROP ROLE IF EXISTS ann")
        admin.execute("CREATE ROLE ann LOGIN PASSWORD 'right'")
        row = admin.execute("SHOW hba_file").fetchone()
        assert row is not None
        hba = Path(row[0])
        before = hba.read_text(encoding="utf-8")
        try:
            hba.write_text(before + "local all ann scram-sha-256\n", encoding="utf-8")
            admin.execute("SELECT pg_reload_conf()")
            ann = url.replace("//greenai@", "//ann:{}@")
            connect_soon(ann.format("right")).close()
            with pytest.raises(StoreError, match="refuses this user") as caught:
                connect(ann.format(SECRET))
            assert SECRET not in str(caught.value)
            assert "PGPASSWORD" in str(caught.value)
        finally:
            hba.write_text(before, encoding="utf-8")
            admin.execute("SELECT pg_reload_conf()")
            admin.execute("DROP ROLE ann")


def connect_soon(url: str) -> Any:
    """Connect, as soon as the server has read its settings again."""
    until = time.monotonic() + 10
    while True:
        try:
            return connect(url)
        except StoreError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


def test_a_user_who_is_refused_by_the_server_is_told_so(postgres_url: str) -> None:
    with pytest.raises(StoreError, match="refuses this user"):
        connect(postgres_url.replace("//greenai@", "//nobody@"))


def test_a_database_that_is_not_utf8_is_refused(empty_database: Callable[[], str]) -> None:
    url = empty_database()
    with connect(url, autocommit=True) as connection:
        connection.execute(
            "CREATE DATABASE test_latin TEMPLATE template0 "
            "ENCODING 'SQL_ASCII' LOCALE_PROVIDER libc LOCALE 'C'"
        )
    name = url.split("@/")[1].split("?")[0]
    try:
        with pytest.raises(StoreError, match="holds texts as SQL_ASCII"):
            connect(url.replace(name, "test_latin"))
    finally:
        with connect(url, autocommit=True) as connection:
            connection.execute("DROP DATABASE test_latin")


def test_a_read_only_server_is_refused_at_once(empty_database: Callable[[], str]) -> None:
    url = empty_database()
    name = url.split("@/")[1].split("?")[0]
    with connect(url, autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on".encode())
    with pytest.raises(StoreError, match="is a standby, or read-only"):
        connect(url)


def test_an_old_server_is_refused() -> None:
    """No old server is at hand; a socket says what one says when a client has logged in."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=be_postgres_14, args=(listener,), daemon=True)
        thread.start()
        port = listener.getsockname()[1]
        with pytest.raises(StoreError, match="is PostgreSQL 14; greenai needs 15 or newer"):
            connect(f"postgresql://ann@127.0.0.1:{port}/d?sslmode=disable&gssencmode=disable")
        thread.join(5)


def be_postgres_14(listener: socket.socket) -> None:
    """Answer one client with AuthenticationOk, parameters and ReadyForQuery, as in the protocol's manual."""

    def message(kind: bytes, body: bytes) -> bytes:
        return kind + (len(body) + 4).to_bytes(4, "big") + body

    client, _ = listener.accept()
    with client:
        client.recv(4096)
        parameters = {
            "server_version": "14.9",
            "server_encoding": "UTF8",
            "client_encoding": "UTF8",
            "in_hot_standby": "off",
            "default_transaction_read_only": "off",
        }
        said = message(b"R", bytes(4))
        for name, value in parameters.items():
            said += message(b"S", f"{name}\0{value}\0".encode())
        client.sendall(said + message(b"Z", b"I"))
        client.recv(4096)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        (f"postgresql://ann:{SECRET}@db:5433/recon?sslmode=require", "postgresql://ann@db:5433/recon"),
        (f"postgres://db/recon?password={SECRET}", "postgresql://db/recon"),
        ("postgresql://a:1,b:2/recon", "postgresql://a:1,b:2/recon"),
        ("postgresql://ann@/recon?host=/var/run", "postgresql://ann@/recon?host=/var/run"),
        ("postgresql://", "postgresql://"),
        (f"nonsense {SECRET}", "the store"),
    ],
)
def test_a_url_is_shown_without_password_and_options(url: str, shown: str) -> None:
    assert describe(url) == shown


def test_the_store_is_the_option_then_the_environment_then_embedded() -> None:
    there = Settings(database_url="postgresql://b/b")
    assert store_url("postgresql://a/a", there) == "postgresql://a/a"
    assert store_url(None, there) == "postgresql://b/b"
    assert store_url(NONE, there) == NONE
    assert store_url(EMBEDDED, there) == EMBEDDED
    assert store_url(None, Settings()) == EMBEDDED
    with pytest.raises(UsageError) as caught:
        store_url(f"mysql://ann:{SECRET}@h/d", there)
    assert SECRET not in str(caught.value)
    assert SECRET not in repr(Settings(database_url=SECRET))


def test_the_home_is_where_the_environment_says() -> None:
    assert read_settings({"GREENAI_HOME": "/srv/g"}).home == Path("/srv/g")
    assert read_settings({"XDG_DATA_HOME": "/srv/x", "HOME": "/h"}).home == Path("/srv/x/greenai")
    with pytest.raises(UsageError, match="not an absolute path"):
        read_settings({"GREENAI_HOME": "relative"})
