"""Causes over HTTP: what a run found, what is open of it, and the breaks that are exceptions of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from bffdesk import Desk

import greenai
from greenai.store.database import connect

ROWS = 240
DEFINITION = """
recon: trades
sources: {a: {location: a.parquet}, b: {location: b.parquet}}
key: [id]
fields: {id: {type: string}, price: {type: "decimal(18,2)"}}
context: [desk]
amount: {field: price, currency: desk}
"""


@pytest.fixture
def run(desk: Desk, tmp_path: Path) -> Desk:
    """A hundredfold price on one desk, with three exceptions, and prices elsewhere that nothing explains."""
    a, b = [], []
    for number in range(ROWS):
        name = "tokyo" if number % 2 else "london"
        price = 100 + number * 7
        other = price * 100 if name == "tokyo" else price
        if number in (11, 51, 91):
            other = price + 3
        if number in (20, 40):
            other = price - 1
        a.append((f"t{number:03}", str(price), name))
        b.append((f"t{number:03}", str(other), name))
    folder = tmp_path / "recon"
    folder.mkdir()
    for side, rows in (("a", a), ("b", b)):
        names = ("id", "price", "desk")
        table = pa.table({name: [row[place] for row in rows] for place, name in enumerate(names)})
        pq.write_table(table, folder / f"{side}.parquet")
    (folder / "recon.yaml").write_text(DEFINITION)
    with greenai.run(folder / "recon.yaml", business_date="2026-01-06", store=desk.settings.database_url):
        return desk


def test_a_cause_tells_what_is_open_of_it_and_what_it_does_not_explain(run: Desk) -> None:
    ann = run.person("ann", "analyst")
    page = ann.get("/recons/trades/causes").json()
    (cause,) = [one for one in page["items"] if one["explains"]]
    assert page["items"][0] == cause
    assert (cause["expression"], cause["scope"]) == ("b = a * 100", "desk = 'tokyo'")
    listed = ann.get("/recons/trades/breaks", params={"cause": cause["cause_id"], "limit": 500}).json()
    assert cause["open"] == cause["total"] == cause["found"] == len(listed["items"]) == ROWS // 2 - 3
    assert cause["amounts"][0]["currency"] == "tokyo"
    assert cause["amounts"][0]["breaks"] == cause["open"]
    one = ann.get(f"/recons/trades/causes/{cause['cause_id']}").json()
    assert {name: one[name] for name in cause} == cause
    assert {each["key"] for each in one["odd"]} <= {"t011", "t051", "t091"}
    assert one["examples"]
    found = ann.get(f"/recons/trades/breaks/{listed['items'][0]['break_id']}").json()
    assert found["reasons"][0]["worth"] == "cause"
    assert found["reasons"][0]["words"] == (
        f"a cause that explains {ROWS // 2 - 3} breaks, with {cause['exceptions']} exceptions"
    )
    assert found["cause"]["cause_id"] == cause["cause_id"]
    alike = ann.get(f"/recons/trades/breaks/{found['break_id']}/similar", params={"limit": 5}).json()
    assert alike["alike"] == "cause"
    assert len(alike["items"]) == 5
    assert found["break_id"] not in {each["break_id"] for each in alike["items"]}


def test_groups_follow_causes_and_pages_hold_each_once(run: Desk) -> None:
    ann = run.person("ann", "analyst")
    every = ann.get("/recons/trades/causes").json()["items"]
    groups = ann.get("/recons/trades/causes", params={"explains": False}).json()["items"]
    assert groups
    assert groups == [one for one in every if not one["explains"]]
    assert sum(one["open"] for one in groups) == 5
    paged: list[dict[str, Any]] = []
    cursor = None
    while True:
        given = {"limit": 1, **({"cursor": cursor} if cursor else {})}
        page = ann.get("/recons/trades/causes", params=given).json()
        paged += page["items"]
        if (cursor := page["next"]) is None:
            break
    assert paged == every


def test_a_cause_that_nothing_is_open_of_is_listed_with_none(run: Desk) -> None:
    assert run.settings.database_url is not None
    with connect(run.settings.database_url) as connection:
        connection.execute("UPDATE greenai.present_break SET state = 'approved' WHERE cause_id IS NOT NULL")
    ann = run.person("ann", "analyst")
    (cause,) = ann.get("/recons/trades/causes", params={"explains": True}).json()["items"]
    assert (cause["open"], cause["total"], cause["amounts"]) == (0, ROWS // 2 - 3, [])
