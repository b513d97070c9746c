"""On the platform a location names a connection, and leads straight down from there."""

from __future__ import annotations

import pytest

from greenai.definition.loading import loads
from greenai.definition.named_locations import insist_named, named_location
from greenai.definition.problems import InvalidDefinitionError

TEXT = """recon: fx
sources:
  a:
    location:
      - connection://feeds/a_{business_date:%Y%m%d}.csv
      - /etc/passwd
  b: {location: "https://example.org/b.csv"}
key: [id]
"""


@pytest.mark.parametrize(
    "location",
    [
        "connection://feeds/trades_{business_date}.csv",
        "connection://feeds/2026/*.csv",
        "connection://feeds/**/[ab].csv",
        "connection://uploads/0f3c5a7e9b1d4f6a8c0e2b4d6f8a0c1e/a.csv",
        "connection://f-1_x/a b.csv",
    ],
)
def test_names_of_connections_are_read(location: str) -> None:
    assert str(named_location(location)) == location


@pytest.mark.parametrize(
    "location",
    [
        "a.csv", "/a.csv", "~/a.csv", "s3://bucket/a.csv", "file:///a.csv", "postgresql://host/db",
        "connection://feeds", "connection://feeds/", "connection:///a.csv", "connection://Feeds/a.csv",
        "Connection://feeds/a.csv", "connection://feeds//a.csv", "connection://feeds/../a.csv",
        "connection://feeds/x/../../a.csv", "connection://feeds/./a.csv", "connection://feeds/~root/a.csv",
        "connection://feeds/x/~/a.csv", "connection://feeds/..\\a.csv", "connection://feeds/a\x00.csv",
        "connection://feeds/a\n.csv", "connection://feeds/{business_date:%Y/../../x}", "connection://../a.csv",
        "connection://user:password@feeds/a.csv", "connection://feeds:1/a.csv",
        "connection://feeds/" + "a" * 1001,
        "connection://uploads/a.csv", "connection://uploads/0f3c/a.csv",
        "connection://uploads/0f3c5a7e9b1d4f6a8c0e2b4d6f8a0c1e/x/a.csv",
    ],
)  # fmt: skip
def test_everything_else_is_refused(location: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        named_location(location)


def test_problems_tell_line_path_value_and_what_to_do() -> None:
    with pytest.raises(InvalidDefinitionError) as caught:
        insist_named(loads(TEXT), TEXT)
    found = [(one.path, one.line, one.value) for one in caught.value.problems]
    assert found == [
        (("sources", "a", "location", 1), 6, "/etc/passwd"),
        (("sources", "b", "location"), 7, "https://example.org/b.csv"),
    ]
    assert all("administrator" in str(one.remedy) for one in caught.value.problems)
