"""Only matched pairs are contrasted: what one side lacks, or has twice, neither agrees nor differs."""

from __future__ import annotations

import random
from pathlib import Path

from causeshop import Row, reconciled

ROWS = 4_000


def ledger() -> list[Row]:
    draw = random.Random(5)
    return [
        {
            "id": f"i{n}",
            "amount": draw.randrange(1_001, 90_000),
            "book": "P" if draw.random() < 0.25 else "Q",
            "file": "a1" if n % 2 else "a2",
        }
        for n in range(ROWS)
    ]


def signed(rows: list[Row]) -> list[Row]:
    """The other side: book P with its sign turned."""
    return [dict(row, amount=-row["amount"] if row["book"] == "P" else row["amount"]) for row in rows]


def test_records_that_b_lacks_neither_agree_nor_bend_the_scope(tmp_path: Path) -> None:
    a = ledger()
    b = signed([row for row in a if row["file"] == "a1"])
    found = reconciled(tmp_path, a, b, key="id", fields="[id, amount]", context="[book, file]")
    (cause,) = found.of("amount")
    turned = sum(row["book"] == "P" for row in b)
    assert (cause["scope"], cause["breaks"], cause["exceptions"]) == ("book = 'P'", turned, 0)
    assert f"{len(b) - turned:,} other values agree" in cause["explanation"]


def test_rows_left_over_of_repeated_keys_are_no_agreeing_ones(tmp_path: Path) -> None:
    a = ledger()
    b = signed(a)
    again = [dict(row, amount=row["amount"] + 7) for row in a if row["book"] == "P"][:40]
    found = reconciled(tmp_path, a + again, b, key="id", fields="[id, amount]", context="[book, file]")
    (cause,) = found.of("amount")
    turned = sum(row["book"] == "P" for row in b)
    assert (cause["scope"], cause["breaks"], cause["exceptions"]) == ("book = 'P'", turned - 40, 0)


def test_context_that_only_b_has_tells_of_matched_pairs_alone(tmp_path: Path) -> None:
    whole = ledger()
    b = signed(whole)
    a = [{"id": row["id"], "amount": row["amount"]} for row in whole if row["file"] == "a1"]
    # Identical copies of a key on both sides are as many pairs as there are copies.
    a, b = [*a, a[0]], [*b, b[1]]
    assert b[1]["id"] == a[0]["id"]
    found = reconciled(tmp_path, a, b, key="id", fields="[id, amount]", context="[book, file]")
    (cause,) = found.of("amount")
    assert cause["scope"] == "book = 'P'"
    assert cause["exceptions"] == 0
