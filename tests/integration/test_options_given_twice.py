"""An option that means one thing is not quietly overruled by itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from face import greenai as command
from face import write_csv


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for side in "ab":
        columns = ["id", "amt", "other"] if side == "a" else ["id", "value", "other"]
        write_csv(tmp_path / f"{side}.csv", columns, ("1", "5", "7"), ("2", "6", "8"))
    return tmp_path


@pytest.mark.parametrize(
    ("option", "first", "second"),
    [
        ("--days", "other=1", "other=2"),
        ("--seconds", "other=1", "other=2"),
        ("--absolute", "other=0.1", "other=0.2"),
        ("--relative", "other=0.1", "other=0.2"),
        ("--map", "amt=value", "amt=other"),
    ],
)
def test_a_name_with_two_values_is_refused(folder: Path, option: str, first: str, second: str) -> None:
    answer = command("diff", "a.csv", "b.csv", "--key", "id", option, first, option, second, cwd=folder)
    name, one = first.split("=")
    answer.trouble(f"{option} gives {name!r} two values, {one!r} and {second.split('=')[1]!r}")


def test_two_columns_are_not_paired_with_one(folder: Path) -> None:
    pairs = ("--map", "amt=value", "--map", "other=value")
    command("diff", "a.csv", "b.csv", "--key", "id", *pairs, cwd=folder).trouble("'value'")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("diff a.csv b.csv --format html --format json", "--format takes one value"),
        ("diff a.csv b.csv --out x --out y", "--out takes one value, given are 'x' and 'y'"),
        ("diff a.csv b.csv --threads 1 --threads=2", "--threads takes one value, given are '1' and '2'"),
        ("diff a.csv b.csv --memory 1GB --memory 2GB", "--memory takes one value"),
        ("init a.csv b.csv --recon x --recon y", "--recon takes one value"),
        ("run r.yaml --business-date 2026-11-19 --business-date 2026-11-20", "--business-date takes one"),
        ("check r.yaml --business-date 2026-11-19 --business-date 2026-11-20", "--business-date takes one"),
        ("simulate trades --out x --rows 100 --rows 200", "--rows takes one value"),
    ],
)
def test_two_values_of_one_option_are_refused(folder: Path, line: str, said: str) -> None:
    command(*line.split(), cwd=folder).trouble(said)
    assert not (folder / "x").exists()


def test_the_same_value_twice_says_nothing_new(folder: Path) -> None:
    tolerance = ("--absolute", "other=0.1") * 2
    form = ("--format", "json") * 2
    answer = command(
        "diff", "a.csv", "b.csv", "--key", "id", "--map", "amt=value", *tolerance, *form, cwd=folder
    )
    assert answer.code == 0
    assert answer.document["field_info"][0]["name"] == "amt"


@pytest.mark.parametrize(
    "tolerances",
    [("--absolute", "amt=1", "--absolute", "value=2"), ("--absolute", "amt=1", "--relative", "value=2")],
)
def test_a_field_called_by_both_names_gets_no_two_tolerances(
    folder: Path, tolerances: tuple[str, ...]
) -> None:
    answer = command("diff", "a.csv", "b.csv", "--key", "id", "--map", "amt=value", *tolerances, cwd=folder)
    answer.trouble("'amt'", "'value'")


def test_a_column_is_not_both_compared_and_ignored(folder: Path) -> None:
    asked = ("--only", "amt,other", "--ignore", "value")
    command("diff", "a.csv", "b.csv", "--key", "id", "--map", "amt=value", *asked, cwd=folder).trouble(
        "'amt'", "--only", "--ignore"
    )
