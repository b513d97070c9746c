"""Placeholders in locations."""

from __future__ import annotations

import pytest

from greenai.definition.locations import check_location


@pytest.mark.parametrize(
    ("location", "says"),
    [
        ("x_{bussiness_date}.csv", "the placeholder is {business_date}"),
        ("{Business-Date}", "the placeholder is {business_date}"),
        ("{ business_date }", "is written {business_date}"),
        ("{date}", "the placeholder is {business_date}"),
        ("{business_date:%H}.csv", "a format is made of"),
        ("{business_date:}.csv", "a format is made of"),
    ],
)
def test_a_placeholder_that_nobody_fills_is_refused(location: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        check_location(location)


@pytest.mark.parametrize(
    "location",
    ["x_{business_date}.csv", "x_{business_date:%Y%m%d}.csv", "a{1}.csv", "{}", "{uuid}.csv", "a[1].csv"],
)
def test_other_braces_are_part_of_the_name(location: str) -> None:
    check_location(location)
