"""Locations: the business date, the folder of the definition, wild cards."""

from __future__ import annotations

import glob
from datetime import date
from pathlib import Path

import pytest

from greenai.definition.locations import check_location, is_url, needs_date, resolve
from greenai.errors import UsageError

DAY = date(2026, 1, 31)


def test_the_business_date_is_filled_in() -> None:
    assert resolve("x_{business_date}.csv", folder=Path("/r"), business_date=DAY) == "/r/x_2026-01-31.csv"
    assert resolve("{business_date:%Y/%m}/{business_date:%d}.csv", folder=Path("/r"), business_date=DAY) == (
        "/r/2026/01/31.csv"
    )
    assert needs_date("{business_date:%j}")
    assert not needs_date("{date}")


def test_without_a_date_the_placeholder_is_an_error_with_a_remedy() -> None:
    with pytest.raises(UsageError, match="--business-date"):
        resolve("x_{business_date}.csv", folder=Path("/r"))


@pytest.mark.parametrize(
    "location", ["x_{bussiness_date}.csv", "{business_date:yyyy}", "{Business_Date}", "{date}"]
)
def test_a_placeholder_that_nobody_fills_is_refused(location: str) -> None:
    with pytest.raises(ValueError, match="business_date"):
        check_location(location)


@pytest.mark.parametrize(
    "location", ["a{1}.csv", "{}", "{uuid}.csv", "{business_date:%Y%m%d}.csv", "a[1].csv"]
)
def test_other_braces_are_part_of_the_name(location: str) -> None:
    check_location(location)


def test_absolute_paths_and_urls_stay_and_the_home_folder_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    assert resolve("/data/x.csv", folder=Path("/r")) == "/data/x.csv"
    assert resolve("~/x.csv", folder=Path("/r")) == "/home/me/x.csv"
    assert resolve("s3://bucket/{business_date}.csv", folder=Path("/r"), business_date=DAY) == (
        "s3://bucket/2026-01-31.csv"
    )
    assert is_url("postgresql+ssl://h/d")
    assert not is_url("C:/data")


def test_brackets_in_the_name_of_a_folder_are_not_a_pattern(tmp_path: Path) -> None:
    folder = tmp_path / "odd [1]"
    folder.mkdir()
    (folder / "a[1].csv").touch()
    (folder / "b.csv").touch()
    found = glob.glob(resolve("*.csv", folder=folder))  # noqa: PTH207 (the pattern is what is tested)
    assert sorted(found) == [str(folder / "a[1].csv"), str(folder / "b.csv")]
    assert resolve("a[1].csv", folder=folder) == str(folder / "a[1].csv")
    assert resolve("b.csv", folder=folder) == str(folder / "b.csv")
