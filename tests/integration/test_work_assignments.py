"""Groups, and breaks given to people and groups: by name, by filter, taken by oneself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from bffdesk import Desk
from workdesk import WorkDesk, open_work


@pytest.fixture
def work(desk: Desk, tmp_path: Path) -> WorkDesk:
    return open_work(desk, tmp_path)


def held(work: WorkDesk) -> dict[str, tuple[Any, Any]]:
    """Who has each break that somebody has."""
    rows = work.recon.ask(
        "SELECT replace(p.break_id::text, '-', ''), a.name, p.assigned_group FROM greenai.present_break p"
        " LEFT JOIN greenai.actor a ON a.actor_id = p.assignee_id"
        " WHERE p.assignee_id IS NOT NULL OR p.assigned_group IS NOT NULL"
    )
    return {one: (person, group) for one, person, group in rows}


def test_breaks_are_given_by_name_by_filter_and_taken_away_again(work: WorkDesk) -> None:
    lead = work.person("lead", "manager")
    work.person("ann")
    assert lead.post("/groups", json={"name": "fx-desk", "members": ["ann"]}).status_code == 201
    one, two, *others = work.breaks()

    named = lead.post(
        "/recons/trades/assignments", json={"selection": {"breaks": [one, two, one]}, "assignee": "ann"}
    )
    found = lead.post(
        "/recons/trades/assignments",
        json={"selection": {"filter": {"field": ["note"]}}, "group": "fx-desk", "comment": "notes are yours"},
    )

    assert named.status_code == 201, named.text
    assert named.json()["breaks"] == 2
    assert named.json()["selection"] == {"breaks": 2}
    assert found.json()["selection"]["filter"]["field"] == ["note"]
    notes = lead.get("/recons/trades/breaks", params={"field": "note"}).json()["items"]
    assert found.json()["breaks"] == len(notes) == 4
    assert {one["assigned_group"] for one in notes} == {"fx-desk"}
    mine = lead.get("/recons/trades/breaks", params={"assignee": "ann"}).json()["items"]
    assert {entry["break_id"] for entry in mine} == {one, two} - {entry["break_id"] for entry in notes}

    nobody = lead.post("/recons/trades/assignments", json={"selection": {"filter": {}}})
    assert nobody.json()["breaks"] == len(work.breaks())
    assert held(work) == {}
    listed = lead.get("/recons/trades/assignments").json()["items"]
    assert [entry["assignee"] for entry in listed] == [None, None, "ann"]
    history = lead.get("/recons/trades/assignments", params={"break": others[-1]}).json()["items"]
    assert [entry["assignment"] for entry in history] == [
        entry["assignment"] for entry in listed if entry["breaks"] > 2 and (entry["group"] is None)
    ] or len(history) == 2
    assert [details["breaks"] for _, _, details, *_ in work.audited("assign")] == [2, 4, len(work.breaks())]


def test_an_analyst_takes_what_nobody_has_and_leaves_what_others_have(work: WorkDesk) -> None:
    lead, ann = work.person("lead", "manager"), work.person("ann")
    work.person("ben")
    for name, members in (("fx-desk", ["ann"]), ("other-desk", ["ben"])):
        assert lead.post("/groups", json={"name": name, "members": members}).status_code == 201
    one, two, three, four, *_ = work.breaks()
    give = [({"assignee": "ben"}, one), ({"group": "fx-desk"}, two), ({"group": "other-desk"}, three)]
    for to, which in give:
        body = {"selection": {"breaks": [which]}, **to}
        assert lead.post("/recons/trades/assignments", json=body).status_code == 201
    assert ann.post("/recons/trades/assignments", json=body).status_code == 403

    took = ann.post(
        "/recons/trades/assignments/taking", json={"selection": {"breaks": [one, two, three, four]}}
    )

    assert (took.status_code, took.json()["breaks"]) == (201, 2), took.text
    assert held(work) == {
        one: ("ben", None),
        two: ("ann", "fx-desk"),
        three: (None, "other-desk"),
        four: ("ann", None),
    }
    again = ann.post("/recons/trades/assignments/taking", json={"selection": {"breaks": [one]}})
    assert again.status_code == 409
    assert len(work.audited("assign")) == 4


def test_nothing_is_given_to_who_may_not_read_or_is_no_more(work: WorkDesk) -> None:
    lead = work.person("lead", "manager")
    work.person("eve", "analyst", recons=["other"])
    assert lead.post("/groups", json={"name": "old-desk"}).status_code == 201
    retired = lead.patch("/groups/old-desk", json={"version": 1, "retired": True})
    assert retired.json()["retired"] is True
    selection = {"selection": {"breaks": work.breaks()[:1]}}
    for to, status in (
        ({"assignee": "eve"}, 403),
        ({"assignee": "nobody"}, 404),
        ({"assignee": "gate"}, 404),
        ({"group": "no-desk"}, 404),
        ({"group": "old-desk"}, 409),
    ):
        answer = lead.post("/recons/trades/assignments", json={**selection, **to})
        assert answer.status_code == status, answer.text
    absent = lead.post("/recons/trades/assignments", json={"selection": {"breaks": ["0" * 32]}})
    assert absent.status_code == 404
    nothing = lead.post("/recons/trades/assignments", json={"selection": {"filter": {"field": ["no"]}}})
    assert nothing.status_code == 422
    two_ways = {"selection": {"filter": {}, "breaks": work.breaks()[:1]}}
    assert lead.post("/recons/trades/assignments", json=two_ways).status_code == 422
    assert held(work) == {}
    assert work.recon.ask("SELECT count(*) FROM greenai.assignment") == [(0,)]


def test_an_assignment_stays_when_the_next_run_shows_the_break_again(work: WorkDesk) -> None:
    lead = work.person("lead", "manager")
    one = work.breaks()[0]
    body = {"selection": {"breaks": [one]}, "assignee": "lead"}
    assert lead.post("/recons/trades/assignments", json=body).status_code == 201

    work.recon.run("2026-01-08")

    assert held(work) == {one: ("lead", None)}


def test_a_group_is_changed_by_who_saw_its_last_version(work: WorkDesk) -> None:
    lead = work.person("lead", "manager")
    work.person("ann")
    assert lead.post("/groups", json={"name": "fx", "members": ["ann"]}).status_code == 201
    assert lead.post("/groups", json={"name": "fx"}).status_code == 409
    assert lead.post("/groups", json={"name": "Fx desk"}).status_code == 422
    assert lead.post("/groups", json={"name": "xx", "members": ["nobody"]}).status_code == 404

    changed = lead.patch("/groups/fx", json={"version": 1, "members": ["lead"], "description": "FX"})
    stale = lead.patch("/groups/fx", json={"version": 1, "members": []})

    assert (changed.json()["members"], changed.json()["version"]) == (["lead"], 2)
    assert stale.status_code == 409
    assert [one["name"] for one in lead.get("/groups").json()["items"]] == ["fx"]
    assert work.person("ben").post("/groups", json={"name": "mine"}).status_code == 403
    ((_, subject, _, before, after),) = work.audited("change_group")
    assert (subject, before["members"], after["members"]) == ("group fx", ["ann"], ["lead"])
