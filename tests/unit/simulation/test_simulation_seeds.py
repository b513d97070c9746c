"""Seeds: same seed same bytes, another seed another world; and chance that is chance."""

from __future__ import annotations

import hashlib
import resource
import time
from itertools import combinations
from pathlib import Path

import duckdb
import pytest

from greenai.definition.loading import load
from greenai.simulation import trades
from greenai.simulation.causes import CAUSES, causes_table
from greenai.simulation.chance import Chance
from greenai.simulation.trades import simulate_trades


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def on_threads(monkeypatch: pytest.MonkeyPatch, threads: int) -> None:
    connect = trades._connect

    def connected(folder: Path) -> duckdb.DuckDBPyConnection:
        connection = connect(folder)
        connection.execute(f"SET threads = {threads}")
        return connection

    monkeypatch.setattr(trades, "_connect", connected)


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    simulate_trades(rows=5_000, seed=4, out=tmp_path / "one")
    simulate_trades(rows=5_000, seed=4, out=tmp_path / "two")
    assert digests(tmp_path / "one") == digests(tmp_path / "two")


@pytest.mark.slow
def test_the_number_of_threads_changes_no_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    for threads in (1, 4):
        with monkeypatch.context() as patch:
            on_threads(patch, threads)
            simulate_trades(rows=300_000, seed=4, out=tmp_path / str(threads))
        found.append(digests(tmp_path / str(threads)))
    assert found[0] == found[1]


def test_another_seed_moves_the_slices_and_the_parameters(tmp_path: Path) -> None:
    worlds = [simulate_trades(rows=5_000, seed=seed, out=tmp_path / str(seed)).causes for seed in range(6)]
    for kind in CAUSES:
        scopes = {cause.scope for world in worlds for cause in world if cause.id == kind.id}
        assert len(scopes) >= 3, kind.id
    expressions = {cause.expression for world in worlds for cause in world}
    assert len(expressions) > len(CAUSES) + 10


def test_slices_have_fitting_sizes_whatever_the_seed(tmp_path: Path) -> None:
    for seed in range(20, 26):
        done = simulate_trades(rows=20_000, seed=seed, out=tmp_path / str(seed))
        assert len(done.causes) == len(CAUSES)
        shares = {kind.id: kind.share for kind in CAUSES}
        for cause in done.causes:
            assert 0.2 < cause.breaks / 20_000 / shares[cause.id] < 5, (seed, cause)


@pytest.mark.parametrize("rows", [1, 2, 7, 49, 50, 51, 300])
def test_small_worlds_are_complete_too(tmp_path: Path, rows: int) -> None:
    done = simulate_trades(rows=rows, seed=1, out=tmp_path / "small")
    assert done.rows_a <= rows + 2
    assert all(cause.breaks > 0 for cause in done.causes)


def test_the_definition_is_valid_and_names_existing_columns(tmp_path: Path) -> None:
    done = simulate_trades(rows=100, seed=1, out=tmp_path / "recon")
    definition = load(done.definition).definition
    columns_a = done.files[0].read_text(encoding="utf-8").splitlines()[0].split(",")
    columns_b = [
        row[0] for row in duckdb.connect().sql(f"DESCRIBE FROM read_parquet('{done.files[-1]}')").fetchall()
    ]
    assert definition.fields is not None
    for rule in definition.fields.values():
        assert rule.a is not None
        assert rule.b is not None
        assert rule.a.column in columns_a
        assert rule.b.column in columns_b
    assert set(definition.context) - {"source_file"} <= set(columns_a)
    assert definition.amount is not None
    assert {path.parent.name for path in done.files} == {"front_office", "back_office"}
    assert list((tmp_path / "recon").glob(definition.sources.a.location[0]))
    assert list((tmp_path / "recon").glob(definition.sources.b.location[0]))


def test_streams_of_chance_are_uniform_and_independent() -> None:
    chance = Chance(7)
    streams = ["a", "b", "noise", "noise value", "book", "trader", "holds fee-sign"]
    other = Chance(8).uniform("a")
    columns = [f"{chance.uniform(stream)} AS u{number}" for number, stream in enumerate(streams)]
    columns.append(f"{other} AS u{len(streams)}")
    size, cells = 200_000, 10
    db = duckdb.connect()
    db.execute(f"CREATE TABLE drawn AS SELECT {', '.join(columns)} FROM range({size}) AS r(id)")
    for number in range(len(columns)):
        counts = db.execute(f"SELECT count(*) FROM drawn GROUP BY floor(u{number} * 100)").fetchall()
        chi = sum((n - size / 100) ** 2 / (size / 100) for (n,) in counts)
        assert len(counts) == 100
        assert chi < 170, (number, chi)  # 99 degrees of freedom: 1 in 100,000
    for one, two in combinations(range(len(columns)), 2):
        counts = db.execute(
            f"SELECT count(*) FROM drawn GROUP BY floor(u{one} * {cells}), floor(u{two} * {cells})"
        ).fetchall()
        chi = sum((n - size / cells**2) ** 2 / (size / cells**2) for (n,) in counts)
        assert chi < 170, (one, two, chi)
    # Rare draws matter most here: noise within slices of one in a thousand.
    (both,) = db.execute("SELECT count(*) FROM drawn WHERE u2 < 0.02 AND u3 < 0.02").fetchone()
    assert 40 < both < 130  # 80 expected


def test_the_documentation_holds_the_catalogue() -> None:
    page = Path(__file__).parents[3] / "docs" / "simulation.md"
    assert causes_table() in page.read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_million_trades_take_seconds(tmp_path: Path) -> None:
    started, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF)
    done = simulate_trades(rows=1_000_000, seed=1, out=tmp_path / "million")
    seconds, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"\n{seconds:.1f} s, {processor:.1f} s of processor, peak {after.ru_maxrss / 1e6:.2f} GB")
    assert done.rows_a > 990_000
    assert processor < 60
