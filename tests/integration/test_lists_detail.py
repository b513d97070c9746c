"""One break over HTTP: its record, reasons, cause, history and others like it; causes and facets."""

from __future__ import annotations

from pathlib import Path

import pytest
from bffdesk import Desk as Bff
from workdesk import NEXT, WorkDesk, open_work

ROWS = 9


@pytest.fixture
def work(desk: Bff, tmp_path: Path) -> WorkDesk:
    folder = tmp_path / "recon"
    folder.mkdir()
    return open_work(desk, folder, rows=ROWS)


def test_a_break_comes_with_its_record_and_what_its_reason_is_worth(work: WorkDesk) -> None:
    ann = work.person("ann")
    listed = ann.get("/recons/trades/breaks", params={"field": "amount", "search": "k003"}).json()["items"][0]
    answer = ann.get(f"/recons/trades/breaks/{listed['break_id']}")
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert {name: found[name] for name in listed} == listed
    assert {one["field"]: one["agreement"] for one in found["record"]} == {
        "id": "agrees",
        "amount": "differs",
        "currency": "agrees",
        "note": "differs",
    }
    assert (found["value_a"], found["value_b"]) == ("300.50", "307.25")
    # 300.50 and 307.25: the 5 is the same character.
    assert found["spans_a"] == [{"start": 2, "end": 3}, {"start": 5, "end": 6}]
    assert found["spans_b"] == [{"start": 2, "end": 3}, {"start": 4, "end": 5}]
    assert [one["field"] for one in found["beside"]] == ["note"]
    assert found["reasons"][0]["reason"] == "UNKNOWN"
    assert found["reasons"][0]["worth"] == "nothing"
    assert found["decisions"][0]["by_person"] is False
    assert found["record"][1]["a"] == {"column": "amount", "expression": None, "steps": []}


def test_history_tells_versions_and_decisions_page_by_page(work: WorkDesk) -> None:
    ann = work.person("ann")
    (one,) = ann.get("/recons/trades/breaks", params={"search": "new"}).json()["items"]
    work.recon.run("2026-01-08", None, [("zzz", "1.00", "EUR", "same")])
    path = f"/recons/trades/breaks/{one['break_id']}/history"
    every = ann.get(path).json()["items"]
    assert [(event["business_date"], event["present"]) for event in every] == [
        ("2026-01-08", False),
        (NEXT, True),
    ]
    paged, cursor = [], None
    while True:
        page = ann.get(path, params={"limit": 1, **({"cursor": cursor} if cursor else {})}).json()
        paged += page["items"]
        if (cursor := page["next"]) is None:
            break
    assert paged == every
    gone = ann.get(f"/recons/trades/breaks/{one['break_id']}").json()
    assert (gone["state"], gone["gone_on"], gone["value_a"]) == ("resolved", "2026-01-08", one["value_a"])


def test_similar_breaks_are_others_of_its_field_and_reason(work: WorkDesk) -> None:
    ann = work.person("ann")
    listed = ann.get("/recons/trades/breaks", params={"field": "note"}).json()["items"]
    found = ann.get(f"/recons/trades/breaks/{listed[0]['break_id']}/similar").json()
    assert found["alike"] == "field_and_reason"
    assert {one["break_id"] for one in found["items"]} == {one["break_id"] for one in listed[1:]}


def test_facets_add_up_to_the_list(work: WorkDesk) -> None:
    ann = work.person("ann")
    open_ = len(work.breaks())
    found = ann.get("/recons/trades/facets").json()
    assert found["exact"] is True
    for side in ("kind", "field", "reason", "method", "currency"):
        assert sum(slot["breaks"] for slot in found[side]) == open_, side
    assert sum(band["breaks"] for band in found["age"]) == open_
    assert {slot["value"]: slot["breaks"] for slot in found["field"]} == {
        "amount": ROWS + 1,
        "note": ROWS // 3,
    }
    narrowed = ann.get("/recons/trades/facets", params={"search": "k00", "field": "note"}).json()
    assert narrowed["field"] == [{"value": "note", "breaks": ROWS // 3}]


def test_what_does_not_exist_is_not_found(work: WorkDesk) -> None:
    ann = work.person("ann")
    for path in ("breaks/" + "0" * 32, f"breaks/{'0' * 32}/history", f"breaks/{'0' * 32}/similar"):
        assert ann.get(f"/recons/trades/{path}").status_code == 404
    assert ann.get(f"/recons/trades/causes/{'0' * 32}").status_code == 404
    assert ann.get("/recons/trades/breaks/xyz").status_code == 422
    assert ann.get("/recons/trades/causes").json() == {"items": [], "next": None}
