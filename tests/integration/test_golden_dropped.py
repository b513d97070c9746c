"""Golden tables that somebody dropped while the store says that greenai made them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from publishing_desk import Desk

from greenai.errors import StoreError
from greenai.pipeline.review import approve
from greenai.store.database import connect

DAY, NEXT = "2026-01-06", "2026-01-07"
FIELDS = {"id": {"type": "string"}, "party": {"type": "string"}, "name": {"type": "string"}}
ROWS = [("1", "p", "Alpha"), ("2", "q", "Beta")]


def desk(url: str, folder: Path, **store: Any) -> Desk:
    return Desk(folder, url, {"key": ["id"], "fields": FIELDS, "store": {"table": "trade", **store}})


def drop(recon: Desk, *tables: str) -> None:
    with connect(recon.url) as connection:
        for table in tables:
            connection.execute(f"DROP TABLE golden.{table} CASCADE".encode())


@pytest.mark.parametrize("day", [DAY, NEXT])
def test_a_table_that_was_dropped_whole_is_made_anew(postgres_url: str, tmp_path: Path, day: str) -> None:
    recon = desk(postgres_url, tmp_path)
    recon.run(DAY, ROWS, ROWS)
    before = recon.golden()
    drop(recon, "trade", "trade_history")
    recon.run(day)
    assert recon.golden() == before
    assert recon.ask("SELECT count(*) FROM golden.trade_as_of(%s)", day) == [(2,)]
    again = recon.everything()
    recon.run(day)
    assert {n for n, rows in recon.everything().items() if rows != again[n]} <= {"greenai.job"}


@pytest.mark.parametrize("lost", ["trade", "trade_history"])
def test_a_table_of_which_a_part_was_dropped_is_refused_with_what_is_left(
    postgres_url: str, tmp_path: Path, lost: str
) -> None:
    recon = desk(postgres_url, tmp_path)
    recon.run(DAY, ROWS, ROWS)
    drop(recon, lost)
    left = ({"trade", "trade_history"} - {lost}).pop()
    with pytest.raises(StoreError, match=f"golden.{left} is left") as refused:
        recon.run(NEXT)
    assert refused.value.remedy is not None
    assert f"drop golden.{left} too" in refused.value.remedy
    drop(recon, left)
    recon.run(NEXT)
    assert set(recon.golden()) == {"1", "2"}


def test_a_reference_that_was_dropped_is_not_made_anew_under_the_table_that_refers_to_it(
    postgres_url: str, tmp_path: Path
) -> None:
    recon = desk(postgres_url, tmp_path, references={"party": {"key": ["party"], "fields": ["name"]}})
    recon.run(DAY, ROWS, ROWS)
    drop(recon, "party", "party_history")
    with pytest.raises(StoreError, match=r"golden\.trade is left"):
        recon.run(NEXT)
    drop(recon, "trade", "trade_history")
    recon.run(NEXT)
    assert set(recon.golden("party")) == {"p", "q"}


def test_a_decision_about_rows_of_a_table_that_was_dropped_is_refused(
    postgres_url: str, tmp_path: Path
) -> None:
    recon = desk(postgres_url, tmp_path)
    done = recon.run(DAY, ROWS, [ROWS[0], ("2", "q", "Other")])
    drop(recon, "trade", "trade_history")
    assert done.run_id is not None
    with pytest.raises(StoreError, match="was dropped"):
        approve(recon.url, done.run_id, key=["2"], actor="ann")
