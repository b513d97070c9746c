"""What plans know of a large publication, before the server's own maintenance has come by."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from proposaldesk import DAY, opened, sides

from greenai.store.database import connect
from greenai.store.partitions import LARGE, refresh_statistics

NAMES = ["present_break", "decision_r1_202601", "break_r1"]


def counted(url: str) -> dict[str, float]:
    """How many rows plans take each table for; -1 where nobody has looked."""
    with connect(url) as connection:
        query = "SELECT relname, reltuples FROM pg_class WHERE relname = ANY(%s)"
        return dict(connection.execute(query, [NAMES]).fetchall())


def test_statistics_are_made_after_a_large_publication_alone(postgres_url: str, tmp_path: Path) -> None:
    opened(tmp_path, postgres_url).desk.run(DAY, *sides(7))
    assert set(counted(postgres_url).values()) == {-1.0}
    with connect(postgres_url) as connection:
        refresh_statistics(connection, 1, date.fromisoformat(DAY), LARGE - 1)
        assert set(counted(postgres_url).values()) == {-1.0}
        refresh_statistics(connection, 1, date.fromisoformat(DAY), LARGE)
    assert set(counted(postgres_url).values()) == {7.0}


def test_statistics_are_left_where_somebody_holds_a_table(postgres_url: str, tmp_path: Path) -> None:
    opened(tmp_path, postgres_url).desk.run(DAY, *sides(3))
    with connect(postgres_url) as other, connect(postgres_url) as connection:
        other.execute("LOCK TABLE greenai.present_break IN SHARE UPDATE EXCLUSIVE MODE")
        refresh_statistics(connection, 1, date.fromisoformat(DAY), LARGE)
        assert set(counted(postgres_url).values()) == {-1.0}


def test_runs_make_statistics_of_what_they_publish(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("greenai.store.partitions.LARGE", 5)
    desk = opened(tmp_path, postgres_url).desk
    desk.run(DAY, *sides(7))
    assert counted(postgres_url)["present_break"] == 7.0
    desk.run("2026-01-30", *sides(4))
    assert counted(postgres_url)["present_break"] == 7.0, "four are few"
