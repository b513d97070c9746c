"""`greenai.diff` takes whatever holds a table, and its result gives rows, files and a readable face."""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import ibis
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import greenai
from face import DIFF_COLUMNS, RUN_COLUMNS, assert_adds_up, write_csv, written
from greenai.definition.model import Source

A = {"id": [1, 2, 3, 5, 5], "name": ["Anna", "Bob", "Cara", "x", "y"], "n": [1.5, 2.5, None, 0.0, 0.0]}
B = {"id": [3, 2, 1, 4], "name": ["Cara", "Bob", "anna", "Dan"], "n": [None, 2.51, 1.5, 4.0]}


def of_ibis(columns: dict[str, Any]) -> Any:
    connection = ibis.duckdb.connect()
    connection.con.register("held", pa.table(columns))
    connection.con.execute("CREATE TABLE t AS SELECT * FROM held")
    return connection.table("t")


def of_duckdb(columns: dict[str, Any]) -> Any:
    table = pa.table(columns)
    connection = duckdb.connect()
    connection.register("t", table)
    return connection.sql("SELECT * FROM t")


KINDS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "pandas": pd.DataFrame,
    "Polars": pl.DataFrame,
    "lazy Polars": lambda columns: pl.DataFrame(columns).lazy(),
    "PyArrow": pa.table,
    "Arrow reader": lambda columns: pa.table(columns).to_reader(),
    "DuckDB": of_duckdb,
    "Ibis": of_ibis,
    "list of dicts": lambda columns: pa.table(columns).to_pylist(),
}


def hold(result: greenai.Diff) -> None:
    summary = result.summary.as_dict()
    assert_adds_up(summary, 5, 4)
    assert summary["rows"] == {
        "a": 5,
        "b": 4,
        "matched": 3,
        "equal": 1,
        "different": 2,
        "only_a": 0,
        "only_b": 1,
        "duplicates_a": 2,
        "duplicates_b": 0,
        "rejected_a": 0,
        "rejected_b": 0,
    }
    assert summary["fields"]["n"] == {"different": 1, "within_tolerance": 0}
    assert not result.equal


# Ibis itself still calls what DuckDB 2 is about to remove.
@pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_table_is_compared(kind: str) -> None:
    with greenai.diff(KINDS[kind](A), KINDS[kind](B), key="id") as result:
        hold(result)


def test_kinds_may_be_mixed_with_files(tmp_path: Path) -> None:
    pq.write_table(pa.table(B), tmp_path / "b.parquet")
    for path in (tmp_path / "b.parquet", str(tmp_path / "b.parquet")):
        with greenai.diff(pd.DataFrame(A), path, key=["id"]) as result:
            hold(result)
            assert result.report.b.name == "b.parquet"


def test_a_source_says_how_a_file_is_written(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("header to skip\nid;näme\n1;Änna\n".encode("cp1252"))
    write_csv(tmp_path / "b.csv", ["id", "näme"], (1, "Änna"))
    a = Source(
        location=(str(tmp_path / "a.txt"),), format="csv", delimiter=";", encoding="cp1252", skip_rows=1
    )
    with greenai.diff(a, tmp_path / "b.csv", key="id") as result:
        assert result.equal


def test_what_is_no_table_is_refused() -> None:
    for wrong in (42, None, {"id": 1}, object()):
        with pytest.raises(greenai.GreenaiError, match="is no table"):
            greenai.diff(wrong, pa.table(A), key="id")


@pytest.fixture
def result() -> Any:
    with greenai.diff(pa.table(A), pa.table(B), key="id", names=("front", "back")) as made:
        yield made


def test_rows_are_arrow_tables(result: greenai.Diff) -> None:
    assert result.breaks.column_names == DIFF_COLUMNS
    assert result.breaks.num_rows == result.summary.breaks == 5
    assert result.only_a.num_rows == 0
    assert result.only_b.to_pylist() == [{"id": 4, "name": "Dan", "n": 4.0}]
    assert sorted(result.duplicates_a["name"].to_pylist()) == ["x", "y"]
    assert result.duplicates_b.num_rows == result.rejects.num_rows == 0
    (pair,) = result.different_values("n").to_pylist()
    assert (pair["a:n"], pair["b:n"]) == (2.5, 2.51)
    with pytest.raises(greenai.GreenaiError, match="'m' is not a compared field"):
        result.different_values("m")


def test_results_are_written_as_parquet_html_and_a_folder(result: greenai.Diff, tmp_path: Path) -> None:
    assert result.to_parquet(tmp_path / "breaks.parquet") == 5
    assert pq.read_table(tmp_path / "breaks.parquet").num_rows == 5
    page = result.to_html(tmp_path / "page.html")
    assert page == result.to_html() == (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "front" in page
    result.write(tmp_path / "out")
    assert written(tmp_path / "out") == json.loads(json.dumps(result.summary.as_dict()))


@pytest.mark.parametrize("name", ["no/such/folder/x.parquet", "."])
def test_a_place_that_cannot_be_written_is_an_error_of_ours(
    result: greenai.Diff, tmp_path: Path, name: str
) -> None:
    with pytest.raises(greenai.GreenaiError, match="cannot write"):
        result.to_parquet(tmp_path / name)
    with pytest.raises(greenai.GreenaiError, match="cannot write"):
        result.to_html(tmp_path / name)


def test_a_result_shows_itself(result: greenai.Diff) -> None:
    text = repr(result)
    assert "front against back" in text
    assert "\x1b" not in text
    page = result._repr_html_()
    assert page.startswith("<iframe srcdoc=")
    inside = page.split('srcdoc="', 1)[1].split('" style=', 1)[0]
    assert html.unescape(inside) == result.to_html()
    assert '"' not in inside
    assert result.to_markdown().startswith("# front against back")


def test_a_closed_result_keeps_its_counts_and_says_why_rows_are_gone() -> None:
    result = greenai.diff(pa.table(A), pa.table(B), key="id")
    result.close()
    result.close()
    hold(result)
    assert "only in b" in repr(result)
    assert result.to_html()
    for ask in (
        lambda: result.breaks,
        lambda: result.only_b,
        lambda: result.different_values("n"),
        lambda: result.to_parquet("x.parquet"),
    ):
        with pytest.raises(greenai.GreenaiError, match="this result is closed"):
            ask()


def test_options_mean_what_they_mean_on_the_command_line() -> None:
    def differing(**options: Any) -> dict[str, int]:
        with greenai.diff(pa.table(A), pa.table(B), key="id", **options) as result:
            return {name: counts.different for name, counts in result.summary.fields.items()}

    assert differing() == {"name": 1, "n": 1}
    assert differing(ignore_case=True) == {"name": 0, "n": 1}
    assert differing(ignore_case=["name"]) == {"name": 0, "n": 1}
    assert differing(absolute={"n": 0.01}) == {"name": 1, "n": 0}
    assert differing(relative={"n": "0.01"}, only=["n"]) == {"n": 0}
    assert differing(similarity={"name": 0.8}, ignore=["n"]) == {"name": 0}
    assert differing(null="anna", exact=True, memory="200MB", threads=1) == {"name": 1, "n": 1}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"absolute": {"n": -1}}, "absolute"),
        ({"absolute": {"n": "much"}}, "absolute"),
        ({"absolute": {"n": 10**70}}, "absolute"),
        ({"absolute": {"m": 1}}, "no compared field 'm'"),
        ({"days": {"n": 0.5}}, "whole"),
        ({"similarity": {"name": 2}}, "similarity"),
        ({"similarity": {"n": 0.5}}, "as text"),
        ({"memory": "lots"}, "memory"),
        ({"threads": 0}, "threads"),
        ({"key": "idd"}, "did you mean 'id'"),
        ({"mapping": {"nme": "name"}}, "did you mean 'name'"),
    ],
)
def test_options_that_make_no_sense_raise_one_kind_of_error(options: dict[str, Any], message: str) -> None:
    with pytest.raises(greenai.GreenaiError, match=message):
        greenai.diff(pa.table(A), pa.table(B), **{"key": "id", **options})


def test_infer_proposes_a_definition_that_runs(tmp_path: Path) -> None:
    for name, columns in (("a", A), ("b", B)):
        pq.write_table(pa.table(columns)[:4], tmp_path / f"{name}.parquet")
    proposal = greenai.infer(tmp_path / "a.parquet", tmp_path / "b.parquet", recon="pair")
    assert repr(proposal) == proposal.text
    assert proposal.definition.recon == "pair"
    assert proposal.definition.key == ("id",)
    (tmp_path / "recon.yaml").write_text(proposal.text, encoding="utf-8")
    with greenai.run(tmp_path / "recon.yaml") as from_file, greenai.run(proposal.definition) as from_model:
        assert from_file.summary.rows == from_model.summary.rows
        assert from_file.breaks.column_names == RUN_COLUMNS
        assert sum(from_file.reasons.values()) == from_file.summary.breaks == 4
        assert from_file.definition == proposal.definition


def test_progress_hears_every_stage() -> None:
    heard: list[str] = []

    class Ear:
        def watch(self, share: Callable[[], float]) -> None:
            heard.append("watch" if share() <= 1 else "")

        def stage(self, name: str, rows: int | None = None) -> None:
            heard.append(f"{name}" if rows is None or rows >= 0 else "")

        def done(self) -> None:
            heard.append("done")

    greenai.diff(pa.table(A), pa.table(B), key="id", progress=Ear()).close()
    assert heard[:4] == ["watch", "open", "ingest a", "ingest b"]
    assert heard[-1] == "compare"  # whoever listens knows when all is done
    heard.clear()
    with pytest.raises(greenai.GreenaiError):
        greenai.diff(pa.table(A), pa.table(B), key="idd", progress=Ear())
    assert heard[-1] == "open"
