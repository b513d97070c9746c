"""What a file of every day is called on all of them."""

from __future__ import annotations

import pytest

from greenai.sources.dated import undated

DAY = {"business_date": "2026-11-02"}


@pytest.mark.parametrize(
    ("location", "name", "written"),
    [
        ("in/fo_*_{business_date}.csv", "fo_2_2026-11-02.csv", "fo_2_{business_date}.csv"),
        ("{business_date}/fo_[0-9].csv", "fo_2.csv", None),
        ("fo_{business_date:%Y%m%d}_?.csv", "fo_20261102_3.csv", "fo_{business_date:%Y%m%d}_3.csv"),
        ("fo_{business_date:%d%m%y}[!x].csv", "fo_021126y.csv", "fo_{business_date:%d%m%y}y.csv"),
        ("fo_{business_date:%d}_02.csv", "fo_02_02.csv", "fo_{business_date:%d}_02.csv"),
        ("fo_*.csv", "fo_2026-11-02.csv", "fo_{business_date}.csv"),
        ("fo_*.csv", "fo_20261102.csv", "fo_{business_date:%Y%m%d}.csv"),
        ("fo_*.csv", "fo_120261102.csv", None),
        ("fo_*.csv", "fo_2026-11-01.csv", None),
        ("*_{business_date}_*.csv", "a_b_2026-11-02_c_d.csv", "a_b_{business_date}_c_d.csv"),
    ],
)
def test_the_date_in_a_file_name_is_written_as_its_placeholder(
    location: str, name: str, written: str | None
) -> None:
    assert undated([name], (location,), DAY).get(name) == written


def test_without_a_business_date_names_stay_as_they_are() -> None:
    assert undated(["fo_2026-11-02.csv"], ("fo_*.csv",), {}) == {}
