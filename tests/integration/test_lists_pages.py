"""Lists of breaks over HTTP: pages, orders, filters, searches, counts."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest
from bffdesk import Desk as Bff
from workdesk import WorkDesk, open_work

ROWS = 23
EVERYTHING = ["passed", "in_review", "proposed", "approved", "returned", "rejected"]


@pytest.fixture
def work(desk: Bff, tmp_path: Path) -> WorkDesk:
    folder = tmp_path / "recon"
    folder.mkdir()
    return open_work(desk, folder, rows=ROWS)


def pages(person: httpx.Client, limit: int = 5, **given: Any) -> list[dict[str, Any]]:
    """All entries of a list, page by page."""
    found: list[dict[str, Any]] = []
    cursor = None
    while True:
        more = {} if cursor is None else {"cursor": cursor}
        answer = person.get("/recons/trades/breaks", params={"limit": limit, **given, **more})
        assert answer.status_code == 200, answer.text
        page = answer.json()
        assert len(page["items"]) <= limit
        found += page["items"]
        cursor = page["next"]
        if cursor is None:
            return found


def number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


@pytest.mark.parametrize("name", ["first_date", "amount", "confidence", "key", "due"])
@pytest.mark.parametrize("way", ["", "-"])
def test_pages_of_every_order_hold_each_break_once(work: WorkDesk, name: str, way: str) -> None:
    ann = work.person("ann")
    found = pages(ann, sort=way + name)
    assert len(found) == len({one["break_id"] for one in found}) == len(work.breaks())
    column = {"key": "key", "due": "due_at"}.get(name, name)
    values = [number(one[column]) if name == "amount" else one[column] for one in found]
    there = [value for value in values if value is not None]
    assert values == there + [None] * (len(values) - len(there))
    assert all(one >= two if way else one <= two for one, two in pairwise(there))


def test_filters_go_together(work: WorkDesk) -> None:
    ann = work.person("ann")
    both = pages(ann, field="note", currency="EUR", search="k0")
    assert both
    assert {(one["field"], one["currency"]) for one in both} == {("note", "EUR")}
    every = pages(ann)
    assert {one["break_id"] for one in both} == {
        one["break_id"] for one in every if one["field"] == "note" and one["currency"] == "EUR"
    }
    large = pages(ann, min_amount="1000.50", max_amount="2000.50")
    assert {one["key"][0] for one in large} == {f"k{n:03}" for n in range(10, 21)}
    assert {one["key"][0] for one in pages(ann, older_than_days=0)} == {
        f"k{n:03}" for n in range(1, ROWS + 1)
    }
    assert [one["key"] for one in pages(ann, search="ne")] == [["new"]]
    assert pages(ann, search="k%") == pages(ann, search="k_") == []


def test_counts_tell_amounts_by_currency(work: WorkDesk) -> None:
    ann = work.person("ann")
    found = ann.get("/recons/trades/breaks/count", params={"field": "amount"}).json()
    assert found["exact"] is True
    assert found["count"] == ROWS + 1
    sums = {one["currency"]: (one["breaks"], Decimal(one["amount"])) for one in found["amounts"]}
    assert sums["GBP"] == (1, Decimal("5000000.00"))
    assert sums["EUR"] == (
        (ROWS + 1) // 2,
        sum((Decimal(n * 100) + Decimal("0.5") for n in range(1, ROWS + 1, 2)), Decimal(0)),
    )


def test_a_key_is_sought_and_the_page_goes_on_from_there(work: WorkDesk) -> None:
    ann = work.person("ann")
    sought = ann.get("/recons/trades/breaks/seek", params={"key": "k0075"}).json()
    assert sought["found"]["key"] == ["k008"]
    page = ann.get("/recons/trades/breaks", params={"sort": "key", "cursor": sought["cursor"]}).json()
    assert page["items"][0]["break_id"] == sought["found"]["break_id"]
    assert ann.get("/recons/trades/breaks/seek", params={"key": "zzzz"}).json() == {
        "found": None,
        "cursor": None,
    }
    first = ann.get("/recons/trades/breaks/seek", params={"key": ""}).json()
    assert first["cursor"] is None
    assert first["found"]["key"] == ["k001"]


def test_a_cursor_fits_its_own_list_only(work: WorkDesk) -> None:
    ann = work.person("ann")
    cursor = ann.get("/recons/trades/breaks", params={"limit": 2}).json()["next"]
    for given in (
        {"sort": "amount"},
        {"sort": "-first_date"},
        {"field": "note"},
        {"state": "passed"},
    ):
        answer = ann.get("/recons/trades/breaks", params={"limit": 2, "cursor": cursor, **given})
        assert answer.status_code == 422, answer.text
        assert answer.json()["field"] == "cursor"
    for broken in ("", "x", cursor[:-3], cursor + "AAAA", "W10", "bnVsbA"):
        answer = ann.get("/recons/trades/breaks", params={"limit": 2, "cursor": broken})
        assert answer.status_code == 422, (broken, answer.text)


HOSTILE = ["'", "';--", "\\'; DROP TABLE greenai.present_break; --", "%s", "%(recon)s", "%", "\u202e", "{}"]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_nothing_that_is_sent_becomes_sql(work: WorkDesk, hostile: str) -> None:
    ann = work.person("ann")
    for name in ("field", "reason", "currency", "assignee", "assigned_group", "search"):
        answer = ann.get("/recons/trades/breaks", params={name: hostile})
        assert answer.status_code == 200, (name, answer.text)
        assert answer.json()["items"] == []
    for name in ("state", "kind", "method", "cause", "group", "sort", "min_amount", "older_than_days"):
        assert ann.get("/recons/trades/breaks", params={name: hostile}).status_code == 422, name
    sought = ann.get("/recons/trades/breaks/seek", params={"key": hostile})
    assert sought.status_code == 200, sought.text
    assert ann.get("/recons/trades/breaks", params={hostile: "x"}).status_code == 422
    assert len(pages(ann)) == len(work.breaks())


def test_a_list_of_no_recon_of_mine_is_refused(work: WorkDesk) -> None:
    ben = work.person("ben", recons=["other"])
    for path in ("breaks", "breaks/count", "breaks/seek?key=a"):
        assert ben.get(f"/recons/trades/{path}").status_code == 403
        assert work.bff.client().get(f"/recons/trades/{path}").status_code == 401
