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
    assert found.report.run is not None
    samples = found.report.samples["check"]
    assert {one.rule for one in samples} == {"not_null(settlement_date)"}
    assert {(one.explanation, one.decision) for one in samples} == {("settlement_date is null", "review")}
    assert found.report.gate is not None
    stored = found.report.gate.stored
    truth = json.loads((tmp_path / "trades" / "truth.json").read_text())
    summary = json.loads((tmp_path / "result" / "summary.json").read_text())
    assert summary["rows"] == truth["rows"]
    assert summary["fields"] == truth["fields"]

    def breaks(path: Path, key: str) -> list[tuple[str, str | None, str]]:
        query = f"SELECT {key} AS k, field, kind FROM '{path}' ORDER BY ALL"
        return duckdb.connect().execute(query).fetchall()

    planted = breaks(made.truth, "key")
    reported = breaks(tmp_path / "result" / "breaks.parquet", "key")
    failed = [one for one in reported if one[2] == "check"]
    assert [one for one in reported if one[2] != "check"] == planted
    assert len(planted) + len(failed) == summary["breaks"] > 1_000
    # A date that cannot be read is a null in what would be stored: the only check that fails.
    query = f"SELECT key, field FROM '{made.truth}' WHERE family = 'date_format' ORDER BY ALL"
    unreadable = duckdb.connect().execute(query).fetchall()
    assert [one[:2] for one in failed] == unreadable
    assert sum(summary["decisions"].values()) == summary["breaks"]
    assert summary["decisions"]["review"] > summary["decisions"]["passed"] > 0
    assert min(summary["records"]["passed"], summary["records"]["review"]) > 100
    kept = stored["trade"].inserted + stored["trade"].updated + stored["trade"].unchanged
    # Every trade is stored or waits whole.
    rows = truth["rows"]
    trades = rows["matched"] + rows["only_a"] + rows["only_b"]
    assert kept + summary["records"]["review"] == trades
    assert stored["counterparty"].pending == 0


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
    written = {"affix", "case", "whitespace", "padding", "encoding", "numeric_format", "date_format"}
    assert families <= written
