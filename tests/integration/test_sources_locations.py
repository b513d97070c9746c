"""Which files a location means."""

from __future__ import annotations

from pathlib import Path

import pytest

from greenai.definition.model import Source
from greenai.engines.duckdb import DuckDBEngine
from greenai.errors import MissingSourceError, UsageError
from greenai.sources.files import read_files
from greenai.sources.locations import format_of, resolve


@pytest.fixture
def base(tmp_path: Path) -> Path:
    for name in (
        "a.csv",
        "b.csv",
        "[x] data/a.csv",
        "[x] data/a b.csv",
        "x data/c.csv",
        "in/deep/d.csv",
        "a[1].csv",
        "a1.csv",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"name\n{name}\n")
    return tmp_path


def names(base: Path, *locations: str, **variables: str) -> list[str]:
    return [str(path.relative_to(base)) for path in resolve(locations, base, variables)]


def test_a_path_is_relative_to_the_base_or_absolute(base: Path) -> None:
    assert names(base, "a.csv", str(base / "b.csv"), (base / "a.csv").as_uri()) == ["a.csv", "b.csv"]


def test_a_glob_finds_files_in_order_and_each_file_once(base: Path) -> None:
    assert names(base, "b.csv", "?.csv") == ["b.csv", "a.csv"]
    assert names(base, "in/**/*.csv") == ["in/deep/d.csv"]


def test_what_exists_literally_is_taken_literally(base: Path) -> None:
    assert names(base, "[x] data/a.csv") == ["[x] data/a.csv"]
    assert names(base, "a[1].csv") == ["a[1].csv"]
    assert names(base, "[x] data/*.csv") == ["[x] data/a b.csv", "[x] data/a.csv"]
    (base / "a[1].csv").unlink()
    assert names(base, "a[1].csv") == ["a1.csv"]


@pytest.mark.parametrize("name", ["[x] data/a.csv", "[x] data/a b.csv", "a[1].csv", 'it\'s "q" {b} *.csv'])
def test_files_with_odd_names_are_read(base: Path, name: str, engine: DuckDBEngine) -> None:
    for content in ("name,b\n1,2\n3\n", 'name,b\n1,2\n"x\ny",3\n'):
        (base / name).write_text(content)
        table = read_files(engine, Source(location=name), side="a", base=base, with_source_file=True)
        assert ("1", "2", Path(name).name) in engine.rows(engine.materialise(table.table))
        assert len(table.rejects()) == content.count("\n3\n")


def test_variables_are_filled_in(base: Path) -> None:
    (base / "t_2024-01-31.csv").write_text("a\n1\n")
    assert names(base, "t_{business_date}.csv", business_date="2024-01-31") == ["t_2024-01-31.csv"]
    with pytest.raises(UsageError, match="business date"):
        names(base, "t_{business_date}.csv")


def test_other_braces_are_part_of_a_name(base: Path) -> None:
    (base / "{id}.csv").write_text("a\n1\n")
    assert names(base, "{id}.csv", business_date="2024-01-31") == ["{id}.csv"]


def test_a_tilde_is_the_home_folder(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(base))
    assert resolve(["~/a.csv"], base / "in", {}) == (base / "a.csv",)


@pytest.mark.parametrize(
    "location",
    [
        "s3://bucket/a.csv",
        "https://host/a.csv",
        "sftp://me:secret@host/a.csv",
        "postgresql://host/db",
        "duckdb:///a.db",
    ],
)
def test_remote_locations_are_refused_with_a_remedy(base: Path, location: str) -> None:
    with pytest.raises(UsageError, match="local files only") as caught:
        names(base, location)
    assert "download" in str(caught.value)
    assert "secret" not in str(caught.value)


def test_nothing_found_is_an_error_that_helps(base: Path) -> None:
    with pytest.raises(MissingSourceError, match="no file matches"):
        names(base, "z*.csv")
    with pytest.raises(MissingSourceError, match="does not exist"):
        names(base, "nowhere/a.csv")
    with pytest.raises(MissingSourceError, match=r"in/\*\.csv"):
        names(base, "in")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.csv.gz", "csv"), ("a.TSV", "csv"), ("a.txt.zst", "csv"),
        ("a.ndjson", "jsonl"), ("a.json.bz2", "json"),
        ("a.feather", "arrow"), ("a.xlsb", "excel"), ("a.ods", "excel"), ("a.parquet", "parquet"),
        ("a.xml.xz", "xml"),
    ],
)  # fmt: skip
def test_the_format_follows_from_the_extension(name: str, expected: str) -> None:
    assert format_of(Path(name)) == expected


def test_the_business_date_may_have_a_format(base: Path) -> None:
    (base / "trades_20261119.csv").write_text("id\n1\n")
    paths = resolve(("trades_{business_date:%Y%m%d}.csv",), base, {"business_date": "2026-11-19"})
    assert [path.name for path in paths] == ["trades_20261119.csv"]


def test_what_is_no_regular_file_is_called_so(base: Path) -> None:
    with pytest.raises(MissingSourceError, match="no regular file"):
        resolve(("/dev/null",), base, {})
