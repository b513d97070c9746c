"""Servers that were told other defaults than greenai needs."""

from __future__ import annotations

from pathlib import Path

import ibis
import pytest
from psycopg import sql

from greenai.api.stores import bring_up_to_date
from greenai.engines.duckdb import DuckDBEngine
from greenai.errors import StoreError
from greenai.store import migrations
from greenai.store.copying import FROZEN, copy_out, speak_plainly
from greenai.store.database import connect


def told(url: str, setting: str) -> None:
    with connect(url, autocommit=True) as connection:
        row = connection.execute("SELECT current_database()").fetchone()
        assert row is not None
        connection.execute(sql.SQL("ALTER DATABASE {} SET " + setting).format(sql.Identifier(row[0])))


def test_what_is_read_under_a_lock_is_what_holds_then(postgres_url: str) -> None:
    told(postgres_url, "default_transaction_isolation = 'repeatable read'")
    with connect(postgres_url) as one, connect(postgres_url, autocommit=True) as other:
        one.execute("SELECT 1")
        other.execute("INSERT INTO greenai.recon (name) VALUES ('later')")
        assert one.execute("SELECT count(*) FROM greenai.recon").fetchone() == (1,)


def test_nobody_is_thrown_out_while_the_gate_thinks_but_for_what_is_frozen(postgres_url: str) -> None:
    told(postgres_url, "idle_in_transaction_session_timeout = '1s'")
    with connect(postgres_url) as connection:
        speak_plainly(connection)
        assert connection.execute("SHOW idle_in_transaction_session_timeout").fetchone() == (FROZEN,)


def test_a_value_of_many_megabytes_comes_back(postgres_url: str, tmp_path: Path) -> None:
    with connect(postgres_url) as connection, DuckDBEngine() as engine:
        query = sql.SQL("SELECT repeat('x', 5000000) AS text, 1 AS n")
        found = copy_out(connection, engine, query, ibis.schema({"text": "string", "n": "int64"}), tmp_path)
        assert engine.rows(found.select(size=found.text.length(), n=found.n)) == [(5_000_000, 1)]


def test_reading_changes_no_server_that_others_use(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrations, "pending", lambda _: ["0099_later"])
    with connect(postgres_url) as connection, pytest.raises(StoreError, match="0099_later") as caught:
        bring_up_to_date(connection, postgres_url, own=False)
    assert "db migrate" in str(caught.value)
