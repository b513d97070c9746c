"""The audit over HTTP: search, pages, export, heads, verification, and who may."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from bffdesk import Desk

from greenai.pipeline import anchors
from greenai.store import actors
from greenai.store.database import connect


def happen(desk: Desk, *given: tuple[str, str, dict[str, Any]]) -> None:
    assert desk.settings.database_url is not None
    with connect(desk.settings.database_url, autocommit=True) as connection:
        for actor, action, more in given:
            actors.person(connection, actor)
            actors.audit(connection, actor, action, more.pop("details", {}), **more)


def actions(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [one["action"] for one in answer.json()["items"]]


def test_events_are_searched_by_everything_they_say(desk: Desk) -> None:
    auditor = desk.person("ida", "auditor")
    happen(
        desk,
        ("ann", "one", {"subject": "user:bob", "request_id": "r-1", "details": {"why": "Überweisung"}}),
        ("ben", "two", {"before": {"limit": "1"}, "after": {"limit": "2"}, "evidence": {"n": 3}}),
        ("ann", "three", {"model_version": "m-7"}),
    )
    events = "/audit/events"
    assert actions(auditor.get(events, params={"actor": "ann"})) == ["three", "one"]
    assert actions(auditor.get(events, params={"action": "two"})) == ["two"]
    assert actions(auditor.get(events, params={"subject": "user:bob"})) == ["one"]
    assert actions(auditor.get(events, params={"request_id": "r-1"})) == ["one"]
    assert actions(auditor.get(events, params={"text": "überWEISUNG"})) == ["one"]
    assert actions(auditor.get(events, params={"recon": "none"})) == []
    assert actions(auditor.get(events, params={"from": "2999-01-01T00:00:00Z"})) == []
    assert "three" in actions(auditor.get(events, params={"to": "2999-01-01T00:00:00Z"}))
    assert actions(auditor.get(events, params={"text": "%'; DROP TABLE greenai.audit_event; --\0"})) == []
    (two,) = auditor.get(events, params={"action": "two"}).json()["items"]
    assert (two["before"], two["after"], two["evidence"]) == ({"limit": "1"}, {"limit": "2"}, {"n": 3})
    assert two["position"] is not None
    assert len(two["hash"]) == 64


def test_pages_hold_every_event_once(desk: Desk) -> None:
    auditor = desk.person("ida", "auditor")
    happen(desk, *(("ann", f"step {n}", {}) for n in range(25)))
    seen: list[str] = []
    cursor = None
    while True:
        page = auditor.get(
            "/audit/events", params={"actor": "ann", "limit": 10, **({"cursor": cursor} if cursor else {})}
        )
        seen += actions(page)
        if (cursor := page.json()["next"]) is None:
            break
    assert seen == [f"step {n}" for n in reversed(range(25))]
    assert auditor.get("/audit/events", params={"cursor": "nonsense"}).status_code == 422


def test_an_export_holds_all_events_and_no_formula(desk: Desk) -> None:
    auditor = desk.person("ida", "auditor")
    happen(desk, *(("=cmd()", "step", {"subject": "@SUM(1)", "details": {"n": n}}) for n in range(1200)))
    answer = auditor.get("/audit/export", params={"action": "step"})
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert len(rows) == 1200
    assert {(one["actor"], one["subject"]) for one in rows} == {("'=cmd()", "'@SUM(1)")}
    lines = auditor.get("/audit/export", params={"action": "step", "format": "jsonl"}).text.splitlines()
    assert [json.loads(line)["details"]["n"] for line in lines] == list(reversed(range(1200)))
    assert auditor.get("/audit/export", params={"format": "xls"}).status_code == 422


def test_a_verification_tells_what_is_wrong_and_is_an_event_itself(desk: Desk) -> None:
    auditor = desk.person("ida", "auditor")
    happen(desk, ("ann", "one", {}), ("ann", "two", {}))
    url = desk.settings.database_url
    assert url is not None
    with connect(url, autocommit=True) as connection:
        head = anchors.anchor(connection, anchors.places(desk.settings, connection.info.dbname))
    assert head is not None
    first = auditor.post("/audit/verification")
    assert first.status_code == 200, first.text
    assert first.json()["holds"], first.json()
    assert first.json()["anchored"] == head.position
    (shown,) = auditor.get("/audit/heads").json()["items"]
    assert {**shown, "signed_at": head.signed_at} == head.as_dict()
    with connect(url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("UPDATE greenai.audit_event SET details = '{\"a\": 1}' WHERE action = 'two'")
    second = auditor.post("/audit/verification").json()
    assert not second["holds"]
    assert [one["what"] for one in second["findings"]] == ["altered_event"]
    noted = auditor.get("/audit/events", params={"action": "audit_verified"}).json()["items"]
    assert [one["details"]["holds"] for one in noted] == [False, True]
    assert noted[0]["actor"] == "ida"
    assert noted[0]["request_id"] is not None


def test_who_may_not_read_the_audit_is_refused(desk: Desk) -> None:
    analyst, nobody = desk.person("ann", "analyst"), desk.client()
    for path in ("/audit/events", "/audit/export", "/audit/heads"):
        assert analyst.get(path).status_code == 403
        assert nobody.get(path).status_code == 401
    assert analyst.post("/audit/verification").status_code == 403
    manager = desk.person("max", "manager")
    assert manager.get("/audit/events").status_code == 200
    assert manager.post("/audit/verification").status_code == 403
