"""The output folder of a simulation: refused, replaced, or written whole."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from greenai.errors import GreenaiError, UsageError
from greenai.simulation import trades
from greenai.simulation.trades import simulate_trades


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


def test_a_folder_with_other_files_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep")
    with pytest.raises(UsageError, match=r"mine\.txt"):
        simulate_trades(rows=10, seed=1, out=tmp_path)
    assert names(tmp_path) == {"mine.txt"}


def test_a_folder_with_an_empty_folder_of_someone_is_refused(tmp_path: Path) -> None:
    (tmp_path / "plans").mkdir()
    with pytest.raises(UsageError, match="plans"):
        simulate_trades(rows=10, seed=1, out=tmp_path)


def test_a_file_in_place_of_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("keep")
    with pytest.raises(UsageError, match="not a folder"):
        simulate_trades(rows=10, seed=1, out=tmp_path / "out")


def test_an_earlier_simulation_is_replaced_by_exactly_the_new_one(tmp_path: Path) -> None:
    from datetime import date

    simulate_trades(rows=300, seed=1, out=tmp_path / "again", business_date=date(2026, 11, 18))
    simulate_trades(rows=200, seed=2, out=tmp_path / "again")
    simulate_trades(rows=200, seed=2, out=tmp_path / "fresh")
    assert names(tmp_path / "again") == names(tmp_path / "fresh")
    assert json.loads((tmp_path / "again" / "truth.json").read_text())["seed"] == 2


def test_an_earlier_simulation_with_results_beside_it_is_refused(tmp_path: Path) -> None:
    simulate_trades(rows=100, seed=1, out=tmp_path / "recon")
    (tmp_path / "recon" / "front_office" / "notes.txt").write_text("mine")
    with pytest.raises(UsageError, match=r"notes\.txt"):
        simulate_trades(rows=100, seed=1, out=tmp_path / "recon")


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    simulate_trades(rows=100, seed=1, out=tmp_path)
    assert {"recon.yaml", "truth.json", "truth.parquet"} <= names(tmp_path)
    assert not [name for name in names(tmp_path) if "partial" in name or "spill" in name]


@pytest.mark.parametrize("exists", [False, True])
def test_a_failure_on_the_way_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, exists: bool
) -> None:
    out = tmp_path / "out"
    if exists:
        simulate_trades(rows=50, seed=1, out=out)
    before = names(tmp_path)

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("disk on fire")

    monkeypatch.setattr(trades, "write_back_office", broken)
    with pytest.raises(RuntimeError, match="on fire"):
        simulate_trades(rows=50, seed=2, out=out)
    assert names(tmp_path) == before
    if exists:
        assert json.loads((out / "truth.json").read_text())["seed"] == 1


def test_a_full_disk_is_an_error_for_a_person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise duckdb.IOException("IO Error: No space left on device")

    monkeypatch.setattr(trades, "write_truth", full)
    with pytest.raises(GreenaiError, match="No space left"):
        simulate_trades(rows=50, seed=2, out=tmp_path / "out")
    assert names(tmp_path) == set()


def test_a_path_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("keep")
    with pytest.raises(UsageError, match="cannot be written"):
        simulate_trades(rows=10, seed=1, out=tmp_path / "file" / "out")


@pytest.mark.parametrize("rows", [0, -1, 10**9])
def test_a_number_of_rows_out_of_range_is_refused(tmp_path: Path, rows: int) -> None:
    with pytest.raises(UsageError, match="out of range"):
        simulate_trades(rows=rows, seed=1, out=tmp_path / "out")


def test_progress_names_the_stages_and_ends(tmp_path: Path) -> None:
    heard: list[str] = []

    class Listener:
        def stage(self, name: str, rows: int | None = None) -> None:
            heard.append(f"{name} {rows}")

        def done(self) -> None:
            heard.append("done")

    simulate_trades(rows=20, seed=1, out=tmp_path / "out", progress=Listener())
    assert heard == [
        *(f"{stage} 20" for stage in ("trades", "causes", "front office", "back office", "truth")),
        "done",
    ]
