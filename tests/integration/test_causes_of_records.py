"""Sentences about whole records say which side repeats a key, and where all that is missing lies."""

from __future__ import annotations

import random
from pathlib import Path

from causeshop import Row, Written, reconciled


def book(rows: int = 3_000) -> list[Row]:
    draw = random.Random(8)
    return [
        {
            "id": f"i{n}",
            "amount": draw.randrange(1_001, 90_000),
            "desk": draw.choice(("Credit", "Rates", "FX")),
            "region": draw.choice(("APAC", "EMEA", "US")),
        }
        for n in range(rows)
    ]


def told(folder: Path, a: list[Row], b: list[Row]) -> dict[str, str]:
    found: Written = reconciled(folder, a, b, key="id", fields="[id, amount]", context="[desk, region]")
    return {cause["expression"]: cause["explanation"] for cause in found.of(None)}


def test_the_side_that_repeats_a_key_is_told(tmp_path: Path) -> None:
    a = book()
    b = [dict(row) for row in a]
    # Keys of which b has two rows, neither like a's: a's row is left over and repeats nothing.
    b += [dict(row, amount=row["amount"] + 9) for row in b[:5]]
    for row in b[:5]:
        row["amount"] += 4
    said = told(tmp_path, a, b)
    assert (
        "5 of 3,000 records are left over in a: their keys repeat in b, not in a"
        in (said["left over in a of a repeated key"])
    )
    assert "10 of 3,005 records are repeated in b" in said["left over in b of a repeated key"]


def test_a_slice_that_holds_all_missing_records_is_named_though_most_of_it_is_there(tmp_path: Path) -> None:
    a = book()
    inside = [row["id"] for row in a if (row["desk"], row["region"]) == ("Credit", "APAC")]
    missing = set(inside[::4])
    said = told(tmp_path / "gathered", a, [row for row in a if row["id"] not in missing])
    assert said["no record in b"] == (
        f"{len(missing)} of 3,000 records are missing in b; all are among the {len(inside)} records"
        " of desk Credit of region APAC."
    )
    # Two records share a desk by chance.
    few = [row for row in a if row["id"] not in inside[:2]]
    assert told(tmp_path / "few", a, few)["no record in b"] == (
        "2 of 3,000 records are missing in b; no slice of the context tells which."
    )
