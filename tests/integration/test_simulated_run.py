"""A run of the simulated recon finds exactly what was planted: every break, and no other."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

import greenai
from greenai.simulation.trades import simulate_trades


@pytest.mark.parametrize("seed", [2, 5])
def test_a_run_finds_what_was_planted(tmp_path: Path, seed: int) -> None:
    made = simulate_trades(rows=20_000, seed=seed, out=tmp_path / "trades")
    with greenai.run(made.definition) as found:
        found.write(tmp_path / "result")
    truth = json.loads((tmp_path / "trades" / "truth.json").read_text())
    summary = json.loads((tmp_path / "result" / "summary.json").read_text())
    assert summary["rows"] == truth["rows"]
    assert summary["fields"] == truth["fields"]

    def breaks(path: Path, key: str) -> list[tuple[str, str | None, str]]:
        query = f"SELECT {key} AS k, field, kind FROM '{path}' ORDER BY ALL"
        return duckdb.connect().execute(query).fetchall()

    planted = breaks(made.truth, "key")
    reported = breaks(tmp_path / "result" / "breaks.parquet", "key")
    assert reported == planted
    assert len(planted) == summary["breaks"] > 1_000


def test_formats_are_proved_and_nothing_wrong_is_called_a_format(tmp_path: Path) -> None:
    made = simulate_trades(rows=20_000, seed=3, out=tmp_path / "trades")
    with greenai.run(made.definition) as found:
        found.write(tmp_path / "result")
    query = (
        "SELECT t.reason, t.family, count(*) FROM '{breaks}' b JOIN '{truth}' t "
        "ON b.key = t.key AND b.field IS NOT DISTINCT FROM t.field AND b.kind = t.kind "
        "WHERE b.reason = 'FORMAT' GROUP BY ALL"
    ).format(breaks=tmp_path / "result" / "breaks.parquet", truth=made.truth)
    proved = duckdb.connect().execute(query).fetchall()
    families = {family for _, family, _ in proved}
    assert {"case", "whitespace", "padding", "encoding"} <= families
    # What is called FORMAT was planted as a way of writing, never as a wrong value.
    assert families <= {"case", "whitespace", "padding", "encoding", "numeric_format", "date_format"}
